"""Where an error becomes an HTTP answer: one table of statuses, and problem bodies as RFC 9457 has them."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.routing import Match

from src.api.invalid import describe_invalid
from src.models.errors import (
    ApprovalGone,
    Conflict,
    DeskError,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    Unavailable,
    VersionMismatch,
)
from src.utils.logging import find_bound

PROBLEM_TYPE: Final = "application/problem+json"
ERRORS_PAGE: Final = "/docs/errors"
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
_logger = logging.getLogger(__name__)


class MalformedBody(DeskError):
    """The body is not JSON, or JSON that two readers could understand differently."""

    code = "malformed_json"


class BadRequest(DeskError):
    """The request can't be understood."""

    code = "bad_request"


class NoSuchPath(NotFound):
    """Nothing is served at this path."""

    code = "no_such_path"


class MethodNotAllowed(DeskError):
    """The path takes other methods, which `Allow` names."""

    code = "method_not_allowed"


class TooLarge(DeskError):
    """The body is larger than is read."""

    code = "too_large"


class WrongContentType(DeskError):
    """The body is not declared as plain JSON."""

    code = "not_json"


class ForeignHost(DeskError):
    """The request names a host that this service does not answer for."""

    code = "foreign_host"


class ForeignOrigin(BadRequest):
    """A browser's question on behalf of a site that CORS_ORIGINS doesn't name."""

    code = "foreign_origin"


class Internal(DeskError):
    """A bug; the log tells more under the request's id."""

    code = "internal"


STATUSES: Final[Mapping[type[DeskError], HTTPStatus]] = {
    MalformedBody: HTTPStatus.BAD_REQUEST,
    BadRequest: HTTPStatus.BAD_REQUEST,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    Conflict: HTTPStatus.CONFLICT,
    ApprovalGone: HTTPStatus.GONE,
    VersionMismatch: HTTPStatus.PRECONDITION_FAILED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    WrongContentType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ForeignHost: HTTPStatus.MISDIRECTED_REQUEST,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Internal: HTTPStatus.INTERNAL_SERVER_ERROR,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of each error and of all that derive from it."""


class Problem(BaseModel):
    """An error as RFC 9457 has it: `code` is the stable name to act on, `type` its row in the docs."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


def status_of(kind: type[DeskError]) -> int:
    return next(int(STATUSES[base]) for base in kind.__mro__ if base in STATUSES)


def title_of(kind: type[DeskError]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()


def every_error(kind: type[DeskError] = DeskError) -> Iterator[type[DeskError]]:
    for derived in kind.__subclasses__():
        yield derived
        yield from every_error(derived)


def problem_of(error: DeskError, status: int | None = None) -> Problem:
    kind = type(error)
    return Problem(
        type=f"{ERRORS_PAGE}#{kind.code}",
        title=title_of(kind),
        status=status or status_of(kind),
        detail=error.detail,
        code=kind.code,
        request_id=find_bound("request_id") or "-",
    )


def answer(
    error: DeskError, *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The error as a response; a status is given only where a library has chosen one that the table lacks."""
    problem = problem_of(error, status)
    extra = dict(headers or {})
    if error.retry_after is not None:
        extra["Retry-After"] = str(error.retry_after)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = "Bearer"
    # ASCII, so that no text (a lone surrogate, say) can fail to be encoded.
    body = json.dumps(problem.model_dump(), ensure_ascii=True)
    return Response(body, status_code=problem.status, headers=extra, media_type=PROBLEM_TYPE)


async def _answer_desk_error(_: Request, error: DeskError) -> Response:
    response = answer(error)
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        found = {"code": error.code, "cause": repr(error.__cause__)}
        _logger.warning("Answered %s: %s", response.status_code, error.detail, extra=found)
    return response


async def _answer_invalid(_: Request, error: RequestValidationError) -> Response:
    return answer(Invalid(describe_invalid(error.errors())))


async def _answer_http(request: Request, error: HTTPException) -> Response:
    status, headers = error.status_code, dict(error.headers or {})
    if status == HTTPStatus.NOT_FOUND:
        return answer(NoSuchPath("There is nothing at this path; /docs lists what there is."))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_methods_at(request)) or headers.get("Allow", "")
        return answer(MethodNotAllowed(f"This path takes {allowed}."), headers={"Allow": allowed})
    kind = next((kind for kind, known in STATUSES.items() if known == status), BadRequest)
    return answer(kind(str(error.detail)), status=status, headers=headers)


def _methods_at(request: Request) -> list[str]:
    """Every method that is taken at the request's path, where the router names those of one route only."""

    def takes(method: str) -> bool:
        scope = dict(request.scope) | {"method": method, "fastapi": dict[str, object]()}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    return [method for method in _METHODS if takes(method)]


def add_errors(app: FastAPI) -> None:
    """Answer every expected error as a problem; the unexpected ones are the middleware's (see `add_edge`)."""
    app.exception_handler(DeskError)(_answer_desk_error)
    app.exception_handler(RequestValidationError)(_answer_invalid)
    app.exception_handler(HTTPException)(_answer_http)
