"""Last stop: the extraction agent. Every value comes with the words that say it."""

from tests.fixtures.desk import Desk

EXTRACT = "/api/agents/extraction/extract"
TEXT = "Hello, my name is Ann Lee. You can reach me at ann.lee@example.com or +1 215 555 0134."


async def test_a_person_is_read_out_of_a_letter(desk: Desk) -> None:
    ann = desk.person()
    found = (await ann.post(EXTRACT, {"text": TEXT, "schema": "person"})).json()
    assert found["data"]["email"] == "ann.lee@example.com"
    assert found["data"]["first_name"] == "Ann"


async def test_each_value_is_borne_out_by_a_quote(desk: Desk) -> None:
    ann = desk.person()
    found = (await ann.post(EXTRACT, {"text": TEXT, "schema": "person"})).json()
    assert found["evidence"]
    for evidence in found["evidence"]:
        assert TEXT[evidence["start"] : evidence["end"]] == evidence["quote"]


async def test_what_the_text_does_not_say_is_missing_and_not_made_up(desk: Desk) -> None:
    ann = desk.person()
    found = (await ann.post(EXTRACT, {"text": "Nothing to see here.", "schema": "person"})).json()
    assert found["data"] == {}
    assert "/email" in found["missing"]


async def test_any_schema_will_do(desk: Desk) -> None:
    ann = desk.person()
    schema = {
        "type": "object",
        "properties": {"invoice_number": {"type": "string"}, "total": {"type": "number"}},
    }
    text = "Invoice number: INV-2041\nTotal: $1,249.50"
    found = (await ann.post(EXTRACT, {"text": text, "schema": schema})).json()
    assert found["data"] == {"invoice_number": "INV-2041", "total": 1249.5}
