"""The cache beside the tables: any JSON value under a key, always for a limited time.

A Redis that is away costs speed only: reads miss and writes report that they did not reach it.
"""

import asyncio
import json
import math
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import Enum
from typing import Final

from pydantic import JsonValue

from src.db.redis_link import Cache, Flight, ask, open_redis, owe, ping
from src.db.redis_scripts import CLAIM, FILL, FORGET, SETTLE

__all__ = [
    "MISSING",
    "Cache",
    "Missing",
    "cache_claim",
    "cache_delete",
    "cache_fill",
    "cache_forget",
    "cache_get",
    "cache_get_or_compute",
    "cache_read_versioned",
    "cache_set",
    "open_redis",
    "ping",
]

Compute = Callable[[], Awaitable[JsonValue]]


class Missing(Enum):
    """The answer for a key that holds nothing, since None is a value like any other."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

_FIRST_POLL: Final = 0.005
_LONGEST_POLL: Final = 0.05


async def cache_get(cache: Cache, key: str) -> JsonValue | Missing:
    return _decoded(await ask(cache, "GET", key))


async def cache_set(cache: Cache, key: str, value: JsonValue, *, ttl: int) -> bool:
    """Stores a value for `ttl` seconds; False if Redis was not reached."""
    return await ask(cache, "SET", key, _encoded(value), "EX", _checked(ttl)) is not None


async def cache_delete(cache: Cache, key: str) -> bool:
    """Deletes a value; what is being computed for it is not stored. False if Redis was not reached."""
    cache.flights.pop(key, None)
    return await ask(cache, "DEL", key, _lock(key)) is not None


async def cache_get_or_compute(
    cache: Cache, key: str, compute: Compute, *, ttl: int, lease: float = 5.0
) -> JsonValue:
    """The value of a key, computed once for all that miss it at the same time, in this process and in others.

    Args:
        cache: where to look and store.
        key: names what `compute` gives: callers with the same key share one result.
        compute: runs in a task of its own, so that no caller's cancellation fails the others. What it raises
            is raised to those who wait for it in this process, and not stored.
        ttl: seconds that the value is kept.
        lease: seconds that other processes wait for this one's result before they compute it themselves.
    """
    seconds = _checked(ttl)
    found = await cache_get(cache, key)
    if found is not MISSING:
        return found
    flight = cache.flights.get(key)
    if flight is None:
        flight = asyncio.create_task(_compute(cache, key, compute, seconds, lease))
        cache.flights[key] = flight
        flight.add_done_callback(lambda landed: _land(cache, key, landed))
    return await asyncio.shield(flight)


async def cache_read_versioned(cache: Cache, key: str) -> JsonValue | Missing:
    stored = await ask(cache, "GET", key)
    return _decoded(stored.partition(b":")[2]) if isinstance(stored, bytes) else MISSING


async def cache_fill(cache: Cache, key: str, value: JsonValue, version: int, *, ttl: int) -> bool:
    """Stores a value read at a version, unless that version or a newer one is known; True if stored."""
    number, seconds = _numbered(version), _checked(ttl)
    return await ask(cache, "EVAL", FILL, 1, key, number, seconds, _encoded(value)) == 1


async def cache_forget(cache: Cache, key: str, version: int, *, ttl: int) -> bool:
    """Drops what stands at this version or an older one, and refuses fills with these for `ttl` seconds.

    False if Redis was not reached; then it is made up for before this process reads from Redis again.
    `ttl` must be as long as the values' and longer than the slowest read that fills.
    """
    command = ("EVAL", FORGET, 1, key, _numbered(version), _checked(ttl))
    if await ask(cache, *command) == 1:
        return True
    owe(cache, key, command, version, ttl)
    return False


@asynccontextmanager
async def cache_claim(cache: Cache, key: str, *, ttl: int) -> AsyncGenerator[bool]:
    """Whether nobody else has claimed the key; a claim stands for `ttl` seconds, or until its block fails.

    Best effort: while Redis is away everybody may think the key theirs.
    """
    token = uuid.uuid4().hex
    mine = await ask(cache, "EVAL", CLAIM, 2, key, _lock(key), token, 1000 * _checked(ttl)) != 0
    try:
        yield mine
    except BaseException:
        if mine:
            await ask(cache, "EVAL", SETTLE, 2, key, _lock(key), token, b"", ttl)
        raise


async def _compute(cache: Cache, key: str, compute: Compute, ttl: int, lease: float) -> JsonValue:
    token = uuid.uuid4().hex
    found = await _claim(cache, key, token, lease)
    if found is not MISSING:
        return found
    text = b""
    try:
        value = await compute()
        text = _encoded(value)
    finally:
        await ask(cache, "EVAL", SETTLE, 2, key, _lock(key), token, text, ttl)
    return value


async def _claim(cache: Cache, key: str, token: str, lease: float) -> JsonValue | Missing:
    """What another process stored, or MISSING when it is this one's turn to compute."""
    now = asyncio.get_running_loop().time
    patience, poll = now() + lease, _FIRST_POLL
    while True:
        answer = await ask(cache, "EVAL", CLAIM, 2, key, _lock(key), token, math.ceil(lease * 1000))
        if answer != 0 or now() >= patience:
            return _decoded(answer)
        await asyncio.sleep(poll)
        poll = min(poll * 1.5, _LONGEST_POLL)


def _land(cache: Cache, key: str, flight: Flight) -> None:
    if cache.flights.get(key) is flight:
        del cache.flights[key]
    if not flight.cancelled():
        # Marks an error as seen where every waiter has gone.
        flight.exception()


def _lock(key: str) -> str:
    # The braces put a lock into its key's slot of a cluster.
    return f"{{{key}}}:lock"


def _encoded(value: JsonValue) -> bytes:
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def _decoded(stored: object) -> JsonValue | Missing:
    """The value, or MISSING where there is nothing that this module wrote."""
    if not isinstance(stored, bytes):
        return MISSING
    try:
        return json.loads(stored)
    except ValueError:
        return MISSING


def _checked(ttl: int) -> int:
    if ttl < 1:
        raise ValueError("What is cached lives for a limited time: give a ttl of at least 1 second.")
    return ttl


def _numbered(version: int) -> int:
    # Lua compares versions as doubles.
    if not 0 <= version < 2**53:
        raise ValueError("A version is a whole number from 0 to 2**53.")
    return version
