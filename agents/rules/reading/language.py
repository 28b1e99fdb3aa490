"""Which language a text is written in, by its small words."""

import re
from collections import Counter
from functools import cache

from agents.rules.text import fold
from agents.rules.vocabulary import load


@cache
def _languages_of() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for language, words in load("small")["languages"].items():
        for word in words:
            index.setdefault(fold(word), []).append(language)
    return index


def language_of(text: str) -> str:
    """The code of the likeliest language; English where nothing tells."""
    counts: Counter[str] = Counter()
    for word in re.findall(r"[a-z]+", fold(text[:6000])):
        for language in _languages_of().get(word, ()):
            counts[language] += 1
    best = max(counts.values(), default=0)
    return (
        "en"
        if best == counts["en"]
        else next(language for language, count in counts.items() if count == best)
    )
