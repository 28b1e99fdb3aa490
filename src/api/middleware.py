"""What surrounds every request: its id, every answer's headers, a line in the log, the answer to a bug."""

import logging
import re
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.api.errors import ForeignOrigin, Internal, answer
from src.api.gate import Gate
from src.utils.logging import bound

_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CLIENT_LEFT: Final = 499
_DEFAULT_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_ASKED_HEADERS: Final = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "Last-Event-ID",
    "MCP-Protocol-Version",
    "Mcp-Method",
    "Mcp-Name",
    "X-Request-ID",
]
_logger = logging.getLogger(__name__)


class RequestScope:
    """Pure ASGI, the outermost of all: binds `request_id` for the log and writes a line for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid4().hex
        with bound(request_id=request_id):
            await self._serve(scope, receive, send, request_id)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        status, began = _CLIENT_LEFT, time.perf_counter()

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _DEFAULT_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            found = {"method": scope["method"], "path": path_template(scope), "status": status}
            elapsed = round((time.perf_counter() - began) * 1000, 2)
            # Probes ask every few seconds; a log of them hides everything else.
            probed = str(scope["path"]).startswith("/health") and found["status"] == HTTPStatus.OK
            level = logging.DEBUG if probed else logging.INFO
            _logger.log(level, "Answered a request", extra=found | {"ms": elapsed})


class LastResort:
    """Pure ASGI: answers what nobody caught, logged once and without a word of it; a begun answer breaks off.

    The framework's own would log each bug again, and its answer would lack the headers of all others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception:
            _logger.exception("An unexpected error ended a request")
            if not begun:
                await _internal()(scope, receive, send)


def _internal() -> Response:
    return answer(Internal("Something went wrong on our side; name the request_id when you report it."))


def path_template(scope: Scope) -> str | None:
    """The path of the route that was taken, such as `/api/orders/{order_id}`: it holds nobody's data."""
    taken = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    fixed = scope["path"] if "endpoint" in scope and not scope.get("path_params") else None
    return getattr(taken, "path_format", fixed)


class _Cors(CORSMiddleware):
    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == HTTPStatus.OK:
            return response
        return answer(ForeignOrigin("CORS_ORIGINS names neither this origin nor all that it asks for."))


def add_edge(
    app: FastAPI, *, public_url: str | None = None, host: str | None = None, cors_origins: Sequence[str] = ()
) -> None:
    """Put the edge around the app; `host` is what it listens on, `public_url` where clients find it."""
    names = [name for name in (host, urlsplit(public_url or "").hostname) if name]
    # Each is put around those before it, so that bugs and refusals too carry the headers of CORS.
    app.add_middleware(Gate, hosts=[f"[{name}]" if ":" in name else name for name in names])
    app.add_middleware(LastResort)
    if cors_origins:
        app.add_middleware(
            _Cors,
            allow_origins=cors_origins,
            allow_methods=("GET", "POST", "PUT", "DELETE"),
            allow_headers=_ASKED_HEADERS,
            expose_headers=("ETag", "Idempotent-Replayed", "Location", "Retry-After", "X-Request-ID"),
        )
    app.add_middleware(RequestScope)
