"""The application, wired: settings in, FastAPI out. Nothing connects before the lifespan begins."""

import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TypedDict

import httpx
from fastapi import FastAPI

from agents.engine import Engine
from agents.models import choose_model
from src.api import agents, audit, conversations, extraction, handovers, health, mcp, orders, products, users
from src.api.cognito import TokenVerifier
from src.api.dependencies import Wiring
from src.api.docs import add_docs
from src.api.errors import add_errors
from src.api.mcp import McpEndpoint, open_mcp
from src.api.middleware import add_edge
from src.config import Settings, Stage
from src.db.dynamo import open_dynamo
from src.db.mongo import ensure_indexes, open_mongo
from src.db.redis import open_redis
from src.db.tables import check_tables, create_tables
from src.services.conversation_service import INDEXES
from src.services.event_relay import open_relay
from src.services.read_trail import open_read_trail
from src.services.signing import Signer
from src.services.stores import Stores
from src.utils.event_bus import EventBus
from src.utils.logging import configure_logging
from src.utils.tracing import open_tracing

_JWKS_SECONDS = 5.0


class _State(TypedDict):
    wiring: Wiring
    mcp: McpEndpoint


def create_app(settings: Settings) -> FastAPI:
    """The service by these settings.

    Raises:
        ValueError: a setting is missing or names something that can't be had, in one sentence.
    """
    engine = Engine(
        choose_model(settings.agent_model, timeout=settings.agent_timeout),
        settings.agent_request_limit,
        settings.agent_timeout,
    )
    app = FastAPI(
        title="Orderdesk",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(settings, engine),
    )
    for noun in (health, users, products, orders, extraction, agents, conversations, handovers, audit, mcp):
        app.include_router(noun.router)
    add_errors(app)
    add_docs(app)
    add_edge(app, public_url=settings.public_url, host=settings.host, cors_origins=settings.cors_origins)
    return app


def create_app_from_environment() -> FastAPI:
    """The service by the environment's settings: what each worker process calls."""
    settings = Settings()
    configure_logging(settings.log_level)
    return create_app(settings)


def _lifespan(settings: Settings, engine: Engine) -> Callable[[FastAPI], AbstractAsyncContextManager[_State]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[_State]:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=_JWKS_SECONDS))
            client_id = _required(settings.cognito_app_client_id, "COGNITO_APP_CLIENT_ID")
            verifier = TokenVerifier(settings.issuer, settings.jwks_url, client_id, http)
            stores = await stack.enter_async_context(open_stores(settings))
            traced = await stack.enter_async_context(_traced(settings, engine))
            if settings.stage is Stage.LOCAL:
                await stack.enter_async_context(open_relay(stores.dynamo, event_bus(settings)))
            mcp_endpoint = await stack.enter_async_context(
                open_mcp(stores, engine.model, settings.cors_origins)
            )
            yield {"wiring": Wiring(stores, verifier, traced), "mcp": mcp_endpoint}

    return lifespan


@asynccontextmanager
async def _traced(settings: Settings, engine: Engine) -> AsyncGenerator[Engine]:
    """The engine with its runs' traces going to the collector, if there is one."""
    if settings.otel_exporter_otlp_endpoint is None:
        yield engine
        return
    async with open_tracing(settings.otel_exporter_otlp_endpoint, "orderdesk") as provider:
        yield engine.traced(provider, content=settings.trace_content)


@asynccontextmanager
async def open_stores(settings: Settings, *, as_they_are: bool = False) -> AsyncGenerator[Stores]:
    """The stores that the settings name, with their tables and indexes.

    Args:
        settings: lead to the stores.
        as_they_are: nothing is made there; a table that is missing is an error.
    """
    signer = _signer(settings)
    redis_url = _required(settings.redis_url, "REDIS_URL")
    mongodb_url = _required(settings.mongodb_url, "MONGODB_URL")
    async with (
        open_dynamo(
            region=settings.aws_region,
            endpoint_url=settings.dynamodb_endpoint,
            prefix=settings.table_prefix,
        ) as dynamo,
        open_redis(redis_url) as cache,
        open_mongo(mongodb_url, settings.mongodb_database) as mongo,
    ):
        if as_they_are:
            await check_tables(dynamo)
        else:
            await create_tables(dynamo)
            await ensure_indexes(mongo, INDEXES)
        async with open_read_trail(dynamo) as reads:
            yield Stores(dynamo, cache, mongo, signer, reads, settings.currency)


def event_bus(settings: Settings) -> EventBus:
    return EventBus(settings.event_bus, settings.aws_region, settings.eventbridge_endpoint)


def _signer(settings: Settings) -> Signer:
    """Without a key of its own the look-up digests take one made from the audit key."""
    if settings.audit_hmac_key is None:
        raise ValueError("AUDIT_HMAC_KEY is not set; give it a long random secret.")
    audit = settings.audit_hmac_key.get_secret_value().encode()
    if settings.lookup_hmac_key is not None:
        return Signer(audit, settings.lookup_hmac_key.get_secret_value().encode())
    return Signer(audit, hmac.new(audit, b"orderdesk look-ups", hashlib.sha256).digest())


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise ValueError(f"{name} is not set.")
    return value
