"""The edge around a small app of its own, served on a real wire."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.fixtures.edge import edge_app
from tests.fixtures.serving import served


@pytest.fixture(scope="session")
async def edge() -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the small app."""
    async with served(edge_app()) as url, httpx.AsyncClient(base_url=url) as client:
        yield client
