"""The items of an order, from whatever form they stand in: a table, labelled lines, a list, a sentence."""

from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.entries import find_entries, find_rows_below_heading, is_counted
from agents.rules.extraction.fields import Field
from agents.rules.extraction.lines import Row
from agents.rules.extraction.priced import find_priced, with_priced
from agents.rules.extraction.pricing import with_unit_prices
from agents.rules.extraction.prose import find_wanted
from agents.rules.extraction.table_rows import add_cell, find_table_rows
from agents.rules.text import Cover

_MOST: Final = 500
_KEYS: Final = ("item_name", "quantity", "unit_price", "item_id", "line_total")


def find_items(document: Document) -> list[Row]:
    """The order's items, with `unit_price` settled as far as the text settles it."""
    sources = (
        _from_records,
        find_table_rows,
        _from_fields,
        find_rows_below_heading,
        find_entries,
        _from_prose,
    )
    for source in sources:
        rows = source(document)
        if rows:
            return with_unit_prices(rows[:_MOST], document)
    return []


def _from_records(document: Document) -> list[Row]:
    """The items of JSON or XML."""
    rows: list[Row] = []
    for cells in document.records.items:
        row = Row()
        for cell in cells:
            key = next(each for each in _KEYS if each in cell.meanings)
            add_cell(document.text, row, frozenset({key}), cell.value)
        rows += [row] if row.has("item_name", "item_id") else []
    return rows


def _from_fields(document: Document) -> list[Row]:
    """`Item: Lamp`, `Qty: 2`, `Price: 20` one below the other; a name or a repeated label begins the next."""
    rows: list[Row] = []
    keys_seen: set[str] = set()
    for field in document.fields:
        key = _key(field, is_open=bool(rows))
        if key is None:
            continue
        if not rows or key in keys_seen:
            rows.append(Row())
            keys_seen = set()
        keys_seen.add(key)
        add_cell(document.text, rows[-1], frozenset({key}), field.value)
    complete = [row for row in rows if _is_complete(row)]
    return complete if len(complete) == len(rows) else []


def _key(field: Field, *, is_open: bool) -> str | None:
    key = next((each for each in _KEYS if each in field.meanings), None)
    is_person = key == "item_name" and "full_name" in field.meanings
    is_orders = (key == "line_total" and "total" in field.meanings) or (
        key == "item_id" and "order_id" in field.meanings and not is_open
    )
    return None if is_person or is_orders else key


def _is_complete(row: Row) -> bool:
    return row.has("item_name") and len(row.cells) > 1 and not is_counted(str(row.cells["item_name"][0]))


def _from_prose(document: Document) -> list[Row]:
    marked = [*document.days, *document.phones, *document.addresses]
    taken = Cover(each.span for each in marked)
    sums = Cover(each.amount.number for each in document.sums if each.kind != "other")
    references = [each.span for each in document.references]
    rows = find_wanted(document.text, document.language, sums, references)
    rows = [row for row in rows if not taken.touches(row.cells["quantity"][1])]
    if not rows and not references:
        return rows
    prices = [row.cells[key][1] for row in rows for key in ("unit_price", "price") if row.has(key)]
    told = [each.amount.number for each in document.sums if each.kind != "other"]
    return with_priced(rows, document.text, list(find_priced(document.text, Cover([*prices, *told]))))
