"""Logging as one JSON object a line, each with the request, run and user it belongs to, without secrets."""

import logging
import sys
import traceback
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, TextIO, cast

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from src.utils.redaction import redact_fields, redact_text

CONTEXT_FIELDS: Final = ("request_id", "run_id", "user_id")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=_NOTHING)


def bind(**fields: str) -> None:
    """Add fields (request_id, run_id, user_id) to every line that the present task logs from here on."""
    _context.set({**_context.get(), **fields})


@contextmanager
def bound(**fields: str) -> Generator[None]:
    """As `bind`, for the length of a block; what is bound inside ends with it."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def find_bound(field: str) -> str | None:
    return _context.get().get(field)


def _describe(error: BaseException) -> str:
    """An error by name and text; a validation error by its places alone, for its text quotes values."""
    kind = type(error)
    if "Validation" not in kind.__name__:
        return f"{kind.__module__}.{kind.__qualname__}: {error}"
    errors = getattr(error, "errors", None)
    found = cast("list[Mapping[str, object]]", errors() if callable(errors) else [])
    places = "; ".join(f"{item.get('type')} at {item.get('loc')}" for item in found[:20])
    return f"{kind.__module__}.{kind.__qualname__}: {places or 'its text is withheld'}"


def _trace(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """An error and what led to it, the first cause first."""
    seen |= {id(error)}
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _trace(before, seen)
        yield "which led to:\n"
    yield from traceback.format_tb(error.__traceback__)
    yield _describe(error) + "\n"
    parts = cast("tuple[BaseException, ...]", getattr(error, "exceptions", ()))
    for part in parts if isinstance(error, BaseExceptionGroup) else ():
        yield from _trace(part, seen)


class _Formatter(JsonFormatter):
    def format(self, record: logging.LogRecord) -> str:
        try:
            record.getMessage()
        except (TypeError, ValueError):
            record.msg, record.args = f"{record.msg} (logged with arguments that don't fit it)", None
        return super().format(record)

    def add_fields(
        self, log_data: dict[str, object], record: logging.LogRecord, message_dict: dict[str, object]
    ) -> None:
        super().add_fields(log_data, record, message_dict)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            log_data["exc_info"] = "".join(_trace(error))
        extras = redact_fields(cast("dict[object, object]", log_data))
        log_data.clear()
        log_data |= {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact_text(record.message),
            **{field: _context.get().get(field) for field in CONTEXT_FIELDS},
            **extras,
        }


def configure_logging(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all lines to one handler, uvicorn's too, which must be started with `log_config=None`.

    Its access log is silenced, since the edge writes a line of its own for each request.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Formatter(reserved_attrs=[*RESERVED_ATTRS, "taskName", "color_message"]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = name != "uvicorn.access"
    for name in ("asyncio", "botocore", "boto3", "httpcore", "httpx", "mcp", "pymongo", "urllib3"):
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
