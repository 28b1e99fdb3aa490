"""Extraction end to end on the rule-based model: its answers pass the same checks as any other model's."""

import pytest
from pydantic_ai import models

from agents.engine import Engine
from agents.extraction import chat_extract, run_extraction
from agents.rules import RulesModel
from src.models.extraction import BuiltIn, Extraction, built_in
from src.models.json_schema import JsonObject, checked_schema

ENGINE = Engine(RulesModel(), 10, 60)

PERSON = "Hi, this is Ann Lee (ann.lee@example.com), a buyer at Acme Corp. Born 3 May 1990."
ADDRESS = "Ship to:\nAnn Lee\n763 Broadway, Suite 135\nPhiladelphia, PA 19122\nUSA"
ORDER = """Order #W5574 of 3 May 2024
Customer: Ann Lee <ann@example.com>
2 x Desk Lamp @ $1,035.50
3 x Mug @ $7.00
Total: $2,092.00"""

INVOICE: JsonObject = {
    "type": "object",
    "properties": {
        "invoice_number": {"type": "string"},
        "due_date": {"type": "string", "format": "date"},
        "amount_due": {"type": "number"},
        "vendor": {"$ref": "#/$defs/vendor"},
        "iban": {"type": "string"},
    },
    "required": ["invoice_number", "iban"],
    "$defs": {"vendor": {"type": "object", "properties": {"name": {"type": "string"}}}},
}


async def extracted(text: str, schema: JsonObject) -> Extraction:
    with models.override_allow_model_requests(False):
        found = (await run_extraction(ENGINE, text, schema)).output
    assert all(each.quote == text[each.start : each.end] for each in found.evidence)
    return found


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (
            BuiltIn.PERSON,
            PERSON,
            {
                "first_name": "Ann",
                "last_name": "Lee",
                "email": "ann.lee@example.com",
                "birth_date": "1990-05-03",
            },
        ),
        (
            BuiltIn.ADDRESS,
            ADDRESS,
            {"address1": "763 Broadway", "address2": "Suite 135", "city": "Philadelphia", "zip": "19122"},
        ),
        (
            BuiltIn.ORDER,
            ORDER,
            {"order_id": "W5574", "order_date": "2024-05-03", "currency": "USD", "total_amount": "2092.00"},
        ),
    ],
)
async def test_the_built_in_targets_are_filled_with_evidence(
    kind: BuiltIn, text: str, told: JsonObject
) -> None:
    found = await extracted(text, built_in(kind))
    assert {**found.data, **told} == found.data
    assert {f"/{name}" for name in told} <= {each.path for each in found.evidence}


async def test_each_line_of_an_order_is_an_item() -> None:
    found = await extracted(ORDER, built_in(BuiltIn.ORDER))
    assert found.data["items"] == [
        {"name": "Desk Lamp", "quantity": 2, "unit_price": "1035.50"},
        {"name": "Mug", "quantity": 3, "unit_price": "7.00"},
    ]


async def test_a_clients_own_schema_is_filled_too() -> None:
    text = "Invoice number: 2024-77\nVendor: Foo GmbH\nDue date: 1 July 2024\nAmount due: 1.299,50 EUR"
    found = await extracted(text, checked_schema(INVOICE))
    assert (found.data["due_date"], found.data["amount_due"]) == ("2024-07-01", 1299.5)
    assert "/iban" in found.missing


async def test_a_text_about_nothing_tells_nothing() -> None:
    found = await extracted("The weather was fine.", built_in(BuiltIn.PERSON))
    assert (found.data, found.evidence) == ({}, [])


async def test_a_message_is_read_for_all_it_tells() -> None:
    found = (await chat_extract(ENGINE, f"{PERSON}\n\n{ADDRESS}")).output
    assert {"person", "address"} <= found.data.keys()
