"""Several worker processes behind one socket, none of which outlives the command for long."""

import multiprocessing
import os
import signal
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from src.config import Settings, Stage
from src.local.home import locate
from src.local.processes import WORKER, record_this_process

if TYPE_CHECKING:
    from fastapi import FastAPI

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


def create_app() -> "FastAPI":
    """What each worker serves; a worker whose parent is gone ends by itself."""
    settings, made = Settings(), Event()
    if settings.stage is Stage.LOCAL:
        record_this_process(locate(settings.data_dir), f"{WORKER}{os.getpid()}", DRAIN_SECONDS + 5)
    Thread(target=_end_with_parent, args=(made,), daemon=True).start()
    # Until here uvicorn has only noted that it should end, and would go on importing for seconds.
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from src.main import create_app_from_environment  # noqa: PLC0415

    app = create_app_from_environment()
    signal.signal(signal.SIGTERM, before)
    made.set()
    return app


def _end_with_parent(made: Event) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        if not made.is_set():
            os._exit(STARTUP_FAILURE)
        os.kill(os.getpid(), signal.SIGTERM)
