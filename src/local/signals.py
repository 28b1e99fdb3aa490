"""Ctrl-C and its kin: they break a command off, though not everywhere, and never its clean-up."""

import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from threading import current_thread, main_thread
from time import monotonic
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_Handler = Callable[[int, FrameType | None], None] | signal.Handlers


@contextmanager
def interruptible() -> Generator[None]:
    """Within the block SIGTERM and a closed terminal do what Ctrl-C does there.

    That is a KeyboardInterrupt, or what an event loop or a server makes of it. Afterwards they are ignored,
    for then the process has only to end.
    """
    handlers: dict[signal.Signals, _Handler] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: _as_ctrl_c,
    }
    # nohup has asked for it to be ignored.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        handlers[signal.SIGHUP] = _as_ctrl_c
    try:
        with _handled(handlers):
            yield
    finally:
        for each in handlers:
            signal.signal(each, signal.SIG_IGN)


class Presses:
    """Ctrl-C as a person presses it: `uv run` may pass on, an instant later, what its child has had."""

    def __init__(self, echo: float = 1.0) -> None:
        self._echo = echo
        self._first: float | None = None

    def __bool__(self) -> bool:
        return self._first is not None

    def again(self) -> bool:
        """Count one; whether it is a second one that somebody meant."""
        now = monotonic()
        if self._first is None:
            self._first = now
            return False
        return now - self._first >= self._echo


@contextmanager
def deferred() -> Generator[Callable[[], None]]:
    """Within the block Ctrl-C waits until the block calls what it gets; a second one doesn't wait.

    An exception out of nowhere breaks imports, and Python swallows it in a finaliser.
    """
    presses = Presses()

    def remember(number: int, frame: FrameType | None) -> None:
        if presses.again():
            signal.default_int_handler(number, frame)

    def check() -> None:
        if presses:
            raise KeyboardInterrupt

    with _handled({signal.SIGINT: remember}):
        yield check


@contextmanager
def undisturbed() -> Generator[None]:
    """Within the block signals are ignored: for a clean-up that must come to its end."""
    with _handled(dict.fromkeys(_SIGNALS, signal.SIG_IGN)):
        yield


@contextmanager
def _handled(handlers: Mapping[signal.Signals, _Handler]) -> Generator[None]:
    if current_thread() is not main_thread():
        yield
        return
    before = {each: signal.signal(each, handler) for each, handler in handlers.items()}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)
