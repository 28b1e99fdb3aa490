"""The parts that an address is written in: what stands between commas, line breaks and sentences' ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.text import Span, trimmed
from agents.rules.vocabulary import load, normal

_SPLIT: Final = re.compile(
    r"\r?\n|[,;|•·]| [-\u2013\u2014/] |\t| {3,}|(?<!No)(?<!Nr)(?<!no)(?<!nr)(?<![Kk]at)(?<!aire)"
    r"(?<!Int): |\?\?+"
    r"| (?:rather than|instead of|and not|statt|anstatt|au lieu de|en lugar de|en vez de|invece di) "
    r"| (?:maar|sondern|sino|but|ma|mas|mais|tylko|lecz|utan|men|vaan|hanem|nybrž) |\)(?= [a-z])"
    r"|(?<=[ ,]\d\d)\. (?=[A-ZÀ-Þ][a-zà-ÿ]+ )(?!OG|Stock|Etage|Ober|Bezirk)"
    r"|\.{4,}"
    r"|(?<=[\w)][\w)][\w)])[.!?](?= +[A-ZÀ-Þ(¿¡])|(?<= [A-Z])\.(?= [A-ZÀ-Þ][\w']+ [a-z])|(?<=[\w)]) \.(?= )"
    r"|(?<=[\w)][\w)][\w)][\w)])[.!?](?=\s*$)|[!?](?=\s*$)|(?<=[\w)][a-z\d])\. (?=[a-z]{3})",
    re.MULTILINE,
)
_NUMBER: Final = re.compile(
    r"(?:n[°ºo.]{1,2} ?|nr\.? ?|no\.? ?|n\. ?)?\d{1,5} ?[a-zA-Z]?(?:[-/]\d{1,4}[a-zA-Z]?)?|s/n", re.IGNORECASE
)

_STOPS: Final = frozenset({".", "!", "?", ". "})
# An empty line parts, but not one of many blanks: there, something was struck out.
_STRUCK: Final = 16
_REGIONS: Final = frozenset({"woj", "prov", "edo", "obl", "jud", "okr", "dept", "dpto"})
_LONGEST: Final = 300


@dataclass(frozen=True)
class Part:
    """A stretch between commas or line breaks; `after_gap` where an empty line stands before it."""

    span: Span
    text: str
    after_gap: bool
    after_comma: bool = False
    after_stop: bool = False

    def at(self, span: Span) -> Span:
        """A span of this part as a span of the whole text."""
        return Span(self.span.start + span.start, self.span.start + span.end)


def split_parts(text: str) -> list[Part]:
    """The text cut at commas, line breaks and the ends of sentences."""
    return list(_parts(text))


def is_number(part: Part) -> bool:
    """A house number alone, as it stands behind a comma."""
    return bool(_NUMBER.fullmatch(part.text.rstrip(".")))


def ends_in_number(part: Part) -> bool:
    return bool(re.search(r"(?:^| )\d{1,5}[a-zA-Z]?$", part.text)) or is_number(part)


def _parts(text: str) -> Iterator[Part]:
    start, end_before, mark = 0, 0, ""
    for match in [*_SPLIT.finditer(text), None]:
        if match and match.group().startswith(".") and _is_abbreviation(text, match.start()):
            continue
        end = match.start() if match else len(text)
        span = trimmed(text, start, end, strip=' \t\r\n*_>"“”~')
        span = _less_brackets(text, span)
        for piece in _pieces(text, span):
            yield Part(
                piece, piece.of(text), _has_gap(text, end_before, piece.start), mark == ",", mark in _STOPS
            )
            end_before, mark = piece.end, ""
        start = match.end() if match else end
        mark = match.group() if match else ""


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """What has no comma for long is cut between words."""
    while span.end - span.start > _LONGEST:
        cut = text.rfind(" ", span.start, span.start + _LONGEST)
        cut = cut if cut > span.start else span.start + _LONGEST
        yield trimmed(text, span.start, cut)
        span = trimmed(text, cut, span.end)
    if span.start < span.end:
        yield span


@cache
def _abbreviations() -> frozenset[str]:
    """The short words of streets, flats and quarters, behind which a full stop ends no sentence."""
    places = load("places")
    words = {
        normal(word) for key in ("before", "both", "after", "numbered") for word in places["streets"][key]
    }
    words |= {
        normal(word) for key in ("before", "floors", "named", "quarters") for word in places["units"][key]
    }
    return frozenset(word for word in words if 1 < len(word) <= 5) | _REGIONS


def _is_abbreviation(text: str, end: int) -> bool:
    word = re.search(r"[^\W\d_]+$", text[max(0, end - 12) : end])
    return word is not None and normal(word.group()) in _abbreviations() and text[end + 1 : end + 2] == " "


def _less_brackets(text: str, span: Span) -> Span:
    """Without a bracket at either end whose partner is elsewhere, or without both."""
    inner = span.of(text)
    if inner.startswith("(") and ")" not in inner[:-1]:
        span = trimmed(text, span.start, span.end, strip="() ")
    if inner.endswith(")") and "(" not in inner:
        span = trimmed(text, span.start, span.end, strip=") ")
    return span


def _has_gap(text: str, start: int, end: int) -> bool:
    between = text[start:end].split("\n")[1:-1]
    return any(len(line) < _STRUCK for line in between)
