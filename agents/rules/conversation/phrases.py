"""Phrases of the word files as patterns: small regular expressions with gaps of a few words."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeVar

from agents.rules.vocabulary import load

Phrase = tuple[str, ...]

M = TypeVar("M")

_APART: Final = r"[^\w.!?;\n]{1,8}"
_GAP: Final = rf"(?:{_APART}\w+){{0,4}}?{_APART}"
_BLANK: Final = re.compile(r"(?<!\[) (?![?*\]])")


def pattern_of(phrase: str) -> str:
    """The pattern of one phrase; whatever is not a word may stand between its words."""
    return _BLANK.sub(lambda _: _APART, phrase.replace(" .. ", _GAP))


@cache
def phrases(file: str, section: str, key: str) -> re.Pattern[str]:
    """All phrases of one entry as one pattern, at the bounds of words."""
    choices = "|".join(f"(?:{pattern_of(phrase)})" for phrase in load(file)[section].get(key, []))
    return re.compile(rf"(?<!\w)(?:{choices or '(?!)'})(?!\w)")


def longest(words: Sequence[str], looked_up: Callable[[Phrase], M | None]) -> tuple[int, M | None]:
    """How many of the next words are one phrase that is known, and what it means; the longest counts."""
    for count in range(len(words), 0, -1):
        if meant := looked_up(tuple(words[:count])):
            return count, meant
    return 1, None


@cache
def keys_of(file: str, section: str) -> tuple[str, ...]:
    """The entries of a section."""
    return tuple(load(file)[section])


@cache
def words_of(file: str, section: str, key: str) -> frozenset[str]:
    """An entry whose phrases are nothing but words."""
    return frozenset(word for phrase in load(file)[section][key] for word in re.split(r"[ |]", phrase))
