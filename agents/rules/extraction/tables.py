"""Tables: a line of column names, and the lines below it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.rules.text import Span, fold, lines, trimmed
from agents.rules.vocabulary import LONGEST_LABEL, meanings, normal

_SEPARATORS: Final = (
    re.compile(r"\s*\|\s*"),
    re.compile(r"\t+"),
    re.compile(r" {2,}|\t"),
    re.compile(r"\s*;\s*"),
    re.compile(r",(?! \d)"),
)
_BRACKET: Final = re.compile(r"\s*[(\[][^)\]]{0,16}[)\]]\s*")
_UNIT: Final = re.compile(
    r"[#%€$£]|,?\s*\b(?:in )?(?:[A-Z]{3}|kr|zł|Kč|Ft|Euro|netto|brutto|net|gross|excl\.?|incl\.?|HT"
    r"|TTC)(?![\w])\.?\s*(?:vat|mwst|btw)?$"
    r"|^(?:[A-Z]{3})\s(?=\w{3})"
)
_QUOTED: Final = re.compile(r"(?:^|(?<=[,;\t|]))\"[^\"\n]*\"(?=\s?(?:[,;\t|]|$))")
_RULE: Final = re.compile(r"[\s|:+=_-]*")
ITEM: Final = frozenset({"item_name", "quantity", "unit_price", "line_total", "item_id", "position"})


@dataclass(frozen=True)
class Table:
    """Columns with what they can mean and their names, and for each row where its cells stand."""

    meanings: list[frozenset[str]]
    names: list[str]
    rows: list[list[Span]]
    start: int
    end: int

    @property
    def is_about_items(self) -> bool:
        return sum(bool(column & ITEM) for column in self.meanings) >= 2


@dataclass(frozen=True)
class Heading:
    """A line of column names with single blanks between them: it tells the order of the figures below."""

    meanings: list[frozenset[str]]
    line: int


def find_tables(text: str) -> list[Table]:
    rows = list(lines(text))
    found: list[Table] = []
    number = 0
    while number < len(rows):
        table, following = _table(text, rows, number)
        if table:
            found.append(table)
        number = following
    return found


def _table(text: str, rows: list[Span], number: int) -> tuple[Table | None, int]:
    for separator in _SEPARATORS:
        header = _cells(text, rows[number], separator)
        columns = [_column(text, cell) for cell in header]
        if not _is_header(text, header):
            continue
        body, following = _body(text, rows, number + 1, separator, header)
        if body:
            names = [normal(cell.of(text).strip("*_")) for cell in header]
            return Table(columns, names, body, rows[number].start, body[-1][-1].end), following
    return None, number + 1


def _is_header(text: str, cells: list[Span]) -> bool:
    known = sum(bool(_column(text, cell)) for cell in cells)
    return len(cells) >= 2 and known >= max(2, (len(cells) + 1) // 2)


def _column(text: str, cell: Span) -> frozenset[str]:
    name = cell.of(text).strip("*_ ")
    if ":" in name.rstrip(":") or len(name.split()) > LONGEST_LABEL:
        return frozenset()
    bare = _UNIT.sub("", _BRACKET.sub("", name))
    tries = (name, bare, bare.split("/")[0])
    found = (meanings().get(normal(each.rstrip(":")), frozenset[str]()) for each in tries)
    return next((each for each in found if each), frozenset[str]())


def _cells(text: str, row: Span, separator: re.Pattern[str]) -> list[Span]:
    line = trimmed(text, row.start, row.end, strip=" |>\r")
    if row.end - row.start > 500:
        return []
    cells: list[Span] = []
    start = line.start
    hidden = _QUOTED.sub(lambda match: "x" * len(match.group()), line.of(text))
    for match in separator.finditer(hidden):
        cells.append(_cell(text, start, line.start + match.start()))
        start = line.start + match.end()
    return [*cells, _cell(text, start, line.end)] if cells else []


def _cell(text: str, start: int, end: int) -> Span:
    span = trimmed(text, start, end, strip=" *\t")
    return (
        trimmed(text, span.start, span.end, strip='"')
        if span.of(text)[:1] == '"' == span.of(text)[-1:]
        else span
    )


def _body(
    text: str, rows: list[Span], number: int, separator: re.Pattern[str], header: list[Span]
) -> tuple[list[list[Span]], int]:
    body: list[list[Span]] = []
    blanks = 0
    while number < len(rows) and blanks < 2:
        row = rows[number]
        if not row.of(text).strip():
            blanks += 1
        elif blanks and _is_header(text, _cells(text, row, separator)):
            break
        elif not _RULE.fullmatch(row.of(text)):
            cells = _aligned(text, _cells(text, row, separator), header, rows[number])
            if cells is None:
                break
            body.append(cells)
            blanks = 0
        number += 1
    return body, number


def _aligned(text: str, cells: list[Span], header: list[Span], row: Span) -> list[Span] | None:
    """The cells in the columns' order; a shorter line is put where its cells stand below the header's."""
    if len(cells) == len(header):
        return cells
    if not 2 <= len(cells) < len(header) or "|" in row.of(text) or "\t" in row.of(text):
        return None
    base = text.rfind("\n", 0, header[0].start) + 1
    placed = [Span(row.end, row.end)] * len(header)
    for cell in cells:
        offset = cell.start - row.start, cell.end - row.start
        column = min(
            range(len(header)),
            key=lambda index: min(
                abs(header[index].start - base - offset[0]), abs(header[index].end - base - offset[1])
            ),
        )
        placed[column] = cell
    return placed


def find_heading(text: str) -> Heading | None:
    """A line such as `Qty Description Price Amount`, whose columns single blanks part."""
    for number, row in enumerate(lines(text)):
        words = normal(row.of(text).strip("*| ")).split()
        if 3 <= len(words) <= 10:
            columns = list(_columns(words))
            if sum(bool(column & ITEM) for column in columns) >= 3 and all(columns):
                return Heading(columns, number)
    return None


def _columns(words: list[str]) -> Iterator[frozenset[str]]:
    index = 0
    while index < len(words):
        for count in range(min(3, len(words) - index), 0, -1):
            found = meanings().get(fold(" ".join(words[index : index + count])), frozenset[str]())
            if found & ITEM or count == 1:
                yield found & ITEM
                index += count
                break
