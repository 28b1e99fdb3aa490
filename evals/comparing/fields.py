"""What was read against what should have been: value by value, with its verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import Final, cast

from pydantic import JsonValue

from evals.cases import ExpectedReading
from evals.comparing.values import plain_text, same_value
from src.models.json_schema import JsonObject
from src.models.pointer import child, lineage

_MOST_PERMUTED: Final = 6


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
    name = path.rpartition("/")[2]
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
    """What was got with each list in the order in which it fits what was wanted best."""
    return {key: _fitted(wanted.get(key), value) for key, value in got.items()}


def _fitted(wanted: JsonValue, got: JsonValue) -> JsonValue:
    if not isinstance(got, list) or not isinstance(wanted, list):
        return got
    slots = max(len(wanted), len(got))
    if slots > _MOST_PERMUTED:
        return got
    padded = [*got, *([None] * (slots - len(got)))]
    return list(max(permutations(padded), key=lambda order: _fit(wanted, order)))


def _fit(wanted: list[JsonValue], got: tuple[JsonValue, ...]) -> int:
    pairs = zip(wanted, got, strict=False)
    return sum(_shared(one, other) for one, other in pairs)


def _shared(one: JsonValue, other: JsonValue) -> int:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return 4 * (one == other)
    mine, theirs = cast("JsonObject", one), cast("JsonObject", other)
    return sum(
        (4 if key == "name" else 2) * same_value(key, mine[key], theirs[key])
        for key in mine.keys() & theirs.keys()
    )
