import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from src.api.jwks import Jwks
from src.models.errors import IdentityUnavailable
from tests.fixtures.log import Log
from tests.fixtures.tokens import Pool, jwk_of

FOREVER = 3600.0


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as http:
        yield http


def eager(pool: Pool, http: httpx.AsyncClient, timeout: float = 10) -> Jwks:
    """Keys that are stale at once and may be fetched at any time."""
    return Jwks(pool.jwks_url, http, lifetime=0, interval=0, timeout=timeout)


async def test_keys_are_fetched_once_and_kept(own_pool: Pool, http: httpx.AsyncClient) -> None:
    keys = Jwks(own_pool.jwks_url, http)
    for _ in range(5):
        assert await keys.find("key-1")
    assert own_pool.fetches == 1


async def test_requests_side_by_side_wait_for_one_fetch(own_pool: Pool, http: httpx.AsyncClient) -> None:
    keys = Jwks(own_pool.jwks_url, http)
    found = await asyncio.gather(*(keys.find("key-1") for _ in range(100)))
    assert all(found)
    assert own_pool.fetches == 1


async def test_a_flood_of_unknown_keys_causes_one_fetch(own_pool: Pool, http: httpx.AsyncClient) -> None:
    keys = Jwks(own_pool.jwks_url, http, interval=FOREVER)
    found = await asyncio.gather(*(keys.find(f"unknown-{number}") for number in range(200)))
    found += [await keys.find(f"unknown-{number}") for number in range(200)]
    assert not any(found)
    assert own_pool.fetches == 1
    assert await keys.find("key-1")


async def test_a_new_key_is_found_as_soon_as_a_token_names_it(
    own_pool: Pool, http: httpx.AsyncClient
) -> None:
    keys = Jwks(own_pool.jwks_url, http, interval=0)
    assert await keys.find("key-1")
    own_pool.rotate("key-2")
    assert await keys.find("key-2")
    assert await keys.find("key-1") is None


async def test_a_key_that_was_withdrawn_ends_with_the_lifetime(
    own_pool: Pool, http: httpx.AsyncClient
) -> None:
    keys = eager(own_pool, http)
    assert await keys.find("key-1")
    own_pool.rotate("key-2")
    assert await keys.find("key-1") is None


@pytest.mark.parametrize("status", [500, 403, 302, 404])
async def test_without_keys_and_without_the_pool_nobody_can_be_identified(
    own_pool: Pool, http: httpx.AsyncClient, status: int
) -> None:
    own_pool.status = status
    keys = Jwks(own_pool.jwks_url, http, interval=FOREVER)
    for _ in range(3):
        with pytest.raises(IdentityUnavailable):
            await keys.find("key-1")
    assert own_pool.fetches == 1


async def test_a_pool_that_refuses_connections_is_away(http: httpx.AsyncClient) -> None:
    with pytest.raises(IdentityUnavailable):
        await Jwks("http://127.0.0.1:9/keys", http).find("key-1")


async def test_a_pool_that_is_silent_is_away(own_pool: Pool, http: httpx.AsyncClient) -> None:
    own_pool.silent = True
    with pytest.raises(IdentityUnavailable):
        await eager(own_pool, http, timeout=0.05).find("key-1")


async def test_known_keys_go_on_while_the_pool_is_away(
    own_pool: Pool, http: httpx.AsyncClient, log: Log
) -> None:
    keys = eager(own_pool, http)
    assert await keys.find("key-1")
    own_pool.status = 500
    for _ in range(10):
        assert await keys.find("key-1")
    with pytest.raises(IdentityUnavailable):
        await keys.find("key-2")
    assert len(log.lines("src.api.jwks")) == 1


async def test_nobody_with_a_known_key_waits_for_a_pool_that_went_silent(
    own_pool: Pool, http: httpx.AsyncClient
) -> None:
    keys = eager(own_pool, http)
    await keys.find("key-1")
    own_pool.status = 500
    await keys.find("key-1")
    own_pool.silent = True
    for _ in range(10):
        assert await keys.find("key-1")
    own_pool.closing.set()


async def test_the_pools_return_is_noticed(own_pool: Pool, http: httpx.AsyncClient) -> None:
    own_pool.status = 500
    keys = eager(own_pool, http)
    with pytest.raises(IdentityUnavailable):
        await keys.find("key-1")
    own_pool.status = 200
    assert await keys.find("key-1")


async def test_a_caller_who_gives_up_takes_nothing_from_the_others(
    own_pool: Pool, http: httpx.AsyncClient
) -> None:
    own_pool.silent = True
    keys = eager(own_pool, http)
    leaving, staying = (asyncio.create_task(keys.find("key-1")) for _ in range(2))
    await own_pool.asked.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    own_pool.closing.set()
    assert await staying


@pytest.mark.parametrize(
    "oddity",
    [
        {"use": "enc"},
        {"alg": "RS512"},
        {"kty": "EC"},
        {"n": "not base64!"},
        {"n": None},
        {"kid": 7},
        {"kty": "oct", "k": "c2VjcmV0"},
    ],
    ids=repr,
)
async def test_keys_of_other_kinds_and_uses_are_passed_over(
    own_pool: Pool, http: httpx.AsyncClient, oddity: dict[str, object]
) -> None:
    own_pool.published = [jwk_of("odd") | oddity, {}, jwk_of("key-1")]
    keys = Jwks(own_pool.jwks_url, http)
    assert await keys.find("key-1")
    assert await keys.find("odd") is None


async def test_a_key_that_is_too_short_is_passed_over(own_pool: Pool, http: httpx.AsyncClient) -> None:
    own_pool.published = [jwk_of("short", bits=1024), jwk_of("key-1")]
    assert await Jwks(own_pool.jwks_url, http).find("short") is None


async def test_an_answer_without_any_key_does_not_replace_the_known_ones(
    own_pool: Pool, http: httpx.AsyncClient
) -> None:
    keys = eager(own_pool, http)
    assert await keys.find("key-1")
    own_pool.published = []
    assert await keys.find("key-1")
