"""Labelled values: what stands behind `Name:`, in the cell beside a label, or on the line below one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.extraction.compound import compound_meanings, compound_roles
from agents.rules.text import Span, fold, lines, trimmed
from agents.rules.vocabulary import (
    LONGEST_LABEL,
    alternatives,
    load,
    longest_prefix,
    longest_suffix,
    meanings,
    normal,
    roles,
)

_CELL: Final = re.compile(r"\t+|\s*\|\s*|(?<! ) {3,}(?![ :=])|(?<=\S)  (?=[^\s:=])|;\s")
_HARD: Final = re.compile(r"\t+|\s*\|\s*|;\s")
_TRAILING: Final = frozenset({"is", "are", "was", "lautet", "ist", "sind", "est", "es", "e", "jest", "now"})
_MARK: Final = re.compile(
    r"\s*[.…_]{4,}\s?[:=]?\s*|\s[.…_]{2,3}\s+|\s{0,20}(?:(?<![\d])[:=](?!//)|(?<=\d)[:=](?=\s|$))\s*|\s+(?:->|=>)\s+"
)
_WORD: Final = re.compile(r"[^\s,()\[\]{}]+")
_PREFIX: Final = re.compile(r"[\s>*•·#+_-]*(?:\d{1,2}[.)]\s+)?[*_]{0,2}")
_COUNTS: Final = frozenset(
    {"order_id", "invoice_id", "customer_id", "tracking_id", "item_id", "total", "line_total", "subtotal"}
)
_BLURS: Final = str.maketrans("015", "ols")
_LONGEST: Final = 400


@dataclass(frozen=True)
class Field:
    """A value with its label; `block` goes on to the next empty line, for values of several lines."""

    label: str
    meanings: frozenset[str]
    roles: frozenset[str]
    value: Span
    block: Span
    start: int


@dataclass(frozen=True)
class _Label:
    text: str
    meanings: frozenset[str]
    roles: frozenset[str]
    start: int
    end: int


def find_fields(text: str) -> list[Field]:
    """Every labelled value of a text, in order."""
    folded = fold(text)
    rows = list(lines(text))
    found: list[Field] = []
    for number, row in enumerate(rows):
        found += _row_fields(text, folded, rows, number, row)
    return found


def _row_fields(text: str, folded: str, rows: list[Span], number: int, row: Span) -> Iterator[Field]:
    labels = list(_row_labels(folded, row))
    for index, label in enumerate(labels):
        end = labels[index + 1].start if index + 1 < len(labels) else row.end
        value = _cell_value(text, label.end, end)
        if value.start == value.end and end == row.end:
            value = _next_line(text, folded, rows, number)
            if (
                label.meanings
                and label.meanings <= _COUNTS
                and not re.fullmatch(r"#?\S*\d\S*", value.of(text))
            ):
                continue
        if value.start < value.end and not is_empty(value.of(text)):
            yield Field(
                label.text, label.meanings, label.roles, value, _block(text, rows, number, value), label.start
            )


def is_empty(value: str) -> bool:
    """`-`, `n/a`, `(not given)`: a form's way to say nothing."""
    return bool(_empty().match(fold(value)))


@cache
def _empty() -> re.Pattern[str]:
    words = alternatives(load("keys")["empty"]["values"])
    return re.compile(rf"[\W_]*$|[(<\[]?(?:{words})[)>\]]?\.?(?:$|[,;(])")


def _row_labels(folded: str, row: Span) -> Iterator[_Label]:
    """The labels of one line: before each colon, and the cells that hold nothing but a known label."""
    start = row.start + _prefix(folded, row)
    cells = _cells(folded, start, row.end)
    for index, cell in enumerate(cells):
        colons = list(_colon_labels(folded, cell))
        yield from colons
        if not colons:
            label = _bare_label(folded, cell)
            if (
                label
                and not (len(cells) > 1 and _is_header(folded, cells))
                and (index + 1 < len(cells) or len(cells) == 1)
            ):
                yield label


def _prefix(folded: str, row: Span) -> int:
    match = _PREFIX.match(folded, row.start, row.end)
    return match.end() - row.start if match else 0


def _cells(folded: str, start: int, end: int) -> list[Span]:
    """The cells of a line: between bars, tabs, semicolons and wide gaps."""
    found: list[Span] = []
    for match in _CELL.finditer(folded, start, end):
        if start < match.start() and not re.search(
            r"[:=]\s*$", folded[max(start, match.start() - 3) : match.start()]
        ):
            found.append(Span(start, match.start()))
            start = match.end()
    return [*found, Span(start, end)] if start < end else found


def _cut(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _is_header(folded: str, cells: list[Span]) -> bool:
    return sum(bool(meanings().get(normal(cell.of(folded)))) for cell in cells) >= max(2, len(cells) - 1)


def _colon_labels(folded: str, cell: Span) -> Iterator[_Label]:
    start = cell.start
    for match in _MARK.finditer(folded, cell.start, cell.end):
        label = _label(folded, start, match.start(), is_first=start == cell.start)
        if label:
            yield _Label(label.text, label.meanings, label.roles, label.start, match.end())
            start = match.end()


def _label(folded: str, start: int, end: int, *, is_first: bool) -> _Label | None:
    """The label that ends here: the longest known phrase, or all there is where nothing stands before it."""
    window = max(start, end - 80)
    spans = [Span(*match.span()) for match in _WORD.finditer(folded, window, end)]
    spans = [span for span in spans if span.of(folded).strip("*_\"'#.-")][-LONGEST_LABEL:]
    spans = [span for span in spans if not re.fullmatch(r"[\d.,]+ ?%", span.of(folded))] or spans
    words = [_unblurred(normal(span.of(folded).strip("*_\"'#"))) for span in spans]
    if words and all(len(word) == 1 for word in words):
        words, spans = ["".join(words)], [Span(spans[0].start, spans[-1].end)]
    while len(words) > 1 and words[-1] in _TRAILING:
        words, spans = words[:-1], spans[:-1]
    is_whole = is_first and window == start and len(words) <= 5
    count, found = longest_suffix(words, meanings())
    if is_whole and count < len(words) and (joint := compound_meanings(folded[start:end])):
        count, found = len(words), joint
    role_count, owners = longest_prefix(words, roles()) if is_whole else (0, frozenset[str]())
    if is_whole and role_count < len(words) and (joint := compound_roles(" ".join(words))):
        role_count, owners, count = len(words), joint, max(count, len(words) if found else 0)
    if not role_count:
        role_count, owners = longest_suffix(words, roles())
    used = len(words) if is_whole else max(count, role_count)
    found = frozenset[str]() if role_count > count else found
    return _Label(" ".join(words[-used:]), found, owners, spans[-used].start, end) if used else None


def _unblurred(word: str) -> str:
    """Figures that a scanner read for letters."""
    return (
        word.translate(_BLURS)
        if re.search(r"[a-z][015]|[015][a-z]{2}", word) and not word[-1].isdigit()
        else word
    )


def _bare_label(folded: str, cell: Span) -> _Label | None:
    words = normal(cell.of(folded).strip("*_#: ")).split()
    if not words or len(words) > 5:
        return None
    phrase = " ".join(words)
    found, owners = compound_meanings(cell.of(folded).strip("*_#: ")), compound_roles(phrase)
    return _Label(phrase, found, owners, cell.start, cell.end) if found or owners else None


def _cell_value(text: str, start: int, end: int) -> Span:
    """Up to the next bar, tab or semicolon; wide gaps belong to the value where no label follows them."""
    cells = [trimmed(text, *bounds, strip=" \t\r,;|*_") for bounds in _cut(_HARD, text, start, end)]
    first = next((cell for cell in cells if cell.start < cell.end), Span(start, start))
    return trimmed(text, first.start, min(first.end, first.start + _LONGEST), strip=" \t\r,;|*_")


def _next_line(text: str, folded: str, rows: list[Span], number: int) -> Span:
    """The line below, where it is no label itself."""
    if number + 1 >= len(rows):
        return Span(0, 0)
    row = rows[number + 1]
    span = trimmed(
        text, row.start + _prefix(folded, row), min(row.end, row.start + _LONGEST), strip=" \t\r,;|*_"
    )
    return Span(0, 0) if span.start == span.end or any(_row_labels(folded, row)) else span


def _block(text: str, rows: list[Span], number: int, value: Span) -> Span:
    end = value.end
    for row in rows[number:]:
        if row.end <= value.start:
            continue
        if not row.of(text).strip() or row.start - value.start > 600:
            break
        end = max(end, row.end)
    return trimmed(text, value.start, end)
