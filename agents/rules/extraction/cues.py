"""What the words before a value call it, where no label with a colon does."""

import re
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.text import Span
from agents.rules.vocabulary import longest_suffix, meanings, normal, word_set

_WORD: Final = re.compile(r"[^\W_](?:[\w'/-]*\w)?|[:#]|n°|nº")


def cue(document: Document, span: Span) -> frozenset[str]:
    """The meanings that the label or the words before a span give it; none where they say nothing."""
    field = document.field_at(span)
    if field and field.meanings and span.start - field.value.start <= 30:
        return words_before(document, span, field.value.start) or field.meanings
    return words_before(document, span)


def words_before(document: Document, span: Span, first: int = 0) -> frozenset[str]:
    """The nearest known phrase in the same sentence, with only small words between it and the span."""
    start = max(document.text.rfind("\n", 0, span.start) + 1, span.start - 60, first)
    stretch = re.split(
        r"(?<!\bnr)(?<!\bno)(?<!\bn)(?<!\bnum)(?<!\bnro)(?<!\bref)[.!?;|](?=\s)|,(?=\s)",
        document.folded[start : span.start],
    )[-1]
    words = [normal(word) for word in _WORD.findall(stretch)]
    links = word_set("small", "links", "links")
    for dropped in range(5):
        if dropped and (dropped > len(words) or words[-dropped] not in links):
            break
        rest = words[: len(words) - dropped]
        count, found = longest_suffix(rest, meanings())
        if count > 1 or (count and words[len(rest) - 1] not in links):
            return found
    return frozenset()
