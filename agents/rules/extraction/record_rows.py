"""One record of a table: a line of column names with a single row below it, as in an export of people."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from agents.rules.extraction.fields import Field, is_empty
from agents.rules.extraction.schema import split_name
from agents.rules.extraction.structured import key_meanings
from agents.rules.text import Span, lines, trimmed
from agents.rules.vocabulary import concept_group, normal, word_set

_CELL: Final = {
    mark: re.compile(
        rf"[ \t]*(?:\"(?P<quoted>(?:[^\"\n]|\"\"){{0,400}})\""
        rf"|(?P<plain>[^{re.escape(mark)}\n]{{0,400}}))[ \t]*(?:{re.escape(mark)}|$)"
    )
    for mark in (",", ";", "\t", "|")
}
_RULE: Final = re.compile(r"[\s|:+=-]*")
_FEWEST, _LONGEST = 3, 2000


def find_record_rows(text: str) -> list[Field]:
    """The values of the only row below a line of column names, each with its column's meaning."""
    rows = [
        row for row in lines(text) if row.end - row.start <= _LONGEST and not _RULE.fullmatch(row.of(text))
    ]
    for (above, below), after in zip(pairwise(rows), [*rows[2:], None], strict=False):
        for mark in _CELL:
            names = _cells(text, above, mark)
            if len(names) < _FEWEST or not _is_of_people(text, names):
                continue
            values = _cells(text, below, mark)
            is_only = after is None or len(_cells(text, after, mark)) != len(names)
            if len(values) == len(names) and is_only:
                return list(_fields(text, names, values))
    return []


def _cells(text: str, row: Span, mark: str) -> list[Span]:
    row = trimmed(text, row.start, row.end, strip=" \r|" if mark == "|" else " \r")
    found: list[Span] = []
    position, line = row.start, text[: row.end]
    while position < row.end and (match := _CELL[mark].match(line, position)):
        group = "quoted" if match["quoted"] is not None else "plain"
        found.append(trimmed(text, *match.span(group), strip=" \t\r*"))
        if match.end() == position:
            break
        position = match.end()
    if line.endswith(mark):
        found.append(Span(row.end, row.end))
    return found


def _words(text: str, name: Span) -> list[str]:
    return [word for word in split_name(name.of(text)) if not word.isdigit()]


def _is_of_people(text: str, names: list[Span]) -> bool:
    known = [key_meanings(_words(text, name)) for name in names]
    people = sum(bool(each & concept_group("person")) for each in known)
    goods = sum(bool(each & {"quantity", "unit_price", "line_total"}) for each in known)
    return people >= max(_FEWEST, len(names) // 3) and people > 2 * goods


def _fields(text: str, names: list[Span], values: list[Span]) -> Iterator[Field]:
    titles = word_set("people", "names", "titles")
    for name, value in zip(names, values, strict=True):
        content = value.of(text)
        if content and not is_empty(content) and normal(content) not in titles:
            words = _words(text, name)
            yield Field(" ".join(words), key_meanings(words), frozenset(), value, value, value.start)
