"""Days and moments in the styles of several languages. What names no year names no day."""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Final

from agents.rules.reading.cldr import month_names, weekday_names
from agents.rules.text import Span, fold
from agents.rules.vocabulary import alternatives

_PIVOT: Final = 39
_EXTRA: Final = {
    "sept": 9,
    "maerz": 3,
    "jaenner": 1,
    "janner": 1,
    "mrz": 3,
    "okt": 10,
    "dez": 12,
    "fevr": 2,
    "aout": 8,
    "setembro": 9,
    "set": 9,
}
_TIME: Final = (
    r"(?:,?(?:[ t]|,? (?:at|um|a|alle|à|om|kl\.?|gegen|ore|as|las) )(?P<hour>[01]?\d"
    r"|2[0-3])(?:[:h](?P<minute>[0-5]\d))(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?P<zone>z\b|utc|gmt|[+-]\d{2}:?\d{2}))?)?"
)
_NUMERIC: Final = re.compile(
    rf"(?<![\d./#-])(?:(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
    rf"|(?<!,)(?P<a>\d{{1,2}})(?P<sep>[./-]|\. )(?P<b>\d{{1,2}})(?P=sep)(?P<y>(?:19|20)\d\d"
    rf"|\d\d)(?!\d))(?![/-]?\d|[.,]\d){_TIME}"
)


@dataclass(frozen=True)
class Day:
    """A day, with the `other` one that figures such as 03/05/2024 can stand for, and the time beside it."""

    span: Span
    value: date
    other: date | None = None
    clock: time | None = None
    zone: str = ""

    def settled(self, day_first: bool | None) -> date | None:
        """The day, as far as it is clear; `value` reads the day first, `other` the month."""
        if self.other is None or self.other == self.value:
            return self.value
        return None if day_first is None else self.value if day_first else self.other


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = dict(_EXTRA)
    for name, number in month_names():
        word = fold(name).rstrip(".")
        if word.isalpha() and len(word) >= 3:
            names.setdefault(word, number)
    return names


def is_month(word: str) -> bool:
    return fold(word).rstrip(".") in _months()


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(fold(name) for name in weekday_names())


def is_weekday(word: str) -> bool:
    folded = fold(word)
    return folded in _weekdays() or folded.removesuffix("s") in _weekdays()


@cache
def _written() -> re.Pattern[str]:
    month = rf"(?P<{{}}>{alternatives(_months())})\b\.?"
    year = r"(?P<{}>(?:19|20)\d\d|'\d\d|(?<=-)\d\d)(?!\d)"
    day = r"(?<![\d.,#-])(?P<{}>[0-3]?\d)(?!\d)"
    after_day = r"(?:st|nd|rd|th|er|\.|o)?(?:[ -]| of | de | del | di | d')\s?(?:of )?"
    after_month = r"(?:,|\.)?(?:[ -]| de | del )\s?"
    day_first = _join(day, "d1", after_day, month, "m1", after_month, year, "y1")
    month_first = r"(?<!\w)" + _join(month, "m2", "[ -]", day, "d2", r"(?:st|nd|rd|th)?,?[ -]\s?", year, "y2")
    year_first = r"(?<!\d)" + _join(
        "(?P<{}>(?:19|20)\\d\\d)", "y3", "[ .-]{1,2}", month, "m3", "[ -]", day, "d3", r"\.?"
    )
    return re.compile(rf"(?:{day_first}|{month_first}|{year_first}){_TIME}")


def _join(*pieces: str) -> str:
    """Patterns laid together; a piece with an open name is followed by the name."""
    joined = ""
    for piece in pieces:
        joined = joined.replace("{}", piece, 1) if "{}" in joined else joined + piece
    return joined


def find_days(text: str) -> list[Day]:
    """Every day that the text names with its year, in order."""
    folded = fold(text)
    found = [day for match in _NUMERIC.finditer(folded) if (day := _numeric(match))]
    found += [day for match in _written().finditer(folded) if (day := _in_words(match))]
    return sorted(found, key=lambda day: day.span)


def _numeric(match: re.Match[str]) -> Day | None:
    if match["year"]:
        return _day(match, _date(match["year"], match["month"], match["day"]), None)
    first, second, year = match["a"], match["b"], _year(match["y"])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if match["sep"].startswith("."):
        month_first = None
    return _day(match, day_first or month_first, month_first if day_first else None)


def _in_words(match: re.Match[str]) -> Day | None:
    for style in "123":
        if match[f"m{style}"]:
            year = _year(match[f"y{style}"].lstrip("'"))
            return _day(match, _date(year, str(_months()[match[f"m{style}"]]), match[f"d{style}"]), None)
    return None


def _day(match: re.Match[str], value: date | None, other: date | None) -> Day | None:
    if value is None:
        return None
    clock, zone = _clock(match)
    return Day(Span(*match.span()), value, other, clock, zone)


def _clock(match: re.Match[str]) -> tuple[time | None, str]:
    if not match["hour"]:
        return None, ""
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    zone = (match["zone"] or "").strip()
    zone = "Z" if zone in ("z", "utc", "gmt") else f"{zone[:3]}:{zone[-2:]}" if zone else ""
    return time(hour % 24, int(match["minute"] or 0), int(match["second"] or 0)), zone


def _year(figures: str) -> str:
    if len(figures) == 4:
        return figures
    return f"20{figures}" if int(figures) <= _PIVOT else f"19{figures}"


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_DAY_FIRST: Final = re.compile(
    r"[€£]|\b(?:EUR|GBP|AUD|NZD|CHF|SEK|NOK|DKK|PLN)\b|\+(?:3\d|4[0-9]|6[14])|\.(?:de|fr|es|it"
    r"|pt|nl|co\.uk|uk|ie|au|at|ch|be|se|dk|no|fi|pl)\b"
    r"|\b(?:und|der|die|das|mit|bitte|bonjour|merci|vous|nous|avec|hola|gracias|para|con|ciao"
    r"|grazie|sono|ola|obrigad[oa]|voor|met|och|og|ikke|oraz"
    r"|colour|favourite|postcode|cheers|VAT|mum|United Kingdom|England|Ireland|Australia|London|County)\b"
)
_MONTH_FIRST: Final = re.compile(
    r"\$ ?\d|\bUSD\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\bZIP\b|\b(?:USA|U\.S\.A?\.?|United States"
    r"|color|favorite|SSN|zip code)\b|\+1[ (.-]|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b"
)


def reads_day_first(text: str, days: list[Day], language: str) -> bool | None:
    """Whether 03/05/2024 begins with the day here: by the dates beside it, else by the country."""
    clear = {_order(text, day) for day in days} - {None}
    if len(clear) == 1:
        return clear.pop()
    first, second = (len(pattern.findall(text[:20000])) for pattern in (_DAY_FIRST, _MONTH_FIRST))
    if first == second:
        return None if language == "en" else True
    return first > second


def _order(text: str, day: Day) -> bool | None:
    """What a date that can be read one way only shows of the writer's habit."""
    figures = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d", day.span.of(text))
    if figures is None or day.other is not None:
        return None
    return int(figures[1]) > 12 if int(figures[1]) != int(figures[2]) else None
