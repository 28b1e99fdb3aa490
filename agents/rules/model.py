"""The rule-based model as the framework sees it: whole answers and streams, with deterministic usage."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pydantic_ai import RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    ModelResponsePart,
    ModelResponseStreamEvent,
    TextPart,
    ToolCallPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from agents.rules.policy import Part, respond

NAME: Final = "rules"
SYSTEM: Final = "orderdesk"
_CHARACTERS_A_TOKEN: Final = 4
_CHUNK: Final = 24
_SHORT: Final = 4_000


class RulesModel(Model[None]):
    """Answers by rules alone: equal messages get equal answers, and nothing leaves the process."""

    def __init__(self, *, settings: ModelSettings | None = None) -> None:
        profile = ModelProfile(supports_json_schema_output=True, supports_json_object_output=True)
        super().__init__(settings=settings, profile=profile)

    @property
    def model_name(self) -> str:
        return NAME

    @property
    def system(self) -> str:
        return SYSTEM

    @property
    def provider(self) -> None:
        return None

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        return await _answer(messages, parameters)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,  # noqa: ARG002 - the framework's signature
    ) -> AsyncGenerator[StreamedResponse]:
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        yield _Stream(parameters, _whole=await _answer(messages, parameters))


async def _answer(messages: list[ModelMessage], parameters: ModelRequestParameters) -> ModelResponse:
    """Long texts are read in a thread: that takes no less time, but others have their turn meanwhile."""
    if _heard(messages[-1]) < _SHORT:
        return _response(messages, respond(messages, parameters))
    return _response(messages, await asyncio.to_thread(respond, messages, parameters))


def _response(messages: Sequence[ModelMessage], parts: Sequence[Part]) -> ModelResponse:
    calls = any(isinstance(part, ToolCallPart) for part in parts)
    usage = RequestUsage(
        input_tokens=_tokens(map(_heard, messages)), output_tokens=_tokens(map(_said, parts))
    )
    return ModelResponse(
        parts=list(parts),
        usage=usage,
        model_name=NAME,
        provider_name=SYSTEM,
        finish_reason="tool_call" if calls else "stop",
    )


def _tokens(lengths: Iterable[int]) -> int:
    """What a language model would count, roughly: limits and budgets work alike on every model."""
    return sum(lengths) // _CHARACTERS_A_TOKEN + 1


def _heard(message: ModelMessage) -> int:
    return sum(len(str(getattr(part, "content", "") or getattr(part, "args", ""))) for part in message.parts)


def _said(part: Part) -> int:
    return len(part.content if isinstance(part, TextPart) else part.args_as_json_str())


@dataclass
class _Stream(StreamedResponse):
    """A whole answer, handed out in pieces."""

    _whole: ModelResponse
    _timestamp: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        for index, part in enumerate(self._whole.parts):
            for event in self._events(index, part):
                yield event
        self._usage = self._whole.usage
        self.finish_reason = self._whole.finish_reason

    def _events(self, index: int, part: ModelResponsePart) -> Iterator[ModelResponseStreamEvent]:
        if isinstance(part, TextPart):
            for piece in _pieces(part.content):
                yield from self._parts_manager.handle_text_delta(vendor_part_id=index, content=piece)
        elif isinstance(part, ToolCallPart):
            for number, piece in enumerate(_pieces(part.args_as_json_str())):
                event = self._parts_manager.handle_tool_call_delta(
                    vendor_part_id=index,
                    tool_name=None if number else part.tool_name,
                    args=piece,
                    tool_call_id=part.tool_call_id,
                )
                if event:
                    yield event

    async def close_stream(self) -> None:
        """There is no connection to close."""

    @property
    def model_name(self) -> str:
        return NAME

    @property
    def provider_name(self) -> str:
        return SYSTEM

    @property
    def provider_url(self) -> None:
        return None

    @property
    def timestamp(self) -> datetime:
        return self._timestamp


def _pieces(text: str) -> list[str]:
    return [text[start : start + _CHUNK] for start in range(0, max(len(text), 1), _CHUNK)]
