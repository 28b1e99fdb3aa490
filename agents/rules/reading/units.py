"""Flats, floors and buildings: Apt 4B, 3rd floor, 2. OG, Residence Les Tilleuls, Curie House."""

import re
from functools import cache
from typing import Final

from agents.rules.text import Span, fold
from agents.rules.vocabulary import alternatives, load, word_set

_ROMAN: Final = r"[ivx]{1,4}"
_VALUE: Final = (
    r"(?:(?:no|nr|num|n[°ºo]?|#)\.? ?)?"
    rf"(?:\d{{1,5}}(?:[-/]\d{{1,5}})?(?:[ -]?[a-z])?|[a-z](?:[-/]?\d{{1,4}}[a-z]?)?|{_ROMAN})(?![\w'])"
)
_ORDINAL: Final = rf"(?:\d{{1,3}}(?:(?:st|nd|rd|th|er|eme|e|\.?o|\.?a|\.|:a|\.?de|ste) ?| )|{_ROMAN}\.? )"
_DOOR: Final = (
    r"(?: ?[-,/]? ?(?:[a-h]|izqda?|izq|izda|dcha|dto|esq|tv|th|mf|links|rechts|\d{1,3})(?![\w'-])\.?)?"
)
_FIRST: Final = re.compile(r"#|[^\W\d_]+|\d+")
_FAR: Final = 90
_BETWEEN: Final = re.compile(r"[ ,/·|-]{1,3}|")
_ARTICLE: Final = re.compile(r" [aeioyu]$")
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ0-9ĀČĎĘĚŁŃŇŐŘŚŞŠŤŮŰŹŻŽ][\w.'\u2019&-]{0,30}"


def unit_end(text: str, start: int = 0) -> int:
    """Where the flats, floors and buildings end that stand one after the other from a place on."""
    folded, end = fold(text), start
    at = start
    while match := _plain().match(folded, at) or _built().match(text, at):
        if _ARTICLE.search(text, match.start(), match.end()):
            break
        end = match.end()
        between = _BETWEEN.match(text, end)
        at = between.end() if between else end
    return end


def is_unit(text: str) -> bool:
    return 0 < len(text) <= 90 and unit_end(text) >= len(text.rstrip(" .!?"))


def starts_unit(text: str, start: int) -> bool:
    """Whether a flat or the like is told from a place on."""
    stretch = text[start : start + 60]
    first = _FIRST.match(fold(stretch[:24]))
    if first is None or not (
        first.group() in _first_words() or first.group()[0].isdigit() or first.group() == "#"
    ):
        return False
    match = _plain().match(fold(stretch))
    return match is not None and not _ARTICLE.search(stretch, 0, match.end())


def unit_before(text: str, end: int) -> Span | None:
    """The flats that end where something else begins: `Unit 4/`, `Flat 2, `."""
    offset = max(0, end - _FAR)
    stretch = text[offset:end]
    for match in re.finditer(r"(?<![\w'])[#\w]", stretch):
        stop = unit_end(stretch, match.start())
        if stop > match.start() and re.fullmatch(r"[\s,/-]*", stretch[stop:]):
            return Span(offset + match.start(), offset + stop)
    return None


def house_at_end(text: str) -> Span | None:
    """`that is Harbour Edge Building`: the house whose name a part ends with."""
    match = re.search(rf"(?:{_CAPITAL} ){{1,4}}(?i:{_names('houses')})\.?$", text)
    return Span(*match.span()) if match else None


@cache
def _first_words() -> frozenset[str]:
    """The words that a flat or a floor can begin with."""
    named = word_set("places", "units", "before") | word_set("places", "units", "alone")
    firsts = frozenset(match.group() for phrase in named if (match := _FIRST.match(phrase)))
    return firsts | frozenset("ivx") | {
        "ii", "iii", "iv", "vi", "vii", "viii", "ix",
    }  # fmt: skip


@cache
def _names(key: str) -> str:
    """The words with their accents and without: they are looked for in folded text and in text as it is."""
    words = load("places")["units"][key]
    return alternatives(word_set("places", "units", key) | {word.lower() for word in words})


@cache
def _plain() -> re.Pattern[str]:
    """Over folded text: `flat 2`, `3rd floor`, `2. og`, `4.o d`, `#08-1123`, `hinterhaus`."""
    return re.compile(
        rf"(?:#\s?\d[\w-]{{0,8}}"
        rf"|(?:{_names('before')})(?!\w)[.:]? ?{_VALUE}"
        rf"|{_ORDINAL} ?(?:{_names('floors')})(?!\w)\.?{_DOOR}"
        rf"|(?:{_names('alone')})(?!\w| \d)\.?{_DOOR}"
        r"|\d{1,3}/f(?!\w)|\d{1,2}\. ?(?:th|tv|mf)(?!\w)\.?|\d{1,2}(?:og|ug|eg|dg)(?!\w))"
    )


@cache
def _built() -> re.Pattern[str]:
    """Over the text itself, for a house's name has capitals."""
    return re.compile(
        rf"(?:{_CAPITAL} ){{1,4}}(?i:{_names('houses')})(?![\w'])"
        rf"|(?i:{_names('named')})\.? (?:(?:de|la|le|les|los|las|del|des|du|di|d'|l') ?){{0,2}}{_CAPITAL}"
        rf"(?: (?:(?:de|la|les|des|du|del|di) ){{0,2}}{_CAPITAL}){{0,3}}"
        rf"|\d{{1,2}}\.?[ºª°](?i:{_DOOR})(?!\w)"
        r"|(?i:budova|budynek|gebäude|hala|bâtiment) [a-zà-ž]{3,20}(?!\w)"
    )
