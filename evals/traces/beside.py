"""What a word or a number is by what stands beside it."""

import re
from typing import Final

from evals.traces.spelling import TOKEN, fold
from evals.traces.words import STREET_ENDINGS, STREETS

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SUM: Final = re.compile(r"[$€£¥]\s?$")
_NEAR: Final = 40
_OF_CARDS: Final = re.compile(
    r"card|kart|cart|tarjeta|ending|ends|endet|visa|master|maestro|amex|express|debit|credit|last"
    r"|[x*•…](?:\s|\Z)",
    re.IGNORECASE,
)


def is_of_a_street(found: re.Match[str]) -> bool:
    """A word beside a street's number or sort, or with its sort in it."""
    if fold(found[0]).endswith(STREET_ENDINGS) or _before(found).rstrip(" ,")[-1:].isdigit():
        return True
    beside = TOKEN.match(found.string[found.end() :].lstrip(" ,"))
    return beside is not None and (beside[0].isdigit() or fold(beside[0]) in STREETS)


def is_of_a_card(found: re.Match[str]) -> bool:
    """Four digits near a word for cards, or with no word at all; never a sum."""
    before, after = _before(found), found.string[found.end() : found.end() + _NEAR]
    if _SUM.search(before):
        return False
    return not _WORD.search(found.string) or _OF_CARDS.search(f"{before} {after}") is not None


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - _NEAR) : found.start()]
