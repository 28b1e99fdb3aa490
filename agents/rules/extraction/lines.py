"""Order lines as people write them: `2 x Desk Lamp @ 19.99`, `Desk Lamp (x2) - 39.98`, a row of a receipt."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from agents.rules.extraction.charges import is_charge
from agents.rules.extraction.marks import Marks, find_marks, is_each
from agents.rules.reading.money import Amount, currency_codes
from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import normal, word_set

PRICES: Final = frozenset({"unit_price", "line_total", "price"})
_BULLET: Final = re.compile(
    r"\s*(?:(?:[>*•·‣▪●◦✓✔☐□➤+\u2013\u2014-]+\s+|\(?\d{1,2}[.)]\s+|0\d{1,3}\s+|(?:pos|item|nr"
    r"|no)\.? ?\d{1,3}[:.)]\s+|(?:line|zeile|ligne|linea|línea|riga"
    r"|linha|regel|rad|linje|rivi) ?\d{1,3}[:.)]?\s+"
    r"|[a-h]\)\s+)\s*){1,2}",
    re.IGNORECASE,
)
_POSITION: Final = re.compile(r"\s*\d{1,4}\.?\s+")
_PART: Final = re.compile(
    r"\x00+|\t+|\s\|\s|\s{3,}|\s*\.{4,}\s*|(?:\s\.){2,}\s|\s[\u2013\u2014-]{1,2}\s|\s[•·»]\s|:\s|;\s|\s:\s?$"
)
_ASIDE: Final = re.compile(r"\s*\((?=[a-zà-ÿ])[^()]{0,80}\s[^()]{0,80}\s[^()]{0,80}\)\s*$")
_STRIP: Final = " \t\r,;:|*_.-\u2013\u2014@=/~"


@dataclass
class Row:
    """An item of an order: by meaning, the value and where it stands."""

    cells: dict[str, tuple[str | Decimal, Span]] = field(
        default_factory=dict[str, tuple[str | Decimal, Span]]
    )

    def add(self, key: str, value: str | Decimal, span: Span) -> None:
        if key not in self.cells and span.start < span.end:
            self.cells[key] = (value, span)

    def has(self, *keys: str) -> bool:
        return not self.cells.keys().isdisjoint(keys)

    @property
    def start(self) -> int:
        return min(span.start for _, span in self.cells.values())


def read_line(
    text: str, line: Span, *, language: str = "en", order: list[frozenset[str]] | None = None
) -> Row | None:
    """What a line tells of an item, also a part of it; None where it is a charge or a discount."""
    start = _start(text, line, order)
    stretch = text[start : line.end]
    marks = find_marks(
        stretch, language, is_table=order is not None, is_column="quantity" in (order or [()])[0]
    )
    name = _name(stretch, marks)
    if marks.is_reduced or (name and is_charge(stretch, name)):
        return None
    row = Row()
    if name:
        _add(row, "item_name", name.of(stretch), name, start)
    if marks.quantity:
        _add(row, "quantity", marks.quantity[0], marks.quantity[1], start)
    if marks.identifier:
        _add(row, "item_id", marks.identifier.of(stretch), marks.identifier, start)
    _add_prices(stretch, row, marks, order, start)
    return row


def _start(text: str, line: Span, order: list[frozenset[str]] | None) -> int:
    """Where the line begins behind its bullet, or behind its place in the list."""
    if order and "position" in order[0]:
        position = _POSITION.match(text, line.start, line.end)
        return position.end() if position else line.start
    bullet = _BULLET.match(text, line.start, line.end)
    return bullet.end() if bullet else line.start


def _add(row: Row, key: str, value: str | Decimal, span: Span, by: int) -> None:
    row.add(key, value, Span(span.start + by, span.end + by))


def _name(stretch: str, marks: Marks) -> Span | None:
    """The first part of the line that names something, when the marks are taken away."""
    blanked = stretch
    for cover in marks.covers:
        blanked = f"{blanked[: cover.start]}{chr(0) * (cover.end - cover.start)}{blanked[cover.end :]}"
    start = 0
    for match in [*_PART.finditer(blanked), None]:
        span = name_span(stretch, start, match.start() if match else len(stretch))
        if span and (is_charge(stretch, span) or not _is_residue(span.of(stretch))):
            return span
        start = match.end() if match else start
    return None


def name_span(text: str, start: int, end: int) -> Span | None:
    """A name without what stands around it, if letters are left."""
    aside = _ASIDE.search(text[start:end])
    end = start + aside.start() if aside else end
    span = trimmed(text, start, end, strip=_STRIP)
    words = span.of(text)
    if words[:1] + words[-1:] in ('""', "“”", "„“", "„”", "«»", "''"):
        span = Span(span.start + 1, span.end - 1)
    elif words.count("(") < words.count(")"):
        span = trimmed(text, span.start, span.end, strip=") ")
    elif words.count("(") > words.count(")"):
        span = trimmed(text, span.start, span.start + words.rindex("("), strip=_STRIP)
    return span if sum(character.isalpha() for character in span.of(text)) >= 2 else None


def _is_residue(words: str) -> bool:
    """Whether all that is left are words such as `now`, `each` or `unit price`."""
    known = word_set("small", "receipt", "residue") | word_set("quantities", "each", "each")
    if words in currency_codes():
        return True
    return normal(words) in known or all(word.strip(".,:;()/") in known for word in normal(words).split())


def _add_prices(text: str, row: Row, marks: Marks, order: list[frozenset[str]] | None, by: int) -> None:
    """One price is a piece's where the line says so; of two, the first is a piece's, the last the line's."""
    prices = marks.prices
    if not prices:
        return
    keys = {key for column in order or [] for key in ("unit_price", "line_total") if key in column}
    each = next(
        (price for price in prices if is_each(text, price) or _is_multiplied(text, marks, price)), None
    )
    if each:
        _add_price(row, "unit_price", each, by)
    elif len(prices) == 1 and len(keys) != 1:
        _add_price(row, "price", prices[0], by)
    else:
        _add_price(
            row, "unit_price" if len(prices) > 1 or "unit_price" in keys else "line_total", prices[0], by
        )
    if len(prices) > 1 and prices[-1] is not each:
        _add_price(row, "line_total", prices[-1], by)


def _is_multiplied(text: str, marks: Marks, price: Amount) -> bool:
    """`3 x 2.50`: a piece's."""
    if marks.quantity is None or marks.quantity[1].end > price.span.start:
        return False
    return bool(
        re.fullmatch(
            r"\)? ?(?:[^\W\d_]{1,6}\.? )?(?:x|\u00d7|\*|mal|à|@) ?",
            fold(text[marks.quantity[1].end : price.span.start]),
        )
    )


def _add_price(row: Row, key: str, amount: Amount, by: int) -> None:
    _add(row, key, amount.value, amount.number, by)
    if amount.currency:
        _add(row, "currency", amount.currency, amount.span, by)
