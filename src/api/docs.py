"""What the OpenAPI document says beyond the routes themselves: error answers, the bearer token, the tags."""

from collections.abc import Iterable
from importlib.metadata import version
from inspect import cleandoc
from itertools import groupby
from typing import Any, Final, cast

from fastapi import FastAPI

from src.api.docs_pages import add_pages
from src.api.errors import (
    PROBLEM_TYPE,
    MalformedBody,
    Problem,
    TooLarge,
    WrongContentType,
    every_error,
    problem_of,
    status_of,
    title_of,
)
from src.models.errors import DatabaseUnavailable, DeskError, IdentityUnavailable, Invalid, NotAuthenticated

_BEARER: Final = "A token of the Cognito user pool. Locally, `orderdesk token --as EMAIL` prints one."

_DESCRIPTION: Final = """
An order desk that people and agents share. Customers see and change their own orders; staff act for one
customer at a time; agents do nothing that their user may not do.

Money is a string with the currency's decimals, times are UTC in ISO 8601, lists answer
`{items, next_cursor}`. Commands take an `Idempotency-Key`: the same key again answers with what the first
request did. Every answer carries `X-Request-ID`.

## Errors

An error answers `application/problem+json` (RFC 9457). `code` is stable: act on it, never on the text.

<details><summary>All codes</summary>

| status | code | meaning |
| --- | --- | --- |
"""

_TAGS: Final = {
    "health": "Is the service alive, and what it stands on with it?",
    "users": "Customers: who they are, where they live, what they pay with.",
    "products": "What can be ordered: products and their variants.",
    "orders": "Orders and the commands that change them.",
    "agents": "Agents that look things up and act, conversations with them, what waits for approval.",
    "handovers": "What agents handed over to people.",
    "audit": "Who did what, to whom, and with what outcome.",
}


def meaning_of(kind: type[DeskError]) -> str:
    return " ".join(cleandoc(kind.__dict__.get("__doc__") or "").split())


def problems(*kinds: type[DeskError] | int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers these errors; a status stands for all errors that have it.

    What every route may answer (a bad token, a bad body, a store that is away) is added by itself.
    """
    named = {kind for given in kinds for kind in _kinds(given)}
    by_status = groupby(sorted(named, key=lambda kind: (status_of(kind), kind.code)), key=status_of)
    return {status: _response(list(group)) for status, group in by_status}


def _kinds(given: type[DeskError] | int) -> Iterable[type[DeskError]]:
    if not isinstance(given, int):
        return (given,)
    # The edge's own errors, such as a path that leads nowhere, are no route's.
    own = (kind for kind in every_error() if kind.__module__ == DeskError.__module__)
    return (kind for kind in own if status_of(kind) == given)


def _response(kinds: Iterable[type[DeskError]]) -> dict[str, Any]:
    examples = {kind.code: {"summary": title_of(kind), "value": _example(kind)} for kind in kinds}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    return {"description": " · ".join(examples), "content": {PROBLEM_TYPE: content}}


def _example(kind: type[DeskError]) -> dict[str, Any]:
    return problem_of(kind(meaning_of(kind))).model_dump() | {
        "request_id": "4f1c9a52e0b84d7fa4c1b8a6a4d0f3e7"
    }


def errors_by_status() -> list[type[DeskError]]:
    return sorted(every_error(), key=lambda kind: (status_of(kind), kind.code))


def _document_errors(schema: dict[str, Any]) -> None:
    components = schema.setdefault("components", {})
    if bearer := components.get("securitySchemes", {}).get("bearer"):
        bearer["description"] = _BEARER
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    for operation in operations:
        _document_operation(operation)
        _restore_nulls(operation, schemas)
    used = {tag for operation in operations for tag in operation.get("tags", ())}
    schema["tags"] = [tag for tag in schema["tags"] if tag["name"] in used]


def _restore_nulls(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put back into examples what must be there and is null, which the framework leaves out."""
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            for field in schemas.get(name, {}).get("required", ()):
                if "example" in content:
                    content["example"].setdefault(field, None)


def _document_operation(operation: dict[str, Any]) -> None:
    """Add what the edge answers to the operation's own errors, and replace FastAPI's own 422."""
    responses = cast("dict[str, dict[str, Any]]", operation["responses"])
    kinds: list[type[DeskError]] = []
    if "security" in operation:
        kinds += [NotAuthenticated, DatabaseUnavailable, IdentityUnavailable]
    if "requestBody" in operation:
        kinds += [MalformedBody, TooLarge, WrongContentType]
    if "422" in responses:
        kinds += [Invalid]
    for status, response in problems(*kinds).items():
        own = responses.get(str(status), {}).get("content", {}).get(PROBLEM_TYPE)
        if own is None:
            responses[str(status)] = response
        else:
            own["examples"] |= response["content"][PROBLEM_TYPE]["examples"]
    operation["responses"] = dict(sorted(responses.items()))


def add_docs(app: FastAPI) -> None:
    """Serve `/docs`, `/redoc` and `/docs/errors` without the internet, in the place of FastAPI's own."""
    if app.docs_url or app.redoc_url:
        raise ValueError(
            "build the app with docs_url=None and redoc_url=None: its own pages need the internet"
        )
    kinds = errors_by_status()
    rows = [f"| {status_of(kind)} | `{kind.code}` | {meaning_of(kind)} |" for kind in kinds]
    app.title, app.version = "Orderdesk", version("orderdesk")
    app.description = _DESCRIPTION.strip() + "\n" + "\n".join(rows) + "\n\n</details>"
    app.openapi_tags = [{"name": name, "description": text} for name, text in _TAGS.items()]
    build = app.openapi

    def openapi() -> dict[str, Any]:
        schema = build()
        if "Problem" not in schema.get("components", {}).get("schemas", {}):
            _document_errors(schema)
        return schema

    app.openapi = openapi
    add_pages(app, [(status_of(kind), kind.code, meaning_of(kind)) for kind in kinds])
