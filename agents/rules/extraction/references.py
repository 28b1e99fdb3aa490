"""The numbers of orders, where a text speaks of them: `order no. A-17`, `PO-7719`, `commande n° C-5`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.text import Span, fold
from agents.rules.vocabulary import folded_words, word_set

_ID: Final = (
    r"(?P<hash>#\s?)?(?P<id>(?:(?!(?:PO|NO|NR|ORD|SO|AB)\s)[A-Z]{1,4} (?=\d{3}))?"
    r"(?=[\w/.-]{0,40}\d)[A-Za-z0-9]{1,24}(?:[-/._][A-Za-z0-9]{1,24}){0,5})"
    r"(?![\w@]|[.,]\d|-\w)"
)
_NOT_A_DATE: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|(?:19|20)\d\d")
_WORD: Final = re.compile(r"[^\W\d_]+")
_PREFIXED: Final = re.compile(r"(?<![\w-])(?P<id>(?:PO|ORD|SO|BEST|AUF|CMD|BC)[-_]\d[\w-]{2,20})(?![\w@])")
_CODED: Final = re.compile(
    r"(?<![\w/.@-])[A-Z]{1,4}\d{0,2}[-/]\d{3,9}(?:[-/][A-Z0-9]{1,6})?(?![\w@]|[-/.]\w)"
)
_PRICED: Final = re.compile(r"[^\n]{0,40}?(?:[€$£]|\d[.,]\d{2}(?!\d))")
_NEAR: Final = 44
_GAP: Final = 28
_NUMBER: Final = re.compile(r"(?:n[ou]m[mb]?er\w{0,2}|nro?|numero|szam\w{0,2}|id)$")
_FEWEST: Final = 3


@dataclass(frozen=True)
class Reference:
    """The number of an order; `is_labelled` where a label with a colon calls it so."""

    value: str
    span: Span
    score: float
    is_labelled: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    stems = folded_words("orders", "order", "stems")
    return re.compile(rf"(?<![\w-])(?:(?:{stems})\w{{0,16}}|po|p\.o\.)(?=[^\w-])", re.IGNORECASE)


@cache
def _numbered() -> re.Pattern[str]:
    numbers = folded_words("orders", "order", "numbers")
    return re.compile(rf"(?<![\w-])(?:{numbers}|[^\W\d_]{{0,12}}nummer|[^\W\d_]{{0,12}}number)(?![\w-])")


_IDENTIFIER: Final = re.compile(_ID)


def find_references(text: str) -> list[Reference]:
    """Every number that the text gives an order, in order; and whatever else looks like one of them."""
    folded = fold(text)
    found = {each.span: each for each in _named(text, folded)}
    for match in _PREFIXED.finditer(text):
        span = Span(*match.span("id"))
        found.setdefault(span, Reference(match["id"], span, 8))
    for match in _before().finditer(folded):
        span = Span(*match.span("id"))
        found.setdefault(span, Reference(span.of(text), span, 8))
    for source in (_alone, _shaped):
        for span, reference in source(text, folded) if not found else ():
            found.setdefault(span, reference)
    shapes = {_shape(each.value) for each in found.values() if len(each.value) >= 5}
    for match in _IDENTIFIER.finditer(text) if found else ():
        span = Span(*match.span("id"))
        if _shape(match["id"]) in shapes and not any(span.touches(other) for other in found):
            found[span] = Reference(match["id"], span, 3)
    return sorted(found.values(), key=lambda each: each.span)


def _alone(text: str, folded: str) -> Iterator[tuple[Span, Reference]]:
    """Numbers that are called nothing but a number, in a text that speaks of an order; `#123` in any."""
    speaks = bool(_pattern().search(folded))
    for match in _IDENTIFIER.finditer(text):
        span, before = Span(*match.span("id")), folded[max(0, match.start() - _GAP) : match.start()]
        called = _numbered().search(before[-14:]) if speaks else None
        is_others = word_set("orders", "order", "others") & set(_WORD.findall(before))
        is_called = called and re.fullmatch(r"[.: ]{0,3}", before[-14:][called.end() :])
        is_number = sum(map(str.isdigit, match["id"])) >= _FEWEST and not _NOT_A_DATE.fullmatch(match["id"])
        if is_number and not is_others and (is_called or match["hash"]):
            yield span, Reference(match["id"], span, 5)


@cache
def _before() -> re.Pattern[str]:
    """`559201 nolu siparişiniz`, `559201 számú rendelés`: the number before its word."""
    stems = folded_words("orders", "order", "stems")
    particles = r"(?:nolu|no'lu|numarali|szamu|sz\.?|numbered|numeroinen)"
    return re.compile(
        rf"(?<![\w-])#?(?P<id>(?=[\w/-]{{0,30}}\d)[a-z0-9][\w/-]{{2,30}}) {particles} (?:{stems})"
    )


def _shaped(text: str, folded: str) -> Iterator[tuple[Span, Reference]]:
    """In a text that speaks of an order, the only code that nothing else is called by."""
    if not _pattern().search(folded):
        return
    spans: dict[str, Span] = {}
    for match in _CODED.finditer(text):
        before = folded[max(0, match.start() - _GAP) : match.start()]
        is_things = re.search(r"[(\[]\s?$|\d\s?x?\s?$", before) or _PRICED.search(
            text, match.end(), match.end() + _NEAR
        )
        if not is_things and not word_set("orders", "order", "others") & set(_WORD.findall(before)):
            spans.setdefault(match.group(), Span(*match.span()))
    if len(spans) == 1:
        value, span = spans.popitem()
        yield span, Reference(value, span, 4)


def _shape(value: str) -> str:
    return re.sub(r"[A-Za-z]", "a", re.sub(r"\d", "9", value))


def _named(text: str, folded: str) -> Iterator[Reference]:
    for word in _pattern().finditer(folded):
        limit = min(len(text), word.end() + _GAP + 40)
        for match in _IDENTIFIER.finditer(text, word.end(), limit):
            gap = folded[word.end() : match.start()]
            score = _closeness(word.group(), gap, match) if len(gap) <= _GAP and "\n\n" not in gap else 0
            if score:
                span = Span(*match.span("id"))
                yield Reference(span.of(text), span, score, bool(re.fullmatch(r"[^:]{0,14}[:»|]\s*", gap)))
            break


def _closeness(word: str, gap: str, match: re.Match[str]) -> float:
    """How plainly a number belongs to the word `order` before it; 0 where it does not."""
    value = match["id"]
    if _NOT_A_DATE.fullmatch(value) or re.search(r"[.!?](?=\s+[^\W\d_]{4})|\n", gap.strip("\n")):
        return 0
    words = _WORD.findall(gap)
    if word_set("orders", "order", "others") & set(words):
        return 0
    is_number = bool(_numbered().search(gap) or match["hash"] or _NUMBER.search(word))
    known = word_set("orders", "order", "fillers") | word_set("orders", "order", "numbers")
    if not all(word in known for word in words) and not is_number:
        return 0
    if len(value) < 3 or (value.isdigit() and not is_number and len(value) < 4 and ":" not in gap):
        return 0
    return 9 if is_number else 8
