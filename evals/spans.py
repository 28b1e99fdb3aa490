"""The calls that a model made, as the run's own trace tells them."""

import json
from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_evals.otel import SpanTree
from pydantic_evals.otel._context_subtree import context_subtree

from agents.transcript import OUTPUT_TOOL
from evals.cases import Call


def instrumentation() -> InstrumentationSettings:
    """Traces with their content, kept in memory alone."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())
    return InstrumentationSettings(include_model_request_parameters=False)


@contextmanager
def traced() -> Generator[SpanTree]:
    """The spans of what happens within, once it is over."""
    with context_subtree() as tree:
        if not isinstance(tree, SpanTree):
            raise tree
        yield tree


def calls_in(tree: SpanTree) -> list[Call]:
    """The tools' calls in their order; those that only shape the reply are none."""
    spans = sorted(
        tree.find({"has_attribute_keys": ["gen_ai.tool.name"]}), key=lambda span: span.start_timestamp
    )
    made = [(str(span.attributes["gen_ai.tool.name"]), span.attributes) for span in spans]
    return [
        Call(tool=tool, arguments=json.loads(str(attributes.get("gen_ai.tool.call.arguments", "{}"))))
        for tool, attributes in made
        if not tool.startswith(OUTPUT_TOOL)
    ]
