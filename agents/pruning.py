"""A model's answer as single values, and the answer again with only some of them kept."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from src.models.json_schema import JsonObject
from src.models.pointer import child, lineage, parent
from src.models.schema_places import Step


@dataclass(frozen=True)
class Leaf:
    """A value that holds no others."""

    path: str
    steps: tuple[Step, ...]
    value: JsonValue


@dataclass(frozen=True)
class Pruned:
    """The data with the kept values alone, where each part moved to, and how long each list is now."""

    data: JsonObject
    moved: Mapping[str, str]
    lengths: Mapping[str, int]


def leaves_of(value: JsonValue, path: str = "", steps: tuple[Step, ...] = ()) -> Iterator[Leaf]:
    """The values that say something: null, blank and empty ones don't."""
    match value:
        case dict():
            parts: list[tuple[Step, JsonValue]] = list(value.items())
        case list():
            parts = list(enumerate(value))
        case _:
            if value is not None and str(value).strip():
                yield Leaf(path, steps, value)
            return
    for step, part in parts:
        yield from leaves_of(part, child(path, step), (*steps, step))


def pruned(data: JsonObject, kept: Collection[str]) -> Pruned:
    """The data with only the values at these places, without the emptiness that the others leave behind."""
    moved, lengths = {"": ""}, dict[str, int]()

    def keep(value: JsonValue, old: str, new: str) -> JsonValue:
        match value:
            case dict():
                parts = {name: keep(part, child(old, name), child(new, name)) for name, part in value.items()}
                left: JsonValue = {name: part for name, part in parts.items() if part is not None} or None
            case list():
                items: list[JsonValue] = []
                for index, part in enumerate(value):
                    item = keep(part, child(old, index), child(new, len(items)))
                    items += [] if item is None else [item]
                left, lengths[new] = items or None, len(items)
            case _:
                left = value if old in kept else None
        if left is not None:
            moved[old] = new
        return left

    left = keep(data, "", "")
    return Pruned(left if isinstance(left, dict) else {}, moved, lengths)


def lost_places(paths: Collection[str], left: Pruned) -> Iterator[str]:
    """The topmost places that lost their values; those of a list are counted on behind what it kept."""
    lost = dict.fromkeys(
        next(place for place in lineage(path) if parent(place) in left.moved)
        for path in paths
        if path not in left.moved
    )
    behind: defaultdict[str, int] = defaultdict(int)
    for place in lost:
        whole, _, name = place.rpartition("/")
        moved = left.moved[whole]
        if moved in left.lengths:
            name = str(left.lengths[moved] + behind[moved])
            behind[moved] += 1
        yield f"{moved}/{name}"
