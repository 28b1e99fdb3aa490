"""Labels that are put together: `Suburb / Town`, `Street no. & name`, `NEW RESIDENTIAL ADDRESS`."""

import re
from functools import cache
from typing import Final

from agents.rules.vocabulary import concept_group, folded_words, meanings, normal, roles

_JOINT: Final = re.compile(
    r"\s*[/&+,]\s*|\s(?:and|or|und|oder|et|ou|y|e|o|en|of|och|og|i|oraz|a|ja|és|și|ve)\s"
)
_ASIDE: Final = re.compile(r"\([^()]*\)|\*")
_LONGEST: Final = 60
_MOST_WORDS: Final = 6


def compound_meanings(label: str) -> frozenset[str]:
    """What the parts of a label mean together; nothing where one of them is unknown."""
    if len(label) > _LONGEST:
        return frozenset()
    plain = _ASIDE.sub(" ", label)
    found = meanings().get(normal(plain))
    if found:
        return found
    parts = [_part(part) for part in _JOINT.split(plain) if part.strip()]
    known = [part & concept_group("address") for part in parts if part]
    if len(known) < len(parts) or not known or not all(known):
        return frozenset()
    return _together(known)


def _part(label: str) -> frozenset[str]:
    words = normal(label)
    bare = re.sub(rf"\s*\b(?:{folded_words('places', 'labels', 'fillers')})$", "", words)
    found = meanings().get(words, frozenset[str]()) | meanings().get(bare, frozenset[str]())
    return found | ({"house_number"} if words in _fillers() else frozenset[str]())


@cache
def _fillers() -> frozenset[str]:
    return frozenset(folded_words("places", "labels", "fillers").replace("\\", "").split("|"))


def _together(parts: list[frozenset[str]]) -> frozenset[str]:
    shared = frozenset[str].intersection(*parts)
    every = frozenset[str]().union(*parts)
    if shared:
        return shared
    if {"zip", "city"} <= every:
        return frozenset({"zip_city"})
    return every & {"address1"} or every & {"address2"}


def compound_roles(label: str) -> frozenset[str]:
    """`Current residential address`, `Indirizzo per la consegna`: a word of place with one of role."""
    words = normal(label)
    known = roles().get(words)
    if known is not None:
        return known
    if len(words) > _LONGEST or len(words.split()) > _MOST_WORDS or not _noun().search(words):
        return frozenset()
    return frozenset(role for role, pattern in role_stems().items() if pattern.search(words))


@cache
def _noun() -> re.Pattern[str]:
    return re.compile(rf"\b\w{{0,14}}(?:{folded_words('places', 'labels', 'nouns')})")


@cache
def role_stems() -> dict[str, re.Pattern[str]]:
    """What the words of a label begin with that tell whose an address is."""
    return {
        role: re.compile(rf"\b(?:{folded_words('places', 'labels', role)})")
        for role in ("shipping", "billing", "vendor", "old")
    }
