"""`orderdesk serve`: the stores, the service on them, and the way back."""

import os
import socket
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import TYPE_CHECKING

from src.config import Settings, Stage
from src.local.home import claim
from src.local.listener import address_of, listening, url_of
from src.local.screen import Screen
from src.local.settings import as_environment
from src.local.signals import deferred
from src.local.stack import open_stack
from src.utils.logging import configure_logging

if TYPE_CHECKING:
    from fastapi import FastAPI

_READY_WITHIN = 60.0


def serve(settings: Settings, workers: int, screen: Screen) -> None:
    """Serve until Ctrl-C: then the service drains, and after it what was started for it ends.

    Raises:
        StartError: the service can't start; nothing is left running.
    """
    # Before anything is shown: what shows progress takes standard error over for that time.
    configure_logging(settings.log_level)
    with deferred() as check, ExitStack() as opened:
        with screen.busy("Starting Orderdesk"):
            listener, located, app = _open(settings, opened, screen)
        os.environ.update(as_environment(located))
        Thread(target=_announce, args=(screen, located, listener), daemon=True).start()
        _service().run(app, listener, workers, check)
        with screen.busy("Stopping Orderdesk"):
            opened.close()
    screen.say("Orderdesk has stopped.")


def _open(settings: Settings, opened: ExitStack, screen: Screen) -> "tuple[socket.socket, Settings, FastAPI]":
    """The socket, settings that lead to stores which are ready, and the application on them."""
    if settings.stage is not Stage.LOCAL:
        listener = opened.enter_context(listening(settings.host, settings.port))
        return listener, settings, _service().prepare(settings, None)
    place = opened.enter_context(claim(settings.data_dir))
    listener = opened.enter_context(listening(settings.host, settings.port))
    stack = opened.enter_context(open_stack(settings, place.home, report=screen.ready, beside=_service))
    app = _service().prepare(stack.settings, place.home)
    place.publish(stack.found)
    opened.callback(place.withdraw)
    return listener, stack.settings, app


def _service():
    from src.local import service  # noqa: PLC0415 - the whole application, which takes seconds

    return service


def _announce(screen: Screen, settings: Settings, listener: socket.socket) -> None:
    """The first answer is the sign that the service is ready, however many processes serve."""
    connection = HTTPConnection(*address_of(listener), timeout=_READY_WITHIN)
    with suppress(OSError, HTTPException):
        connection.request("GET", "/health")
        connection.getresponse().read()
        screen.summary(settings, url_of(listener))
    connection.close()
