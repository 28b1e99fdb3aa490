"""A desk for conversations, and models that do as a test says."""

from collections.abc import AsyncGenerator

import pytest

from evals.suites import demo
from evals.world import World, open_world
from src.config import Settings


@pytest.fixture(scope="session")
async def world(desk_settings: Settings) -> AsyncGenerator[World]:
    """One desk with the demo data, put back after each case."""
    async with open_world(desk_settings, f"{desk_settings.table_prefix}evals", demo()) as world:
        yield world
