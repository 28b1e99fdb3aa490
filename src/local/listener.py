"""The socket that the service listens on: opened first, so that a taken port costs nothing."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, cast

from src.local.errors import StartError

_BACKLOG: Final = 2048


@contextmanager
def listening(host: str, port: int) -> Generator[socket.socket]:
    """A socket that listens already: whoever connects early is served as soon as the service is ready."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise StartError(f"The host {host} can't be listened on ({error.strerror}); see --host.") from None
    with listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as error:
            raise StartError(
                f"The service can't listen on {host} port {port} ({error.strerror}); "
                "stop what uses it, or name another with --port."
            ) from None
        yield listener


def address_of(listener: socket.socket) -> tuple[str, int]:
    """Where the present machine reaches the socket."""
    host, port = cast("tuple[str, int]", listener.getsockname()[:2])
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - compared, not bound


def url_of(listener: socket.socket) -> str:
    host, port = address_of(listener)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
