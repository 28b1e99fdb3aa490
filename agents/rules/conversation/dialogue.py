"""The framework's messages as a dialogue: what was said in each turn, what was called, what came of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from pydantic import JsonValue
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_core import to_jsonable_python

Arguments = Mapping[str, JsonValue]

_CUSTOMER: Final = re.compile(r"^Customer id: *(\S{1,64})", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """A tool that is to be called."""

    tool: str
    arguments: Arguments


@dataclass(frozen=True)
class Result:
    """A call that was made, and what came of it; `outcome` is the framework's word."""

    call: Call
    outcome: str
    content: JsonValue

    @property
    def is_success(self) -> bool:
        return self.outcome == "success"


@dataclass
class Turn:
    """What the customer said, and all that happened until they said the next thing."""

    said: str
    results: list[Result] = field(default_factory=list[Result])
    steps: int = 0
    is_answered: bool = False
    is_output_refused: bool = False


@dataclass(frozen=True)
class Dialogue:
    customer_id: str | None
    turns: list[Turn]


def read_dialogue(messages: Sequence[ModelMessage], outputs: frozenset[str], instructions: str) -> Dialogue:
    """The dialogue that some messages record.

    Args:
        messages: The framework's record.
        outputs: The names of the tools by which the reply itself is given.
        instructions: What the model is told now; it names the customer.
    """
    reader = _Reader(outputs)
    for message in messages:
        if isinstance(message, ModelRequest):
            instructions = message.instructions or instructions
            reader.heard(message)
        else:
            reader.answered(message)
    named = _CUSTOMER.search(instructions)
    return Dialogue(named[1] if named else None, reader.turns)


class _Reader:
    def __init__(self, outputs: frozenset[str]) -> None:
        self.turns: list[Turn] = []
        self._outputs = outputs
        self._calls: dict[str, Call] = {}

    def heard(self, message: ModelRequest) -> None:
        for part in message.parts:
            if isinstance(part, UserPromptPart):
                self._said(_words(part))
            elif isinstance(part, ToolReturnPart) and self.turns:
                self._returned(part, self.turns[-1])

    def _said(self, words: str) -> None:
        if self.turns and not self.turns[-1].steps:
            self.turns[-1].said += f"\n{words}"
        else:
            self.turns.append(Turn(words))

    def _returned(self, part: ToolReturnPart, turn: Turn) -> None:
        if part.tool_name in self._outputs:
            turn.is_output_refused = part.outcome == "retried"
            return
        call = self._calls.get(part.tool_call_id, Call(part.tool_name, {}))
        content = cast("JsonValue", to_jsonable_python(part.content, fallback=str))
        turn.results.append(Result(call, part.outcome, content))

    def answered(self, message: ModelResponse) -> None:
        if not self.turns:
            return
        turn = self.turns[-1]
        turn.steps += 1
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                self._calls[part.tool_call_id] = Call(part.tool_name, _arguments(part))
                turn.is_answered |= part.tool_name in self._outputs
            elif isinstance(part, TextPart) and part.content.strip():
                turn.is_answered = True


def _arguments(part: ToolCallPart) -> Arguments:
    try:
        return part.args_as_dict()
    except ValueError:
        return {}


def _words(part: UserPromptPart) -> str:
    content: str | Iterable[object] = part.content
    return (
        content if isinstance(content, str) else "\n".join(each for each in content if isinstance(each, str))
    )
