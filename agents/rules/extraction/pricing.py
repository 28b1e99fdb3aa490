"""Whether a lone price beside a quantity is one piece's or the whole line's."""

import re
from decimal import Decimal
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.lines import Row
from agents.rules.reading.numbers import find_figures
from agents.rules.text import Span

_TOTAL: Final = re.compile(
    r"\b(?:total|sum|summe|gesamt\w*|totale|totaal|suma|insgesamt|subtotal|zwischensumme|sous-total)\b"
    r"[^\n]{0,24}$"
)


def with_unit_prices(rows: list[Row], document: Document) -> list[Row]:
    """The rows with each lone `price` settled: a piece's, unless the text's own total shows otherwise."""
    lone = [row for row in rows if "price" in row.cells]
    reading = _reading(rows, lone, document) if lone else None
    return [_settled(row, reading) if "price" in row.cells else row for row in rows]


def _settled(row: Row, reading: str | None) -> Row:
    value, span = row.cells["price"]
    settled = Row({key: cell for key, cell in row.cells.items() if key != "price"})
    key = "unit_price" if _quantity(row) == 1 else reading
    if key:
        settled.add(key, value, span)
    return settled


def _reading(rows: list[Row], lone: list[Row], document: Document) -> str | None:
    """What the lone prices are, by which reading of them adds up to a total of the text."""
    fixed = sum((_line_sum(row) for row in rows if "price" not in row.cells), Decimal(0))
    totals = {
        value for value, start, end in find_figures(document.text) if _is_total(document, Span(start, end))
    }
    if fixed + sum(_number(row, "price") for row in lone) in totals:
        return "line_total"
    if not totals or fixed + sum(_quantity(row) * _number(row, "price") for row in lone) in totals:
        return "unit_price"
    is_open = len(lone) == len(rows) > 1 and len(totals) == 1
    return None if is_open else "unit_price"


def _line_sum(row: Row) -> Decimal:
    if "line_total" in row.cells:
        return _number(row, "line_total")
    return _quantity(row) * _number(row, "unit_price")


def _quantity(row: Row) -> Decimal:
    return _number(row, "quantity") if "quantity" in row.cells else Decimal(1)


def _number(row: Row, key: str) -> Decimal:
    value = row.cells[key][0] if key in row.cells else None
    return value if isinstance(value, Decimal) else Decimal(0)


def _is_total(document: Document, span: Span) -> bool:
    return bool(_TOTAL.search(document.folded[max(0, span.start - 40) : span.start]))
