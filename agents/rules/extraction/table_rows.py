"""The items of tables: each row's cells by what their columns mean."""

import re
from decimal import Decimal
from typing import Final

from agents.rules.extraction.charges import is_charge
from agents.rules.extraction.document import Document
from agents.rules.extraction.lines import Row
from agents.rules.extraction.marks import find_marks, find_prices, is_each, is_former
from agents.rules.extraction.tables import ITEM, Table
from agents.rules.reading.money import Amount
from agents.rules.reading.numbers import find_figures, number_words
from agents.rules.text import Span, fold

_REDUCED: Final = re.compile(r"[-\u2212\u2013] ?[$€£]? ?\d")
_CODE: Final = re.compile(r"(?=[\w./-]*\d)[A-Za-z0-9][\w./-]{1,30}")
_KEYS: Final = ("item_name", "quantity", "unit_price", "line_total", "item_id")


def find_table_rows(document: Document) -> list[Row]:
    rows: list[Row] = []
    for table in document.tables:
        if table.is_about_items:
            rows += _rows(document.text, table)
    return rows


def _rows(text: str, table: Table) -> list[Row]:
    """Its items; a name may stand alone in a line, and the rest of the item in the line below."""
    found: list[Row] = []
    above: Row | None = None
    columns = _columns(text, table)
    for cells in table.rows:
        row = _row(text, columns, cells)
        if row and above and not _is_named(row):
            above.cells |= {key: cell for key, cell in row.cells.items() if key != "item_name"}
            row = above
        above = None
        if row is None:
            continue
        if len(row.cells) > 1 and (_is_named(row) or (row.has("item_id") and not row.has("item_name"))):
            found.append(row)
        elif _is_named(row):
            above = row
    return found


def _is_named(row: Row) -> bool:
    return row.has("item_name") and any(letter.isalpha() for letter in str(row.cells["item_name"][0]))


def _columns(text: str, table: Table) -> list[frozenset[str]]:
    """What the columns mean; of two that could be names, the one that holds codes is the things' numbers."""
    named = [index for index, column in enumerate(table.meanings) if "item_name" in column]
    if len(named) < 2 or any("item_id" in column and "item_name" not in column for column in table.meanings):
        return table.meanings
    columns = list(table.meanings)
    for index in named:
        told = [row[index].of(text) for row in table.rows if row[index].start < row[index].end]
        if told and sum(bool(_CODE.fullmatch(each)) for each in told) > len(told) / 2:
            columns[index] = frozenset({"item_id"})
            break
    return columns


def _row(text: str, columns: list[frozenset[str]], cells: list[Span]) -> Row | None:
    """The cells of one row, or None where it is the total or another charge."""
    row = Row()
    for column, cell in zip(columns, cells, strict=True):
        if cell.start < cell.end:
            add_cell(text, row, column & ITEM, cell)
    told = [cell for cell in cells if cell.start < cell.end]
    heads = [cell for cell in told[:2] if cell.of(text)[0].isalpha()]
    if any(is_charge(text, cell) for cell in heads) and not row.has("quantity"):
        return None
    if any(_REDUCED.match(text, cell.start, cell.end) for cell in told):
        return None
    name = row.cells.get("item_name")
    return None if name and is_charge(text, name[1]) else row


def add_cell(text: str, row: Row, column: frozenset[str], cell: Span) -> None:
    key = next((each for each in _KEYS if each in column and each not in row.cells), None)
    if key == "item_name":
        _add_name(text, row, cell)
    elif key == "item_id":
        row.add(key, cell.of(text), cell)
    elif key == "quantity":
        _add_quantity(text, row, cell)
    elif key:
        _add_money(text, row, key, cell)


def _add_name(text: str, row: Row, cell: Span) -> None:
    """The name, without the thing's number where a cell holds both."""
    marks = find_marks(cell.of(text), "en")
    if marks.identifier:
        code = Span(cell.start + marks.identifier.start, cell.start + marks.identifier.end)
        row.add("item_id", code.of(text), code)
        start = min(cover.start for cover in marks.covers if marks.identifier.within(cover))
        cell = Span(cell.start, cell.start + len(cell.of(text)[:start].rstrip(" ,;:-\u2013\u2014")))
    row.add("item_name", cell.of(text), cell)


def _add_quantity(text: str, row: Row, cell: Span) -> None:
    figures = find_figures(cell.of(text))
    word = fold(cell.of(text)).strip()
    if figures and (len(figures) == 1 or figures[0][1] == 0):
        row.add("quantity", figures[0][0], Span(cell.start + figures[0][1], cell.start + figures[0][2]))
    elif word in number_words("en"):
        row.add("quantity", Decimal(number_words("en")[word]), cell)


def _add_money(text: str, row: Row, key: str, cell: Span) -> None:
    content = cell.of(text)
    amounts = [each for each in find_prices(content) if not is_former(fold(content), each.span.start)[0]]
    if not amounts:
        amounts = [
            Amount(value, "", Span(start, end), Span(start, end))
            for value, start, end in find_figures(content)
        ]
        amounts = amounts if len(amounts) == 1 else []
    if amounts:
        amount, start = amounts[-1], cell.start
        key = (
            "unit_price"
            if key == "line_total" and not row.has("unit_price") and is_each(content, amount)
            else key
        )
        row.add(key, amount.value, Span(start + amount.number.start, start + amount.number.end))
        if amount.currency:
            row.add("currency", amount.currency, Span(start + amount.span.start, start + amount.span.end))
