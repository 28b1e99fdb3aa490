"""Orders in the forms in which shops, firms and people write them."""

from typing import cast

import pytest

from agents.rules.extraction.filling import fill
from src.models.extraction import BuiltIn, built_in
from src.models.json_schema import JsonObject


def told(text: str) -> JsonObject:
    return cast("JsonObject", fill(built_in(BuiltIn.ORDER), text).data)


CHAIR = {"name": "Chair Alma", "quantity": 2, "unit_price": "60.00", "item_id": "CH-12"}


@pytest.mark.parametrize(
    "text",
    [
        "Chair Alma\nRef. CH-12\n2 pcs | \u20ac60.00 each | \u20ac120.00",
        "1. Chair Alma (CH-12) - 2 nos. @ \u20ac60.00 - \u20ac120.00",
        "- Chair Alma (r\u00e9f. CH-12) : 2 \u00d7 60,00 \u20ac",
        "cod. CH-12    Chair Alma      n.  2    cad.  60,00 \u20ac",
        "001 Chair Alma   P/N CH-12   QTY 0002   UNIT EUR 60.00",
        "Chair Alma (CH-12) ....... 2 st. ..... \u00e1 60,00 \u20ac",
    ],
)
def test_an_item_is_read_in_any_order_of_its_parts(text: str) -> None:
    assert told(text)["items"] == [CHAIR]


def test_a_line_total_is_no_unit_price_where_the_bill_adds_up_so() -> None:
    text = (
        "Cup x 3 ....... \u20ac30\nPlate x 1 ....... \u20ac8\nPostage ....... \u20ac5\nTotal ....... \u20ac43"
    )
    assert told(text)["items"] == [
        {"name": "Cup", "quantity": 3},
        {"name": "Plate", "quantity": 1, "unit_price": "8"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Order: B-2001\n1 x Mug \u20ac5.00\nTotal \u20ac5.00\n\n> Order: B-1001\n> 4 x Bowl \u20ac9.00",
        "Order B-1001 (4 bowls, \u20ac36.00 in total) was cancelled. "
        "I write about order B-2001: one Mug at \u20ac5.00, \u20ac5.00 in total.",
    ],
)
def test_only_the_order_that_the_text_is_about_is_told(text: str) -> None:
    found = told(text)
    assert (found["order_id"], found["total_amount"]) == ("B-2001", "5.00")
    assert [item["name"] for item in cast("list[JsonObject]", found["items"])] == ["Mug"]


def test_what_came_instead_was_not_ordered() -> None:
    found = told("I ordered a green kettle, order 55-120. What came: 1 x Toaster Max.")
    assert [item["name"] for item in cast("list[JsonObject]", found["items"])] == ["green kettle"]


def test_wishes_are_counted_in_several_languages() -> None:
    found = told("Ik wil graag bestellen: twintig zakken meel en drie dozen thee.")
    assert found["items"] == [{"name": "meel", "quantity": 20}, {"name": "thee", "quantity": 3}]


def test_a_shop_greets_its_customer_and_signs_itself() -> None:
    text = "Hej Malin\n\nTack f\u00f6r din best\u00e4llning, order 77-10.\n\nMvh\nLampboden"
    assert told(text)["customer_name"] == "Malin"


@pytest.mark.parametrize(
    ("text", "currency"),
    [("Total $ 12.00\nShip to Auckland", "NZD"), ("Total: 12,00 $ CA", "CAD"), ("TOTAL GBP  12.00", "GBP")],
)
def test_a_currency_is_the_one_that_the_text_names(text: str, currency: str) -> None:
    assert told(text)["currency"] == currency


def test_things_with_a_price_alone_are_items_of_an_order_that_is_spoken_of() -> None:
    text = (
        "Order LK-2291: the Orla lamp (sage, £64.00) came cracked, and the dimmer plug, £11.50, is missing."
    )
    assert told(text)["items"] == [
        {"name": "Orla lamp", "unit_price": "64.00"},
        {"name": "dimmer plug", "unit_price": "11.50"},
    ]
