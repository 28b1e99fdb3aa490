"""Blocks side by side: `BILL TO` and `SHIP TO` in one line, with an address below each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agents.rules.extraction.compound import compound_roles
from agents.rules.reading.addresses import Address, find_addresses
from agents.rules.text import Span, fold, lines, trimmed

_GAP: Final = re.compile(r" {3,}|\t+| ?\| ?")
_SHORTEST, _MOST_LINES, _LOOSE = 3, 8, 2
_LONGEST_HEAD: Final = 120


@dataclass(frozen=True)
class Column:
    """What a heading says of the lines below it, and where in each of them the column stands."""

    label: str
    roles: frozenset[str]
    head: Span
    cells: tuple[Span, ...]

    def holds(self, span: Span) -> bool:
        return any(span.touches(cell) for cell in self.cells)


def find_columns(text: str) -> list[Column]:
    """Every column below headings of several roles."""
    rows = list(lines(text))
    return [column for number in range(len(rows) - 1) for column in _columns(text, rows, number)]


def _columns(text: str, rows: list[Span], number: int) -> Iterator[Column]:
    heads = list(_heads(text, rows[number]))
    if len(heads) < 2 or not all(roles for _, roles in heads):
        return
    starts = [head.start - rows[number].start for head, _ in heads]
    bounds = [*pairwise([0, *starts[1:]]), (starts[-1], _LONGEST_HEAD)]
    below = list(_below(text, rows, number))
    for (head, roles), (left, right) in zip(heads, bounds, strict=True):
        cells = [_cell(text, row, left, right) for row in below]
        yield Column(
            fold(head.of(text)).strip(" :"),
            roles,
            head,
            tuple(cell for cell in cells if cell.start < cell.end),
        )


def _heads(text: str, row: Span) -> Iterator[tuple[Span, frozenset[str]]]:
    if row.end - row.start > _LONGEST_HEAD or not _GAP.search(text, row.start, row.end):
        return
    start = row.start
    for end, following in [
        *((match.start(), match.end()) for match in _GAP.finditer(text, row.start, row.end)),
        (row.end, row.end),
    ]:
        head = trimmed(text, start, end, strip=" \t\r:*|")
        start = following
        if head.start < head.end:
            yield head, compound_roles(fold(head.of(text)))


def _below(text: str, rows: list[Span], number: int) -> Iterator[Span]:
    """The lines of the block: up to an empty one that has lines before it."""
    has_begun = False
    for row in rows[number + 1 : number + 2 + _MOST_LINES]:
        content = row.of(text).strip(" \t\r|-=_")
        if not content and has_begun:
            return
        if content:
            has_begun = True
            yield row


def _cell(text: str, row: Span, left: int, right: int) -> Span:
    """A line's stretch below a heading, without a word that only reaches into it."""
    start, end = min(row.start + left, row.end), min(row.start + right, row.end)
    if left and not text[max(row.start, start - _LOOSE) : start].isspace() and start < row.end:
        gap = _GAP.search(text, max(row.start, start - 4), row.end)
        start = gap.end() if gap and gap.end() <= start + 4 else row.end
    if end < row.end and text[end - 1 : end + 1].strip() and not text[end - 1 : end + 1].isspace():
        gaps = [match.start() for match in _GAP.finditer(text, start, end)]
        end = gaps[-1] if gaps else end
    return trimmed(text, start, end, strip=" \t\r|")


def addresses_in(text: str, column: Column) -> list[Address]:
    """The addresses of one column, as if nothing stood beside it."""
    if not column.cells:
        return []
    joined = "\n".join(cell.of(text) for cell in column.cells)
    offsets: list[tuple[int, int]] = []
    position = 0
    for cell in column.cells:
        offsets.append((position, cell.start))
        position += cell.end - cell.start + 1
    return [
        Address({key: _back(span, offsets) for key, span in each.parts.items()})
        for each in find_addresses(joined)
    ]


def _back(span: Span, offsets: list[tuple[int, int]]) -> Span:
    """Where in the whole text a stretch of the column stands; one of several lines keeps its first."""
    own, there = max(pair for pair in offsets if pair[0] <= span.start)
    nexts = [start for start, _ in offsets if start > own]
    end = min([span.end, *(start - 1 for start in nexts)])
    return Span(there + span.start - own, there + end - own)
