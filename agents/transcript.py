"""Reading the framework's record of messages: what was said, which calls were made, what came of them."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from pydantic import JsonValue
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.usage import RunUsage

from src.models.base import plain
from src.models.conversation import Approval, ApprovalStatus, ToolCall, Usage

OUTPUT_TOOL: Final = "final_result"
_REFUSAL: Final = re.compile(r"^([a-z_]{3,40}): ")


def read_history(history: str) -> list[ModelMessage]:
    return ModelMessagesTypeAdapter.validate_json(history)


def write_history(messages: Sequence[ModelMessage]) -> str:
    return ModelMessagesTypeAdapter.dump_json(list(messages)).decode()


def with_returns(messages: Sequence[ModelMessage], approvals: Iterable[Approval]) -> list[ModelMessage]:
    """The messages with what came of the commands that waited, each once; what still waits stays open."""
    known = {
        part.tool_call_id
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart)
    }
    found = [part for approval in approvals for part in _returns(approval)]
    parts = [part for part in found if part.tool_call_id not in known]
    if not parts:
        return list(messages)
    if messages and isinstance(messages[-1], ModelRequest):
        return [*messages[:-1], ModelRequest(parts=[*messages[-1].parts, *parts])]
    return [*messages, ModelRequest(parts=parts)]


def _returns(approval: Approval) -> list[ToolReturnPart]:
    content: JsonValue
    if approval.outcome is not None:
        content, outcome = approval.outcome.content, "success" if approval.outcome.carried_out else "failed"
    elif approval.status is ApprovalStatus.DENIED:
        note = f" They say: {approval.note}" if approval.note else ""
        content, outcome = f"The customer declined this.{note}", "denied"
    elif approval.status is ApprovalStatus.WITHDRAWN:
        content, outcome = "Withdrawn: the customer did not decide on this and went on.", "denied"
    else:
        return []
    return [
        ToolReturnPart(approval.tool, content, tool_call_id=call_id, outcome=outcome)
        for call_id in approval.tool_call_ids
    ]


def latest_turn(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    """The messages from the user's last one on."""
    starts = [
        i
        for i, message in enumerate(messages)
        if isinstance(message, ModelRequest) and any(isinstance(p, UserPromptPart) for p in message.parts)
    ]
    return list(messages[starts[-1] :]) if starts else list(messages)


def tool_calls(messages: Sequence[ModelMessage]) -> list[ToolCall]:
    """The calls in these messages, each with its outcome; calls that only shape the reply are left out."""
    outcomes = {
        part.tool_call_id: _outcome(part)
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart)
    }
    return [
        ToolCall(
            tool=part.tool_name,
            arguments=_arguments(part),
            outcome=outcomes.get(part.tool_call_id, "waiting"),
        )
        for message in messages
        if isinstance(message, ModelResponse)
        for part in message.parts
        if isinstance(part, ToolCallPart) and not part.tool_name.startswith(OUTPUT_TOOL)
    ]


def decided_calls(approvals: Iterable[Approval]) -> list[ToolCall]:
    """The commands of a run that its conversation has left behind, each with what came of it."""
    return [
        ToolCall(tool=approval.tool, arguments=approval.arguments, outcome=_outcome(returned))
        for approval in approvals
        for returned in _returns(approval)
    ]


def _arguments(part: ToolCallPart) -> dict[str, JsonValue]:
    try:
        return part.args_as_dict()
    except ValueError:
        return {"malformed": str(part.args)[:1000]}


def _outcome(part: ToolReturnPart) -> str:
    if part.outcome == "success":
        return "ok"
    named = _REFUSAL.match(str(part.content))
    return named[1] if part.outcome == "failed" and named else part.outcome


def usage_of(usage: RunUsage, messages: Iterable[ModelMessage]) -> Usage:
    return Usage(
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=_cost(message for message in messages if isinstance(message, ModelResponse)),
    )


def _cost(responses: Iterable[ModelResponse]) -> str | None:
    try:
        return plain(sum((response.cost().total_price for response in responses), Decimal(0)))
    except (LookupError, ValueError):
        return None


def spoken(messages: Iterable[ModelMessage]) -> list[dict[str, JsonValue]]:
    """The conversation as a person reads it: who said what and when, and the calls in between."""
    return [line for message in messages for line in _lines(message)]


def _lines(message: ModelMessage) -> list[dict[str, JsonValue]]:
    lines: list[dict[str, JsonValue]] = []
    for part in message.parts:
        if isinstance(part, UserPromptPart):
            lines.append({"role": "user", "content": str(part.content), "at": part.timestamp.isoformat()})
        elif isinstance(part, TextPart):
            lines.append({"role": "assistant", "content": part.content})
        elif isinstance(part, ToolCallPart):
            said = part.tool_name.startswith(OUTPUT_TOOL)
            lines.append({"role": "assistant" if said else "call", "content": _said(part)})
    return lines


def _said(part: ToolCallPart) -> JsonValue:
    arguments = _arguments(part)
    if part.tool_name.startswith(OUTPUT_TOOL):
        return arguments.get("message", arguments)
    return {"tool": part.tool_name, "arguments": arguments}
