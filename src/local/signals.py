"""Ctrl-C and its kin: the first one breaks the command off in order, the others wait for that."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from threading import current_thread, main_thread
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


def _hang_up(_number: int, _frame: FrameType | None) -> None:
    """A closed terminal ends the command as SIGTERM does, also where a server has taken that one over."""
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def interruptible() -> Generator[None]:
    """Within the block the first signal raises `Interrupted` and no further one disturbs the clean-up."""
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    for each, handler in before.items():
        # nohup and its like have asked for it to be ignored.
        if handler is not signal.SIG_IGN:
            signal.signal(each, _hang_up if each is signal.SIGHUP else _interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def undisturbed() -> Generator[None]:
    """Within the block signals are ignored: for a clean-up that must come to its end."""
    if current_thread() is not main_thread():
        yield
        return
    before = {each: signal.signal(each, signal.SIG_IGN) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
