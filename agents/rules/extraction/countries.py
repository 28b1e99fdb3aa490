"""The country that the words beside an address name: `She lives in Belgium. Send it to ...`"""

import re
from functools import cache
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.reading.regions import country_letters
from agents.rules.text import Span
from agents.rules.vocabulary import load

_IN: Final = re.compile(
    r"(?<!\w)(?:in|to|à|au|aux|en|nach|im|ins|nel|nella|negli|no|na|nos|para|naar|till|til|i|do|w|we|v|ve)"
    r" (?:der |die |den |dem |das |la |le |the |het |de |los |el |gli )?"
    r"(?P<name>[A-ZÀ-ÖØ-ÞĀČĎĘĚŁŃŇŐŘŚŞŠŤŮŰŹŻŽ][\w'-]+(?: (?:of |and |und |et |y )?[A-ZÀ-Þ][\w'-]+){0,2})"
)
_LEFT: Final = re.compile(
    r"\b(?:old|alte\w*|ancien\w*|former\w*|used to|nicht mehr|no longer|from)\b", re.IGNORECASE
)
_NEAR: Final = 220


def country_beside(document: Document, span: Span, code: str) -> Span | None:
    """The only country that the sentences before an address say somebody is in, if its code fits."""
    paragraph = document.paragraphs[document.paragraph_at(span.start)]
    start = max(paragraph.start, span.start - _NEAR)
    stretch = document.text[start : span.start]
    found: dict[str, Span] = {}
    for match in _IN.finditer(stretch):
        letters, name = _longest(match["name"])
        if letters and not _LEFT.search(stretch[max(0, match.start() - 40) : match.start()]):
            found[letters] = Span(start + match.start("name"), start + match.start("name") + len(name))
    (letters, named), *others = found.items() or [("", span)]
    return named if letters and not others and letters in _fitting(code) else None


def _longest(name: str) -> tuple[str, str]:
    words = name.split(" ")
    names = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    return next(((letters, each) for each in names if (letters := country_letters(each))), ("", ""))


def _fitting(code: str) -> frozenset[str]:
    shape = re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", code))
    return _countries_of().get(shape, frozenset())


@cache
def _countries_of() -> dict[str, frozenset[str]]:
    codes: dict[str, list[str]] = {shape: list(letters) for shape, letters in load("places")["codes"].items()}
    return {shape: frozenset(letters) for shape, letters in codes.items()}
