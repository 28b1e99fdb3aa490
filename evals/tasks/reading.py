"""Taking a reading case: one text, one answer."""

from collections.abc import Sequence
from typing import cast

from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart

from agents.engine import Engine
from agents.extraction import run_extraction
from agents.transcript import OUTPUT_TOOL, usage_of
from evals.cases import Reading
from evals.outcomes import ReadingOutcome, Spent
from src.models.conversation import Usage
from src.models.json_schema import JsonObject


async def read(engine: Engine, case: Reading) -> ReadingOutcome:
    """What the extraction agent reads out of the text."""
    result = await run_extraction(engine, case.text, case.schema_asked)
    return ReadingOutcome(
        data=result.output.data,
        reported=_reported(result.new_messages()),
        evidence=result.output.evidence,
        spent=spent_of(usage_of(result.usage, result.new_messages())),
    )


def _reported(messages: Sequence[ModelMessage]) -> JsonObject:
    """What the model's first report holds; nothing if it can't be read."""
    for message in messages:
        for part in message.parts if isinstance(message, ModelResponse) else ():
            if isinstance(part, ToolCallPart) and part.tool_name.startswith(OUTPUT_TOOL):
                data = part.args_as_dict(raise_if_invalid=False).get("data")
                return cast("JsonObject", data) if isinstance(data, dict) else {}
    return {}


def spent_of(usage: Usage) -> Spent:
    return Spent(
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=None if usage.cost is None else float(usage.cost),
    )
