"""The days and months that a text speaks of, in the languages of the desk's customers."""

import re
from functools import cache
from typing import Final

from agents.rules.reading.cldr import month_names
from agents.rules.text import fold

_SHORT: Final = ("jan", "feb", "may", "mai", "jun", "jul", "aug", "oct", "okt", "nov", "dec", "dez")
_DAY: Final = (
    r"\b(?:on the|the|am|vom|le|du|el|del|dia|il|de|op|van|dnia) (?P<day>\d{1,2})(?:st|nd|rd|th|er|e|\.)?"
    r"(?![\w:%]|[.,]\d)"
    r"|\b(?P<nth>\d{1,2})(?:st|nd|rd|th)\b"
)


def fits_day(text: str, day: str) -> bool | None:
    """Whether an ISO date is of the day or the month that a text speaks of; None where it speaks of none."""
    folded = fold(text)
    dated = [
        match
        for match in _dated().finditer(folded)
        if len(match["month"]) > 3 or match["one"] or match["two"]
    ]
    if dated:
        return any(_is_of(match, day) for match in dated)
    days = {int(match["day"] or match["nth"]) for match in re.finditer(_DAY, folded)}
    return int(day[8:10]) in days if days else None


def _is_of(match: re.Match[str], day: str) -> bool:
    number = match["one"] or match["two"]
    return _months()[match["month"]] == int(day[5:7]) and (not number or int(number) == int(day[8:10]))


@cache
def _months() -> dict[str, int]:
    """The names that are no other words too: those of three letters only as English has them."""
    names = {fold(name).rstrip("."): number for name, number in month_names()}
    return {name: number for name, number in names.items() if len(name) > 3 or name in _SHORT}


@cache
def _dated() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"(?:\b(?P<one>\d{{1,2}})(?:st|nd|rd|th|er|\.)? ?(?:of |de |d')?)?\b(?P<month>{months})\b"
        r"\.?(?: (?:the )?(?P<two>\d{1,2})(?:st|nd|rd|th)?\b(?!:))?"
    )
