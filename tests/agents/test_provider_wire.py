"""A provider's model over a real wire: what it does right, and what becomes of everything it does wrong."""

import json
from collections.abc import Awaitable

import pytest
from pydantic_ai import Agent

from agents.engine import Engine
from agents.extraction import run_extraction
from agents.models import choose_model
from src.models.errors import DeskError
from src.models.extraction import BuiltIn, Person, built_in
from src.models.json_schema import JsonObject
from tests.fixtures.openai_server import (
    DROPPED,
    DROPPED_MIDWAY,
    MODEL,
    SILENT,
    OpenAIServer,
    Reply,
    calls,
    fails,
    says,
)

TEXT = "Ann Lee, ann@example.com"
GOOD: JsonObject = {"data": {"first_name": "Ann"}, "evidence": [{"path": "/first_name", "quote": "Ann Lee"}]}
UNBORNE: JsonObject = {"data": {"first_name": "Bob"}, "evidence": [{"path": "/first_name", "quote": "Bob"}]}


def engine(timeout: float = 30, name: str = MODEL) -> Engine:
    return Engine(choose_model(name, timeout=timeout), 10, timeout)


async def extract(seconds: float = 30) -> JsonObject:
    run = await run_extraction(engine(seconds), TEXT, built_in(BuiltIn.PERSON))
    return run.output.data


async def failure_of(asked: Awaitable[object]) -> DeskError:
    with pytest.raises(DeskError) as failed:
        await asked
    return failed.value


async def test_a_typed_answer_comes_over_the_wire_with_its_usage(openai: OpenAIServer) -> None:
    openai.will(calls("final_result", GOOD))
    run = await run_extraction(engine(), TEXT, built_in(BuiltIn.PERSON))
    assert run.output.data == {"first_name": "Ann"}
    assert (run.usage.requests, run.usage.input_tokens, run.usage.output_tokens) == (1, 11, 7)
    assert openai.keys == {"Bearer sk-test-of-the-suite"}


async def test_the_provider_is_sent_the_targets_schema_as_a_tool(openai: OpenAIServer) -> None:
    openai.will(calls("final_result", GOOD))
    await extract()
    [asked] = openai.asked
    assert asked["model"] == "test-model"
    [tool] = asked["tools"]
    shape = tool["function"]["parameters"]["properties"]["data"]["properties"]
    assert list(shape) == list(Person.model_fields)
    assert asked["messages"][-1]["content"] == f"<document>\n{TEXT}\n</document>"


@pytest.mark.parametrize(
    ("malformed", "complaint"),
    [
        (calls("final_result", '{"data": {"first_na'), "JSON"),
        (calls("final_result", {"data": {}}), "evidence"),
        (calls("final_result", UNBORNE), "does not stand in the document"),
        (calls("another_tool", {}), "another_tool"),
        (says("Her name is Ann."), "tool call"),
    ],
    ids=["broken JSON", "half an answer", "made up", "an unknown tool", "prose"],
)
async def test_a_malformed_answer_is_sent_back_and_mended(
    openai: OpenAIServer, malformed: Reply, complaint: str
) -> None:
    openai.will(malformed, calls("final_result", GOOD))
    assert await extract() == {"first_name": "Ann"}
    assert len(openai.asked) == 2
    assert complaint in json.dumps(openai.asked[1]["messages"][-1])


async def test_a_second_turn_goes_on_from_the_first_with_its_tool_call(openai: OpenAIServer) -> None:
    agent = Agent(output_type=str)
    seen: list[str] = []

    @agent.tool_plain
    def look_up(order_id: str) -> str:
        seen.append(order_id)
        return "delivered"

    model = engine().model
    openai.will(calls("look_up", {"order_id": "W1"}), says("It was delivered."), says("You are welcome."))
    first = await agent.run("Where is W1?", model=model)
    second = await agent.run("Thanks", model=model, message_history=first.all_messages())
    assert (first.output, second.output, seen) == ("It was delivered.", "You are welcome.", ["W1"])
    roles = [message["role"] for message in openai.asked[-1]["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]


FAILURES = {
    "429": (fails(429, "rate_limit_exceeded"), "model_busy"),
    "500": (fails(500, "server_error"), "model_unavailable"),
    "503": (fails(503, "overloaded"), "model_unavailable"),
    "401": (fails(401, "invalid_api_key"), "model_unavailable"),
    "400": (fails(400, "context_length_exceeded"), "invalid"),
    "a dropped connection": (DROPPED, "model_unavailable"),
    "half an answer": (DROPPED_MIDWAY, "model_unavailable"),
    "no JSON": (Reply(body="not a completion"), "model_misbehaved"),
    "prose for ever": (says("I would rather not."), "model_misbehaved"),
}


@pytest.mark.parametrize(("reply", "code"), FAILURES.values(), ids=FAILURES.keys())
async def test_each_failure_of_the_provider_has_its_own_clear_error(
    openai: OpenAIServer, reply: Reply, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    openai.will(reply)
    error = await failure_of(extract())
    assert error.code == code
    assert "SECRET" not in error.detail
    assert "model failed" in caplog.text


async def test_silence_ends_in_a_time_out(openai: OpenAIServer) -> None:
    openai.will(SILENT)
    assert (await failure_of(extract(seconds=0.3))).code == "model_timeout"


async def test_what_goes_wrong_once_is_tried_once_more(openai: OpenAIServer) -> None:
    openai.will(fails(500, "server_error"), calls("final_result", GOOD))
    assert await extract() == {"first_name": "Ann"}


async def test_a_chain_goes_on_with_its_next_model(openai: OpenAIServer) -> None:
    chain = engine(name=f"{MODEL}, openai-chat:second")
    openai.will(*[fails(429, "rate_limit_exceeded")] * 2, calls("final_result", GOOD))
    run = await run_extraction(chain, TEXT, built_in(BuiltIn.PERSON))
    assert run.output.data == {"first_name": "Ann"}
    assert [asked["model"] for asked in openai.asked] == ["test-model", "test-model", "second"]


async def test_a_chain_of_which_none_answers_says_so(openai: OpenAIServer) -> None:
    openai.will(fails(429, "rate_limit_exceeded"))
    chain = engine(name=f"{MODEL},openai-chat:second")
    assert (await failure_of(run_extraction(chain, TEXT, built_in(BuiltIn.PERSON)))).code == "model_busy"
