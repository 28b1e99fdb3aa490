"""The post that somebody holds today, as a career's table tells it: `2021 - today   Buyer, Acme Ltd`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.rules.extraction.titles import is_job
from agents.rules.text import Span, fold, lines, trimmed

_YEAR: Final = r"(?:[^\W\d_]{3,12}\.? |\d{1,2}[./])?(?:19|20)\d\d"
_TODAY: Final = (
    r"(?:today|present|now|current|ongoing|heute|jetzt|dato|aujourd'hui|ce jour|hoy|actualidad|actual"
    r"|presente|oggi|hoje|atual|atualmente|heden|nu|idag|nuvaerende|d\.d|dzis|obecnie|nadal|nykyinen|nyt|dnes|soucasnost|halen"
    r"|bugun|devam|\.{2,3})"
)
_SINCE: Final = r"(?:since|from|seit|depuis|desde|dal|da|sinds|sedan|siden|fra|od|alkaen)"
_PERIOD: Final = re.compile(
    rf"\(?(?<!\w)(?:{_YEAR}\s{{0,3}}(?:-|to|bis|a|al|tot|till|til|do)\s{{0,3}}(?:{_TODAY}(?!\w)|$)"
    rf"|{_SINCE} {_YEAR})\)?\s*:?"
)
_PARTS: Final = re.compile(
    r"\s*[,;|\u00b7\u2022@]\s*|\s[-\u2013\u2014]\s|\s(?:at|bei(?: der| dem)?|beim|chez|en|presso|bij|hos|w"
    r"|we|na|em|no|v|ve|ved)\s(?=[A-ZÀ-Þ])|\t|\s{2,}"
)
_PLACE: Final = re.compile(r"\s*\([^()]*\)$")
_LONGEST: Final = 140


@dataclass(frozen=True)
class Post:
    title: Span
    firm: Span | None


def find_posts(text: str) -> list[Post]:
    """The posts that go on until today."""
    rows = list(lines(text))
    found: list[Post] = []
    for number, row in enumerate(rows):
        period = _PERIOD.search(fold(row.of(text))) if row.end - row.start <= _LONGEST else None
        if period:
            rest = [*_around(text, row, period)] or [*rows[number + 1 : number + 3]]
            found += _post([part for span in rest for part in _split(text, span)], text)
    return found


def _around(text: str, row: Span, period: re.Match[str]) -> Iterator[Span]:
    for start, end in ((row.start, row.start + period.start()), (row.start + period.end(), row.end)):
        span = trimmed(text, start, end, strip=" \t\r,;:|-\u2013\u2014*\u2022>")
        if span.start < span.end:
            yield span


def _split(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for match in _PARTS.finditer(text, span.start, span.end):
        yield trimmed(text, start, match.start(), strip=" \t\r*")
        start = match.end()
    yield trimmed(text, start, span.end, strip=" \t\r*.")


def _post(parts: list[Span], text: str) -> Iterator[Post]:
    parts = [part for part in parts if part.start < part.end]
    titles = [part for part in parts if is_job(part.of(text))]
    if titles:
        firms = [part for part in parts if part not in titles and part.of(text)[0].isupper()]
        place = _PLACE.search(firms[0].of(text)) if firms else None
        firm = Span(firms[0].start, firms[0].start + place.start()) if firms and place else None
        yield Post(titles[0], firm or (firms[0] if firms else None))
