"""Days that are moved, and how people write them."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

_FORMATS: Final = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
)
_PADDING: Final = re.compile(r"\b0(?=\d)")


def earlier(value: str, by: timedelta) -> str | None:
    """The ISO date or time so much earlier; None where it is neither."""
    with suppress(ValueError, OverflowError):
        return (date.fromisoformat(value) - by).isoformat()
    with suppress(ValueError, OverflowError):
        return (datetime.fromisoformat(value) - by).isoformat().replace("+00:00", "Z")
    return None


def written(value: str) -> list[str]:
    """The day of an ISO date or time, in each of the ways that people write it in English and in numbers."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return []
    texts = [day.strftime(each) for each in _FORMATS]
    return [*texts, *(_PADDING.sub("", text) for text in texts)]
