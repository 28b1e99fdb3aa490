"""The guard for JSON Schemas that clients send: what passes is small, self-contained and cheap to check by.

`checked_schema` answers with a schema of its own making: references are written out, so that nothing is ever
looked up, and no keyword is left that could change the dialect or cost more than linear time.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from pydantic import JsonValue

from src.models.errors import InvalidSchema
from src.models.linear_pattern import UnsafePattern, linear_pattern
from src.models.pointer import child
from src.models.schema_validator import validator_of

JsonObject = dict[str, JsonValue]

MAX_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 16
MAX_SUBSCHEMAS: Final = 1_000
MAX_PATTERNS: Final = 16
_MAX_NESTING: Final = 64
_NO_FORMATS: Final = FormatChecker(formats=())

_NAMED: Final = ("properties", "patternProperties", "dependentSchemas")
_LISTED: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_PLAIN: Final = ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else")
_CONDITIONS: Final = frozenset(("not", "if", "contains", "propertyNames"))
_REFUSED: Final = ("$dynamicRef", "unevaluatedItems", "unevaluatedProperties")
_REFERRING: Final = frozenset(
    ("$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary", "$comment", "$defs", "definitions")
)
_NOTES: Final = frozenset(
    ("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly")
)
_PRESENCE: Final = frozenset(("required", "minProperties", "dependentRequired"))


def checked_schema(schema: JsonObject) -> JsonObject:
    """The schema with its local references written out.

    Raises:
        InvalidSchema: it is too large or too deep, refers to elsewhere or to itself, holds a pattern that
            can't be checked in linear time, or is no Draft 2020-12 schema of an object.
    """
    _check_size(schema)
    _check_dialect(schema)
    written = _Writer(schema).write(schema, at="", depth=1, within=())
    if not isinstance(written, dict) or written.get("type") != "object":
        raise InvalidSchema('The schema must describe an object: give it "type": "object" at the top.')
    _check_patterns(written)
    if not validator_of(relaxed(written)).is_valid({}):
        raise InvalidSchema("The schema must accept an object of which nothing is known; loosen its top.")
    return written


def relaxed(schema: JsonObject) -> JsonObject:
    """The schema that accepts a part of the whole: nothing is required, and several alternatives may fit."""

    def relax(subschema: JsonValue, _at: str, keyword: str) -> JsonValue:
        return relaxed(subschema) if isinstance(subschema, dict) and keyword not in _CONDITIONS else subschema

    loose = {key: value for key, value in _with_subschemas(schema, "", relax).items() if key not in _PRESENCE}
    if not isinstance(alternatives := loose.pop("oneOf", None), list):
        return loose
    if "anyOf" not in loose:
        return {**loose, "anyOf": alternatives}
    both: list[JsonValue] = [{"anyOf": loose.pop("anyOf")}, {"anyOf": alternatives}]
    already = loose.get("allOf")
    return {**loose, "allOf": [*(already if isinstance(already, list) else []), *both]}


def _check_size(schema: JsonObject) -> None:
    level: list[JsonValue] = [schema]
    for _ in range(_MAX_NESTING):
        level = [part for value in level for part in _parts(value)]
    if level:
        raise _too_deep()
    try:
        size = len(json.dumps(schema, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, UnicodeError) as error:
        raise InvalidSchema("The schema holds a number or a text that JSON can't carry; mend it.") from error
    if size > MAX_BYTES:
        raise InvalidSchema(f"The schema has {size} bytes; {MAX_BYTES} are allowed.")


def _parts(value: JsonValue) -> list[JsonValue]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return []


def _too_deep() -> InvalidSchema:
    return InvalidSchema(f"The schema is nested too deeply; {MAX_DEPTH} levels of subschemas are allowed.")


def _named(place: str) -> str:
    return place or "the top"


def _check_dialect(schema: JsonObject) -> None:
    try:
        Draft202012Validator.check_schema(schema, format_checker=_NO_FORMATS)
    except SchemaError as error:
        reason = error.message if len(error.message) <= 200 else f"{error.message[:200]}…"
        raise InvalidSchema(f"The schema is not valid at {error.json_path}: {reason}.") from error


Change = Callable[[JsonValue, str, str], JsonValue]


def _with_subschemas(schema: JsonObject, at: str, change: Change) -> JsonObject:
    """A copy in which each direct subschema is what `change(it, its place, its keyword)` makes of it."""
    copy = dict(schema)
    for keyword in _NAMED:
        if isinstance(group := schema.get(keyword), dict):
            place = child(at, keyword)
            copy[keyword] = {name: change(part, child(place, name), keyword) for name, part in group.items()}
    for keyword in _LISTED:
        if isinstance(group := schema.get(keyword), list):
            place = child(at, keyword)
            copy[keyword] = [change(part, child(place, index), keyword) for index, part in enumerate(group)]
    for keyword in _PLAIN:
        if keyword in schema:
            copy[keyword] = change(schema[keyword], child(at, keyword), keyword)
    return copy


@dataclass
class _Writer:
    """Writes references out, under one bound on how much they may unfold to."""

    root: JsonObject
    count: int = 0

    def write(self, schema: JsonValue, *, at: str, depth: int, within: tuple[str, ...]) -> JsonValue:
        self.count += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        if self.count > MAX_SUBSCHEMAS:
            raise InvalidSchema(f"The schema unfolds to over {MAX_SUBSCHEMAS} subschemas; simplify it.")
        if not isinstance(schema, dict):
            return schema
        for keyword in _REFUSED:
            if keyword in schema:
                raise InvalidSchema(f"The schema uses {keyword!r} at {_named(at)}, which is not supported.")
        own = {key: value for key, value in schema.items() if key != "$ref" and key not in _REFERRING}
        written = _with_subschemas(
            own, at, lambda part, place, _: self.write(part, at=place, depth=depth + 1, within=within)
        )
        return self._referring(written, schema["$ref"], at, depth, within) if "$ref" in schema else written

    def _referring(
        self, own: JsonObject, reference: JsonValue, at: str, depth: int, within: tuple[str, ...]
    ) -> JsonValue:
        name = str(reference)
        if name in within:
            raise InvalidSchema(f"The schema refers to itself by {name!r} at {_named(at)}; write it out.")
        target = self.write(self._target(name, at), at=at, depth=depth, within=(*within, name))
        if isinstance(target, dict) and own.keys() <= _NOTES:
            return {**target, **own}
        others = own.get("allOf")
        return {**own, "allOf": [*(others if isinstance(others, list) else []), target]}

    def _target(self, reference: str, at: str) -> JsonValue:
        start, _, name = unquote(reference).rpartition("/")
        definitions = (
            self.root.get(start.removeprefix("#/")) if start in ("#/$defs", "#/definitions") else None
        )
        name = name.replace("~1", "/").replace("~0", "~")
        if not isinstance(definitions, dict) or name not in definitions:
            raise InvalidSchema(
                f"The schema refers to {reference!r} at {_named(at)}; only its own '#/$defs/...' will do."
            )
        return definitions[name]


def _check_patterns(schema: JsonObject) -> None:
    patterns = {pattern: place for place, pattern in _patterns(schema, "")}
    if len(patterns) > MAX_PATTERNS:
        raise InvalidSchema(f"The schema has {len(patterns)} patterns; {MAX_PATTERNS} are allowed.")
    for pattern, place in patterns.items():
        try:
            linear_pattern(pattern)
        except UnsafePattern as error:
            raise InvalidSchema(f"The pattern at {place} can't be used: {error}.") from error


def _patterns(schema: JsonValue, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(schema, dict):
        return
    if isinstance(pattern := schema.get("pattern"), str):
        yield child(at, "pattern"), pattern
    if isinstance(named := schema.get("patternProperties"), dict):
        yield from ((child(at, "patternProperties"), pattern) for pattern in named)
    found: list[tuple[JsonValue, str]] = []
    _with_subschemas(schema, at, lambda part, place, _: found.append((part, place)))
    for part, place in found:
        yield from _patterns(part, place)
