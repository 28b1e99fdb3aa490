"""JSON Schemas as the filler sees them: references followed, null set aside, alternatives side by side."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

from agents.rules.vocabulary import normal

Schema = Mapping[str, object]
_DEPTH: Final = 16


@dataclass(frozen=True)
class Shape:
    """One place of a schema: its alternatives without null, and the words that name it."""

    variants: tuple[Schema, ...]
    is_nullable: bool
    name: str = ""

    @cached_property
    def first(self) -> Schema:
        return self.variants[0] if self.variants else {}

    @property
    def kind(self) -> str:
        return kind_of(self.first)

    @cached_property
    def words(self) -> list[str]:
        return split_name(self.name)

    @cached_property
    def description(self) -> str:
        return " ".join(
            str(variant.get(key, "")) for variant in self.variants for key in ("title", "description")
        ).strip()


def kind_of(schema: Schema) -> str:
    """object, array, string, number, integer, boolean or any."""
    declared = schema.get("type")
    if isinstance(declared, list):
        kinds = [kind for kind in cast("list[str]", declared) if kind != "null"]
        return kinds[0] if kinds else "any"
    if isinstance(declared, str):
        return declared
    if "properties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    return "string" if "enum" in schema or "const" in schema else "any"


def split_name(name: str) -> list[str]:
    """The words of a property's name: `firstName`, `first_name` and `first-name` are two."""
    spaced = re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-zA-Z])(?=\d)|[_\-./]+", " ", name
    )
    return normal(spaced).split()


def shape_of(schema: object, root: Schema, name: str = "", depth: int = 0) -> Shape:
    """The shape of a schema, its local references followed."""
    variants: list[Schema] = []
    is_nullable = _collect(schema, root, variants, depth)
    return Shape(tuple(variants), is_nullable, name)


def _collect(schema: object, root: Schema, variants: list[Schema], depth: int) -> bool:
    if not isinstance(schema, Mapping) or depth > _DEPTH:
        return False
    node = cast("Schema", schema)
    reference = node.get("$ref")
    if isinstance(reference, str):
        rest = {key: value for key, value in node.items() if key != "$ref"}
        target = resolve(reference, root)
        return _collect({**target, **rest} if target else rest, root, variants, depth + 1)
    for key in ("anyOf", "oneOf"):
        choices = node.get(key)
        if isinstance(choices, list):
            shared = {name: value for name, value in node.items() if name in ("title", "description")}
            nullable = [
                _collect(_with(shared, choice), root, variants, depth + 1)
                for choice in cast("list[object]", choices)
            ]
            return any(nullable)
    merged = _merged(node, root, depth)
    declared = merged.get("type")
    if declared == "null":
        return True
    variants.append(merged)
    return isinstance(declared, list) and "null" in declared


def _with(shared: Schema, choice: object) -> object:
    return {**shared, **cast("Schema", choice)} if isinstance(choice, Mapping) else choice


def _merged(node: Schema, root: Schema, depth: int) -> Schema:
    """`allOf` laid together."""
    parts = node.get("allOf")
    if not isinstance(parts, list):
        return node
    merged: dict[str, object] = {}
    for part in cast("list[object]", parts):
        variants: list[Schema] = []
        _collect(part, root, variants, depth + 1)
        for variant in variants[:1]:
            properties = {**_mapping(merged.get("properties")), **_mapping(variant.get("properties"))}
            merged |= {**variant, **({"properties": properties} if properties else {})}
    properties = {**_mapping(merged.get("properties")), **_mapping(node.get("properties"))}
    return {
        **merged,
        **{key: value for key, value in node.items() if key != "allOf"},
        **({"properties": properties} if properties else {}),
    }


def _mapping(value: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {}


def resolve(reference: str, root: Schema) -> Schema | None:
    """The schema that a local reference points at."""
    if not reference.startswith("#"):
        return None
    node: object = root
    for step in reference[1:].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping):
            node = _mapping(cast("object", node)).get(key)
        elif isinstance(node, list) and key.isdigit() and int(key) < len(cast("list[object]", node)):
            node = cast("list[object]", node)[int(key)]
        else:
            return None
    return cast("Schema", node) if isinstance(node, Mapping) else None


def properties_of(schema: Schema) -> dict[str, object]:
    return _mapping(schema.get("properties"))


def required_of(schema: Schema) -> frozenset[str]:
    names = schema.get("required")
    return (
        frozenset(str(name) for name in cast("list[object]", names))
        if isinstance(names, list)
        else frozenset()
    )
