"""Processes of a data directory: recorded while they live, ended in order, never taken for others."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from src.local.errors import StartError
from src.local.processes import LOOPBACK, Processes, Program, free_ports, record_path
from tests.fixtures.cli import is_alive

SERVER = """
import socket, sys, signal, time
for name in sys.argv[2:]:
    signal.signal(getattr(signal, name), signal.SIG_IGN)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"hello")
"""


@pytest.fixture
def home(tmp_path: Path) -> Generator[Path]:
    home = tmp_path / "a home"
    for name in ("run", "logs"):
        (home / name).mkdir(parents=True)
    yield home
    Processes(home).end()


def program(
    home: Path, *ignored: str, script: str = SERVER, answer: bytes = b"hello", grace: int = 5
) -> Program:
    [port] = free_ports(1)
    return Program(
        name="Greeter",
        command=(sys.executable, "-c", script, str(port), *ignored),
        directory=home / "greeter",
        port=port,
        answer=answer,
        grace=grace,
    )


def pid_of(home: Path) -> int:
    return int(record_path(home, "greeter").read_text().split()[0])


def test_a_program_is_recorded_when_it_answers_and_forgotten_when_it_has_ended(home: Path) -> None:
    processes = Processes(home)
    processes.start(program(home))
    pid = pid_of(home)
    assert is_alive(pid)
    processes.end()
    assert not is_alive(pid)
    assert not record_path(home, "greeter").exists()


def test_a_program_is_in_a_session_of_its_own_and_sees_little_of_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    script = "import os; print(sorted(os.environ), flush=True)\n" + SERVER
    processes = Processes(home)
    processes.start(program(home, script=script))
    pid = pid_of(home)
    assert os.getsid(pid) == pid
    log = (home / "logs" / "greeter.log").read_text()
    assert "PATH" in log
    assert "OPENAI_API_KEY" not in log
    processes.end()


def test_another_process_ends_what_was_left_behind(home: Path) -> None:
    starter = Processes(home)
    starter.start(program(home))
    pid = pid_of(home)
    Processes(home).end()
    assert not is_alive(pid)
    starter.end()


def test_a_program_that_does_not_end_when_asked_is_killed(home: Path) -> None:
    processes = Processes(home)
    processes.start(program(home, "SIGTERM", grace=0))
    pid = pid_of(home)
    processes.end()
    assert not is_alive(pid)


def test_a_stranger_with_the_recorded_pid_is_left_alone(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        record_path(home, "greeter").write_text(f"{stranger.pid} 0 0\n")
        Processes(home).end()
        assert stranger.poll() is None
        assert not record_path(home, "greeter").exists()
        stranger.kill()


def test_a_program_that_ends_at_once_is_told_with_its_last_words(home: Path) -> None:
    processes = Processes(home)
    with pytest.raises(StartError, match=r"Greeter ended while it started \(no way\); see .*greeter\.log\."):
        processes.start(program(home, script="import sys; print('first', flush=True); sys.exit('no way')"))
    processes.end()


def test_a_start_that_is_given_up_is_not_waited_for(home: Path) -> None:
    processes = Processes(home)
    processes.give_up()
    with pytest.raises(StartError, match="not waited for"):
        processes.start(program(home, answer=b"another answer"))
    processes.end()


def test_the_log_of_the_run_before_is_kept(home: Path) -> None:
    processes = Processes(home)
    for word in ("first", "second"):
        processes.start(program(home, script=f"print({word!r}, flush=True)\n" + SERVER))
        processes.end()
    assert (home / "logs" / "greeter.log").read_text() == "second\n"
    assert (home / "logs" / "greeter.log.1").read_text() == "first\n"


def test_free_ports_can_be_listened_on_and_differ() -> None:
    ports = free_ports(3)
    assert len(set(ports)) == 3
    for port in ports:
        socket.create_server((LOOPBACK, port)).close()
