"""What was read against what should have been: value by value, with its verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations, product
from typing import Final

from pydantic import JsonValue

from evals.cases import ExpectedReading
from evals.comparing.values import plain_text, same_value
from src.models.json_schema import JsonObject
from src.models.pointer import child, lineage

_MOST_PERMUTED: Final = 6

_Shared = Sequence[Sequence[int]]
"""How much each entry wanted shares with each that was got."""


class Verdict(StrEnum):
    """`wrong` is both a value too many and one too few; `free` may be told or left out."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    SPURIOUS = "spurious"
    FREE = "free"


@dataclass(frozen=True)
class Field:
    """One value. `name` is its path with `*` for places in lists."""

    path: str
    wanted: JsonValue
    got: JsonValue
    verdict: Verdict

    @property
    def name(self) -> str:
        return field_name(self.path)


def field_name(path: str) -> str:
    """A value's path, the same for every place of a list."""
    return "/".join("*" if step.isdigit() else step for step in path.split("/")).removeprefix("/")


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """The values that hold no others, each with its JSON Pointer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, child(path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, child(path, place))
    elif value is not None and value != "":
        yield path, value


def compare(expected: ExpectedReading, got: JsonObject) -> list[Field]:
    """A verdict on each value that was wanted or got; lists are matched whatever their order."""
    aligned = align(expected.data, got)
    wanted, found = dict(leaves(expected.data)), dict(leaves(aligned))
    return [
        _field(path, wanted.get(path), found.get(path), expected.also)
        for path in dict.fromkeys((*wanted, *found))
    ]


def planted(expected: ExpectedReading, got: JsonObject) -> list[str | int]:
    """What should be in no value, and is in one."""
    values = [value for _, value in leaves(got)]
    return [never for never in expected.never if any(_holds(value, never) for value in values)]


def _holds(value: JsonValue, never: str | int) -> bool:
    if isinstance(never, int):
        return same_value("amount", value, never)
    return plain_text(never) in plain_text(value)


def _field(path: str, wanted: JsonValue, got: JsonValue, also: Mapping[str, list[JsonValue]]) -> Field:
    others = also.get(path, [])
    may_be_absent = any(None in also.get(place, ()) for place in lineage(path))
    name = field_name(path).removesuffix("/*").rpartition("/")[2]
    if got is None:
        verdict = Verdict.FREE if may_be_absent else Verdict.MISSED
    elif any(same_value(name, each, got) for each in (wanted, *others) if each is not None):
        verdict = Verdict.RIGHT
    elif wanted is None:
        verdict = Verdict.SPURIOUS
    else:
        verdict = Verdict.WRONG
    return Field(path, wanted, got, verdict)


def align(wanted: JsonObject, got: JsonObject) -> JsonObject:
    """What was got with each list, at any depth, in the order in which it fits what was wanted best."""
    return {key: _aligned(key, wanted.get(key), value) for key, value in got.items()}


def _aligned(name: str, wanted: JsonValue, got: JsonValue) -> JsonValue:
    if isinstance(wanted, dict) and isinstance(got, dict):
        return align(wanted, got)
    if isinstance(wanted, list) and isinstance(got, list):
        return [_aligned(name, one, other) for one, other in _pairs(name, wanted, got)]
    return got


def _pairs(name: str, wanted: list[JsonValue], got: list[JsonValue]) -> list[tuple[JsonValue, JsonValue]]:
    """Each entry with the one that it fits best; null stands for what the shorter list lacks."""
    slots = max(len(wanted), len(got))
    ours, theirs = ([*each, *([None] * (slots - len(each)))] for each in (wanted, got))
    shared = [[_shared(name, one, other) for other in theirs] for one in ours]
    order = _best_order(shared) if slots <= _MOST_PERMUTED else _good_order(shared)
    return [(one, theirs[place]) for one, place in zip(ours, order, strict=True)]


def _best_order(shared: _Shared) -> Sequence[int]:
    places = range(len(shared))
    return max(permutations(places), key=lambda order: sum(shared[one][order[one]] for one in places))


def _good_order(shared: _Shared) -> Sequence[int]:
    """The pair that shares most first, then that of the others which does, to the last."""
    order: dict[int, int] = {}
    taken: set[int] = set()
    places = range(len(shared))
    for one, other in sorted(product(places, places), key=lambda pair: -shared[pair[0]][pair[1]]):
        if one not in order and other not in taken:
            order[one] = other
            taken.add(other)
    return [order[one] for one in places]


def _shared(name: str, one: JsonValue, other: JsonValue) -> int:
    """How much of two entries is the same; a name tells more than a number that many have."""
    if one is None or other is None:
        return 0
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(_shared(key, one[key], other[key]) for key in one.keys() & other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return sum(_shared(name, mine, theirs) for mine, theirs in _pairs(name, one, other))
    if isinstance(one, dict | list) or isinstance(other, dict | list):
        return 0
    return (4 if name == "name" else 2) * same_value(name, one, other)
