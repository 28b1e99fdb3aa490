"""What a schema's property asks for: its meaning, whose it is, and the words to look for otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.extraction.schema import Schema, Shape, properties_of, split_name
from agents.rules.vocabulary import (
    concept_group,
    load,
    longest_prefix,
    longest_suffix,
    meanings,
    normal,
    roles,
    word_set,
)

_GROUPS: Final = ("item", "address", "order", "person")


@dataclass(frozen=True)
class Wanted:
    """A property: what it means, whose value it is, and its words."""

    meanings: frozenset[str]
    roles: frozenset[str]
    words: tuple[str, ...]


@cache
def _own_names(group: str) -> dict[str, str]:
    names = load("properties").get(group, {})
    return {normal(name): meaning for meaning, phrases in names.items() for name in phrases}


def _owners() -> frozenset[str]:
    return word_set("small", "properties", "owners")


def group_of(schema: Schema, name: str, outer: str) -> str:
    """Which kind of thing an object is: item, address, order, invoice, person, or other."""
    title = normal(str(schema.get("title", "")))
    names = [split_name(each) for each in properties_of(schema)]
    if "invoice" in f"{title} {name}" or any(words[:1] == ["invoice"] for words in names):
        return "invoice"
    counts = {group: sum(bool(_known(words) & concept_group(group)) for words in names) for group in _GROUPS}
    if any(words in (["quantity"], ["qty"], ["unit", "price"]) for words in names):
        return "item"
    if any(split_name(name)[-1:] == [word] for word in ("address", "anschrift", "adresse")):
        return "address"
    if (
        any(_known(words) & {"order_id", "total", "order_date"} for words in names)
        or any(words == ["items"] for words in names)
        or "order" in title.split()
    ):
        return "order"
    best = max(_GROUPS, key=lambda group: (counts[group], group == "person"))
    return best if counts[best] else outer


def _known(words: list[str]) -> frozenset[str]:
    return meanings().get(" ".join(words), frozenset())


def wanted(shape: Shape, group: str, outer: frozenset[str]) -> Wanted:
    """What a property of an object of this kind asks for."""
    words = shape.words
    own = _own_names(group).get(" ".join(words))
    if own:
        return Wanted(frozenset({own}), outer, tuple(words))
    found, owners = _read(words)
    if not found:
        found, more = _read(split_name(str(shape.first.get("title", ""))))
        owners = owners or more
    if not found and shape.first.get("format") == "email":
        found = frozenset({"email"})
    return Wanted(_narrowed(found, group), owners or outer, tuple(words))


def _read(words: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The meaning of the last words, if the others only say whose it is."""
    count, found = longest_suffix(words, meanings())
    used, owners = longest_prefix(words, roles()) if len(words) > 1 else (0, frozenset[str]())
    rest = words[: len(words) - count]
    if count and not all(word in _owners() for word in rest[used:] if word):
        return frozenset(), owners
    return found, owners


def _narrowed(found: frozenset[str], group: str) -> frozenset[str]:
    for each in (group, "order" if group == "invoice" else group):
        if each in _GROUPS and found & concept_group(each):
            return found & concept_group(each)
    return found


def roles_of(name: str) -> frozenset[str]:
    """Whose things an object of this name holds."""
    words = split_name(name)
    _, owners = longest_prefix(words, roles())
    return owners


def overlap(words: Iterable[str], label: str) -> float:
    """How well a label's words match a property's: 1 for the same words, less for some more."""
    ours, theirs = (
        {_stem(word) for word in words},
        {_stem(word) for word in normal(label).replace("-", " ").split()},
    )
    if not ours or not theirs:
        return 0
    shared = len(ours & theirs)
    return shared / max(len(ours), len(theirs)) if shared == min(len(ours), len(theirs)) else 0


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
