"""Trying again where others were quicker."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator
from random import SystemRandom
from typing import Final, ParamSpec, TypeVar

from src.models.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS: Final = 8
_FIRST_PAUSE: Final = 0.01
_JITTER: Final = SystemRandom()


class Moved(Exception):
    """What was looked up before a command has changed since: look it up again."""


def pauses() -> Iterator[float]:
    """A jittered pause for after each attempt that others overtook; there are eight attempts."""
    return (_JITTER.uniform(0, _FIRST_PAUSE * 2**attempt) for attempt in range(ATTEMPTS))


def looked_up_again(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Begin anew while what the function looks up beforehand moves under it; Busy after eight times."""

    @functools.wraps(function)
    async def persistent(*args: P.args, **kwargs: P.kwargs) -> T:
        for pause in pauses():
            try:
                return await function(*args, **kwargs)
            except Moved:
                await asyncio.sleep(pause)
        raise Busy("Others are changing this; try again in a moment.")

    return persistent
