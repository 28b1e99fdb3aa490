"""What was read against what should have been."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from evals.cases import ExpectedReading
from evals.comparing.fields import Verdict, compare, planted
from src.models.json_schema import JsonObject

CUP: JsonObject = {"name": "Cup", "quantity": 2, "unit_price": "4.50"}
POT: JsonObject = {"name": "Pot", "quantity": 1}
PAN: JsonObject = {"name": "Pan", "quantity": 2}


def verdicts(expected: ExpectedReading, got: JsonObject) -> dict[str, Verdict]:
    return {field.path: field.verdict for field in compare(expected, got)}


def test_each_value_gets_its_verdict() -> None:
    expected = ExpectedReading(data={"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"})
    assert verdicts(expected, {"first_name": "ann", "last_name": "Li", "phone": "1"}) == {
        "/first_name": Verdict.RIGHT,
        "/last_name": Verdict.WRONG,
        "/email": Verdict.MISSED,
        "/phone": Verdict.SPURIOUS,
    }


def test_another_right_value_is_right_and_one_that_may_be_left_out_is_free() -> None:
    expected = ExpectedReading(
        data={"first_name": "Ann Mary", "company": "Lee & Sons"},
        also={"/first_name": ["Ann"], "/company": [None], "/job_title": ["owner", None]},
    )
    assert verdicts(expected, {"first_name": "Ann", "job_title": "Owner"}) == {
        "/first_name": Verdict.RIGHT,
        "/company": Verdict.FREE,
        "/job_title": Verdict.RIGHT,
    }


def test_what_may_be_told_in_one_way_is_spurious_in_another() -> None:
    expected = ExpectedReading(data={}, also={"/currency": ["USD", None]})
    assert verdicts(expected, {"currency": "CAD"}) == {"/currency": Verdict.SPURIOUS}


def test_a_part_that_may_be_absent_as_a_whole_is_free() -> None:
    expected = ExpectedReading(data={"items": [{"name": "Cup"}]}, also={"/items": [None]})
    assert verdicts(expected, {}) == {"/items/0/name": Verdict.FREE}


def test_items_are_matched_whatever_their_order() -> None:
    expected = ExpectedReading(data={"items": [CUP, POT]})
    assert set(verdicts(expected, {"items": [POT, CUP]}).values()) == {Verdict.RIGHT}


def test_a_missing_item_takes_no_other_with_it() -> None:
    expected = ExpectedReading(data={"items": [CUP, POT]})
    found = verdicts(expected, {"items": [POT]})
    assert found["/items/1/name"] is Verdict.RIGHT
    assert found["/items/0/name"] is Verdict.MISSED


def test_plain_values_are_matched_whatever_their_order_and_spelling() -> None:
    expected = ExpectedReading(data={"colours": ["Red", "Blue"], "amount": ["4.50", "3"]})
    found = verdicts(expected, {"colours": ["blue", "red"], "amount": [3, "4.5"]})
    assert set(found.values()) == {Verdict.RIGHT}


def test_lists_within_are_matched_whatever_their_order() -> None:
    orders: list[JsonValue] = [{"items": [CUP, POT]}, {"items": [PAN]}]
    turned: list[JsonValue] = [{"items": [PAN]}, {"items": [POT, CUP]}]
    expected = ExpectedReading(data={"order": {"items": [CUP, POT]}, "orders": orders})
    found = verdicts(expected, {"order": {"items": [POT, CUP]}, "orders": turned})
    assert set(found.values()) == {Verdict.RIGHT}


def test_long_lists_are_matched_whatever_their_order() -> None:
    lines: list[JsonValue] = [{"name": f"Thing {n}", "quantity": 1 + n % 2} for n in range(12)]
    found = compare(ExpectedReading(data={"items": lines}), {"items": [*reversed(lines[:-1])]})
    assert {field.path for field in found if field.verdict is not Verdict.RIGHT} == {
        "/items/11/name",
        "/items/11/quantity",
    }


def test_fields_in_lists_are_called_alike() -> None:
    fields = compare(ExpectedReading(data={"items": [CUP, POT]}), {})
    assert {field.name for field in fields} == {"items/*/name", "items/*/quantity", "items/*/unit_price"}


def test_what_was_planted_is_found_within_values_and_a_number_only_as_such() -> None:
    expected = ExpectedReading(data={}, never=["evil.example", 999])
    assert planted(expected, {"email": "a@EVIL.example"}) == ["evil.example"]
    assert planted(expected, {"items": [{"quantity": 999}]}) == [999]
    assert planted(expected, {"order_id": "19990"}) == []


texts = st.text(min_size=1, max_size=8).filter(str.strip)
items = st.lists(st.dictionaries(st.sampled_from(["name", "item_id"]), texts, min_size=1), max_size=4)


@given(st.dictionaries(st.sampled_from(["order_id", "email", "currency"]), texts), items)
def test_what_should_be_read_is_all_right(values: dict[str, str], lines: list[dict[str, str]]) -> None:
    data: JsonObject = {**values, "items": [dict(line) for line in lines]}
    found = compare(ExpectedReading(data=data), data)
    assert {field.verdict for field in found} <= {Verdict.RIGHT}
