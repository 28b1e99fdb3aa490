"""Says what is wrong with a request by naming its fields, never by repeating what was sent."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast

_SHOWN: Final = 10
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")

_SENTENCES: Final = {
    "date_from_datetime_parsing": "Input should be a date such as 2026-01-31",
    "date_parsing": "Input should be a date such as 2026-01-31",
    "datetime_from_date_parsing": "Input should be a time such as 2026-01-31T12:00:00Z",
    "datetime_parsing": "Input should be a time such as 2026-01-31T12:00:00Z",
    "union_tag_invalid": "Input should be one of the kinds that the docs list",
    "uuid_parsing": "Input should be a UUID",
}
"""Instead of those of pydantic's messages that quote the input."""


def describe_invalid(errors: Iterable[object]) -> str:
    """One sentence from pydantic's list of errors."""
    found = [cast("Mapping[str, object]", error) for error in errors]
    parts = [f"{_place(error)}: {_sentence(error)}" for error in found[:_SHOWN]]
    if len(found) > _SHOWN:
        parts.append(f"and {len(found) - _SHOWN} more")
    return "; ".join(parts) + "."


def _place(error: Mapping[str, object]) -> str:
    """The path to the field, such as `body.items.0.quantity`; names only where they look like names."""
    location = cast("tuple[str | int, ...]", error["loc"])
    return ".".join(
        str(part) if isinstance(part, int) or _PLAIN_NAME.fullmatch(part) else "?" for part in location
    )


def _sentence(error: Mapping[str, object]) -> str:
    context = cast("Mapping[str, object]", error.get("ctx") or {})
    if error["type"] == "value_error" and "reason" in context:
        return "Input should be an e-mail address"
    return _SENTENCES.get(str(error["type"])) or str(error["msg"]).removeprefix("Value error, ")
