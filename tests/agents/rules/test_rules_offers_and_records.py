"""Orders told in prose and in records, and offers that are nobody's order."""

from typing import cast

from agents.rules.extraction.filling import fill
from src.models.extraction import BuiltIn, built_in
from src.models.json_schema import JsonObject

RECORD = """{"event": "order/created", "payload": {"id": 58, "name": "#2290", "currency": "AUD",
 "total_price": "61.50", "discount_codes": [{"code": "LEAF9", "amount": "9.00"}],
 "shipping_address": {"address1": "27 Banksia Street", "city": "Footscray", "province": "Victoria",
  "province_code": "VIC", "country": "Australia", "country_code": "AU", "zip": "3011"},
 "line_items": [{"sku": "A-1", "title": "Pot", "quantity": 2, "price": "30.75"}]}}"""

MOVED = """{"ship_from": {"line1": "870 Cannery Loop", "city": "Oshkosh", "region": "WI", "postal": "54902"},
 "ship_to": {"previous": {"line1": "22 Prospect Ave", "city": "Appleton", "region": "WI", "postal": "54914"},
  "current": {"line1": "5 Juniper Road", "city": "Menasha", "region": "WI", "postal": "54952"}}}"""

OFFERS = """View in browser

This week: copper trowel, now £17.00, and 20 bean seeds for £2.49.
Use code DIG15 by 31 March 2026.
Unsubscribe | offers@spade.example"""


def _order(text: str) -> JsonObject:
    return cast("JsonObject", fill(built_in(BuiltIn.ORDER), text).data)


def test_how_many_are_ordered_is_no_order_number() -> None:
    assert _order("I'd like to order 12 mugs, please.") == {"items": [{"name": "mugs", "quantity": 12}]}


def test_a_word_before_a_price_is_no_part_of_the_thing() -> None:
    data = _order("Zamówiłam 3 świece (po 45 zł) oraz 1 dyfuzor za 79 zł.")
    assert data["items"] == [
        {"name": "świece", "quantity": 3, "unit_price": "45"},
        {"name": "dyfuzor", "quantity": 1, "unit_price": "79"},
    ]


def test_a_rebate_in_a_record_is_neither_number_nor_total() -> None:
    data = _order(RECORD)
    assert (data["order_id"], data["total_amount"]) == ("2290", "61.50")
    assert data["shipping_address"] == {
        "address1": "27 Banksia Street",
        "city": "Footscray",
        "state": "Victoria",
        "country": "Australia",
        "zip": "3011",
    }


def test_of_the_previous_and_the_current_address_of_a_record_the_current_one_counts() -> None:
    data = fill(built_in(BuiltIn.ADDRESS), MOVED).data
    assert data == {"address1": "5 Juniper Road", "city": "Menasha", "state": "WI", "zip": "54952"}


def test_a_newsletter_orders_nothing() -> None:
    assert _order(OFFERS) == {}
