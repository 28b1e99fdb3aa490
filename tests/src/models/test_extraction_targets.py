"""The built-in targets of extraction."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import JsonValue

from src.models.extraction import BuiltIn, ExtractedOrder, anything, built_in
from src.models.json_schema import JsonObject, checked_schema
from src.models.schema_validator import misfits, validator_of

ORDER: JsonObject = {
    "order_id": "W100",
    "order_date": "2024-05-03",
    "email": "ann@example.com",
    "items": [{"name": "Lamp", "quantity": 2, "unit_price": "35.50"}],
    "currency": "EUR",
    "total_amount": "71.00",
    "shipping_address": {"city": "Springfield"},
}


@pytest.mark.parametrize("kind", BuiltIn)
def test_each_built_in_schema_passes_the_guard_requires_nothing_and_offers_no_null(kind: BuiltIn) -> None:
    schema = built_in(kind)
    assert checked_schema(schema) == schema
    assert validator_of(schema).is_valid({})
    assert "null" not in str(schema)
    assert "default" not in str(schema)


def test_what_fits_the_schema_of_an_order_is_one_with_exact_money_and_real_dates() -> None:
    assert misfits(validator_of(built_in(BuiltIn.ORDER)), ORDER) == []
    order = ExtractedOrder.model_validate(ORDER)
    assert (order.total_amount, order.order_date) == (Decimal("71.00"), date(2024, 5, 3))
    assert order.model_dump(mode="json", exclude_none=True) == ORDER


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total_amount", "$71.00"),
        ("total_amount", 71.0),
        ("currency", "euros"),
        ("order_date", "3 May 2024"),
        ("email", "ann"),
        ("items", [{"quantity": 0}]),
        ("mood", "calm"),
    ],
)
def test_what_does_not_fit_is_seen(name: str, value: JsonValue) -> None:
    assert misfits(validator_of(built_in(BuiltIn.ORDER)), {name: value})


def test_a_message_may_tell_of_all_three() -> None:
    order: JsonObject = {"order": ORDER, "person": {"first_name": "Ann"}, "address": {"zip": "12345"}}
    assert misfits(validator_of(anything()), order) == []
