"""The processes of a data directory: none of them is ever lost, and no stranger is ever ended.

Each has a record, a file that it keeps locked for its life and that carries its pid. The shell that starts a
program writes the record before it becomes the program, so nothing runs unrecorded at any moment; and
since a dead process holds no lock, a pid that the system has given to another is never taken for ours.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Final

from src.local.errors import StartError
from src.local.locks import hold, is_held

LOOPBACK: Final = "127.0.0.1"
WORKER: Final = "worker-"
_LAUNCH: Final = 'echo "$$ $1 $2" >"$0" && shift 2 && exec "$@"'
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_READY_WITHIN: Final = 30.0
_GONE_WITHIN: Final = 10.0
_POLL: Final = 0.02


@dataclass(frozen=True)
class Program:
    """A server on loopback: it is ready when it gives `answer` to `question`.

    Args:
        name: what people call it.
        command: the program and its arguments.
        directory: where it keeps its data; it runs there.
        port: where it listens.
        environment: what it needs to know, beside a few variables of ours.
        grace: seconds that it has to end when it is asked to.
    """

    name: str
    command: Sequence[str]
    directory: Path
    port: int
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    question: bytes = b""
    answer: bytes = b""
    grace: int = 5


class Processes:
    """What runs for the data directory at `home`, whoever has started it there."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started: list[subprocess.Popen[bytes]] = []
        self._given_up = Event()

    def start(self, program: Program) -> None:
        """Start the program and return once it answers."""
        process = self._launch(program)
        self._started.append(process)
        deadline = monotonic() + _READY_WITHIN
        while not _answers(program):
            if process.poll() is not None:
                raise StartError(
                    f"{program.name} ended while it started ({_last_line(self._log(program))}); "
                    f"see {self._log(program)}."
                )
            if monotonic() > deadline:
                raise StartError(f"{program.name} doesn't answer; see {self._log(program)}.")
            if self._given_up.wait(_POLL):
                raise StartError(f"{program.name} was not waited for.")

    def give_up(self) -> None:
        """No start is waited for any longer."""
        self._given_up.set()

    def end(self) -> None:
        """Ask all to end, the workers first, kill those that don't, and return when they are gone."""
        for pattern in (f"{WORKER}*.pid", "*.pid"):
            records = list((self._home / "run").glob(pattern))
            if records:
                with ThreadPoolExecutor(len(records)) as pool:
                    list(pool.map(_end, records))
        for process in self._started:
            process.wait()

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        record, log = record_path(self._home, program.directory.name), self._log(program)
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        own = {"HOME": str(program.directory), "TMPDIR": str(program.directory)}
        try:
            program.directory.mkdir(mode=0o700, exist_ok=True)
            if log.exists():
                log.replace(log.with_suffix(".log.1"))
            with _locked(record) as lock, log.open("wb") as output:
                return subprocess.Popen(  # noqa: S603 - our own programs, and no word of a user's in them
                    [
                        "/bin/sh",
                        "-c",
                        _LAUNCH,
                        record,
                        str(program.port),
                        str(program.grace),
                        *program.command,
                    ],
                    cwd=program.directory,
                    env={**passed_on, **own, **program.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=(lock,),
                )
        except OSError as error:
            raise StartError(
                f"{program.name} can't be started in {program.directory} ({error.strerror})."
            ) from None

    def _log(self, program: Program) -> Path:
        return self._home / "logs" / f"{program.directory.name}.log"


def record_path(home: Path, name: str) -> Path:
    return home / "run" / f"{name}.pid"


def record_this_process(home: Path, name: str, grace: int) -> None:
    """From here on, and until it is gone, the present process is one of those of the data directory."""
    lock = hold(record_path(home, name))
    if lock is not None:
        os.truncate(lock, 0)
        os.write(lock, f"{os.getpid()} 0 {grace}\n".encode())


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """A Python program that neither the user's environment nor its working directory can change."""
    return (sys.executable, "-I", "-m", module, *arguments)


def free_ports(count: int) -> list[int]:
    """Ports below those that the system gives to outgoing connections, so that none is taken meanwhile."""
    sockets: dict[int, socket.socket] = {}
    try:
        while len(sockets) < count:
            port = 15_000 + secrets.randbelow(15_000)
            probe = socket.socket()
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                probe.close()
            else:
                sockets[port] = probe
        return list(sockets)
    finally:
        for probe in sockets.values():
            probe.close()


def _answers(program: Program) -> bool:
    try:
        with socket.create_connection((LOOPBACK, program.port), timeout=1) as connection:
            connection.sendall(program.question)
            return connection.recv(len(program.answer)) == program.answer if program.answer else True
    except OSError:
        return False


@contextmanager
def _locked(record: Path) -> Generator[int]:
    """The empty record, locked for whoever inherits the descriptor."""
    lock = hold(record)
    if lock is None:
        raise StartError(f"Another program runs by the record {record}; end it first.")
    try:
        os.truncate(lock, 0)
        yield lock
    finally:
        os.close(lock)


def _end(record: Path) -> None:
    process: _Recorded | None = None
    deadline = 0.0
    while is_held(record):
        if process is None:
            process = _Recorded.read(record)
            if process is not None:
                process.send(signal.SIGTERM)
                deadline = monotonic() + process.grace
        elif monotonic() > deadline + _GONE_WITHIN:
            raise StartError(f"Process {process.pid} can't be ended; end it yourself, then start again.")
        elif monotonic() > deadline:
            process.send(signal.SIGKILL)
        else:
            process.knock()
        sleep(_POLL)
    record.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Recorded:
    pid: int
    port: int
    grace: int

    @classmethod
    def read(cls, record: Path) -> "_Recorded | None":
        """What the record says, or None as long as the shell has not written it."""
        words = record.read_text().split()
        return cls(*map(int, words)) if len(words) == 3 else None

    def send(self, number: signal.Signals) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return
        except PermissionError:
            raise StartError(
                f"Process {self.pid} is left over from an earlier start by another user; end it first."
            ) from None

    def knock(self) -> None:
        """A server that waits for a connection sees at the next one that it is to end."""
        if self.port:
            with suppress(OSError):
                socket.create_connection((LOOPBACK, self.port), timeout=0.2).close()


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1].strip()[:200] if lines else "without a word"
