"""Recording what models answer, and answering from such a record: a paid run is made once.

Each answer is kept under its trial, the role that asked (the agent, a simulated customer, a judge) and its
number within the trial. What the desk made up meanwhile, such as a new order's number, differs from run to
run: it is recorded with the answer, and replaced by what stands for it when the answer is given again.
"""

import json
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_ai import RunContext
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolReturnPart
from pydantic_ai.models import (
    CompletedStreamedResponse,
    Model,
    ModelRequestParameters,
    StreamedResponse,
)
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from evals.lines import append
from evals.trials import Trial
from src.models.base import Record

_RESPONSE: Final = TypeAdapter(ModelResponse)
_ANSWER: Final = TypeAdapter(dict[str, object])
_NUMBERS: Final = ("order_id", "handover_id")
_MAKING: Final = frozenset({"place_order", "transfer_to_human_agents"})


class NotRecorded(ValueError):
    """The record has no such answer: the run asks for something that the recorded one did not."""


class Kept(Record):
    """One line of a record."""

    model: str
    trial: str
    role: str
    number: int
    made: list[str]
    response: dict[str, Any]


@dataclass
class _Asking:
    """The trial under way, and how often each role has asked in it."""

    trial: Trial
    asked: Counter[str] = field(default_factory=Counter[str])
    made: list[str] = field(default_factory=list[str])

    def hears(self, messages: Sequence[ModelMessage]) -> None:
        """What the desk made is told to the agent alone, and may be said by everybody from then on."""
        if found := _made(messages):
            self.made = found

    def next(self, role: str) -> int:
        self.asked[role] += 1
        return self.asked[role]


_asking: ContextVar[_Asking] = ContextVar("asking")


def begin(trial: Trial) -> None:
    """What models are asked from here on, in this task, belongs to this trial."""
    _asking.set(_Asking(trial))


class RecordingModel(WrapperModel):
    """A model whose answers are written down as they come."""

    def __init__(self, wrapped: Model, role: str, record: Path) -> None:
        super().__init__(wrapped)
        self._role, self._record = role, record

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        response = await super().request(messages, model_settings, model_request_parameters)
        now = _asking.get()
        now.hears(messages)
        line = Kept(
            model=now.trial.model,
            trial=now.trial.place,
            role=self._role,
            number=now.next(self._role),
            made=now.made,
            response=_RESPONSE.dump_python(response, mode="json"),
        )
        append(self._record, line.model_dump_json())
        return response


@dataclass(frozen=True)
class Tape:
    """A record that was read."""

    lines: Mapping[tuple[str, str, str, int], Kept]

    @property
    def models(self) -> list[str]:
        return list(dict.fromkeys(line.model for line in self.lines.values()))

    def find(self, role: str) -> Kept:
        """The answer to what is asked now.

        Raises:
            NotRecorded: there is none.
        """
        now = _asking.get()
        number = now.next(role)
        found = self.lines.get((now.trial.model, now.trial.place, role, number))
        if found is None:
            raise NotRecorded(f"The record has no answer {number} of the {role} in {now.trial.place}.")
        return found


def read_tape(path: Path) -> Tape:
    """Raises NotRecorded where the file is no record; a last line that was cut off is left out."""
    lines: dict[tuple[str, str, str, int], Kept] = {}
    try:
        rows = path.read_bytes().split(b"\n")
    except OSError as error:
        raise NotRecorded(f"{path} can't be read: {error.strerror}.") from error
    for place, row in enumerate(rows):
        is_cut_off = bool(lines) and place == len(rows) - 1
        if row and (kept := _kept(path, place, row, may_be_none=is_cut_off)):
            lines[kept.model, kept.trial, kept.role, kept.number] = kept
    if not lines:
        raise NotRecorded(f"{path} holds no answers; name a file that --record has written.")
    return Tape(lines)


def _kept(path: Path, place: int, row: bytes, *, may_be_none: bool) -> Kept | None:
    try:
        return Kept.model_validate_json(row)
    except ValidationError as error:
        if may_be_none:
            return None
        raise NotRecorded(f"{path} is no record of answers: line {place + 1} is none.") from error


class ReplayedModel(Model[None]):
    """A model that answers from a record alone."""

    def __init__(self, tape: Tape, name: str, role: str) -> None:
        super().__init__()
        self._tape, self._name, self._role = tape, name, role

    @property
    def model_name(self) -> str:
        return self._name

    @property
    def system(self) -> str:
        return "record"

    @property
    def provider(self) -> None:
        return None

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        self.prepare_request(model_settings, model_request_parameters)
        kept, asked = self._tape.find(self._role), _asking.get()
        asked.hears(messages)
        text = json.dumps(kept.response)
        for then, now in zip(kept.made, asked.made, strict=False):
            text = text.replace(then, now)
        return _RESPONSE.validate_json(text)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,  # noqa: ARG002 - the framework's
    ) -> AsyncGenerator[StreamedResponse]:
        response = await self.request(messages, model_settings, model_request_parameters)
        yield CompletedStreamedResponse(response, model_request_parameters=model_request_parameters)


def _made(messages: Sequence[ModelMessage]) -> list[str]:
    """The numbers that the desk gave to what it made in this conversation."""
    parts = (part for message in messages if isinstance(message, ModelRequest) for part in message.parts)
    contents = [
        cast("object", part.content)
        for part in parts
        if isinstance(part, ToolReturnPart) and part.tool_name in _MAKING
    ]
    made = [_ANSWER.validate_python(content) for content in contents if isinstance(content, dict)]
    return [str(answer[name]) for answer in made for name in _NUMBERS if name in answer]
