"""The gate that every request passes before anything reads it: its host, its body's size, type and syntax.

It stands before routing and authentication, so that no route, mounted application or library behind it ever
sees a body that is too large, is not JSON, or is JSON that two readers could understand differently.
"""

import json
import math
import re
from collections.abc import Iterable
from typing import Final, NoReturn, cast

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.api.errors import ForeignHost, MalformedBody, TooLarge, WrongContentType, answer
from src.models.errors import DeskError

MAX_BODY: Final = 1024 * 1024
MAX_PARTS: Final = 10_000
MAX_DEPTH: Final = 64
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::\d{1,5})?")
_JSON_TYPE: Final = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class Gate:
    """Pure ASGI. `hosts` are the names, without ports, that the service answers for besides loopback's."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = LOOPBACK | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_host(headers, scope)
            body = await _read(headers, receive)
            if body:
                _check_type(headers)
                check_json(body)
        except DeskError as error:
            await answer(error)(scope, receive, send)
        else:
            if body is not None:
                await self._app(scope, _replay(body, receive), send)

    def _check_host(self, headers: Headers, scope: Scope) -> None:
        """An address is no foreign name where it is the very one that the connection came to."""
        named = headers.getlist("host")
        found = _HOST.fullmatch(named[0].lower()) if len(named) == 1 else None
        server = scope.get("server") or ("",)
        if found is None or found[1] not in self._hosts | {server[0], f"[{server[0]}]"}:
            raise ForeignHost("This service does not answer for the host that the request names.")


async def _read(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body, or None where the client left before its end."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 12 or int(declared) > MAX_BODY):
        raise _too_large()
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise _too_large()
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _too_large() -> TooLarge:
    return TooLarge(f"A body may have {MAX_BODY // 1024} KiB and {MAX_PARTS} values; send less at a time.")


def _check_type(headers: Headers) -> None:
    encoded = headers.get("content-encoding", "identity").lower() != "identity"
    if encoded or not _JSON_TYPE.fullmatch(headers.get("content-type", "")):
        raise WrongContentType("Send the body as plain JSON with 'Content-Type: application/json'.")


def check_json(body: bytes) -> None:
    """Raise unless this is JSON that every reader understands alike, and of bounded work.

    That is UTF-8 without lone surrogates, no name twice in an object, no NaN or infinity (nor a number that
    overflows to it), at most MAX_DEPTH levels and MAX_PARTS values.
    """
    if _has_many_parts(body):
        raise _too_large()
    try:
        value: object = json.loads(
            body.decode(),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
        if _SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise MalformedBody("The body is not JSON in UTF-8: some of its characters don't exist.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedBody(f"The body is not JSON: {error.msg.lower()} at {where}.") from None
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _Unclear) else "a value is too long or too deep"
        raise MalformedBody(f"The body can't be read as JSON: {reason}.") from None
    if _is_deeper(value, MAX_DEPTH):
        raise MalformedBody(f"The body is nested deeper than {MAX_DEPTH} levels; send it flatter.")


def _has_many_parts(body: bytes) -> bool:
    """Counted before parsing, since a validator keeps a record of each part that it refuses."""
    return _marks(body) > MAX_PARTS and _marks(_STRING.sub(b"", body)) > MAX_PARTS


def _marks(text: bytes) -> int:
    return sum(text.count(mark) for mark in (b",", b"[", b"{"))


class _Unclear(ValueError):
    pass


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _Unclear("an object names the same field twice")
    return fields


def _refuse_constant(_: str) -> NoReturn:
    raise _Unclear("NaN and Infinity are no JSON numbers")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Unclear("a number is too large")
    return number


def _is_deeper(value: object, limit: int) -> bool:
    level = _containers([value])
    for _ in range(limit):
        level = [child for part in level for child in _containers(part)]
    return bool(level)


def _containers(part: object) -> list[object]:
    inner = cast("dict[str, object]", part).values() if isinstance(part, dict) else cast("list[object]", part)
    return [child for child in inner if isinstance(child, (dict, list))]
