"""Ctrl-C and its kin: the first one breaks the command off in order, the others wait for that."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """The person or the system wants the command to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)


@contextmanager
def interruptible() -> Generator[None]:
    """Within the block the first signal raises `Interrupted` and no further one disturbs the clean-up."""
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    for each, handler in before.items():
        # nohup and its like have asked for it to be ignored.
        if handler is not signal.SIG_IGN:
            signal.signal(each, _interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
