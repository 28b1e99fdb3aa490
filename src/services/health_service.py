"""Whether what the service stands on can be reached."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from src.db import dynamo, mongo, redis
from src.models.base import stamp
from src.models.errors import DatabaseUnavailable, Unavailable
from src.services.outbox import oldest_waiting
from src.services.stores import Stores

_PATIENCE: Final = 2.0
_IN_TIME: Final = timedelta(minutes=1)


class DependencyState(StrEnum):
    """`behind`: events wait that the bus has refused, or for more than a minute."""

    OK = "ok"
    AWAY = "away"
    BEHIND = "behind"


async def check_dependencies(stores: Stores) -> dict[str, DependencyState]:
    """Each store's state, asked side by side."""
    checks = {
        "dynamodb": _tables_answer(stores),
        "redis": redis.ping(stores.cache),
        "mongodb": mongo.ping(stores.mongo),
    }
    *states, events = await asyncio.gather(*(_state(check) for check in checks.values()), _events(stores))
    return {**dict(zip(checks, states, strict=True)), "events": events}


async def _state(check: Awaitable[None]) -> DependencyState:
    try:
        await check
    except Unavailable:
        return DependencyState.AWAY
    return DependencyState.OK


async def _tables_answer(stores: Stores) -> None:
    if not await dynamo.ping(stores.dynamo):
        raise DatabaseUnavailable("A table can't be read.")


async def _events(stores: Stores) -> DependencyState:
    try:
        async with asyncio.timeout(_PATIENCE):
            waiting = await oldest_waiting(stores.dynamo)
    except (Unavailable, TimeoutError):
        return DependencyState.AWAY
    late = stamp(datetime.now(UTC) - _IN_TIME)
    behind = any(event.refusal or event.occurred_at < late for event in waiting)
    return DependencyState.BEHIND if behind else DependencyState.OK
