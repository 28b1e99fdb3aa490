"""A claim on a key, by which others know that somebody is at it."""

import pytest
from redis.asyncio import Redis

from src.db.redis import Cache, cache_claim, open_redis


async def test_the_first_has_it_and_others_do_not(cache: Cache) -> None:
    async with cache_claim(cache, "key", ttl=60) as first, cache_claim(cache, "key", ttl=60) as second:
        assert (first, second) == (True, False)


async def test_what_went_well_stays_claimed_for_its_time(cache: Cache, redis_url: str) -> None:
    async with cache_claim(cache, "key", ttl=60):
        pass
    async with cache_claim(cache, "key", ttl=60) as again:
        assert not again
    async with Redis.from_url(redis_url) as redis:  # pyright: ignore[reportUnknownMemberType]
        [left] = [await redis.pttl(key) for key in await redis.keys("*")]  # pyright: ignore[reportUnknownMemberType]
    assert 0 < left <= 60_000


async def test_what_failed_is_free(cache: Cache) -> None:
    with pytest.raises(LookupError):
        async with cache_claim(cache, "key", ttl=60):
            raise LookupError
    async with cache_claim(cache, "key", ttl=60) as again:
        assert again


async def test_nobody_gives_up_anothers_claim(cache: Cache) -> None:
    async with cache_claim(cache, "key", ttl=60):
        with pytest.raises(LookupError):
            async with cache_claim(cache, "key", ttl=60):
                raise LookupError
        async with cache_claim(cache, "key", ttl=60) as third:
            assert not third


async def test_while_redis_is_away_everybody_has_it() -> None:
    async with (
        open_redis("redis://127.0.0.1:1") as away,
        cache_claim(away, "key", ttl=60) as first,
        cache_claim(away, "key", ttl=60) as second,
    ):
        assert (first, second) == (True, True)
