"""Several worker processes behind one socket, none of which outlives the command for long."""

import multiprocessing
import os
import signal
import sys
from threading import Thread
from typing import Final

from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from src.config import Settings, Stage
from src.local.home import locate
from src.local.processes import WORKER, record_this_process
from src.main import create_app_from_environment

FACTORY: Final = f"{__name__}:create_app"
DRAIN_SECONDS: Final = 10


class Workers(Multiprocess):
    """uvicorn's supervisor, in which Ctrl-C is the parent's alone and a closed terminal ends the service."""

    asked_to_end = False

    def run(self) -> None:
        super().run()
        if not self.asked_to_end:
            sys.exit(STARTUP_FAILURE)

    def init_processes(self) -> None:
        # A terminal sends Ctrl-C to all; one that is still importing would die with a traceback.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().init_processes()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def handle_int(self) -> None:
        self.handle_term()

    def handle_hup(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        self.asked_to_end = True
        super().handle_term()


def create_app() -> FastAPI:
    """What each worker serves; a worker ends by itself when its parent is gone."""
    settings = Settings()
    if settings.stage is Stage.LOCAL:
        record_this_process(locate(settings.data_dir), f"{WORKER}{os.getpid()}", DRAIN_SECONDS + 5)
    Thread(target=_end_with_parent, daemon=True).start()
    return create_app_from_environment()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
