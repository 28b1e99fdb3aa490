"""The words that the rules know, read once from the files beside this module."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from agents.rules.text import fold

LONGEST_LABEL: Final = 6

Words = Mapping[str, frozenset[str]]


@cache
def load(name: str) -> dict[str, dict[str, list[str]]]:
    """One of the word files: sections of meanings, each with its phrases."""
    return tomllib.loads(files("agents.rules").joinpath(f"words/{name}.toml").read_text(encoding="utf-8"))


def normal(phrase: str) -> str:
    """A phrase as it is looked up: folded, with single blanks, without the full stops of abbreviations."""
    return " ".join(fold(phrase).replace(".", " ").replace("_", " ").split())


@cache
def meanings() -> Words:
    """What a label or a property's name can stand for."""
    return index_of(
        {
            key: phrases
            for section, names in load("labels").items()
            if section != "roles"
            for key, phrases in names.items()
        }
    )


@cache
def roles() -> Words:
    """Whose name, address or number a label announces."""
    return index_of(load("labels")["roles"])


@cache
def concept_group(section: str) -> frozenset[str]:
    """All meanings of one section of the labels."""
    return frozenset(load("labels")[section])


@cache
def folded_words(file: str, section: str, key: str) -> str:
    """A pattern for any phrase of one entry of a word file, as it stands in a folded text."""
    return alternatives({fold(phrase) for phrase in load(file)[section][key]})


@cache
def word_set(file: str, section: str, key: str) -> frozenset[str]:
    """The phrases of one entry of a word file."""
    return frozenset(normal(phrase) for phrase in load(file)[section][key])


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern for any of these phrases, the longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def index_of(names: Mapping[str, list[str]]) -> Words:
    """Each phrase with what it can stand for."""
    index: defaultdict[str, set[str]] = defaultdict(set)
    for meaning, phrases in names.items():
        for phrase in phrases:
            index[normal(phrase)].add(meaning)
    return {phrase: frozenset(found) for phrase, found in index.items()}


def longest_suffix(words: list[str], index: Words) -> tuple[int, frozenset[str]]:
    """How many of the last words make a known phrase, and what it means; 0 where none do."""
    for count in range(min(len(words), LONGEST_LABEL), 0, -1):
        found = index.get(" ".join(words[-count:]))
        if found:
            return count, found
    return 0, frozenset()


def longest_prefix(words: list[str], index: Words) -> tuple[int, frozenset[str]]:
    """The same for the first words."""
    for count in range(min(len(words), LONGEST_LABEL), 0, -1):
        found = index.get(" ".join(words[:count]))
        if found:
            return count, found
    return 0, frozenset()
