"""What nested data tells: labelled values of the whole, and the items of its list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from agents.rules.extraction.compound import role_stems
from agents.rules.extraction.fields import Field, is_empty
from agents.rules.extraction.nested import Entry, Frame, find_entries_nested
from agents.rules.extraction.schema import split_name
from agents.rules.vocabulary import Words, index_of, load, meanings, roles, word_set

_CELLS: Final = frozenset({"item_name", "quantity", "unit_price", "line_total", "item_id"})
_VALUES: Final = frozenset(
    {"amount", "value", "betrag", "wert", "montant", "importe", "valor", "importo", "bedrag"}
)
_CODE: Final = re.compile(r"(?=[\w./-]*\d)[A-Z0-9][A-Z0-9./-]{2,30}")
_TAG: Final = 120
_PER_MANY: Final = re.compile(r"(?:je|per|pro|base|unit|par|por|na)\w*\s?=\s?[\"'](?!1\b)\d{1,6}\b")
_NAMES: Final = frozenset({"full_name", "company"})


@dataclass
class Records:
    """The values of the whole, and of each item its own."""

    fields: list[Field] = field(default_factory=list[Field])
    items: list[list[Field]] = field(default_factory=list[list[Field]])


def find_records(text: str) -> Records:
    """JSON and XML as a form: the names around a value tell whose it is and whether it is an item's."""
    records, by_item = Records(), dict[int, list[Field]]()
    for entry in find_entries_nested(text):
        if is_empty(entry.value.of(text)):
            continue
        if any(_words(frame.name) in word_set("keys", "nested", "rebates") for frame in entry.frames):
            continue
        item = _item_of(entry.frames)
        if item is None:
            records.fields.append(_field(entry))
        else:
            by_item.setdefault(item, []).extend(_cell(text, entry))
    records.items = [cells for cells in by_item.values() if cells]
    return records


def _words(name: str) -> str:
    return " ".join(split_name(name))


def _item_of(frames: tuple[Frame, ...]) -> int | None:
    """The number of the item that a value stands in: an element of a list of items, or one called so."""
    inside = False
    for frame in frames:
        words = _words(frame.name)
        if words in word_set("keys", "nested", "lists"):
            inside = True
        elif inside or words in word_set("keys", "nested", "items"):
            return frame.number
    return None


def _cell(text: str, entry: Entry) -> Iterator[Field]:
    words = _words(entry.key)
    if words in _VALUES and (outer := _cells_called(_words(entry.frames[-1].name))):
        found = outer
    else:
        found = _cells_called(words)
    is_of_many = _is_price_of_many(text, entry)
    if (
        found == frozenset({"item_name"})
        and _CODE.fullmatch(entry.value.of(text))
        and words not in ("name", "title", "text")
    ):
        found = frozenset({"item_id"})
    if found and not is_of_many:
        yield Field(words, found, frozenset(), entry.value, entry.value, entry.start)


def _cells_called(words: str) -> frozenset[str]:
    named = word_set("keys", "nested", "names")
    return frozenset({"item_name"}) if words in named else meanings().get(words, frozenset[str]()) & _CELLS


def _is_price_of_many(text: str, entry: Entry) -> bool:
    """`<Preis je="100 Stück">` is no piece's price."""
    before = text[max(0, entry.value.start - _TAG) : entry.value.start].rpartition("<")[2]
    return bool(_PER_MANY.search(before)) if before.endswith(">") else False


def _field(entry: Entry) -> Field:
    words = _words(entry.key)
    frames = [_words(frame.name) for frame in entry.frames]
    owners = frozenset[str]().union(*map(_roles_called, [*frames[-3:], words]))
    owners -= {"shipping"} if "old" in owners else frozenset()
    found = _keys().get(words) or meanings().get(words) or frozenset[str]()
    if words in word_set("keys", "nested", "numbers") and (not frames or _is_order(frames[-1])):
        found = frozenset({"order_id"})
    label = "customer name" if "customer" in owners and found & _NAMES else words
    return Field(label, found, owners, entry.value, entry.value, entry.start)


def _is_order(words: str) -> bool:
    return not words or words in word_set("keys", "nested", "orders")


def _roles_called(words: str) -> frozenset[str]:
    if words in word_set("keys", "nested", "current"):
        return frozenset()
    named = (role for role in ("shipping", "vendor", "old") if words in word_set("keys", "nested", role))
    return (
        roles().get(words)
        or frozenset(named)
        or frozenset(role for role, pattern in role_stems().items() if pattern.search(words))
    )


@cache
def _keys() -> Words:
    return index_of(load("keys")["keys"])
