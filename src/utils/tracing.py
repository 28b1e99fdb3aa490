"""Traces by OpenTelemetry, sent to a collector in the background."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

_SECONDS: Final = 5


@asynccontextmanager
async def open_tracing(endpoint: str, service: str) -> AsyncGenerator[TracerProvider]:
    """Where spans go; a collector that is away costs its spans, never a request.

    Args:
        endpoint: the collector's base URL (OTLP over HTTP), such as http://127.0.0.1:4318.
        service: what the spans are called by.
    """
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_SECONDS)
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield provider
    finally:
        # What is left is sent now, which may take as long as the collector does.
        await asyncio.to_thread(provider.shutdown)
