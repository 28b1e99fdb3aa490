"""The one loop through which every request to DynamoDB goes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from json import JSONDecodeError
from random import SystemRandom
from time import monotonic
from typing import Final, TypeVar

from aiodynamo import errors as aws
from aiohttp import ClientConnectorError, ClientError

from src.db.dynamo_client import Dynamo
from src.db.dynamo_errors import ConditionFailed, table_missing
from src.models.errors import Busy, DatabaseUnavailable

T = TypeVar("T")
_log = logging.getLogger(__name__)
_PAUSES: Final = 7
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0
_JITTER: Final = SystemRandom()

_UNHEARD: Final = (
    TimeoutError,
    ClientError,
    JSONDecodeError,
    aws.InternalDynamoError,
    aws.ServiceUnavailable,
)
_TOO_MUCH: Final = (
    aws.Throttled,
    aws.ProvisionedThroughputExceeded,
    aws.RequestLimitExceeded,
    aws.LimitExceeded,
    aws.TransactionInProgress,
)
_TOO_MUCH_WITHIN: Final = {None, "ThrottlingError", "ProvisionedThroughputExceeded"}
_SHUT_OUT: Final = (
    aws.AccessDenied,
    aws.UnrecognizedClient,
    aws.IncompleteSignature,
    aws.MissingAuthenticationToken,
)


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
        except (aws.AIODynamoError, TimeoutError, ClientError, JSONDecodeError) as exc:
            if not _passes(exc):
                known = _known(exc, table, unsure=unsure)
                if known is None:
                    raise
                raise known from exc
            unsure = unsure or _may_have_written(exc)
            pause = next(waits, None)
            if pause is None:
                raise _given_up(exc) from exc
        await asyncio.sleep(pause)


def _passes(exc: Exception) -> bool:
    """Whether waiting may change it."""
    if isinstance(exc, aws.TransactionCanceled):
        return {reason and reason.code for reason in exc.cancellation_reasons} <= _TOO_MUCH_WITHIN
    if isinstance(exc, aws.UnknownError):
        return exc.status >= 500 or exc.status == 429
    return isinstance(exc, (*_UNHEARD, *_TOO_MUCH, aws.TransactionConflict, aws.ExpiredToken))


def _may_have_written(exc: Exception) -> bool:
    return isinstance(exc, (*_UNHEARD, aws.UnknownError)) and not isinstance(exc, ClientConnectorError)


def _known(exc: Exception, table: str, *, unsure: bool) -> Exception | None:
    match exc:
        case aws.ConditionalCheckFailed() if unsure:
            return DatabaseUnavailable("The connection broke during the write; read whether it took place.")
        case aws.ConditionalCheckFailed():
            return ConditionFailed(f"The item of {table} is not as the write wants it.")
        case aws.TableNotFound():
            return table_missing(table)
        case aws.UnknownError(status=status):
            _log.error("DynamoDB refused a request with status %d: %.300r", status, exc.body)
            return DatabaseUnavailable(f"DynamoDB refused the request ({status}); the log says why.")
        case _ if isinstance(exc, _SHUT_OUT):
            return DatabaseUnavailable(
                f"DynamoDB refuses the AWS credentials; check that they are valid and may use {table}."
            )
        case _:
            return None


def _given_up(exc: Exception) -> Exception:
    match exc:
        case aws.TransactionConflict():
            return Busy("Others are changing the same record; try again in a moment.")
        case aws.ExpiredToken():
            return DatabaseUnavailable("The AWS credentials have expired; renew them.")
        case _ if isinstance(exc, (*_TOO_MUCH, aws.TransactionCanceled)):
            return DatabaseUnavailable("DynamoDB is throttling; try again in a few seconds.")
        case _:
            return DatabaseUnavailable("DynamoDB can't be reached just now; try again in a few seconds.")
