"""The services on real stores, and a wire before DynamoDB that faults can be planned on."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest

from src.config import Settings
from src.main import open_stores
from src.services.stores import Stores
from tests.fixtures.callers import through
from tests.fixtures.faults import Wire, open_wire


@pytest.fixture(scope="session")
async def stores(desk_settings: Settings) -> AsyncGenerator[Stores]:
    """Beside the desk's, on tables of their own."""
    settings = desk_settings.model_copy(update={"table_prefix": f"t{uuid4().hex[:8]}-"})
    async with open_stores(settings) as stores:
        yield stores


@pytest.fixture
async def wire(ministack: str) -> AsyncGenerator[Wire]:
    async with open_wire(ministack) as wire:
        yield wire


@pytest.fixture
async def wired(stores: Stores, wire: Wire) -> AsyncGenerator[Stores]:
    """The stores through the wire."""
    async with through(stores, wire.url) as wired:
        yield wired
