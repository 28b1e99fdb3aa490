"""What Ctrl-C and its kin do: at once, later, or not at all."""

import asyncio
import signal
from collections.abc import Generator

import pytest

from src.local.signals import Presses, deferred, interruptible, undisturbed

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def own_handlers() -> Generator[None]:
    """The test runner's handlers come back."""
    before = {each: signal.getsignal(each) for each in SIGNALS}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_each_breaks_a_command_off(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(number)


def test_a_loop_ends_its_task_in_order() -> None:
    ended: list[str] = []

    async def work() -> None:
        signal.raise_signal(signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("in order")

    with pytest.raises(KeyboardInterrupt), interruptible(), asyncio.Runner() as runner:
        runner.run(work())
    assert ended == ["in order"]


def test_what_was_asked_to_be_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible():
        signal.raise_signal(signal.SIGHUP)


def test_a_deferred_one_waits_until_it_is_asked_for() -> None:
    with interruptible(), deferred() as check:
        check()
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            check()


def test_its_echo_is_no_second_one() -> None:
    with interruptible(), deferred():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)


def test_a_later_one_is() -> None:
    presses = Presses(echo=0.0)
    assert not presses
    assert not presses.again()
    assert presses
    assert presses.again()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_clean_up_is_not_disturbed(number: signal.Signals) -> None:
    with interruptible(), undisturbed():
        signal.raise_signal(number)
