"""Slips of the pen in the words by which something is asked for."""

import re
from typing import Final

from rapidfuzz.distance import OSA

_WORDS: Final = (
    "cancel", "cancelled", "cancellation", "return", "exchange", "address", "payment", "delivery",
    "delivered", "tracking", "received", "refund", "replace",
)  # fmt: skip
_WORD: Final = re.compile(r"(?<![\w@.#'-])[A-Za-z]{6,13}(?![\w@'-]|\.\w)")
_OTHERS: Final = frozenset({"adresse", "annullation"})


def mended(text: str) -> str:
    """The text with such words as they are meant; one letter apart, and no other form of the word."""
    return _WORD.sub(lambda match: _mended(match.group()), text)


def _mended(word: str) -> str:
    said = word.lower()
    if said in _OTHERS:
        return word
    close = (
        each
        for each in _WORDS
        if each[0] == said[0]
        and not (said.startswith(each) or each.startswith(said))
        and OSA.distance(each, said, score_cutoff=1) == 1
    )
    return next(close, word)
