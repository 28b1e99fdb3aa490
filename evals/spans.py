"""The calls that a model made, as the run's own trace tells them."""

import json
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NoOpTracer

from agents.engine import Engine
from agents.transcript import OUTPUT_TOOL
from evals.cases import Call

_TOOL: Final = "gen_ai.tool.name"
_ARGUMENTS: Final = "gen_ai.tool.call.arguments"


_NO_LIMITS: Final = SpanLimits(
    max_attributes=SpanLimits.UNSET,
    max_span_attributes=SpanLimits.UNSET,
    max_attribute_length=SpanLimits.UNSET,
    max_span_attribute_length=SpanLimits.UNSET,
)


class NoTrace(RuntimeError):
    """The environment forbids tracing."""


def require_traces() -> None:
    """Raises NoTrace where there will be none: it is known before anything is paid."""
    if isinstance(TracerProvider().get_tracer("evals"), NoOpTracer):
        raise NoTrace("Evals read the calls from traces; unset OTEL_SDK_DISABLED.")


class Trace:
    """What the runs of an engine leave behind, kept in memory."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        # Whatever the environment says of tracing: the judges need every call, whole.
        self._provider = TracerProvider(ALWAYS_ON, shutdown_on_exit=False, span_limits=_NO_LIMITS)
        self._provider.add_span_processor(SimpleSpanProcessor(self._spans))

    def of(self, engine: Engine) -> Engine:
        """The engine with its runs traced here, content and all."""
        return engine.traced(self._provider, content=True)

    @property
    def calls(self) -> list[Call]:
        """The tools' calls in their order; those that only shape the reply are none."""
        spans = sorted(self._spans.get_finished_spans(), key=lambda span: span.start_time or 0)
        return [_call(span) for span in spans if _is_call(span)]


def _is_call(span: ReadableSpan) -> bool:
    tool = (span.attributes or {}).get(_TOOL)
    return tool is not None and not str(tool).startswith(OUTPUT_TOOL)


def _call(span: ReadableSpan) -> Call:
    attributes = span.attributes or {}
    return Call(tool=str(attributes[_TOOL]), arguments=json.loads(str(attributes.get(_ARGUMENTS, "{}"))))
