"""The parts that an address is written in, and what each can be: a flat, a town, a state, a country."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.reading.cldr import country_names
from agents.rules.reading.names import is_nobody
from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import normal, word_set

_ABBREVIATED: Final = r"(?<![Aa]pt)(?<![Ss]te)(?<![Ss]tr)(?<![Bb][âa]t)(?<!esc)(?<![Aa]ve)(?<!vda)"
_SPLIT: Final = re.compile(
    r"\r?\n|[,;|•·]| [-\u2013\u2014/] |\t| {3,}|: "
    rf"|(?<=[\w)][\w)][\w)]){_ABBREVIATED}[.!?](?= +[A-ZÀ-Þ])"
    r"|(?<=[\w)][\w)][\w)][\w)])[.!?](?=\s*$)|[!?](?=\s*$)",
    re.MULTILINE,
)
_UPPER: Final = "A-ZÀ-ÖØ-ÞĀČĎĘĚŁŃŇŐŘŚŞŠŤŮŰŹŻŽ"
_LINK: Final = (
    r"(?:am|an der|an|a\.|im|in der|bei|ob der|sur|sous|de|del|de la|la|le|les|lès|of|upon|on|do|da"
    r"|dos|di|den|aan den|aan de|and|y|el|los|las|near|under|ved)"
)
CITY: Final = rf"[{_UPPER}][\w.'\u2019-]{{0,30}}(?:[ -](?:{_LINK} )?[{_UPPER}][\w.'\u2019-]{{0,30}}){{0,3}}"


@dataclass(frozen=True)
class Part:
    """A stretch between commas or line breaks; `after_gap` where an empty line stands before it."""

    span: Span
    text: str
    after_gap: bool

    def inner(self, start: int, end: int) -> Span:
        return trimmed(self.text, start, end) if start < end else Span(start, start)

    def at(self, span: Span) -> Span:
        """A span of this part as a span of the whole text."""
        return Span(self.span.start + span.start, self.span.start + span.end)


def split_parts(text: str) -> list[Part]:
    """The text cut at commas, line breaks and the ends of sentences."""
    return list(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    start, end_before = 0, 0
    for match in [*_SPLIT.finditer(text), None]:
        end = match.start() if match else len(text)
        span = trimmed(text, start, end, strip=' \t\r\n*_>"“”')
        if span.start < span.end:
            yield Part(span, span.of(text), _has_gap(text, end_before, span.start))
            end_before = span.end
        start = match.end() if match else end


def _has_gap(text: str, start: int, end: int) -> bool:
    return text.count("\n", start, end) > 1


@cache
def countries() -> frozenset[str]:
    """Countries' names in several languages, folded."""
    return frozenset(map(normal, country_names())) | word_set("places", "countries", "also")


@cache
def states() -> frozenset[str]:
    return word_set("places", "us_states", "names") | word_set("places", "regions", "names")


@cache
def state_codes() -> frozenset[str]:
    return word_set("places", "us_states", "codes") | word_set("places", "regions", "codes")


@cache
def _street_words() -> frozenset[str]:
    return word_set("places", "streets", "words")


@cache
def _street_ending() -> re.Pattern[str]:
    endings = sorted((fold(each) for each in word_set("places", "streets", "endings")), key=len, reverse=True)
    return re.compile(rf"[\w-]{{2,40}}(?:{'|'.join(map(re.escape, endings))})\.?")


def is_country(text: str) -> bool:
    return normal(text) in countries()


def is_state(text: str) -> bool:
    word = normal(text)
    return (
        word in states()
        or (word.endswith("shire") and " " not in word)
        or (word in state_codes() and (text.strip(". ").isupper() or len(word) > 2))
    )


def is_street_type(word: str) -> bool:
    """A word such as Street, rue or Straße that stands by itself."""
    return normal(word) in _street_words() or fold(word) in {"strasse", "str", "str.", "strase"}


def is_street_name(word: str) -> bool:
    """A word that holds its type, such as Hauptstraße."""
    return bool(_street_ending().fullmatch(fold(word)))


def is_unit(text: str) -> bool:
    """A flat, a floor or the like: Apt 4B, Suite 200, 3º B, 2. OG, #12."""
    if len(text) > 40 or not text:
        return False
    if re.fullmatch(
        r"(?:#|no\.? ?|nº ?)?\d{1,4}(?:[ºª°]|er|ème|e|\.)? ?[A-Za-z]{0,4}\.?|#\s?\w{1,6}"
        r"|\d{1,2}[ºª°] ?(?:piso|andar|dto|esq)?\.? ?\w{0,5}",
        text,
    ):
        return not text.isdigit()
    words = re.findall(r"[^\W\d_]+(?:/\w)?|\d+", fold(text))
    units = word_set("places", "units", "words")
    return (
        bool(words)
        and any(word in units and (len(word) > 1) for word in words)
        and (len(words) <= 6)
        and (len(words) > 1 or len(words[0]) > 3)
    )


def city_at_start(text: str) -> Span | None:
    """The town that a part begins with, as far as its words go on with capitals."""
    match = re.match(CITY, text)
    return _city(text, match.span()) if match else None


def city_at_end(text: str) -> Span | None:
    """The town that a part ends with."""
    words = [match.span() for match in re.finditer(r"[^\s]+", text)]
    if text.islower() and len(words) <= 3:
        return _city(text, (0, len(text)))
    start = len(words)
    while start > 0 and len(words) - start < 4 and text[words[start - 1][0]].isupper():
        start -= 1
    return _city(text, (words[start][0], len(text))) if start < len(words) else None


def _city(text: str, bounds: tuple[int, int]) -> Span | None:
    start, end = bounds
    words = [(start + match.start(), start + match.end()) for match in re.finditer(r"\S+", text[start:end])]
    while words and is_nobody(text[slice(*words[-1])]) and len(words) > 1:
        words.pop()
    if not words or any(character.isdigit() for character in text[start : words[-1][1]]):
        return None
    span = trimmed(text, start, words[-1][1], strip=" .,;:!?)")
    return span if span.start < span.end and not is_nobody(span.of(text)) else None
