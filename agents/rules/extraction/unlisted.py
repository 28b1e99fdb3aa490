"""Names that no list holds: what stands around a run of capitals shows that it is somebody's name."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.presenting import is_announced, is_apposed, is_presented
from agents.rules.extraction.titles import is_job
from agents.rules.reading.names import Name, find_runs, is_given, is_nobody, is_titled, matches_mailbox
from agents.rules.text import Cover, Span, fold, lines

_MOST_MAILBOXES, _CLOSE, _FAR = 50, 40, 160
_PIECE: Final = re.compile(r"[a-z]{4,}")
_DETAIL: Final = re.compile(r"\w@\w|\d[\d ./()-]{6,}\d")
_ADDRESSED: Final = re.compile(r"\s?[<(\[]\s?[^\s<>()]{1,64}(?:@|\(at\))")
_ARTICLE: Final = re.compile(r"(?<!\w)(?:the|das|les|los|las|het)\s$")
_SHOWN: Final = re.compile(r"^\W{0,8}([^\W\d_](?:[^\W\d_]|['\u2019-](?=[^\W\d_])){1,30})\W{0,8}$")
_BESIDE: Final = re.compile(r"\s?[|\u00b7\u2022/,]\s?(?:\S+@\S+|(?:\w{1,10}[.:]? ?)?\+?[\d(][\d ()./-]{7,})")


def find_unlisted(document: Document, known: Cover) -> Iterator[Span]:
    """Runs of capitals that a mailbox is made of, or that stand where a name does."""
    mailboxes = [email.mailbox for email in document.emails[:_MOST_MAILBOXES]]
    pieces = {piece for mailbox in mailboxes for piece in _PIECE.findall(fold(mailbox))}
    for span in find_runs(document.text):
        name = span.of(document.text)
        if known.touches(span) or is_job(name) or _is_thing(document, span):
            continue
        is_mailed = not pieces.isdisjoint(_PIECE.findall(fold(name)))
        is_mailed = is_mailed or any(matches_mailbox(name, mailbox) for mailbox in mailboxes)
        if is_mailed or _stands_as_name(document, span):
            yield _from_mailbox(document.text, span, pieces) if is_mailed else span


def _is_thing(document: Document, span: Span) -> bool:
    """`THE POTTING SHED`: nobody's name has an article before it in these languages."""
    return bool(_ARTICLE.search(document.folded[max(0, span.start - 5) : span.start]))


def _from_mailbox(text: str, span: Span, pieces: set[str]) -> Span:
    """Without words before a name that no mailbox holds: `Durchwahl Ann Lee` beside `ann.lee@`."""
    words = [*re.finditer(r"\S+", span.of(text))]
    while (
        len(words) > 2
        and pieces.isdisjoint(_PIECE.findall(fold(words[0].group())))
        and not is_given(words[0].group())
    ):
        if pieces.isdisjoint(_PIECE.findall(fold(words[1].group()))):
            break
        words.pop(0)
    return Span(span.start + words[0].start(), span.end)


def _stands_as_name(document: Document, span: Span) -> bool:
    text, folded = document.text, document.folded
    return (
        is_titled(text, span.start)
        or is_announced(folded, span)
        or is_apposed(folded, span)
        or is_presented(folded, span)
        or is_addressed(text, span)
        or is_heading(document, span)
        or _opens_list(document, span)
    )


def _opens_list(document: Document, span: Span) -> bool:
    """`Please save: Ann Lee, Acme, 0123 456789`."""
    text = document.text
    before = text[max(0, span.start - _CLOSE) : span.start].rpartition("\n")[2].rstrip()
    behind = text[span.end : span.end + _FAR].partition("\n")[0]
    is_first = not re.search(r"\w", before) or before.endswith(":")
    return is_first and behind[:1] in (",", ";", "|") and bool(_DETAIL.search(behind))


def is_addressed(text: str, span: Span) -> bool:
    """`Ann Lee <ann@example.com>`."""
    rest = text[span.end : span.end + 70]
    return bool(_ADDRESSED.match(rest) or _BESIDE.match(rest))


def is_heading(document: Document, span: Span) -> bool:
    """A name alone on its line, above a title or a detail, as on a card or below a letter."""
    line = document.line_of(span)
    if line.end - line.start > span.end - span.start + _CLOSE:
        return False
    if re.sub(r"[\W_]", "", line.of(document.text)) != re.sub(r"[\W_]", "", span.of(document.text)):
        return False
    return is_above_details(document.text, line.end)


def is_above_details(text: str, position: int) -> bool:
    """Whether one of the next two lines holds a job's title, a mailbox or a number."""
    below = [row for row in text[position + 1 : position + 240].split("\n") if re.search(r"\w", row)][:2]
    return any(_DETAIL.search(row) or is_job(row) for row in below)


def find_stacked(document: Document) -> Iterator[Name]:
    """A card's first and last name on two lines, one below the other."""
    text = document.text
    rows = [row for row in lines(text) if re.search(r"\w", row.of(text))]
    for upper, lower in pairwise(rows):
        first, last = _shown(text, upper), _shown(text, lower)
        if first and last and is_above_details(text, lower.end):
            is_told = is_given(first.of(text)) or (last.of(text).isupper() and not first.of(text).isupper())
            if is_told:
                yield Name(Span(first.start, last.end), first, last)


def _shown(text: str, row: Span) -> Span | None:
    """The one word of a line, where it can be a name."""
    match = _SHOWN.match(row.of(text))
    if match is None or not match[1][0].isupper() or is_nobody(match[1]) or is_job(match[1]):
        return None
    return Span(row.start + match.start(1), row.start + match.end(1))
