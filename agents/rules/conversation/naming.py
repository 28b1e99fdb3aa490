"""Names of products as customers write them: in part, in the plural, in other languages, with slips."""

from collections.abc import Iterable, Set
from functools import cache
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA

from agents.rules.conversation.glossary import Word, singular, words
from agents.rules.conversation.phrases import words_of

_SLIP: Final = 6
_TELLING: Final = 5


def tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, as the catalogue has them."""
    return tuple(each.word for each in words(text))


@cache
def common() -> frozenset[str]:
    return frozenset(singular(word) for word in words_of("slots", "stop", "words"))


@cache
def _collective() -> frozenset[str]:
    """What many things come as: by `set` alone none is known."""
    return frozenset(words_of("slots", "stop", "collective"))


@cache
def _vague() -> frozenset[str]:
    return frozenset(words_of("slots", "stop", "vague"))


def named(names: Iterable[str], text: str) -> list[str]:
    """Which of some names a text mentions: by what it is, by half of it, or by a word of its own."""
    said = set(tokens(text))
    said |= {one + two for one, two in pairwise(tokens(text))}
    several = list(dict.fromkeys(names))
    said |= {word for name in several for word in tokens(name) if word not in said and _is_meant(word, said)}
    hits = {name: hit for name in several if (hit := _hit(name, said, several))}
    return [name for name, hit in hits.items() if not any(hit < other for other in hits.values())]


def _is_meant(word: str, said: Set[str]) -> bool:
    """Whether a word is said with one slip of the pen."""
    return len(word) >= _SLIP and any(
        each[0] == word[0] and len(each) >= _SLIP - 1 and OSA.distance(word, each, score_cutoff=1) == 1
        for each in said
    )


def _hit(name: str, said: set[str], names: list[str]) -> frozenset[str]:
    """The words of a name that are said, if they are enough to know it by."""
    own = tokens(name)
    if "".join(own) in said:
        return frozenset(own)
    hit = frozenset(word for word in own if word in said and word not in common())
    kinds = [word for word in own if word not in _collective()] or list(own)
    telling = hit - _collective()
    is_enough = bool(telling) and (
        kinds[-1] in hit
        or 2 * len(telling) >= len(kinds)
        or any(_is_telling(word, name, names) for word in telling)
    )
    return hit if is_enough else frozenset()


def _is_telling(word: str, name: str, names: list[str]) -> bool:
    """Whether a word alone tells one of the names from all others."""
    is_plain = len(word) < _TELLING or word in _vague()
    return not is_plain and not any(word in tokens(other) for other in names if other != name)


def mentions_of(name: str, text: str) -> list[Word]:
    """Where a text says words of a name; what it is comes before the words that only describe it."""
    own = [word for word in tokens(name) if word not in common()]
    kinds = [word for word in own if word not in _collective()] or own
    found = words(text)
    best = [each for each in found if kinds and each.word == kinds[-1]]
    return best or [each for each in found if each.word in own or each.word == "".join(own)]


def position_of(name: str, text: str) -> int:
    """Where a text mentions a name first; -1 without."""
    found = mentions_of(name, text)
    return found[0].start if found else -1


def is_plural(name: str, text: str) -> bool:
    """Whether a text speaks of several of what a name stands for."""
    return any(_is_many(each) for each in mentions_of(name, text))


def _is_many(word: Word) -> bool:
    last = word.raw.split()[-1]
    if singular(last) == word.word:
        return last != word.word
    return last.endswith(_MANY) and not last.endswith("ss")


_MANY: Final = ("s", "x", "en", "ern", "ki", "ci")
