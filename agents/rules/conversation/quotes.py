"""Where a text quotes: between marks of any language, over several lines too."""

import re
from typing import Final

from agents.rules.text import Span, fold

_ANGLED: Final = re.compile(
    r"\u00ab[^\u00ab\u00bb]{1,4000}(?:\u00bb|\Z)|(?<!\S)\u00bb(?=\S)[^\u00ab\u00bb]{1,4000}(?:\u00ab|\Z)"
)
_BOXED: Final = re.compile(r"[\u300c\u300e][^\u300d\u300f]{1,4000}(?:[\u300d\u300f]|\Z)")
_MARK: Final = re.compile(r'"')


def quotes_in(text: str, least_words: int) -> list[Span]:
    """The outermost quotes of so many words or more; one that is never closed goes to its paragraph's end."""
    found = [Span(*match.span()) for pattern in (_ANGLED, _BOXED) for match in pattern.finditer(text)]
    plain = "".join(" " if mark in "\u00ab\u00bb" else mark for mark in text)
    found += _marked(fold(plain))
    return [span for span in sorted(found) if len(span.of(text).split()) >= least_words]


def _marked(folded: str) -> list[Span]:
    """Between straight or curved marks: which of them opens is told by what stands beside it."""
    found: list[Span] = []
    opened: list[int] = []
    for match in _MARK.finditer(folded):
        before, after = folded[match.start() - 1 : match.start()], folded[match.end() : match.end() + 1]
        is_opening = (not before or not (before.isalnum() or before in ".,;:!?)'%")) and not after.isspace()
        if is_opening and after:
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            found = found if opened else [*found, Span(start, match.end())]
    if opened:
        gap = folded.find("\n\n", opened[0])
        found.append(Span(opened[0], gap if gap >= 0 else len(folded)))
    return found
