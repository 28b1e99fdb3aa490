"""The data directory: who uses it, where its stores are, and the key that is made once."""

import os
import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from src.local.errors import StartError
from src.local.locks import hold
from src.local.processes import Processes
from src.models.base import Record

_CLAIMED_WITHIN: Final = 1.0
_FOUND_WITHIN: Final = 60.0
_POLL: Final = 0.05


class Pool(Record):
    """A Cognito user pool that the desk has made, and where it is administered."""

    endpoint: str
    region: str
    pool_id: str
    client_id: str
    embedded: bool


class Found(Record):
    """How other commands get to a running service's stores; `pool` is set if it is the desk's own."""

    settings: dict[str, str | None]
    environment: dict[str, str]
    pool: Pool | None


class _RunFile(Record):
    pid: int
    found: Found | None = None


class Claim:
    """A data directory that the present process alone uses, and its run file, which says so."""

    def __init__(self, home: Path, descriptor: int) -> None:
        self.home = home
        self._descriptor = descriptor
        self.withdraw()

    def publish(self, found: Found) -> None:
        """Let other commands work on the same stores."""
        self._write(found)

    def withdraw(self) -> None:
        self._write(None)

    def _write(self, found: Found | None) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, _RunFile(pid=os.getpid(), found=found).model_dump_json().encode(), 0)


@contextmanager
def claim(path: Path) -> Generator[Claim]:
    """The data directory for the present process alone, made where there is none.

    What a killed process has left running there is ended first.
    """
    home = _made(path)
    for descriptor in _attempts(home, _CLAIMED_WITHIN):
        if descriptor is not None:
            yield _claimed(home, descriptor)
            return
    holder = _read(home)
    raise StartError(
        f"Another orderdesk{f' (process {holder.pid})' if holder else ''} uses {home}; "
        "stop it, or name another directory with --data-dir."
    )


@contextmanager
def find_or_claim(path: Path) -> Generator[Found | Claim]:
    """The stores of the service that runs on the data directory, or the directory itself where none runs.

    A command that uses it meanwhile is waited for.
    """
    home = _made(path)
    for descriptor in _attempts(home, _FOUND_WITHIN):
        if descriptor is not None:
            yield _claimed(home, descriptor)
            return
        holder = _read(home)
        if holder is not None and holder.found is not None:
            yield holder.found
            return
    raise StartError(f"Another orderdesk uses {home} and doesn't get ready; stop it, or try again later.")


def find_or_make_key(home: Path) -> str:
    """The key that signs the audit trail, made at the first start and the same ever after."""
    path = home / "audit.key"
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        draft.replace(path)
    return path.read_text().strip()


def _claimed(home: Path, descriptor: int) -> Claim:
    claimed = Claim(home, descriptor)
    Processes(home).end()
    return claimed


def locate(path: Path) -> Path:
    return path.expanduser().absolute()


def holds_a_desk(path: Path) -> bool:
    """Whether a service has ever used the data directory."""
    return _run_file(locate(path)).is_file()


def _made(path: Path) -> Path:
    home = locate(path)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("run", "logs"):
            (home / name).mkdir(mode=0o700, exist_ok=True)
        _run_file(home).touch(mode=0o600)
    except OSError as error:
        raise StartError(
            f"The data directory {home} can't be written to ({error.strerror}); "
            "name another with --data-dir or DATA_DIR."
        ) from None
    return home


def _attempts(home: Path, seconds: float) -> Iterator[int | None]:
    """What holding the run file comes to, until the time is over; a descriptor is good for one step."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        descriptor = hold(_run_file(home))
        try:
            yield descriptor
        finally:
            if descriptor is not None:
                os.close(descriptor)
        sleep(_POLL)


def _read(home: Path) -> _RunFile | None:
    """What the holder says, or None while it is being written."""
    try:
        return _RunFile.model_validate_json(_run_file(home).read_bytes())
    except ValueError:
        return None


def _run_file(home: Path) -> Path:
    return home / "run" / "orderdesk.json"
