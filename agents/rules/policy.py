"""What the rule-based model answers, by the shape that is asked for: a reply, or what a text says."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from pydantic_ai.messages import ModelMessage, ModelRequest, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from agents.rules.conversation.dialogue import Dialogue, read_dialogue
from agents.rules.conversation.policy import converse
from agents.rules.conversation.replies import Reply, shaped
from agents.rules.extraction.filling import fill

Part = TextPart | ToolCallPart
Schema = Mapping[str, object]

_DOCUMENT: Final = re.compile(r"\s*<document>\n?(.*?)\n?</document>\s*", re.DOTALL)


def respond(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[Part]:
    """The parts of the answer: calls of offered tools, or the output in the shape that is asked for."""
    schema = _output_schema(parameters)
    if schema is not None and "message" not in _properties(schema):
        return [_output(_read(schema, messages), parameters)]
    dialogue = _dialogue(messages, parameters)
    answer = converse(dialogue, frozenset(tool.name for tool in parameters.function_tools))
    if not isinstance(answer, Reply):
        return [ToolCallPart(call.tool, dict(call.arguments)) for call in answer]
    if schema is None:
        return [TextPart(answer.message)]
    is_plain = bool(dialogue.turns) and dialogue.turns[-1].is_output_refused
    return [_output(shaped(answer, schema, is_plain=is_plain), parameters)]


def _dialogue(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> Dialogue:
    outputs = frozenset(tool.name for tool in parameters.output_tools)
    instructions = "\n".join(part.content for part in parameters.instruction_parts or [])
    return read_dialogue(messages, outputs, instructions)


def _output_schema(parameters: ModelRequestParameters) -> Schema | None:
    if parameters.output_tools:
        return parameters.output_tools[0].parameters_json_schema
    return parameters.output_object.json_schema if parameters.output_object else None


def _output(arguments: Mapping[str, object], parameters: ModelRequestParameters) -> Part:
    if parameters.output_tools:
        return ToolCallPart(parameters.output_tools[0].name, dict(arguments))
    return TextPart(json.dumps(arguments))


def _properties(schema: Schema) -> Schema:
    return cast("Schema", schema.get("properties") or {})


def _read(schema: Schema, messages: Sequence[ModelMessage]) -> Mapping[str, object]:
    """A text read by a schema; where the schema asks for `data` with its `evidence`, both."""
    text = _text(messages)
    properties = _properties(schema)
    if not {"data", "evidence"} <= properties.keys():
        found = fill(schema, text).data
        return found if isinstance(found, dict) else {}
    filled = fill(cast("Schema", properties["data"]), text)
    evidence = [{"path": path, "quote": quote} for path, quote in filled.evidence]
    return {"data": filled.data, "evidence": evidence}


def _text(messages: Sequence[ModelMessage]) -> str:
    """The newest text that somebody gave, out of its wrapping."""
    for message in reversed(messages):
        if isinstance(message, ModelRequest):
            said = [str(part.content) for part in message.parts if isinstance(part, UserPromptPart)]
            if said:
                text = "\n".join(said)
                wrapped = _DOCUMENT.fullmatch(text)
                return wrapped[1] if wrapped else text
    return ""
