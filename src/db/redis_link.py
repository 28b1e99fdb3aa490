"""The way to Redis: one pool of connections, and what happens while there is no answer.

After the first failure nobody waits for Redis: `ask` answers None at once, while one task looks again after
each pause. What had to reach Redis and did not is owed, and paid before anything is read from Redis again.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from pydantic import JsonValue
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.maint_notifications import MaintNotificationsConfig

from src.models.errors import CacheUnavailable

logger = logging.getLogger(__name__)

Command = tuple[str | bytes | int, ...]
Flight = asyncio.Task[JsonValue]

_PAID_TOGETHER: Final = 50

# AttributeError: redis-py's, where what answers is no Redis.
_FAILURES: Final = (RedisError, OSError, AttributeError)

# A write, since a Redis that only reads (full, or a replica after a fail-over) is no cache either.
_PROBE: Final[Command] = ("SET", "orderdesk:probe", "1", "EX", 60)


@dataclass(frozen=True)
class Debt:
    """A command on one key that did not reach Redis; after `until` (the loop's time) it is of no use."""

    command: Command
    version: int
    until: float


@dataclass(eq=False)
class Cache:
    """A pool of connections to one Redis, and what this process knows of it."""

    client: Redis = field(repr=False)
    timeout: float
    pause: float
    away: bool = False
    recovery: asyncio.Task[None] | None = field(default=None, repr=False)
    debts: dict[str, Debt] = field(default_factory=dict[str, Debt], repr=False)
    flights: dict[str, Flight] = field(default_factory=dict[str, Flight], repr=False)


@asynccontextmanager
async def open_redis(
    url: str,
    *,
    timeout: float = 0.5,  # noqa: ASYNC109 - bounds each command, not this call
    pause: float = 1.0,
    connections: int = 50,
) -> AsyncGenerator[Cache, None]:
    """A cache on the Redis at `url`; nothing connects before it is used.

    Args:
        url: redis://, rediss:// or unix://, with redis-py's options in its query.
        timeout: seconds that one command may take, connecting included.
        pause: seconds between two looks at a Redis that is away.
        connections: the most that are open at once; more callers queue.
    """
    cache = Cache(_client(url, timeout, connections), timeout=timeout, pause=pause)
    try:
        yield cache
    finally:
        await _cancel(cache.flights.values())
        await _cancel([cache.recovery] if cache.recovery else [])
        await cache.client.aclose()


def _client(url: str, timeout: float, connections: int) -> Redis:
    try:
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            max_connections=connections,
            timeout=None,
            socket_timeout=None,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
        pool.make_connection()
    except (ValueError, TypeError):
        # The parser's own words may quote the password.
        advice = "check its port and options, and percent-encode what is special in its password."
        raise ValueError(f"REDIS_URL can't be read: {advice}") from None
    return Redis.from_pool(pool)


async def _cancel(tasks: Iterable[asyncio.Task[JsonValue]] | Iterable[asyncio.Task[None]]) -> None:
    ending = [*tasks]
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


async def ping(cache: Cache) -> None:
    """Asks Redis itself, whatever was known of it; raises CacheUnavailable."""
    try:
        await _send(cache, ("PING",))
    except _FAILURES as error:
        sentence = "Redis can't be reached: check that it runs and that REDIS_URL names it."
        raise CacheUnavailable(sentence) from error


async def ask(cache: Cache, *command: str | bytes | int) -> object:
    """Redis's answer; None for an absent value, and while Redis is away."""
    if cache.away:
        return None
    try:
        return await _send(cache, command)
    except _FAILURES as error:
        # Somebody else's data under our key is no outage.
        if not (isinstance(error, ResponseError) and str(error).startswith("WRONGTYPE")):
            _lose(cache, error)
        return None


def owe(cache: Cache, key: str, command: Command, version: int, ttl: int) -> None:
    """Keeps a command until it is paid, at most `ttl` seconds; of two on a key the newer version's counts."""
    now = asyncio.get_running_loop().time()
    known = cache.debts.pop(key, None)
    if known is not None and known.version > version:
        command, version = known.command, known.version
    cache.debts[key] = Debt(command, version, now + ttl)
    while cache.debts[oldest := next(iter(cache.debts))].until < now:
        del cache.debts[oldest]


async def _send(cache: Cache, command: Command) -> object:
    async with asyncio.timeout(cache.timeout):
        return cast("object", await cache.client.execute_command(*command))  # pyright: ignore[reportUnknownMemberType]


def _lose(cache: Cache, error: Exception) -> None:
    if cache.away:
        return
    cache.away = True
    cache.recovery = asyncio.create_task(_recover(cache))
    reason = f"{type(error).__name__}: {error}" if str(error) else f"no answer within {cache.timeout:g} s"
    logger.warning("Redis is away (%s). Until it answers again reads go past the cache.", reason)


async def _recover(cache: Cache) -> None:
    while cache.away:
        await asyncio.sleep(cache.pause)
        try:
            # Connections to a server that hangs, or was demoted, would hide the one that answers.
            await cache.client.connection_pool.disconnect(inuse_connections=False)
            await _send(cache, _PROBE)
            await _pay(cache)
        except _FAILURES:
            continue
        cache.away = False
    logger.info("Redis answers again.")


async def _pay(cache: Cache) -> None:
    while cache.debts:
        due = [*islice(cache.debts.items(), _PAID_TOGETHER)]
        await asyncio.gather(*(_send(cache, debt.command) for _, debt in due))
        for key, debt in due:
            if cache.debts.get(key) is debt:
                del cache.debts[key]
