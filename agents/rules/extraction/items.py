"""The items of an order, from whatever form they stand in: a table, labelled lines, a list, a sentence."""

import re
from decimal import Decimal
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.lines import Row, is_charge, parse_line
from agents.rules.extraction.pricing import with_unit_prices
from agents.rules.extraction.prose import find_wanted
from agents.rules.extraction.tables import ITEM, Table, find_heading
from agents.rules.reading.money import find_amounts
from agents.rules.reading.numbers import find_figures, number_words
from agents.rules.text import Cover, Span, fold, lines
from agents.rules.vocabulary import word_set

_MOST: Final = 500
_STRONG: Final = frozenset({"item_name", "quantity", "unit_price", "line_total", "item_id"})
_BULLETED: Final = re.compile(r"\s*(?:[*•·‣▪+-]\s+|\(?\d{1,2}[.)]\s+)")
_COUNTED: Final = re.compile(
    r"\s*(?:[>*•·‣▪+-]\s+)?(?:\(?\d{1,2}[.)]\s+)?\d{1,4} ?(?:x|\u00d7|\*|stk|stuck|pcs|pc"
    r"|pieces|units?|uds|pz|szt)\b",
    re.IGNORECASE,
)


def find_items(document: Document) -> list[Row]:
    """The order's items, with `unit_price` settled as far as the text settles it."""
    for source in (_from_tables, _from_fields, _from_heading, _from_lines, _from_prose):
        rows = source(document)
        if rows:
            return with_unit_prices(rows[:_MOST], document)
    return []


def _from_tables(document: Document) -> list[Row]:
    rows: list[Row] = []
    for table in document.tables:
        if table.is_about_items:
            rows += [row for cells in table.rows if (row := _table_row(document.text, table, cells))]
    return rows


def _table_row(text: str, table: Table, cells: list[Span]) -> Row | None:
    row = Row()
    for column, cell in zip(table.meanings, cells, strict=True):
        if cell.start < cell.end:
            _add_cell(text, row, column & ITEM, cell)
    name = row.cells.get("item_name")
    is_named = (
        name is not None
        and any(character.isalpha() for character in str(name[0]))
        and not is_charge(text, name[1])
    )
    has_total_label = any(
        is_charge(text, cell) for cell in cells[:2] if cell.start < cell.end and cell.of(text)[0].isalpha()
    )
    return (
        row
        if (is_named or (not name and "item_id" in row.cells))
        and not (has_total_label and "quantity" not in row.cells)
        and len(row.cells) > 1
        else None
    )


def _add_cell(text: str, row: Row, column: frozenset[str], cell: Span) -> None:
    key = next(
        (
            each
            for each in ("item_name", "quantity", "unit_price", "line_total", "item_id")
            if each in column and each not in row.cells
        ),
        None,
    )
    if key in ("item_name", "item_id"):
        row.add(key, cell.of(text), cell)
    elif key == "quantity":
        _add_quantity(text, row, cell)
    elif key:
        _add_money(text, row, key, cell)


def _add_quantity(text: str, row: Row, cell: Span) -> None:
    figures = find_figures(cell.of(text))
    word = fold(cell.of(text)).strip()
    if len(figures) == 1:
        row.add("quantity", figures[0][0], Span(cell.start + figures[0][1], cell.start + figures[0][2]))
    elif word in number_words("en"):
        row.add("quantity", Decimal(number_words("en")[word]), cell)


def _add_money(text: str, row: Row, key: str, cell: Span) -> None:
    amounts, figures = find_amounts(cell.of(text)), find_figures(cell.of(text))
    if amounts:
        number = amounts[0].number
        row.add(key, amounts[0].value, Span(cell.start + number.start, cell.start + number.end))
        if amounts[0].currency:
            row.add(
                "currency",
                amounts[0].currency,
                Span(cell.start + amounts[0].span.start, cell.start + amounts[0].span.end),
            )
    elif len(figures) == 1:
        row.add(key, figures[0][0], Span(cell.start + figures[0][1], cell.start + figures[0][2]))


def _from_fields(document: Document) -> list[Row]:
    """`Item: Lamp`, `Qty: 2`, `Price: 20` one below the other; a name or a repeated label begins the next."""
    rows: list[Row] = []
    keys_seen: set[str] = set()
    for field in document.fields:
        found = field.meanings & _STRONG
        key = next(
            (
                each
                for each in ("item_name", "quantity", "unit_price", "item_id", "line_total")
                if each in found
            ),
            None,
        )
        if (
            key is None
            or (key == "item_name" and "full_name" in field.meanings)
            or (key == "line_total" and "total" in field.meanings)
        ):
            continue
        if not rows or key in keys_seen:
            rows.append(Row())
            keys_seen = set()
        keys_seen.add(key)
        _add_cell(document.text, rows[-1], frozenset({key}), field.value)
    complete = [
        row
        for row in rows
        if "item_name" in row.cells
        and len(row.cells) > 1
        and not _COUNTED.match(str(row.cells["item_name"][0]))
    ]
    return complete if len(complete) == len(rows) else []


def _from_heading(document: Document) -> list[Row]:
    heading = find_heading(document.text)
    if heading is None:
        return []
    rows: list[Row] = []
    for line in list(lines(document.text))[heading.line + 1 :]:
        row = (
            parse_line(document.text, line, language=document.language, order=heading.meanings)
            if line.of(document.text).strip()
            else None
        )
        if row is None and rows:
            break
        if row and row.cells.keys() & {"unit_price", "line_total"}:
            rows.append(row)
    return rows


def _from_lines(document: Document) -> list[Row]:
    """Lines of a list or a receipt; one with a price but no quantity counts only beside others."""
    sure: list[Row] = []
    unsure: list[Row] = []
    for line in lines(document.text):
        content = line.of(document.text)
        if not content.strip() or line.end - line.start > 200:
            continue
        row = parse_line(document.text, line, language=document.language)
        if row is None or not _is_item(document, row, content):
            continue
        (sure if _is_sure(row, content) else unsure).append(row)
    priced = [row for row in unsure if row.cells.keys() & {"price", "unit_price", "line_total"}]
    if sure or len(priced) > 1:
        return sorted(sure + priced, key=lambda row: min(span for _, span in row.cells.values()))
    return []


def _is_sure(row: Row, content: str) -> bool:
    is_priced = bool(row.cells.keys() & {"price", "unit_price", "line_total"})
    return (
        bool(_COUNTED.match(content))
        or ("quantity" in row.cells and (is_priced or bool(_BULLETED.match(content))))
        or (is_priced and (bool(_BULLETED.match(content)) or "item_id" in row.cells))
    )


def _is_item(document: Document, row: Row, content: str) -> bool:
    name, span = row.cells["item_name"]
    words = str(name).split()
    if len(words) > 12 or fold(words[0]).strip(",.!") in word_set("small", "speech", "opening"):
        return False
    if word_set("small", "speech", "within") & set(fold(str(name)).replace(",", " ").split()):
        return False
    field = document.field_at(span)
    if field and field.meanings and not field.meanings & (ITEM - {"position"}):
        return False
    if any(document.day_cover.touches(cell) for _, cell in row.cells.values()):
        return False
    in_sentence = bool(re.search(r"[a-z]{3,}[.!?]\s*$|[.!?] [A-Z]", content)) and not _COUNTED.match(content)
    return not in_sentence and not document.address_cover.touches(span)


def _from_prose(document: Document) -> list[Row]:
    marked = [*document.days, *document.phones, *document.addresses]
    taken = Cover(each.span for each in marked)
    rows = find_wanted(document.text, document.language)
    return [row for row in rows if not taken.touches(row.cells["quantity"][1])]
