"""The guard for JSON Schemas, and validation by what it lets through."""

import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from src.models.errors import InvalidSchema
from src.models.json_schema import MAX_BYTES, MAX_DEPTH, JsonObject, checked_schema, relaxed
from src.models.schema_validator import misfits, validator_of

TEXT: JsonObject = {"type": "string"}


def of(properties: JsonObject, **more: JsonValue) -> JsonObject:
    return {"type": "object", "properties": properties, **more}


def defining(definitions: JsonObject) -> JsonObject:
    return {"$defs": definitions}


def nested(levels: int) -> JsonObject:
    schema = TEXT
    for _ in range(levels - 1):
        schema = of({"inner": schema})
    return schema


def refusal(schema: JsonObject) -> str:
    with pytest.raises(InvalidSchema) as refused:
        checked_schema(schema)
    assert refused.value.code == "invalid_schema"
    return refused.value.detail


def test_a_plain_schema_of_an_object_passes_as_it_is() -> None:
    schema = of({"name": TEXT, "age": {"type": "integer"}}, required=["name"])
    assert checked_schema(schema) == schema


def test_local_references_are_written_out_with_the_notes_beside_them() -> None:
    schema = of(
        {"home": {"$ref": "#/$defs/a~1b", "description": "where they live"}},
        **defining({"a/b": of({"city": TEXT})}),
    )
    assert checked_schema(schema) == of({"home": {**of({"city": TEXT}), "description": "where they live"}})


def test_a_rule_beside_a_reference_still_counts() -> None:
    schema = of({"n": {"$ref": "#/definitions/n", "maximum": 9}}, definitions={"n": {"minimum": 5}})
    validator = validator_of(checked_schema(schema))
    assert [validator.is_valid({"n": n}) for n in (4, 5, 9, 10)] == [False, True, True, False]


def test_a_property_may_be_named_like_a_keyword() -> None:
    schema = of({"$ref": TEXT, "pattern": TEXT, "$schema": TEXT})
    assert checked_schema(schema) == schema


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.com/schema.json",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "other.json",
        "#anchor",
        "#/properties/x",
        "#/$defs/absent",
    ],
)
def test_what_is_not_among_the_schemas_own_definitions_is_never_followed(reference: str) -> None:
    assert "/properties/x" in refusal(of({"x": {"$ref": reference}}, **defining({"a": TEXT})))


@pytest.mark.parametrize(
    "definitions",
    [
        {"a": {"$ref": "#/$defs/a"}},
        {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
        {"a": of({"child": {"$ref": "#/$defs/a"}})},
    ],
)
def test_a_schema_that_refers_to_itself_is_refused(definitions: JsonObject) -> None:
    assert "itself" in refusal(of({"x": {"$ref": "#/$defs/a"}}, **defining(definitions)))


def test_references_that_unfold_without_end_in_sight_are_refused() -> None:
    doubling: JsonObject = {}
    for i in range(12):
        onwards: JsonObject = {"$ref": f"#/$defs/d{i + 1}"}
        doubling[f"d{i}"] = {"allOf": [onwards, onwards]}
    assert "unfolds" in refusal(of({"x": {"$ref": "#/$defs/d0"}}, **defining({**doubling, "d12": {}})))


def test_as_many_levels_as_allowed_pass_and_one_more_does_not() -> None:
    assert checked_schema(nested(MAX_DEPTH))
    assert "deep" in refusal(nested(MAX_DEPTH + 1))


def test_a_bottomless_schema_is_refused_before_anything_walks_it() -> None:
    assert "deep" in refusal(of({"x": {"default": nested(2_000)}}))


def test_a_schema_of_more_than_64_kib_is_refused() -> None:
    head = len(json.dumps(of({}, description="")))
    assert checked_schema(of({}, description="x" * (MAX_BYTES - head)))
    assert "bytes" in refusal(of({}, description="x" * (MAX_BYTES - head + 1)))


@pytest.mark.parametrize(
    "pattern", ["(?=x)x", "(?<!x)y", r"(a)\1", "(", "a" * 501, "(x{40}){40}", r"\p{L}{99}"]
)
def test_a_pattern_without_a_small_automaton_is_refused_with_its_place(pattern: str) -> None:
    assert "/properties/x/pattern" in refusal(of({"x": {"type": "string", "pattern": pattern}}))
    assert "/patternProperties" in refusal({"type": "object", "patternProperties": {pattern: TEXT}})


def test_a_pattern_that_would_hang_a_backtracking_engine_is_answered_at_once() -> None:
    validator = validator_of(checked_schema(of({"x": {"pattern": "^(a|a)*(a+)+$"}})))
    assert not validator.is_valid({"x": "a" * 100_000 + "!"})


def test_patterns_read_digits_and_word_characters_as_ecma_262_does() -> None:
    validator = validator_of(checked_schema(of({"x": {"pattern": r"^\d{2}-\w$"}})))
    assert validator.is_valid({"x": "12-a"})
    assert not validator.is_valid({"x": "١٢-a"})


def test_too_many_patterns_are_refused() -> None:
    assert "patterns" in refusal(of({f"p{i}": dict[str, JsonValue](pattern=f"^{i}$") for i in range(17)}))


def test_no_other_dialect_can_be_slipped_in() -> None:
    draft_7: JsonObject = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "pattern": "^a$",
        "$id": "https://x.example/",
    }
    assert checked_schema(of({"x": draft_7})) == of({"x": {"pattern": "^a$"}})


@pytest.mark.parametrize("keyword", ["$dynamicRef", "unevaluatedProperties", "unevaluatedItems"])
def test_keywords_that_cost_too_much_are_named(keyword: str) -> None:
    value: JsonValue = "#x" if keyword == "$dynamicRef" else False
    assert keyword in refusal(of({"x": {keyword: value}}))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array"},
        {"type": ["object", "null"]},
        {"properties": {"x": TEXT}},
        {"type": "object", "properties": {"x": {"type": "strange"}}},
        {"type": "object", "properties": ["x"]},
        {"type": "object", "not": {}},
        {"type": "object", "properties": {"x": {"const": float("nan")}}},
        {"type": "object", "title": "\ud800"},
    ],
)
def test_what_describes_no_object_is_refused(schema: JsonObject) -> None:
    assert refusal(schema)


def test_the_relaxed_schema_requires_nothing_but_still_rules_what_is_there() -> None:
    schema = checked_schema(
        of(
            {
                "pay": {
                    "oneOf": [of({"card": TEXT}, required=["card"]), of({"cash": TEXT}, required=["cash"])]
                }
            },
            required=["pay"],
            minProperties=1,
            dependentRequired={"pay": ["order"]},
            allOf=[{"not": {"required": ["forbidden"]}}],
        )
    )
    validator = validator_of(relaxed(schema))
    assert validator.is_valid({})
    assert validator.is_valid({"pay": {}})
    assert not validator.is_valid({"pay": {"card": 1, "cash": 1}})
    assert not validator.is_valid({"forbidden": 1})


def test_misfits_name_the_very_place() -> None:
    schema = checked_schema(
        of(
            {
                "list": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
                "email": {"type": "string", "format": "email"},
                "on": {"type": "string", "format": "date"},
            },
            additionalProperties=False,
        )
    )
    value: JsonValue = {"list": [1, "x"], "email": "nobody", "on": "2024-02-30", "a/b": 1}
    assert sorted(place for place, _ in misfits(validator_of(schema), value)) == [
        "/a~1b",
        "/email",
        "/list/1",
        "/on",
    ]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2024-02-29", "29.2.2024"),
        ("date-time", "2024-02-29T10:00:00Z", "2024-02-29T10:00:00"),
        ("time", "10:00", "25:00"),
        ("email", "ann@example.com", "ann@"),
        ("ipv4", "10.0.0.1", "10.0.0.256"),
        ("ipv6", "::1", ":::1"),
        ("uri", "https://example.com/a", "example com"),
        ("uuid", "6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11", "6b1f5a0e"),
        ("unknown", "anything", None),
    ],
)
def test_formats_are_assertions(name: str, good: str, bad: str | None) -> None:
    validator = validator_of(checked_schema(of({"x": {"format": name}})))
    assert validator.is_valid({"x": good})
    assert validator.is_valid({"x": 5})
    assert bad is None or not validator.is_valid({"x": bad})


names = st.sampled_from(["a", "b", "$ref", "a/b", "~"])
references = st.sampled_from(["#/$defs/a", "#/$defs/b", "#/$defs/a~1b", "#", "https://example.com/a"])
facts = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["object", "array", "string", ["string", "null"], "strange"]),
        "required": st.lists(names, max_size=2, unique=True),
        "minProperties": st.integers(-1, 2),
        "pattern": st.sampled_from(["^a+$", "(?=a)", "["]),
        "enum": st.lists(st.none() | st.floats() | st.text(max_size=2), min_size=1, max_size=2),
        "$ref": references,
        "$id": st.text(max_size=3),
    },
)


def larger(inner: st.SearchStrategy[JsonObject]) -> st.SearchStrategy[JsonObject]:
    some, named = st.lists(inner, min_size=1, max_size=2), st.dictionaries(names, inner, max_size=3)
    parts = st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("properties", "patternProperties", "$defs", "dependentSchemas"), named),
            **dict.fromkeys(("anyOf", "allOf", "oneOf", "prefixItems"), some),
            **dict.fromkeys(("items", "not", "if", "then", "additionalProperties"), inner),
        },
    )
    return st.tuples(parts, facts).map(lambda both: cast(JsonObject, {**both[0], **both[1]}))


@given(st.recursive(facts, larger, max_leaves=12))
def test_whatever_is_sent_is_either_refused_or_fit_for_use(schema: JsonObject) -> None:
    try:
        safe = checked_schema({**schema, "type": "object"})
    except InvalidSchema:
        return
    assert "$ref" not in safe
    assert not misfits(validator_of(relaxed(safe)), {})
    assert checked_schema(safe) == safe
