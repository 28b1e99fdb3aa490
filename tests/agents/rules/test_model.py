"""The rule-based model as the framework uses it: whole answers, streams, and outputs of other shapes."""

from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic_ai import Agent, AgentRunResultEvent
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from agents.rules import RulesModel
from tests.fixtures.small_desk import Talk

MESSAGES = [
    "Where is W1735415?",
    "Cancel W1735415, I ordered it by mistake.",
    "Hello!",
    "what is 3 * (2 + 4.5)?",
]


def output_tool(**properties: Any) -> ModelRequestParameters:
    schema = {"type": "object", "properties": properties}
    tool = ToolDefinition(name="final_result", parameters_json_schema=schema, kind="output")
    return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)


async def answer(text: str, parameters: ModelRequestParameters) -> ModelResponse:
    return await RulesModel().request([ModelRequest(parts=[UserPromptPart(text)])], None, parameters)


async def streamed(text: str, parameters: ModelRequestParameters) -> ModelResponse:
    messages: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart(text)])]
    async with RulesModel().request_stream(messages, None, parameters) as stream:
        async for _ in stream:
            pass
        return stream.get()


class TestProtocol:
    def test_it_says_what_it_is(self) -> None:
        assert (RulesModel().model_name, RulesModel().system) == ("rules", "orderdesk")

    async def test_equal_messages_get_equal_answers_and_usage(self) -> None:
        one, two = [await answer("hello", ModelRequestParameters()) for _ in range(2)]
        assert [part.content for part in one.parts if part.part_kind == "text"] == [  # pyright: ignore[reportAttributeAccessIssue]
            part.content
            for part in two.parts
            if part.part_kind == "text"  # pyright: ignore[reportAttributeAccessIssue]
        ]
        assert one.usage == two.usage
        assert one.usage.output_tokens > 0

    async def test_a_stream_yields_the_same_parts_in_pieces(self) -> None:
        parameters = output_tool(message={"type": "string"})
        for message in MESSAGES:
            whole, pieces = await answer(message, parameters), await streamed(message, parameters)
            assert [call.args_as_dict() for call in pieces.tool_calls] == [
                call.args_as_dict() for call in whole.tool_calls
            ]
            assert pieces.usage == whole.usage

    async def test_an_agent_can_stream_a_conversation(self) -> None:
        agent = Agent(RulesModel())
        async with agent.run_stream_events("who are you?") as events:
            results = [
                event.result.output async for event in events if isinstance(event, AgentRunResultEvent)
            ]
        assert "rule-based" in results[0]


class TestOutputs:
    async def test_without_an_output_tool_it_answers_in_plain_text(self) -> None:
        assert "rule-based" in (await Agent(RulesModel()).run("what are you?")).output

    async def test_a_reply_fills_only_the_places_that_the_output_has(self) -> None:
        class Short(BaseModel):
            message: str

        assert (await Agent(RulesModel(), output_type=Short).run("hello")).output.message.startswith("Hello")

    async def test_a_kind_that_the_output_does_not_know_becomes_one_that_it_does(self) -> None:
        class Narrow(BaseModel):
            message: str
            kind: Literal["info", "other"]

        assert (await Agent(RulesModel(), output_type=Narrow).run("hello")).output.kind == "info"

    async def test_any_other_shape_is_read_out_of_the_text(self) -> None:
        class Contact(BaseModel):
            email: str

        result = await Agent(RulesModel(), output_type=Contact).run("Write to ann.lee@example.com please.")
        assert result.output.email == "ann.lee@example.com"

    async def test_data_with_evidence_gets_both(self) -> None:
        data = {"type": "object", "properties": {"email": {"type": "string", "format": "email"}}}
        parameters = output_tool(data=data, evidence={"type": "array", "items": {"type": "object"}})
        response = await answer("<document>\nMail: ann.lee@example.com\n</document>", parameters)
        [call] = response.tool_calls
        assert call.args_as_dict() == {
            "data": {"email": "ann.lee@example.com"},
            "evidence": [{"path": "/email", "quote": "ann.lee@example.com"}],
        }


@settings(max_examples=50, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(
                [
                    "cancel",
                    "return",
                    "W1735415",
                    "the mug",
                    "for",
                    "don't",
                    '"',
                    "> ",
                    "\n",
                    "1 + ",
                    "#",
                    "address",
                    "paypal",
                    "yes",
                    "if",
                ]
            ),
            max_size=25,
        ).map(" ".join),
    )
)
async def test_no_text_makes_it_fail(text: str) -> None:
    said = await Talk().say(text or "?")
    assert said.reply is None or said.reply.message


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "cancel my order",
                "yes",
                "no",
                "the first one",
                "W1735415",
                "return the mug",
                "by mistake",
                "paypal",
                "swap it",
                "hi",
                "buy a kettle",
            ]
        ),
        min_size=2,
        max_size=6,
    )
)
async def test_no_order_of_messages_makes_it_fail(texts: list[str]) -> None:
    talk = Talk()
    for text in texts:
        said = await talk.say(text)
        assert said.reply is None or said.reply.message
    assert talk.desk.done == []
