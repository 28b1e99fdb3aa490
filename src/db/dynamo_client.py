"""The open connection to DynamoDB, and the one loop through which every request to it goes."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from json import JSONDecodeError
from random import SystemRandom
from time import monotonic
from typing import Final, TypeVar

from aiodynamo import errors as aws
from aiodynamo.client import Client
from aiodynamo.http.aiohttp import AIOHTTP
from aiodynamo.models import StaticDelayRetry
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from yarl import URL

from src.db.credentials import find_credentials
from src.db.dynamo_errors import ConditionFailed, TableMissing
from src.models.errors import Busy, DatabaseUnavailable

# Its DEBUG records carry whole items.
logging.getLogger("aiodynamo").setLevel(logging.WARNING)

T = TypeVar("T")
_CONNECTIONS: Final = 200
_CONNECT_SECONDS: Final = 2.0
_PAUSES: Final = 7
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0
_JITTER: Final = SystemRandom()
# The retries are ours: only here is it known what may be repeated, and how to tell of it.
_ONE_ATTEMPT: Final = StaticDelayRetry(time_limit_secs=-1)

_UNHEARD = (
    TimeoutError,
    ClientError,
    JSONDecodeError,
    aws.InternalDynamoError,
    aws.ServiceUnavailable,
)
_NOT_NOW = (
    aws.Throttled,
    aws.ProvisionedThroughputExceeded,
    aws.RequestLimitExceeded,
    aws.TransactionInProgress,
    aws.TransactionConflict,
    aws.ExpiredToken,
)
_SHUT_OUT = (
    aws.AccessDenied,
    aws.UnrecognizedClient,
    aws.IncompleteSignature,
    aws.MissingAuthenticationToken,
    aws.NoCredentialsFound,
)


@dataclass(frozen=True)
class Dynamo:
    """DynamoDB as one region, account and table prefix see it.

    Args:
        client: what sends a request once.
        prefix: stands before the name of every table.
        patience: no further attempt is begun this many seconds after the first.
    """

    client: Client
    prefix: str
    patience: float


@asynccontextmanager
async def open_dynamo(
    *,
    region: str,
    endpoint_url: str | None,
    prefix: str,
    timeout: float = 5.0,  # noqa: ASYNC109 - of each attempt
) -> AsyncGenerator[Dynamo]:
    """Nothing connects before the first request. Credentials come from the usual AWS chain.

    Args:
        region: the AWS region.
        endpoint_url: where DynamoDB is, if not at AWS.
        prefix: stands before the name of every table.
        timeout: seconds for one attempt; a request gives up within three times that.
    """
    connector = TCPConnector(limit=_CONNECTIONS)
    limits = ClientTimeout(total=timeout, sock_connect=min(timeout, _CONNECT_SECONDS))
    async with ClientSession(connector=connector, timeout=limits, cookie_jar=DummyCookieJar()) as session:
        client = Client(
            AIOHTTP(session),
            find_credentials(),
            region,
            endpoint=URL(endpoint_url) if endpoint_url else None,
            numeric_type=Decimal,
            throttle_config=_ONE_ATTEMPT,
        )
        yield Dynamo(client, prefix, patience=2 * timeout)


def pauses(patience: float) -> Iterator[float]:
    """Jittered waits, one before each further attempt, until there shall be none."""
    deadline = monotonic() + patience
    for attempt in range(_PAUSES):
        pause = _JITTER.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt))
        if monotonic() + pause > deadline:
            return
        yield pause


async def attempt(dynamo: Dynamo, call: Callable[[], Awaitable[T]], table: str) -> T:
    """What `call` answers, tried again while DynamoDB is away, slow or throttling.

    An attempt whose answer never came may have written all the same. A write without a condition is simply
    repeated. Where the repetition of a conditional one finds its condition failed, that may be the work of
    the first attempt: the outcome is unknown, and `DatabaseUnavailable` says so instead of `ConditionFailed`.
    """
    waits = pauses(dynamo.patience)
    unsure = False
    while True:
        try:
            return await call()
        except aws.ConditionalCheckFailed as exc:
            if unsure:
                raise DatabaseUnavailable(
                    "The connection broke during the write; read whether it took place."
                ) from exc
            raise ConditionFailed(f"The item of {table} is not as the write wants it.") from exc
        except aws.TableNotFound as exc:
            raise TableMissing(table) from exc
        except (aws.AIODynamoError, TimeoutError, ClientError, JSONDecodeError) as exc:
            _require_passing(exc, table)
            unsure = unsure or _may_have_written(exc)
            pause = next(waits, None)
            if pause is None:
                raise _given_up(exc) from exc
        await asyncio.sleep(pause)


def _require_passing(exc: Exception, table: str) -> None:
    """Hand on what waiting doesn't change."""
    if isinstance(exc, _SHUT_OUT):
        raise DatabaseUnavailable(
            f"DynamoDB refuses the service's AWS credentials; check that they are valid and may use {table}."
        ) from exc
    if isinstance(exc, aws.UnknownError) and exc.status < 500 and exc.status != 429:
        raise DatabaseUnavailable(
            f"DynamoDB refused the request with status {exc.status}; see the log."
        ) from exc
    if not isinstance(exc, (*_UNHEARD, *_NOT_NOW, aws.UnknownError)):
        raise exc


def _may_have_written(exc: Exception) -> bool:
    return isinstance(exc, (*_UNHEARD, aws.UnknownError)) and not isinstance(exc, ClientConnectorError)


def _given_up(exc: Exception) -> Exception:
    if isinstance(exc, aws.TransactionConflict):
        return Busy("Others are changing the same record; try again in a moment.")
    if isinstance(exc, _NOT_NOW):
        return DatabaseUnavailable(
            "DynamoDB is taking no more requests just now; try again in a few seconds."
        )
    return DatabaseUnavailable("DynamoDB can't be reached just now; try again in a few seconds.")
