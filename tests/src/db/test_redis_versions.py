"""Fills and forgets of one key: in whatever order they come, nothing outdated is read."""

import asyncio
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.db.redis import MISSING, Cache, cache_fill, cache_forget, cache_read_versioned, open_redis
from tests.fixtures.redis import PATIENCE


@dataclass(frozen=True)
class Step:
    what: Literal["fill", "forget", "read"]
    version: int
    client: int

    async def take(self, clients: list[Cache], key: str) -> object:
        client = clients[self.client]
        if self.what == "fill":
            return await cache_fill(client, key, self.version, self.version, ttl=600)
        if self.what == "forget":
            return await cache_forget(client, key, self.version, ttl=600)
        return await cache_read_versioned(client, key)


@dataclass
class Known:
    """What completed: the newest version that was filled, and that was forgotten."""

    filled: int = -1
    forgotten: int = -1

    def complete(self, step: Step) -> None:
        if step.what == "fill":
            self.filled = max(self.filled, step.version)
        if step.what == "forget":
            self.forgotten = max(self.forgotten, step.version)

    @property
    def readable(self) -> object:
        return self.filled if self.filled > self.forgotten else MISSING


steps = st.builds(
    Step,
    what=st.sampled_from(["fill", "forget", "read"]),
    version=st.integers(0, 5),
    client=st.integers(0, 1),
)
rounds = st.lists(st.lists(steps, min_size=1, max_size=6), max_size=6)


@given(rounds=rounds)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_read_is_never_older_than_what_completed(
    redis_url: str, cache: Cache, rounds: list[list[Step]]
) -> None:
    key, known = uuid4().hex, Known()
    async with open_redis(redis_url, timeout=PATIENCE) as other:
        for together in rounds:
            before = Known(known.filled, known.forgotten)
            results = await asyncio.gather(*(step.take([cache, other], key) for step in together))
            for step, result in zip(together, results, strict=True):
                known.complete(step)
                if step.what == "read" and isinstance(result, int):
                    assert result >= before.filled
                    assert result > before.forgotten
            assert await cache_read_versioned(cache, key) == known.readable


async def test_fills_side_by_side_leave_the_newest(cache: Cache) -> None:
    await asyncio.gather(
        *(cache_fill(cache, "key", version, version, ttl=60) for version in (3, 1, 4, 1, 5, 9, 2, 6))
    )

    assert await cache_read_versioned(cache, "key") == 9


async def test_a_slow_reader_cant_bring_back_what_was_forgotten_meanwhile(cache: Cache) -> None:
    await cache_fill(cache, "key", "as it was", 1, ttl=60)
    await cache_forget(cache, "key", 1, ttl=60)

    assert not await cache_fill(cache, "key", "as it was", 1, ttl=60)

    assert await cache_read_versioned(cache, "key") is MISSING


async def test_forgetting_an_old_version_leaves_a_newer_one(cache: Cache) -> None:
    await cache_fill(cache, "key", "newer", 2, ttl=60)

    assert await cache_forget(cache, "key", 1, ttl=60)

    assert await cache_read_versioned(cache, "key") == "newer"


async def test_versions_are_compared_as_numbers_and_exactly(cache: Cache) -> None:
    assert await cache_fill(cache, "key", "nine", 9, ttl=60)
    assert await cache_fill(cache, "key", "ten", 10, ttl=60)
    assert await cache_fill(cache, "key", "large", 2**53 - 2, ttl=60)
    assert await cache_fill(cache, "key", "largest", 2**53 - 1, ttl=60)

    assert await cache_read_versioned(cache, "key") == "largest"
