"""What clients are answered when the model behind the agents fails."""

from collections.abc import AsyncGenerator

import pytest
from pydantic import JsonValue

from src.config import Settings
from tests.fixtures.desk import Desk, Person, open_desk
from tests.fixtures.openai_server import (
    DROPPED,
    MODEL,
    SILENT,
    OpenAIServer,
    Reply,
    calls,
    fails,
)
from tests.fixtures.tokens import Pool

ASKED: dict[str, JsonValue] = {
    "/api/agents/support/chat": {"message": "Where is my order?"},
    "/api/agents/extraction/chat": {"message": "Ann Lee"},
    "/api/agents/extraction/extract": {"text": "Ann Lee", "schema": "person"},
}
FAILURES = {
    "429": (fails(429, "rate_limit_exceeded"), "model_busy"),
    "500": (fails(500, "server_error"), "model_unavailable"),
    "a dropped connection": (DROPPED, "model_unavailable"),
    "malformed for ever": (calls("final_result", '{"message": '), "model_misbehaved"),
}


async def served_by(settings: Settings, pool: Pool, **changed: object) -> AsyncGenerator[Desk]:
    async with open_desk(settings.model_copy(update={"agent_model": MODEL, **changed}), pool) as desk:
        yield desk


@pytest.fixture(scope="module")
async def patient(desk_settings: Settings, pool: Pool, openai: OpenAIServer) -> AsyncGenerator[Desk]:
    async for desk in served_by(desk_settings, pool):
        yield desk


@pytest.fixture(scope="module")
async def impatient(desk_settings: Settings, pool: Pool, openai: OpenAIServer) -> AsyncGenerator[Desk]:
    """A desk that gives its model a moment only."""
    async for desk in served_by(desk_settings, pool, agent_timeout=0.3):
        yield desk


async def assert_clear_problem(person: Person, path: str, code: str) -> None:
    answer = await person.post(path, ASKED[path])
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == code
    assert "SECRET" not in answer.text


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize(("reply", "code"), FAILURES.values(), ids=FAILURES.keys())
async def test_a_models_failure_is_a_clear_problem(
    patient: Desk, openai: OpenAIServer, path: str, reply: Reply, code: str
) -> None:
    person = await patient.customer()
    openai.will(reply)
    await assert_clear_problem(person, path, code)


@pytest.mark.parametrize("path", ASKED)
async def test_a_models_silence_is_a_time_out(impatient: Desk, openai: OpenAIServer, path: str) -> None:
    person = await impatient.customer()
    openai.will(SILENT)
    await assert_clear_problem(person, path, "model_timeout")


async def test_a_conversation_goes_on_after_a_failure(patient: Desk, openai: OpenAIServer) -> None:
    person = await patient.customer()
    order = await patient.order(person)
    reply: JsonValue = {"message": f"Order {order['order_id']} is pending.", "kind": "answer"}
    openai.will(calls("get_order_details", {"order_id": order["order_id"]}), calls("final_result", reply))
    first = (await person.post("/api/agents/support/chat", {"message": "Where is my order?"})).json()
    assert first["output"]["message"] == f"Order {order['order_id']} is pending."
    assert [(call["tool"], call["outcome"]) for call in first["tool_calls"]] == [("get_order_details", "ok")]
    onwards = {"message": "Thanks", "conversation_id": first["conversation_id"]}
    openai.will(fails(500, "server_error"))
    assert (await person.post("/api/agents/support/chat", onwards)).status_code == 503
    openai.will(calls("final_result", {"message": "You are welcome.", "kind": "done"}))
    second = (await person.post("/api/agents/support/chat", onwards)).json()
    assert second["output"]["message"] == "You are welcome."
    said = [message["content"] for message in openai.asked[-1]["messages"] if message["role"] == "user"]
    assert said == ["Where is my order?", "Thanks"]
    assert order["order_id"] in str([m for m in openai.asked[-1]["messages"] if m["role"] == "tool"])
