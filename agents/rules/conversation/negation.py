"""What is said of a command without asking for it: that it must not be, or what would be if."""

import re
from functools import cache
from typing import Final

from agents.rules.conversation.phrases import phrases, words_of

_WINDOW: Final = 90
_FAR: Final = 160
_AFTER: Final = 40
_NEITHER: Final = re.compile(
    r"\b(?:neither|weder|(?<!kan )(?<!kunde )(?<!skulle )(?<!ska )(?<!vill )(?<!att )(?<!om )ni"
    r"|noch|ani|nem|varken|hverken|verken|nici|sem|enka|eika)(?: [\w'-]{1,30}){0,2} $"
    r"|\b(?:neither|weder|varken|hverken|verken|ne)(?:,? [\w'-]{1,30}){1,12},?"
    r" (?:nor|noch|eller|ne)(?: [\w'-]{1,30}){0,6} $"
)
_CLAUSE: Final = re.compile(r"[.!?;:,\n]")
_SENTENCE: Final = re.compile(r"[.!?;:]")
_IF: Final = re.compile(
    r"(?<!know )(?<!wonder )(?<!wondering )(?<!see )(?<!tell me )(?<!check )(?<!ask )"
    r"\bif (?!possible|you\b|i (?:can|could|may)\b|we (?:can|could|may)\b|it'?s possible)"
)


@cache
def _before() -> re.Pattern[str]:
    """A negation and, up to the end, nothing but words that carry it on."""
    negations = phrases("requests", "negation", "before").pattern
    between = "|".join(
        sorted(map(re.escape, words_of("requests", "negation", "between")), key=len, reverse=True)
    )
    return re.compile(rf"{negations}(?:['\s\"]{{1,3}}(?:{between}))*['\s\"]{{1,3}}$")


def is_negated(asking: str, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` are said not to be wanted."""
    before = _CLAUSE.split(asking[max(0, start - _WINDOW) : start])[-1]
    if _before().search(before):
        return True
    if _NEITHER.search(" ".join(_SENTENCE.split(asking[max(0, start - _FAR) : start])[-1].split()) + " "):
        return True
    after = _CLAUSE.split(asking[end : end + _AFTER])[0]
    words = re.findall(r"[\w']+", after)[:4]
    return any(phrases("requests", "negation", "after").fullmatch(word) for word in words)


def is_condition(asking: str, start: int) -> bool:
    """Whether it stands in an if-clause: a circumstance, not a wish."""
    clause = _CLAUSE.split(asking[max(0, start - _WINDOW) : start])[-1]
    found = _IF.search(clause)
    return found is not None and " then " not in clause[found.end() :]
