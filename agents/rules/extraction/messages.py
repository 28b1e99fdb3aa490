"""Which message of a thread counts: the answer above, or what is sent on below it."""

from bisect import bisect_right

from agents.rules.extraction.document import Document
from agents.rules.text import Span

QUOTED, FORWARDED = -25, 5
_MOST = 4


def depth(document: Document, span: Span) -> int:
    """What is answered to counts less than the answer, what is forwarded more than the words around it."""
    forward, is_quoted = document.forward_start, document.is_quoted(span)
    if is_quoted and not document.is_sent_on:
        return QUOTED
    if is_quoted or (forward is not None and span.start > forward):
        messages = min(bisect_right(document.sender_starts, span.start), _MOST)
        return FORWARDED * max(1, messages - 1)
    return 0
