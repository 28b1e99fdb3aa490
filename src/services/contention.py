"""Trying again where others were quicker."""

from collections.abc import Iterator
from random import SystemRandom
from typing import Final

ATTEMPTS: Final = 8
_FIRST_PAUSE: Final = 0.01
_JITTER: Final = SystemRandom()


def pauses() -> Iterator[float]:
    """A jittered pause for after each attempt that others overtook; there are eight attempts."""
    return (_JITTER.uniform(0, _FIRST_PAUSE * 2**attempt) for attempt in range(ATTEMPTS))
