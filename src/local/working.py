"""`orderdesk worker`: the background work on the stores of the data directory or of the settings."""

import asyncio
from contextlib import ExitStack

from src.config import Settings
from src.local.errors import StartError
from src.local.screen import Screen
from src.local.stack import join_or_open_stack
from src.models.errors import DeskError
from src.utils.logging import configure_logging
from src.worker import work


def run_worker(settings: Settings, screen: Screen) -> int:
    """Work until a signal ends it.

    Raises:
        StartError: a store can't be used.
    """
    configure_logging(settings.log_level)
    with ExitStack() as opened:
        with screen.busy("Opening the stores"):
            stack = opened.enter_context(join_or_open_stack(settings))
        screen.say("The worker relays events; Ctrl-C stops it.")
        try:
            asyncio.run(work(stack.settings))
        except (DeskError, ValueError) as error:
            raise StartError(str(error)) from None
    return 0
