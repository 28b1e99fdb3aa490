"""Traces of agents' runs reach the collector, by the GenAI conventions, and tell nothing of what is said."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from src.config import Settings
from tests.fixtures.desk import open_desk
from tests.fixtures.tokens import Pool

SAID = "kittens in W0000000001"


class Collector:
    """Takes OTLP over HTTP, and keeps the spans as text by their names."""

    def __init__(self) -> None:
        self.spans: dict[str, str] = {}

    async def take(self, request: web.Request) -> web.Response:
        exported = ExportTraceServiceRequest.FromString(await request.read())
        for resource in exported.resource_spans:
            for scope in resource.scope_spans:
                self.spans |= {span.name: f"{resource.resource}{span}" for span in scope.spans}
        return web.Response()


@asynccontextmanager
async def collector() -> AsyncGenerator[tuple[Collector, str]]:
    collector, app = Collector(), web.Application()
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield collector, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def spans_of_a_chat(settings: Settings, pool: Pool, *, content: bool) -> dict[str, str]:
    async with collector() as (taken, url):
        traced = {"otel_exporter_otlp_endpoint": url, "trace_content": content}
        async with open_desk(settings.model_copy(update=traced), pool) as desk:
            customer = await desk.customer()
            answer = await customer.post("/api/agents/support/chat", {"message": f"Where are my {SAID}?"})
            assert answer.status_code == 200, answer.text
        return taken.spans


@pytest.mark.parametrize("content", [False, True])
async def test_a_run_is_traced_and_its_content_only_if_that_is_wanted(
    desk_settings: Settings, pool: Pool, content: bool
) -> None:
    spans = await spans_of_a_chat(desk_settings, pool, content=content)
    assert {"invoke_agent support", "chat rules"} <= spans.keys()
    assert "orderdesk" in spans["chat rules"]
    assert "gen_ai.usage.input_tokens" in spans["chat rules"]
    assert (SAID in " ".join(spans.values())) is content


async def test_a_collector_that_is_away_costs_no_answer(desk_settings: Settings, pool: Pool) -> None:
    nowhere = desk_settings.model_copy(update={"otel_exporter_otlp_endpoint": "http://127.0.0.1:1"})
    async with open_desk(nowhere, pool) as desk:
        customer = await desk.customer()
        answer = await customer.post("/api/agents/support/chat", {"message": "Hello"})
    assert answer.status_code == 200
