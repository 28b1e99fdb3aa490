"""Whether the desk's records ended as they must."""

from collections.abc import Iterator

from pydantic import JsonValue

from evals.cases import ANYTHING, Changed
from evals.comparing.values import same_value
from src.models.pointer import child, lineage


def state_misfits(wanted: Changed, found: Changed) -> list[str]:
    """Every place at which what changed is not what should have, with both values."""
    should, did = (dict(_values(each.model_dump(mode="json"))) for each in (wanted, found))
    return [
        f"{path} is {did.get(path, 'unchanged')}, not {should.get(path, 'unchanged')}"
        for path in dict.fromkeys((*should, *did))
        if not _is_free(path, should) and not _same(path, should, did)
    ]


def _is_free(path: str, should: dict[str, JsonValue]) -> bool:
    return any(should.get(place) == ANYTHING for place in lineage(path))


def _same(path: str, should: dict[str, JsonValue], did: dict[str, JsonValue]) -> bool:
    field = path.rpartition("/")[2]
    return path in should and path in did and same_value(field, should[path], did[path])


def _values(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _values(inner, child(path, key))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from _values(inner, child(path, place))
    elif path.count("/") > 1 or not isinstance(value, dict | list):
        yield path, value
