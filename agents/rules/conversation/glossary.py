"""Customers' words as those of the catalogue: in the singular, from other languages, in other units."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from agents.rules.conversation.phrases import Phrase, keys_of, longest, words_of
from agents.rules.text import fold
from agents.rules.vocabulary import load

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)?")
_ELISION: Final = re.compile(r"(?:dell|nell|sull|dall|quell|all|un|qu|[ldscjmtn])'(?=[^\W\d_]{3})")
_LONGEST: Final = 3
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True)
class Word:
    """A word of the catalogue, and where the text says it; `raw` is how."""

    word: str
    raw: str
    start: int
    end: int


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of a text, each as the catalogue has it."""
    found = [(_bare(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(fold(text))]
    read: list[Word] = []
    index = 0
    while index < len(found):
        raws = [raw for raw, _, _ in found[index : index + _LONGEST]]
        count, meant = longest(raws, _looked_up)
        raw, start, end = " ".join(each for each, _, _ in found[index : index + count]), found[index][1], 0
        end = found[index + count - 1][2]
        read += [Word(word, raw, start, end) for word in meant or (singular(raws[0]),)]
        index += count
    return tuple(read)


def _bare(token: str) -> str:
    return token.replace(",", ".") if token[0].isdigit() else _ELISION.sub("", token)


def _looked_up(phrase: Phrase) -> Phrase | None:
    exact, stems = _glossary()
    if meant := exact.get(phrase):
        return meant
    *before, last = phrase
    lengths = range(len(last), _SHORTEST_STEM - 1, -1)
    return next((stems[key] for length in lengths if (key := (*before, last[:length])) in stems), None)


@cache
def _glossary() -> tuple[dict[Phrase, Phrase], dict[Phrase, Phrase]]:
    """What phrases mean; and those of which any ending will do, by how they begin."""
    exact: dict[Phrase, Phrase] = {}
    stems: dict[Phrase, Phrase] = {}
    for entries in load("goods").values():
        for key, phrases in entries.items():
            meant = tuple(singular(word) for word in fold(key).split())
            for phrase in phrases:
                said = tuple(_bare(each) for each in _TOKEN.findall(fold(phrase)))
                among = stems if phrase.endswith("*") else exact
                among[said] = tuple(dict.fromkeys((*among.get(said, ()), *meant)))
    return exact, stems


def singular(word: str) -> str:
    """A word in the singular, and in the catalogue's spelling or unit."""
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _alike().get(word, word)


@cache
def _alike() -> dict[str, str]:
    """Spellings and units of the same meaning."""
    return {word: key for key in keys_of("slots", "alike") for word in words_of("slots", "alike", key)}
