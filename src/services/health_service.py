"""Whether what the service stands on can be reached."""

import asyncio
from collections.abc import Awaitable
from enum import StrEnum

from src.db import dynamo, mongo, redis
from src.models.errors import DatabaseUnavailable, Unavailable
from src.services.stores import Stores


class DependencyState(StrEnum):
    OK = "ok"
    AWAY = "away"


async def check_dependencies(stores: Stores) -> dict[str, DependencyState]:
    """Each store's state, asked side by side."""
    checks = {
        "dynamodb": _tables_answer(stores),
        "redis": redis.ping(stores.cache),
        "mongodb": mongo.ping(stores.mongo),
    }
    states = await asyncio.gather(*(_state(check) for check in checks.values()))
    return dict(zip(checks, states, strict=True))


async def _state(check: Awaitable[None]) -> DependencyState:
    try:
        await check
    except Unavailable:
        return DependencyState.AWAY
    return DependencyState.OK


async def _tables_answer(stores: Stores) -> None:
    if not await dynamo.ping(stores.dynamo):
        raise DatabaseUnavailable("A table can't be read.")
