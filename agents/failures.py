"""What a model's failures are called here; the provider's own words are neither shown nor logged."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from pydantic_ai.exceptions import (
    AgentRunError,
    ConcurrencyLimitExceeded,
    FallbackExceptionGroup,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelRateLimitError,
    ModelRequestTimeout,
    ModelTimeoutError,
    RunCancelled,
    RunTimedOut,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
)

from src.models.errors import DeskError, Invalid, ModelBusy, ModelMisbehaved, ModelTimeout, ModelUnavailable

_log = logging.getLogger(__name__)

_KINDS: Final[tuple[tuple[tuple[type[Exception], ...], type[DeskError], str], ...]] = (
    (
        (ModelRateLimitError, ConcurrencyLimitExceeded),
        ModelBusy,
        "The model takes no more requests for now; try again in a while.",
    ),
    (
        (RunTimedOut, ModelTimeoutError, ModelRequestTimeout),
        ModelTimeout,
        "The model did not answer in time; try again, or ask for less at once.",
    ),
    (
        (UnexpectedModelBehavior, UsageLimitExceeded),
        ModelMisbehaved,
        "The model did not come to a usable answer; try again, or put it differently.",
    ),
    (
        (ModelContextWindowExceededError,),
        Invalid,
        "The text is longer than the model can read; send less at once.",
    ),
)


@asynccontextmanager
async def model_failures() -> AsyncGenerator[None]:
    """Turn what a run of an agent raises about its model into the desk's own errors.

    Raises:
        ModelBusy, ModelTimeout, ModelMisbehaved, ModelUnavailable: the model refuses for now, takes too long,
            comes to no usable answer, or fails.
        Invalid: what it was given is longer than it can read.
    """
    try:
        yield
    except (AgentRunError, FallbackExceptionGroup) as error:
        if isinstance(error, RunCancelled) and not isinstance(error, RunTimedOut):
            raise
        raise _named(error) from error


def _named(error: Exception) -> DeskError:
    """Of a chain of models the last one counts. A provider may quote the text, so its words aren't logged."""
    _log.warning("model failed: %s", type(error).__name__, extra={"status": _status(error)})
    while isinstance(error, FallbackExceptionGroup):
        error = error.exceptions[-1]
    for kinds, named, sentence in _KINDS:
        if isinstance(error, kinds) or (named is ModelBusy and _status(error) == 429):
            return named(sentence)
    return ModelUnavailable("The model can't be reached or failed; try again later.")


def _status(error: Exception) -> int | None:
    return error.status_code if isinstance(error, ModelHTTPError) else None
