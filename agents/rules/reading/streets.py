"""Where the street and the house number stand in a part of an address."""

import re
from typing import Final

from agents.rules.reading.names import is_nobody
from agents.rules.reading.parts import is_street_name, is_street_type, is_unit
from agents.rules.text import Span

_NUMBER_FIRST: Final = re.compile(
    r"(?<![\w.,#/-])\d{1,6}[A-Za-z]?(?:[-/\u2013]\d{1,5}[A-Za-z]?)?(?: ?(?:bis|ter|½))?,?(?= "
    r"+(?:[^\W\d_]|\d{1,3}(?:st|nd|rd|th)\b))"
)
_NUMBER_LAST: Final = re.compile(
    r"(?:(?:n[°ºo.]{1,2}|nr\.?|no\.?) ?)?(?<![\d.,])\d{1,5}(?: ?[a-zA-Z](?![\w'])(?: "
    r"\d{1,3}(?!\d))?)?(?:[-/\u2013]\d{1,5} ?[a-zA-Z]?(?!\w))?(?![\w.,]*\d)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\s,]+")
_LINKS: Final = frozenset(
    [
        "der",
        "den",
        "dem",
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "della",
        "del",
        "of",
        "the",
        "an",
        "am",
        "auf",
        "zum",
        "zur",
        "im",
        "unter",
        "ul",
        "ul.",
        "van",
        "te",
        "los",
        "las",
        "y",
        "e",
    ]
)
_ROUTE: Final = re.compile(
    r"(?:p\.? ?o\.? box|postfach|apartado|b\.?p\.?|casella postale|caixa postal) ?\d[\d ]{0,8}", re.IGNORECASE
)


def find_street(text: str) -> Span | None:
    """The street with its house number, or None."""
    box = _ROUTE.search(text)
    if box:
        return Span(*box.span())
    return _number_first(text) or _number_last(text)


def _number_first(text: str) -> Span | None:
    """12 Main Street, 5 rue de la Paix."""
    for match in reversed(list(_NUMBER_FIRST.finditer(text))[-4:]):
        words = [
            (match.end() + word.start(), match.end() + word.end())
            for word in _WORD.finditer(text[match.end() : match.end() + 80])
        ][:8]
        end = _street_end([text[slice(*word)] for word in words])
        if end:
            return Span(match.start(), words[end - 1][1])
    return None


def _street_end(words: list[str]) -> int:
    """How many words after a house number belong to the street; 0 where they name none."""
    types = [index for index, word in enumerate(words[:6]) if is_street_type(word) or is_street_name(word)]
    if not types:
        return 0
    if types[0] == 0:
        return _name_length(words)
    last = types[0]
    while last + 1 in types or (
        last + 1 < len(words)
        and re.fullmatch(r"[NSEW]{1,2}\.?|North|South|East|West|[ns][ew]", words[last + 1])
    ):
        last += 1
    if (
        last + 1 < len(words)
        and re.fullmatch(r"\d{1,4}", words[last + 1])
        and words[last].lower() in ("highway", "route", "hwy", "rd", "road")
    ):
        last += 1
    return last + 1


def _name_length(words: list[str]) -> int:
    """The street's type comes first: rue de la Paix, via Roma."""
    length = 1
    for index, word in enumerate(words[1:], start=1):
        if word[0].isupper() or (word[0].isdigit() and index > 1):
            if is_unit(" ".join(words[index : index + 2])) and index > 1:
                break
            length = index + 1
        elif word.lower() not in _LINKS and not re.match(r"[dl]['\u2019]", word, re.IGNORECASE):
            break
        elif re.match(r"[dl]['\u2019]\w", word, re.IGNORECASE):
            length = index + 1
    return length if length > 1 or len(words) == 1 else 0


def _number_last(text: str) -> Span | None:
    """Hauptstraße 5, Via Roma 12, Calle Mayor n.º 5."""
    for match in _NUMBER_LAST.finditer(text):
        words = [word.span() for word in _WORD.finditer(text, max(0, match.start() - 80), match.start())][-6:]
        start = _street_start([text[slice(*word)] for word in words])
        if start is not None:
            return Span(words[start][0], match.end())
    return None


def _street_start(words: list[str]) -> int | None:
    """From which of the words before a house number on the street is named."""
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if is_street_name(word) and not is_street_type(word):
            return index
        if is_street_type(word):
            return index if index < len(words) - 1 else _with_adjectives(words, index)
    return None


def _with_adjectives(words: list[str], index: int) -> int | None:
    """Lange Straße, Alte Kölner Straße: what stands before the type belongs to it."""
    first = index
    while (
        first > 0 and words[first - 1][0].isupper() and not is_nobody(words[first - 1]) and index - first < 3
    ):
        first -= 1
    return first if first < index else None
