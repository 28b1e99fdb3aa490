"""Names of products and their options as customers write them: in the plural, in part, with other units."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from agents.rules.conversation.phrases import keys_of, words_of
from agents.rules.conversation.slots import has
from agents.rules.text import fold

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:\.\d+)?")
_SIZES: Final = {"small": "s", "medium": "m", "large": "l", "xlarge": "xl", "xsmall": "xs"}
_YES_NO: Final = frozenset({"yes", "no", "true", "false"})


@lru_cache(maxsize=512)
def tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, folded and in the singular."""
    return tuple(_singular(word) for word in _TOKEN.findall(fold(text)))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _units().get(word, word)


@cache
def _units() -> dict[str, str]:
    """Spellings and units of the same meaning."""
    return {word: key for key in keys_of("slots", "alike") for word in words_of("slots", "alike", key)}


@cache
def _common() -> frozenset[str]:
    return frozenset(_singular(word) for word in words_of("slots", "stop", "words"))


def named(names: Iterable[str], text: str) -> list[str]:
    """Which of some names a text mentions: by their last word, or by half of them."""
    said = set(tokens(text))
    said |= {one + two for one, two in pairwise(tokens(text))}
    hits = {name: hit for name in dict.fromkeys(names) if (hit := _hit(name, said))}
    return [name for name, hit in hits.items() if not any(hit < other for other in hits.values())]


def _hit(name: str, said: set[str]) -> frozenset[str]:
    """The words of a name that are said, if they are enough to know it by."""
    words = tokens(name)
    hit = frozenset(word for word in words if word in said and word not in _common())
    if "".join(words) in said:
        return frozenset(words)
    is_enough = bool(hit) and (words[-1] in hit or 2 * len(hit) >= len(words))
    return hit if is_enough else frozenset()


def position_of(name: str, text: str) -> int:
    """Where a text mentions a name: its last word there, or else its first known one; -1 without."""
    words = tokens(name)
    places = {
        _singular(match.group()): match.start() for match in reversed(list(_TOKEN.finditer(fold(text))))
    }
    return next((places[word] for word in (*reversed(words), "".join(words)) if word in places), -1)


def is_plural(name: str, text: str) -> bool:
    """Whether a text speaks of several of what a name stands for."""
    last = tokens(name)[-1] if tokens(name) else ""
    return any(_singular(word) == last and word != last for word in _TOKEN.findall(fold(text)))


def options_in(text: str, choices: Sequence[Mapping[str, str]]) -> dict[str, set[str]]:
    """The values of each option that a text mentions, among the options that there are."""
    found: dict[str, set[str]] = {}
    for option in dict.fromkeys(name for each in choices for name in each):
        values = list(dict.fromkeys(each[option] for each in choices if option in each))
        if mentioned := _values_in(text, option, values):
            found[option] = mentioned
    return found


def _values_in(text: str, option: str, values: Sequence[str]) -> set[str]:
    if _YES_NO.issuperset(fold(value) for value in values):
        return _yes_or_no(text, option, values)
    said = tokens(text)
    hits = {value: words for value in values if _stands(words := tokens(value), said, option)}
    if hits:
        return {
            value
            for value, words in hits.items()
            if not any(set(words) < set(other) for other in hits.values())
        }
    sizes = {value for value in values if any(_SIZES.get(word) == fold(value) for word in said)}
    return sizes or _in_part(values, said)


def _stands(words: tuple[str, ...], said: tuple[str, ...], option: str) -> bool:
    """Whether the words stand in a text side by side; a lone figure only beside its option's name."""
    for start in range(len(said) - len(words) + 1 if words else 0):
        if said[start : start + len(words)] == words:
            beside = {*said[max(0, start - 2) : start], *said[start + len(words) : start + len(words) + 1]}
            if len("".join(words)) > 2 or len(words) > 1 or beside & {*tokens(option), "size"}:
                return True
    return False


def _in_part(values: Sequence[str], said: tuple[str, ...]) -> set[str]:
    """The values of which the text says a word that not all of them share."""
    words = {
        value: {word for word in tokens(value) if len(word) > 2 and word not in _common()} for value in values
    }
    shared = set[str].intersection(*words.values()) if len(words) > 1 else set[str]()
    return {value for value, own in words.items() if (own - shared) & set(said)}


def _yes_or_no(text: str, option: str, values: Sequence[str]) -> set[str]:
    """`waterproof` and `not waterproof`, where the option is a yes or a no."""
    position = position_of(option, text)
    if position < 0:
        return set()
    is_denied = has(text[max(0, position - 25) : position], "which", "not")
    return {value for value in values if (fold(value) in ("no", "false")) == is_denied}
