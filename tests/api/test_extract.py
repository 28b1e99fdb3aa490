"""POST /api/agents/extraction/extract, on the model of the tests' own provider."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from pydantic import JsonValue

from src.config import Settings
from src.models.json_schema import JsonObject
from tests.fixtures.desk import Desk, Person, open_desk
from tests.fixtures.openai_server import MODEL, OpenAIServer, calls
from tests.fixtures.tokens import Pool
from tests.fixtures.wire import until

PATH = "/api/agents/extraction/extract"
TEXT = "Ann Lee, ann@example.com"
ANN = calls(
    "final_result",
    {
        "data": {"first_name": "Ann", "last_name": "Smith"},
        "evidence": [{"path": "/first_name", "quote": "Ann"}, {"path": "/last_name", "quote": "Lee"}],
    },
)
COLOUR: JsonObject = {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}


@pytest.fixture(scope="module")
async def desk_on_openai(desk_settings: Settings, pool: Pool, openai: OpenAIServer) -> AsyncGenerator[Desk]:
    async with open_desk(desk_settings.model_copy(update={"agent_model": MODEL}), pool) as desk:
        yield desk


@pytest.fixture
def person(desk_on_openai: Desk) -> Person:
    return desk_on_openai.person()


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    return found


async def test_a_text_is_read_and_what_it_does_not_bear_out_is_missing(
    person: Person, openai: OpenAIServer
) -> None:
    openai.will(ANN)
    answer = await person.post(PATH, {"text": TEXT, "schema": "person"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "data": {"first_name": "Ann"},
        "evidence": [{"path": "/first_name", "quote": "Ann", "start": 0, "end": 3}],
        "missing": ["/last_name", "/email", "/phone", "/birth_date", "/company", "/job_title"],
    }


async def test_documents_are_answered_one_by_one_in_their_order(person: Person, openai: OpenAIServer) -> None:
    openai.will(
        calls("final_result", {"data": {"colour": "red"}, "evidence": [{"path": "/colour", "quote": "red"}]})
    )
    documents: JsonValue = [{"name": "a.txt", "text": "It is red."}, {"text": "It is blue."}, {"text": "red"}]
    answer = await person.post(PATH, {"documents": documents, "schema": COLOUR})
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [(item["name"], item["data"], item["missing"]) for item in items] == [
        ("a.txt", {"colour": "red"}, []),
        (None, {}, ["/colour"]),
        (None, {"colour": "red"}, []),
    ]


async def test_a_clients_own_schema_reaches_the_model_with_its_references_written_out(
    person: Person, openai: OpenAIServer
) -> None:
    openai.will(calls("final_result", {"data": {}, "evidence": []}))
    schema: JsonObject = {
        "type": "object",
        "properties": {"home": {"$ref": "#/$defs/home"}},
        "$defs": {"home": {"type": "object", "properties": {"city": {"type": "string"}}}},
    }
    answer = await person.post(PATH, {"text": TEXT, "schema": schema})
    assert (answer.json()["data"], answer.json()["missing"]) == ({}, ["/home"])
    sent = openai.asked[0]["tools"][0]["function"]["parameters"]["properties"]["data"]
    assert sent["properties"]["home"]["properties"] == {"city": {"type": "string"}}


async def test_an_extraction_is_audited_as_a_read(
    person: Person, openai: OpenAIServer, desk_on_openai: Desk
) -> None:
    openai.will(ANN)
    await person.post(PATH, {"text": TEXT, "schema": "person"})
    admin = desk_on_openai.admin()

    async def is_audited() -> bool:
        trail = (await admin.get("/api/audit", user_id=person.user_id)).json()
        return "extraction.run" in {entry["action"] for entry in trail["items"]}

    await until(is_audited)


@pytest.mark.parametrize(
    "body",
    [
        {"schema": "person"},
        {"text": TEXT},
        {"text": TEXT, "documents": [{"text": TEXT}], "schema": "person"},
        {"text": "", "schema": "person"},
        {"text": 5, "schema": "person"},
        {"documents": [], "schema": "person"},
        {"documents": [{"text": TEXT, "more": 1}], "schema": "person"},
        {"text": TEXT, "schema": "invoice"},
        {"text": TEXT, "schema": ["person"]},
        {"text": TEXT, "schema": "person", "more": 1},
        {"text": "é" * (128 * 1024 + 1), "schema": "person"},
        {"documents": [{"text": "x" * 1024}] * 51, "schema": "person"},
    ],
)
async def test_a_body_of_another_shape_is_refused(
    person: Person, openai: OpenAIServer, body: JsonValue
) -> None:
    openai.will(ANN)
    assert problem(await person.post(PATH, body), 422)["code"] == "invalid"
    assert not openai.asked


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "array"},
        {"type": "object", "properties": {"x": {"$ref": "https://example.com/x.json"}}},
        {"type": "object", "properties": {"x": {"pattern": "(?=x)"}}},
        {"type": "object", "description": "x" * 65_536},
    ],
)
async def test_a_schema_that_can_not_be_used_is_refused(
    person: Person, openai: OpenAIServer, schema: JsonValue
) -> None:
    openai.will(ANN)
    assert problem(await person.post(PATH, {"text": TEXT, "schema": schema}), 422)["code"] == "invalid_schema"
    assert not openai.asked


async def test_nobody_extracts_without_a_token(desk_on_openai: Desk) -> None:
    answer = await desk_on_openai.client.post(PATH, json={"text": TEXT, "schema": "person"})
    assert problem(answer, 401)["code"] == "not_authenticated"


async def test_the_extraction_agent_is_talked_to_in_plain_messages(
    person: Person, openai: OpenAIServer
) -> None:
    data: JsonObject = {"person": {"first_name": "Ann"}}
    openai.will(
        calls("final_result", {"data": data, "evidence": [{"path": "/person/first_name", "quote": "Ann"}]})
    )
    answer = await person.post("/api/agents/extraction/chat", {"message": TEXT})
    assert answer.status_code == 200, answer.text
    assert answer.json()["output"]["data"] == data
    assert answer.json()["model"].startswith("test-model")


async def test_a_desk_without_a_providers_key_extracts_by_its_rules(desk: Desk) -> None:
    text = "Hi, this is Ann Lee, you can reach me at ann.lee@example.com."
    answer = await desk.person().post(PATH, {"text": text, "schema": "person"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["data"] == {"first_name": "Ann", "last_name": "Lee", "email": "ann.lee@example.com"}
    assert all(each["quote"] == text[each["start"] : each["end"]] for each in found["evidence"])
