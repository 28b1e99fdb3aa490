"""Whether a lone price beside a quantity is one piece's or the whole line's."""

from decimal import Decimal

from agents.rules.extraction.document import Document
from agents.rules.extraction.lines import Row
from agents.rules.extraction.sums import Sum, explains


def with_unit_prices(rows: list[Row], document: Document) -> list[Row]:
    """The rows with each lone `price` settled: a piece's, unless the text's own total shows otherwise."""
    lone = [row for row in rows if row.has("price") and _quantity(row) != 1]
    reading = _reading(rows, lone, document.sums) if lone else None
    return [_checked(_settled(row, reading) if row.has("price") else row) for row in rows]


def _settled(row: Row, reading: str | None) -> Row:
    value, span = row.cells["price"]
    settled = Row({key: cell for key, cell in row.cells.items() if key != "price"})
    key = "unit_price" if _quantity(row) == 1 else reading
    if key:
        settled.add(key, value, span)
    return settled


def _checked(row: Row) -> Row:
    """A first price that is the last one times the quantity is the line's."""
    if row.has("unit_price") and row.has("line_total"):
        unit, line = _number(row, "unit_price"), _number(row, "line_total")
        if unit == line * _quantity(row) and unit != line:
            row.cells["unit_price"], row.cells["line_total"] = (
                row.cells["line_total"],
                row.cells["unit_price"],
            )
    elif row.has("line_total") and _quantity(row) == 1:
        row.cells["unit_price"] = row.cells["line_total"]
    return row


def _reading(rows: list[Row], lone: list[Row], sums: list[Sum]) -> str | None:
    """What the lone prices are, by which reading of them adds up to a total of the text."""
    fixed = sum((_line_sum(row) for row in rows if row not in lone), Decimal(0))
    as_lines = explains(fixed + sum(_number(row, "price") for row in lone), sums)
    as_pieces = explains(fixed + sum(_quantity(row) * _number(row, "price") for row in lone), sums)
    if as_lines != as_pieces:
        return "line_total" if as_lines else "unit_price"
    return None if any(each.kind == "total" for each in sums) else "unit_price"


def _line_sum(row: Row) -> Decimal:
    if row.has("line_total"):
        return _number(row, "line_total")
    return _quantity(row) * (_number(row, "unit_price") or _number(row, "price"))


def _quantity(row: Row) -> Decimal:
    return _number(row, "quantity") if row.has("quantity") else Decimal(1)


def _number(row: Row, key: str) -> Decimal:
    value = row.cells[key][0] if key in row.cells else None
    return value if isinstance(value, Decimal) else Decimal(0)
