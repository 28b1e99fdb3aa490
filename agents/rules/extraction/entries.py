"""Items that stand in lines of their own, also where one item stands in several lines."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.lines import PRICES, Row, read_line
from agents.rules.extraction.tables import ITEM, find_heading
from agents.rules.text import Span, fold, lines
from agents.rules.vocabulary import folded_words, word_set

_RULE: Final = re.compile(r"[\s|:+=_~*.-]*")
_BULLETED: Final = re.compile(r"\s*(?:[*•·‣▪●◦✓✔☐➤+\u2013\u2014-]\s+|\(?\d{1,2}[.)]\s+|0\d{1,3}\s)")
_BRACKETS: Final = re.compile(r"\([^()\n]{0,120}\)?|\.\.\.[^\n]*")
_LISTED: Final = re.compile(
    r"[^\W\d_]{2}[^:\n]{0,40}:\s{0,9}\d{1,4}\s*(?:\(|$)|^\s*\d{1,4}(?: {2,8}|\t)[^\W\d_]{2}"
)
_LONGEST_LINE: Final = 200
_LONGEST_NAME: Final = 12
_LONGEST_TAIL: Final = 4


class _Reading:
    """The lines of a list, one after the other, with what is still open: a name, or an item just read."""

    def __init__(self, document: Document, order: list[frozenset[str]] | None) -> None:
        self._document = document
        self._order = order
        self._open: Row | None = None
        self._last: Row | None = None

    def read(self, line: Span) -> Row | None:
        """The item that a line completes."""
        content = line.of(self._document.text)
        if not content.strip() or len(content) > _LONGEST_LINE or _RULE.fullmatch(content):
            return self._forget()
        row = read_line(self._document.text, line, language=self._document.language, order=self._order)
        if row is None:
            return self._forget()
        if row.has("item_name"):
            return self._named(row, content)
        return self._joined(row) if row.cells else self._forget()

    def _forget(self) -> None:
        self._open = self._last = None

    def _named(self, row: Row, content: str) -> Row | None:
        self._forget()
        if not is_item(self._document, row, content):
            return None
        if row.has("quantity", *PRICES):
            self._last = row
        else:
            self._open = row
        return self._last

    def _joined(self, row: Row) -> Row | None:
        """The rest of the item whose name stood above, or more of the item that was just read."""
        known = self._open or self._last
        if any(self._document.day_cover.touches(span) for _, span in row.cells.values()):
            return self._forget()
        if known is None or (known is self._last and row.has(*PRICES) and known.has(*PRICES)):
            return self._forget()
        for key, (value, span) in row.cells.items():
            known.add(key, value, span)
        if known is self._last or not row.has("quantity", *PRICES):
            return None
        self._last, self._open = known, None
        return known


def find_entries(document: Document) -> list[Row]:
    """The items of a list or a receipt; one with a price but no quantity counts only beside others."""
    sure: list[Row] = []
    unsure: list[Row] = []
    counted: list[Row] = []
    for line, row in _rows(document, lines(document.text)):
        content = line.of(document.text)
        (sure if _is_sure(row, content) else unsure).append(row)
        if row.has("quantity") and not row.has(*PRICES) and _LISTED.search(content):
            counted.append(row)
    priced = [row for row in unsure if row.has(*PRICES)]
    if len(counted) > 1 or (counted and (sure or priced)):
        sure += [row for row in counted if row not in sure]
    return sorted(sure + priced, key=lambda row: row.start) if sure or len(priced) > 1 else []


def find_rows_below_heading(document: Document) -> list[Row]:
    """The lines below one that names the columns."""
    heading = find_heading(document.text)
    if heading is None:
        return []
    below = list(lines(document.text))[heading.line + 1 :]
    return [row for _, row in _rows(document, below, heading.meanings) if row.has(*PRICES)]


def _rows(
    document: Document, spans: Iterable[Span], order: list[frozenset[str]] | None = None
) -> Iterator[tuple[Span, Row]]:
    reading = _Reading(document, order)
    for line in spans:
        row = reading.read(line)
        if row:
            yield line, row


def _is_sure(row: Row, content: str) -> bool:
    is_priced = row.has(*PRICES)
    if is_counted(content) or (row.has("quantity") and (is_priced or bool(_BULLETED.match(content)))):
        return True
    return is_priced and (bool(_BULLETED.match(content)) or row.has("item_id"))


def is_counted(content: str) -> bool:
    """Whether a line begins with how many: `2 x`, `- 3 pcs`."""
    counters = folded_words("quantities", "units", "counters")
    return bool(
        re.match(
            rf"\s*(?:[>*•·‣▪+-]\s+)?(?:\(?\d{{1,2}}[.)]\s+)?\d{{1,4}} ?(?:{counters}|\*)(?!\w)", fold(content)
        )
    )


def is_item(document: Document, row: Row, content: str) -> bool:
    """Whether a line is one of a list, and no speech, address, or labelled value of another kind."""
    name, span = row.cells["item_name"]
    words = fold(str(name)).replace(",", " ").split()
    if len(words) > _LONGEST_NAME or words[0].strip(".!?") in word_set("small", "speech", "opening"):
        return False
    if word_set("small", "speech", "within") & set(words):
        return False
    field = document.field_at(span)
    if field and field.meanings and not field.meanings & (ITEM - {"position"}):
        return False
    if any(document.day_cover.touches(cell) for _, cell in row.cells.values()):
        return False
    return not _is_sentence(document, row, content) and not document.written_addresses.touches(span)


def _is_sentence(document: Document, row: Row, content: str) -> bool:
    """Whether a line goes on with words behind all that belongs to an item, or has several sentences."""
    end = max(span.end for _, span in row.cells.values())
    tail = _BRACKETS.sub("", document.text[end : document.line_of(Span(end, end)).end])
    is_speech = len(re.findall(r"[^\W\d_]{2,}", tail)) > _LONGEST_TAIL and not is_counted(content)
    return is_speech or bool(re.search(r"[^\W\d_]{4,}[.!?] +[^\W\d_]{2}", content))
