"""What is left of an answer once the code has checked it against the text."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from agents.evidence import Checked, Claim, Document, checked
from agents.pruning import leaves_of
from agents.quotes import bears_out
from src.models.extraction import BuiltIn, Evidence, built_in
from src.models.json_schema import JsonObject, checked_schema
from src.models.schema_validator import misfits

TEXT = """Ann Lee here.
2 x Lamp at $35.50
3 x Mug at $7
Total 92.00, paid."""

ORDER = Document(TEXT, built_in(BuiltIn.ORDER))


def check(document: Document, data: JsonObject, /, **quotes: str) -> Checked:
    claims = [Claim(path=path.replace("__", "/"), quote=quote) for path, quote in quotes.items()]
    return checked(document, data, claims)


def document_of(text: str, **properties: JsonValue) -> Document:
    return Document(text, checked_schema({"type": "object", "properties": properties}))


def test_a_value_with_its_words_is_kept_with_their_place() -> None:
    answer = check(ORDER, {"customer_name": "Ann Lee"}, __customer_name="Ann Lee")
    assert answer.problems == []
    assert answer.extraction.data == {"customer_name": "Ann Lee"}
    assert answer.extraction.evidence == [Evidence(path="/customer_name", quote="Ann Lee", start=0, end=7)]
    assert answer.extraction.missing == [
        f"/{name}" for name in cast("JsonObject", ORDER.schema["properties"]) if name != "customer_name"
    ]


@pytest.mark.parametrize(
    ("quotes", "problem"),
    [
        ({}, "has no evidence"),
        ({"__total_amount": "Total 93.00"}, "does not stand"),
        ({"__total_amount": "$7"}, "is not what its quote says"),
        ({"__total_amount": " "}, "does not stand"),
        ({"__total_amount": "2.00"}, "is not what its quote says"),
    ],
)
def test_a_value_without_words_that_say_it_is_missing(quotes: dict[str, str], problem: str) -> None:
    answer = check(ORDER, {"total_amount": "93.00"}, **quotes)
    assert len(answer.problems) == 1
    assert answer.problems[0].startswith("/total_amount ")
    assert problem in answer.problems[0]
    assert answer.extraction.data == {}
    assert "/total_amount" in answer.extraction.missing


def test_words_that_stand_twice_are_taken_next_to_what_belongs_with_them() -> None:
    text = "Lamp 2 pieces, Mug 2 pieces"
    data: JsonObject = {"items": [{"name": "Mug", "quantity": 2}, {"name": "Lamp", "quantity": 2}]}
    order = Document(text, built_in(BuiltIn.ORDER))
    found = check(
        order,
        data,
        __items__0__name="Mug",
        __items__0__quantity="2",
        __items__1__name="Lamp",
        __items__1__quantity="2",
    )
    starts = {each.path: each.start for each in found.extraction.evidence}
    assert starts == {
        "/items/0/name": 15,
        "/items/0/quantity": 19,
        "/items/1/name": 0,
        "/items/1/quantity": 5,
    }


def test_a_part_of_a_number_bears_nothing_out_and_words_cut_short_are_made_whole() -> None:
    document = document_of("12 lamps, 35.50 each", lamps={"type": "integer"}, price={"type": "number"})
    data: JsonObject = {"lamps": 2, "price": 35}
    assert check(document, data, __lamps="2", __price="35").extraction.data == {}
    [evidence] = check(document, {"lamps": 12}, __lamps="2 lam").extraction.evidence
    assert evidence.quote == "12 lamps"


def test_words_for_a_whole_line_bear_out_each_of_its_values() -> None:
    line: JsonObject = {"name": "Mug", "quantity": 3, "unit_price": "7"}
    answer = check(ORDER, {"items": [line]}, __items__0="3 x Mug at $7")
    assert answer.problems == []
    assert {each.path for each in answer.extraction.evidence} == {f"/items/0/{name}" for name in line}


@pytest.mark.parametrize(
    "path", ["customer_name", "#/customer_name", "/data/customer_name", " /customer_name "]
)
def test_the_ways_in_which_models_write_a_place_are_understood(path: str) -> None:
    claim = Claim(path=path, quote="Ann Lee")
    assert checked(ORDER, {"customer_name": "Ann Lee"}, [claim]).extraction.data == {
        "customer_name": "Ann Lee"
    }


def test_what_is_left_of_a_list_moves_up_with_its_evidence_and_the_lost_is_counted_on_behind() -> None:
    document = document_of("red and blue", colours={"type": "array", "items": {"type": "string"}})
    answer = check(
        document,
        {"colours": ["green", "blue", None, "pink", "red"]},
        __colours__1="blue",
        __colours__4="red",
    )
    assert answer.extraction.data == {"colours": ["blue", "red"]}
    assert [(each.path, each.quote) for each in answer.extraction.evidence] == [
        ("/colours/0", "blue"),
        ("/colours/1", "red"),
    ]
    assert answer.extraction.missing == ["/colours/2", "/colours/3"]


def test_null_blank_and_empty_values_are_absent_and_no_problem() -> None:
    answer = check(
        ORDER, {"customer_name": None, "email": " ", "items": [{}], "shipping_address": {"city": None}}
    )
    assert answer.problems == []
    assert answer.extraction.data == {}
    assert {"/customer_name", "/email", "/items", "/shipping_address"} <= {*answer.extraction.missing}


def test_what_breaks_the_schema_is_named_and_left_out_alone() -> None:
    document = document_of(
        "It is red, 12 years old.",
        colour={"type": "string", "maxLength": 2},
        age={"type": "integer"},
    )
    answer = check(document, {"colour": "red", "age": 12}, __colour="red", __age="12")
    assert len(answer.problems) == 1
    assert "/colour does not fit the schema" in answer.problems[0]
    assert answer.extraction.data == {"age": 12}
    assert answer.extraction.missing == ["/colour"]


def test_an_unknown_property_is_left_out_and_its_siblings_stay() -> None:
    answer = check(
        ORDER, {"customer_name": "Ann Lee", "mood": "here"}, __customer_name="Ann Lee", __mood="here"
    )
    assert answer.extraction.data == {"customer_name": "Ann Lee"}


def test_a_choice_needs_standing_words_but_not_its_own() -> None:
    document = document_of(
        "I'd like my money back", intent={"enum": ["refund", "exchange"]}, calm={"type": "boolean"}
    )
    kept = check(document, {"intent": "refund", "calm": True}, __intent="my money back", __calm="I'd like")
    assert kept.extraction.data == {"intent": "refund", "calm": True}
    lost = check(document, {"intent": "refund", "calm": True}, __intent="give me money", __calm="")
    assert lost.extraction.data == {}


def test_a_choice_is_known_behind_alternatives_and_lists() -> None:
    choice: JsonObject = {"anyOf": [{"type": "null"}, {"enum": ["S", "M"]}]}
    document = document_of("small ones", sizes={"type": "array", "items": choice})
    assert check(document, {"sizes": ["S"]}, __sizes__0="small").extraction.data == {"sizes": ["S"]}


def test_what_is_required_but_not_told_is_missing_rather_than_an_error() -> None:
    schema = checked_schema(
        {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "required": ["a", "b"],
        }
    )
    answer = check(Document("alpha", schema), {"a": "alpha"}, __a="alpha")
    assert (answer.problems, answer.extraction.data, answer.extraction.missing) == (
        [],
        {"a": "alpha"},
        ["/b"],
    )


def test_of_alternatives_the_one_that_fits_says_what_is_missing() -> None:
    schema = checked_schema(
        {
            "type": "object",
            "oneOf": [
                {"properties": {"kind": {"const": "card"}, "digits": {"type": "string"}}},
                {"properties": {"kind": {"const": "cash"}, "coins": {"type": "integer"}}},
            ],
        }
    )
    answer = check(Document("paid in cash", schema), {"kind": "cash"}, __kind="cash")
    assert answer.extraction.missing == ["/coins"]


def test_offsets_count_code_points() -> None:
    document = document_of("🙂🙂 Zoë", name={"type": "string"})
    [evidence] = check(document, {"name": "Zoë"}, __name="Zoë").extraction.evidence
    assert (evidence.start, evidence.end) == (3, 6)


words = st.sampled_from(
    ["Ann", "Lee", "Ann Lee", "2", "35.50", "$35.50", "Lamp", "92.00", "Zoë", "", "a\tb", "x" * 9]
)
scalars = st.none() | st.booleans() | st.integers(-3, 99) | st.floats() | words
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "/", "~1"]), inner, max_size=3)
    ),
    max_leaves=8,
)
SCHEMAS = [
    built_in(BuiltIn.ORDER),
    checked_schema({"type": "object"}),
    checked_schema(
        {
            "type": "object",
            "properties": {
                "a": {"type": "array", "minItems": 2, "items": {"type": ["string", "number"]}},
                "b": {"anyOf": [{"type": "integer"}, {"type": "object", "additionalProperties": False}]},
            },
            "patternProperties": {"^/": {"uniqueItems": True, "contains": {"type": "string"}}},
            "required": ["a"],
        }
    ),
]


@given(
    around=st.lists(words | st.text(max_size=6), max_size=8),
    schema=st.sampled_from(SCHEMAS),
    data=st.dictionaries(
        st.sampled_from(["a", "b", "/x", "customer_name", "items"]), values, min_size=2, max_size=4
    ),
    quotes=st.lists(words | st.text(max_size=3), min_size=1, max_size=6),
    said=st.sets(st.integers(0, 8), min_size=4),
    whole=st.booleans(),
)
def test_whatever_a_model_claims_only_what_the_text_says_is_returned(
    around: list[str],
    schema: JsonObject,
    data: dict[str, JsonValue],
    quotes: list[str],
    said: set[int],
    whole: bool,
) -> None:
    leaves = [*leaves_of(data)]
    text = " ".join([*around, *(str(leaf.value) for i, leaf in enumerate(leaves) if i in said), *around])
    document = Document(text, schema)
    claims = [
        Claim(
            path="" if whole else leaf.path, quote=str(leaf.value) if i in said else quotes[i % len(quotes)]
        )
        for i, leaf in enumerate(leaves)
    ]
    extraction = checked(document, data, claims).extraction
    evidence = {each.path: each for each in extraction.evidence}
    kept = {leaf.path: leaf.value for leaf in leaves_of(extraction.data)}
    assert evidence.keys() == kept.keys()
    for path, each in evidence.items():
        assert each.quote
        assert each.quote == text[each.start : each.end]
        assert bears_out(each.quote, kept[path])
    assert not misfits(document.validator, extraction.data)
    assert not {*extraction.missing} & {*kept}
