"""What a schema says of the places within a value. It reads schemas as the guard writes them."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from src.models.json_schema import JsonObject
from src.models.linear_pattern import linear_pattern
from src.models.pointer import child
from src.models.schema_validator import validator_of

Step = str | int


def is_choice(schema: JsonObject, steps: Sequence[Step]) -> bool:
    """Whether the value there is chosen from a list, so that the text need not hold it word by word."""
    return any("enum" in view or "const" in view for view in _at(schema, steps))


def absent_places(schema: JsonObject, value: JsonValue, at: str = "") -> Iterator[str]:
    """Where the schema has a property that the value lacks; a place may come twice."""
    for view in _fitting(schema, value):
        match value:
            case dict():
                named = view.get("properties")
                yield from (
                    (child(at, name) for name in named or () if name not in value)
                    if isinstance(named, dict)
                    else ()
                )
                parts: list[tuple[Step, JsonValue]] = list(value.items())
            case list():
                parts = list(enumerate(value))
            case _:
                continue
        for step, part in parts:
            for inner in _step(view, step):
                yield from absent_places(inner, part, child(at, step))


def _at(schema: JsonObject, steps: Sequence[Step]) -> Iterator[JsonObject]:
    for view in _views(schema):
        if not steps:
            yield view
            continue
        for inner in _step(view, steps[0]):
            yield from _at(inner, steps[1:])


def _views(schema: JsonObject) -> Iterator[JsonObject]:
    """The schema and all its alternatives."""
    yield schema
    listed = [part for key in ("allOf", "anyOf", "oneOf") for part in _items(schema.get(key))]
    for part in (*listed, schema.get("then"), schema.get("else")):
        if isinstance(part, dict):
            yield from _views(part)


def _fitting(schema: JsonObject, value: JsonValue) -> Iterator[JsonObject]:
    """The schema, and of its alternatives the first that the value fits."""
    yield schema
    for part in _items(schema.get("allOf")):
        if isinstance(part, dict):
            yield from _fitting(part, value)
    alternatives = (part for key in ("anyOf", "oneOf") for part in _items(schema.get(key)))
    first = next((part for part in alternatives if validator_of(part).is_valid(value)), None)
    if isinstance(first, dict):
        yield from _fitting(first, value)


def _step(view: JsonObject, step: Step) -> Iterator[JsonObject]:
    found = _named(view, step) if isinstance(step, str) else _positioned(view, step)
    yield from (part for part in found if isinstance(part, dict))


def _named(view: JsonObject, name: str) -> list[JsonValue]:
    named, patterns = view.get("properties"), view.get("patternProperties")
    found = [named[name]] if isinstance(named, dict) and name in named else []
    if isinstance(patterns, dict):
        found += [part for pattern, part in patterns.items() if linear_pattern(pattern)(name)]
    return found or [view.get("additionalProperties")]


def _positioned(view: JsonObject, index: int) -> list[JsonValue]:
    first = _items(view.get("prefixItems"))
    return [first[index] if index < len(first) else view.get("items")]


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
