"""Answers that were recorded are given again: the same figures without any model."""

from pathlib import Path

import pytest
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from evals.cases import Call, ExpectedTalk
from evals.outcomes import TalkOutcome
from evals.players import AGENT
from evals.recording import NotRecorded, RecordingModel, ReplayedModel, Tape, read_tape
from evals.suites import TalkCase
from evals.world import World
from src.models.json_schema import JsonObject
from tests.fixtures.trials import a_talk, judged, talking_as

MUG: JsonObject = {"items": [{"item_id": "1544414386"}], "payment_method_id": "paypal_4721701"}


def buying() -> FunctionModel:
    """Places an order, looks it up by the number that it was given, and tells that number."""

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        returns = [
            part
            for message in messages
            if isinstance(message, ModelRequest)
            for part in message.parts
            if isinstance(part, ToolReturnPart)
        ]
        if not returns:
            return ModelResponse(parts=[ToolCallPart("place_order", MUG)])
        number = str(returns[0].model_response_object()["order_id"])
        if len(returns) == 1:
            return ModelResponse(parts=[ToolCallPart("get_order_details", {"order_id": number})])
        said = {"message": f"It is {number}.", "kind": "done"}
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, said)])

    return FunctionModel(answer, model_name="scripted")


def a_purchase() -> TalkCase:
    return a_talk(ExpectedTalk(calls=[Call(tool="place_order", arguments=MUG)], kind=["done"]), approve=True)


async def test_a_new_orders_number_is_that_of_the_new_run(world: World, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    first = await judged(a_purchase(), RecordingModel(buying(), AGENT, record), world)
    again = await judged(a_purchase(), ReplayedModel(read_tape(record), "scripted", AGENT), world)
    assert first.scores == again.scores
    outcomes = [result.outcome for result in (first, again)]
    numbers: list[object] = []
    for outcome in outcomes:
        assert isinstance(outcome, TalkOutcome)
        looked_up = outcome.calls[-1].arguments["order_id"]
        assert outcome.replies[-1] is not None
        assert outcome.replies[-1].message == f"It is {looked_up}."
        numbers.append(looked_up)
    assert numbers[0] != numbers[1]


async def test_what_was_not_recorded_fails_its_case_alone(world: World) -> None:
    result = await judged(a_purchase(), ReplayedModel(Tape({}), "scripted", AGENT), world)
    assert "has no answer 1 of the agent" in str(result.failure)


async def test_a_record_names_its_models_and_ends_where_it_was_cut_off(world: World, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    await judged(a_talk(ExpectedTalk()), RecordingModel(talking_as([]), AGENT, record), world)
    # Cut off within a letter of two bytes.
    record.write_bytes(record.read_bytes() + b'{"model": "scr\xc3')
    tape = read_tape(record)
    assert (tape.models, len(tape.lines)) == (["scripted"], 1)


@pytest.mark.parametrize("content", ["no record\nat all\n", "{}\n{}\n", "{}", "\nno record"])
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "record.jsonl"
    path.write_text(content)
    with pytest.raises(NotRecorded, match=r"line [12] is none"):
        read_tape(path)


def test_a_file_without_any_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    path.touch()
    with pytest.raises(NotRecorded, match="holds no answers; name a file that --record has written"):
        read_tape(path)


def test_a_record_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotRecorded, match="can't be read"):
        read_tape(tmp_path / "nowhere")
