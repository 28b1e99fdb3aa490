"""Things that a sentence gives a price and no number: `the Orla lamp (sage, £64) and the plug, £11.50`."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.extraction.charges import is_charge
from agents.rules.extraction.lines import Row, name_span
from agents.rules.extraction.marks import find_identifier, is_each
from agents.rules.reading.money import Amount, find_amounts
from agents.rules.text import Cover, Span, fold
from agents.rules.vocabulary import folded_words

_NEAR: Final = 110
_SHORTEST_STEM: Final = 4
_MOST_WORDS: Final = 6
_BRACKET: Final = re.compile(r"\s*\([^()\n]{0,60}$")


@cache
def _thing() -> re.Pattern[str]:
    """A noun phrase with its article, and what may stand between it and its price."""
    articles, links = (folded_words("quantities", "priced", key) for key in ("articles", "links"))
    return re.compile(
        rf"(?<![\w'])(?:(?:{articles}) |l')(?P<name>[^,;.:!?()\n]{{4,60}}?)(?!\w)"
        rf"(?:\s*\([^()\n]{{0,60}}\))?,?\s*(?:(?:{links})\s+){{0,2}}$"
    )


def find_priced(text: str, taken: Cover) -> Iterator[Row]:
    """The things before those prices that are no sum's and no other thing's."""
    folded = fold(text)
    previous = 0
    for amount in find_amounts(text):
        start, previous = max(previous, amount.span.start - _NEAR), amount.span.end
        if taken.touches(amount.number):
            continue
        before = folded[start : amount.span.start]
        bracket = _BRACKET.search(before)
        match = _last(before[: bracket.start()] if bracket else before)
        span = name_span(text, start + match.start("name"), start + match.end("name")) if match else None
        if span and len(span.of(text).split()) <= _MOST_WORDS and not is_charge(text, span):
            yield _row(text, span, amount)


def _row(text: str, name: Span, amount: Amount) -> Row:
    row = Row()
    row.add("item_name", name.of(text), name)
    row.add("unit_price", amount.value, amount.number)
    if amount.currency:
        row.add("currency", amount.currency, amount.span)
    gap = text[name.end : amount.span.start]
    code = find_identifier(gap, fold(gap), Cover([]))
    if code:
        row.add("item_id", code[0].of(gap), Span(name.end + code[0].start, name.end + code[0].end))
    return row


def with_priced(rows: list[Row], text: str, priced: list[Row]) -> list[Row]:
    """The things counted, with the prices told of them elsewhere, and those that have a price alone."""
    found = list(rows)
    for thing in priced:
        known = next((row for row in rows if _is_same(row, thing)), None)
        if known is None:
            found.append(thing)
        elif not known.has("unit_price", "price") and _is_of_one(text, known, thing):
            known.cells |= {key: cell for key, cell in thing.cells.items() if key not in known.cells}
    return sorted(found, key=lambda row: row.start)


def _is_of_one(text: str, row: Row, thing: Row) -> bool:
    value, span = thing.cells["unit_price"]
    return row.cells["quantity"][0] == 1 or is_each(text, Amount(Decimal(str(value)), "", span, span))


def _is_same(row: Row, thing: Row) -> bool:
    """`one waxed dog coat`, and further on `the coat`."""
    names = [fold(str(each.cells["item_name"][0])).split() for each in (row, thing)]
    return names[0][-1] == names[1][-1] or (
        len(names[1]) == 1 and any(_stem(names[1][0]) == _stem(word) for word in names[0])
    )


def _stem(word: str) -> str:
    return word[: max(_SHORTEST_STEM, len(word) - 3)]


def _last(before: str) -> re.Match[str] | None:
    """The phrase with the last article before the price."""
    found = None
    at = 0
    while match := _thing().search(before, at):
        found, at = match, match.start() + 1
    return found
