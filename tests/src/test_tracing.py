"""Traces of agents' runs reach the collector, by the GenAI conventions, and tell nothing of what is said."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import JsonValue

from src.config import Settings
from tests.fixtures.desk import open_desk
from tests.fixtures.openai_server import MODEL, OpenAIServer, Reply, calls, fails, says
from tests.fixtures.tokens import Pool

CHAT = "/api/agents/support/chat"
EXTRACT = "/api/agents/extraction/extract"
SAID = "kittens in W0000000001"
PROVIDERS_WORDS = "SECRET of the provider"


class Collector:
    """Takes OTLP over HTTP, and keeps each span's name and whole text."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str]] = []

    async def take(self, request: web.Request) -> web.Response:
        exported = ExportTraceServiceRequest.FromString(await request.read())
        for resource in exported.resource_spans:
            for scope in resource.scope_spans:
                self.spans += [(span.name, f"{resource.resource}{span}") for span in scope.spans]
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


async def spans_of(
    settings: Settings, pool: Pool, path: str, body: JsonValue, *, content: bool, status: int = 200
) -> list[tuple[str, str]]:
    """What a customer's request leaves at the collector."""
    async with collector() as (taken, url):
        traced = {"otel_exporter_otlp_endpoint": url, "trace_content": content}
        async with open_desk(settings.model_copy(update=traced), pool) as desk:
            answer = await (await desk.customer()).post(path, body)
            assert answer.status_code == status, answer.text
        return taken.spans


@pytest.mark.parametrize("content", [False, True])
async def test_a_run_is_traced_and_its_content_only_if_that_is_wanted(
    desk_settings: Settings, pool: Pool, content: bool
) -> None:
    asked: JsonValue = {"message": f"Where are my {SAID}?"}
    spans = await spans_of(desk_settings, pool, CHAT, asked, content=content)
    named = dict(spans)
    assert {"invoke_agent support", "chat rules"} <= named.keys()
    assert "orderdesk" in named["chat rules"]
    assert "gen_ai.usage.input_tokens" in named["chat rules"]
    assert (SAID in str(spans)) is content


REPLY: JsonValue = {"message": f"No {SAID}.", "kind": "answer"}


@pytest.mark.parametrize(
    ("path", "replies", "status"),
    [
        (CHAT, [calls("get_order_details", {"order_id": SAID}), calls("final_result", REPLY)], 200),
        (CHAT, [calls("no_such_tool", {"of": SAID}), calls("final_result", REPLY)], 200),
        (CHAT, [calls("final_result", {"message": [SAID]})], 503),
        (CHAT, [calls("final_result", '{"message": "' + SAID)], 503),
        (CHAT, [fails(500, SAID)], 503),
        (CHAT, [fails(429, SAID)], 503),
        (EXTRACT, [calls("final_result", {"data": SAID})], 503),
        (EXTRACT, [says(SAID)], 503),
    ],
)
async def test_what_goes_wrong_in_a_run_tells_nothing_of_what_was_said(
    desk_settings: Settings, pool: Pool, openai: OpenAIServer, path: str, replies: list[Reply], status: int
) -> None:
    openai.will(*replies)
    said: JsonValue = {"message": SAID} if path == CHAT else {"text": SAID, "schema": "person"}
    settings = desk_settings.model_copy(update={"agent_model": MODEL})
    spans = await spans_of(settings, pool, path, said, content=False, status=status)
    assert any(name.startswith("chat ") for name, _ in spans)
    assert SAID not in str(spans)
    assert PROVIDERS_WORDS not in str(spans)


async def test_a_collector_that_is_away_costs_no_answer(desk_settings: Settings, pool: Pool) -> None:
    nowhere = desk_settings.model_copy(update={"otel_exporter_otlp_endpoint": "http://127.0.0.1:1"})
    async with open_desk(nowhere, pool) as desk:
        customer = await desk.customer()
        answer = await customer.post("/api/agents/support/chat", {"message": "Hello"})
    assert answer.status_code == 200
