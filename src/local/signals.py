"""Ctrl-C and its kin: they break a command off, though not everywhere, and never its clean-up."""

import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_Handler = Callable[[int, FrameType | None], None] | signal.Handlers


@contextmanager
def interruptible() -> Generator[None]:
    """Within the block SIGTERM and a closed terminal do what Ctrl-C does there.

    That is a KeyboardInterrupt, or what an event loop or a server makes of it.
    """
    handlers: dict[signal.Signals, _Handler] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: _as_ctrl_c,
    }
    # nohup has asked for it to be ignored.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        handlers[signal.SIGHUP] = _as_ctrl_c
    with _handled(handlers):
        yield


@contextmanager
def deferred() -> Generator[Callable[[], None]]:
    """Within the block Ctrl-C waits until the block calls what it gets; a second one doesn't wait.

    An exception out of nowhere breaks imports, and Python swallows it in a finaliser.
    """
    received = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal received
        if received:
            signal.default_int_handler(number, frame)
        received = True

    def check() -> None:
        if received:
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
