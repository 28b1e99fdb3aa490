"""The application as a command runs it: tried on its stores, then served. Slow to import: import it late."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from fastapi import FastAPI
from uvicorn import Config, Server

from src.config import Settings
from src.db.dynamo_errors import DynamoError
from src.local.errors import StartError
from src.local.signals import Presses
from src.local.tables import demo_due
from src.local.workers import DRAIN_SECONDS, FACTORY, Workers
from src.main import create_app, open_stores
from src.models.errors import DeskError
from src.services.import_service import load_demo


def prepare(settings: Settings, home: Path | None) -> FastAPI:
    """The application, its stores opened once, with the demo data if they are due in the directory at `home`.

    Raises:
        StartError: a store can't be used, or a setting names something that can't be had.
    """
    try:
        app = create_app(settings)
        asyncio.run(_try_stores(settings, home))
    except (DeskError, DynamoError, ValueError) as error:
        raise StartError(str(error)) from None
    return app


class _Server(Server):
    """`check` raises where a signal came before the server took them over; a second Ctrl-C hurries it."""

    def __init__(self, config: Config, check: Callable[[], None]) -> None:
        super().__init__(config)
        self._check = check
        self._presses = Presses()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._check()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._presses.again() or not self.should_exit:
            super().handle_exit(sig, frame)


def run(app: FastAPI, listener: socket.socket, workers: int, check: Callable[[], None]) -> None:
    """Serve until a signal ends it; requests that run then have ten seconds to finish."""
    config = Config(
        app if workers == 1 else FACTORY,
        factory=workers > 1,
        workers=workers,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    try:
        if workers == 1:
            _Server(config, check).run(sockets=[listener])
        else:
            supervisor = Workers(config, [listener])
            check()
            supervisor.run()
    except SystemExit:
        raise StartError("The service could not start; the lines above say why.") from None


async def _try_stores(settings: Settings, home: Path | None) -> None:
    async with open_stores(settings) as stores:
        if home is not None and demo_due(home).exists():
            await load_demo(stores)
            demo_due(home).unlink()
