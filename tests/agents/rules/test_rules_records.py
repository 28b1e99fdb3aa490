"""Orders in the data of programs: JSON, XML and tables of several orders."""

from typing import cast

from agents.rules.extraction.filling import fill
from agents.rules.extraction.records import find_records
from src.models.extraction import BuiltIn, built_in
from src.models.json_schema import JsonObject


def told(text: str) -> JsonObject:
    return cast("JsonObject", fill(built_in(BuiltIn.ORDER), text).data)


JSON = """POST /hooks/orders
{"order": {"reference": "LF-7712", "placed": "2026-02-27T21:14:08+01:00",
  "customer": {"name": "Ann Lee", "email": "ann.lee@example.net"},
  "ship_to": {"line1": "Birkenweg 8", "line2": "2. OG", "city": "Innsbruck", "postcode": "6020"},
  "lines": [{"sku": "LAMP-S", "title": "Clip lamp, small", "qty": 1, "unit_price": "39.90"},
            {"sku": "BULB-4", "title": "Bulb 4 W", "qty": 3, "unit_price": {"amount": "6.50"}}],
  "currency": "EUR", "grand_total": "59.40"}}"""


def test_json_is_read_by_the_names_around_its_values() -> None:
    assert told(JSON) == {
        "order_id": "LF-7712",
        "order_date": "2026-02-27",
        "customer_name": "Ann Lee",
        "email": "ann.lee@example.net",
        "items": [
            {"name": "Clip lamp, small", "quantity": 1, "unit_price": "39.90", "item_id": "LAMP-S"},
            {"name": "Bulb 4 W", "quantity": 3, "unit_price": "6.50", "item_id": "BULB-4"},
        ],
        "currency": "EUR",
        "total_amount": "59.40",
        "shipping_address": {
            "address1": "Birkenweg 8",
            "address2": "2. OG",
            "city": "Innsbruck",
            "zip": "6020",
        },
    }


def test_a_price_of_a_hundred_is_no_price_of_one() -> None:
    xml = (
        "<Bestellung><BestellNr>WS-70</BestellNr><Positionen>"
        '<Pos artikel="M6-40"><Text>Schraube</Text><Menge>500</Menge><Preis je="100 Stück">6.40</Preis></Pos>'
        '<Pos artikel="K-1"><Text>Kabel</Text><Menge>3</Menge><Preis je="1 Beutel">2.95</Preis></Pos>'
        "</Positionen></Bestellung>"
    )
    cells = [{cell.label: cell.value.of(xml) for cell in item} for item in find_records(xml).items]
    assert cells == [
        {"artikel": "M6-40", "text": "Schraube", "menge": "500"},
        {"artikel": "K-1", "text": "Kabel", "menge": "3", "preis": "2.95"},
    ]


def test_of_a_table_with_several_orders_the_named_one_is_read() -> None:
    text = (
        "Only 931 bounced, have a look please.\n\n"
        "order_no,placed,customer,sku,description,qty,unit_price,cur\n"
        '930,2026-01-18,Lise Moreau,GL-3,"Lantern, bronze",1,34.00,EUR\n'
        '931,2026-01-19,Karim Haddad,GL-3,"Lantern, bronze",2,34.00,EUR\n'
        "931,2026-01-19,Karim Haddad,CN-1,Refill,6,4.25,EUR\n"
    )
    found = told(text)
    assert (found["order_id"], found["customer_name"], found["order_date"]) == (
        "931",
        "Karim Haddad",
        "2026-01-19",
    )
    assert found["items"] == [
        {"name": "Lantern, bronze", "quantity": 2, "unit_price": "34.00", "item_id": "GL-3"},
        {"name": "Refill", "quantity": 6, "unit_price": "4.25", "item_id": "CN-1"},
    ]


def test_a_text_that_tells_of_no_order_names_no_customer_and_no_day() -> None:
    text = "Spring cleaning on 25 April 2026. Can't come? Tell Ida Moe, ida.moe@example.no.\n\nThe board"
    assert told(text) == {}


def test_the_day_of_a_delivery_is_no_day_of_the_order() -> None:
    text = "May we order 8 rye loaves at £3.80 a loaf? First drop Tuesday 7 April 2026.\n\nTobias Hale"
    assert "order_date" not in told(text)


def test_things_listed_with_their_number_are_items() -> None:
    text = "Every Monday please:\n\nfruit box: 3 (285 kr. a box)\nmilk 1 l: 12\n\nBest wishes\nSigne Thorup"
    assert [(item["name"], item["quantity"]) for item in cast("list[JsonObject]", told(text)["items"])] == [
        ("fruit box", 3),
        ("milk 1 l", 12),
    ]
