"""/mcp: the support agent's tools for MCP clients, by the token and with the rights that REST asks for.

There are no sessions and no streams, so any worker answers any request. A command runs at once: the client is
the one who asks its user.
"""

import logging
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, cast

from fastapi import APIRouter, Request, Response
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)
from pydantic import ValidationError
from pydantic_ai.models import Model
from starlette.types import ASGIApp, Receive, Scope, Send

from src.api.dependencies import KEY_PATTERN, CurrentCaller, effect_key
from src.api.gate import MAX_BODY
from src.api.invalid import describe_invalid
from src.api.mcp_answers import answered, described, refused
from src.models.caller import Caller
from src.models.errors import DeskError, Forbidden, Invalid, Unavailable
from src.services.stores import Stores
from src.utils.logging import find_bound
from tools.deps import Approved, Deps
from tools.execution import Offer, call_offered, checked, offer_to
from tools.toolsets import TOOLS

router = APIRouter()

_INSTRUCTIONS: Final = (
    "The order desk's tools, for the person whose bearer token you send. A tool that changes something does "
    "so at once: ask your user before. With a key of your own as `Idempotency-Key` in its `_meta` a call can "
    "be repeated safely."
)
_KEY_NAMES: Final = ("Idempotency-Key", "idempotencyKey")
_LISTED_FOR: Final = 5 * 60 * 1000
_logger = logging.getLogger(__name__)

Asked = ServerRequestContext[Any, Request]


@dataclass(frozen=True)
class McpEndpoint:
    """The running MCP server, and the sites besides its own whose pages may ask it."""

    app: ASGIApp
    origins: frozenset[str]


@router.post("/mcp", include_in_schema=False)
async def speak_mcp(request: Request, caller: CurrentCaller) -> Response:
    endpoint = cast(McpEndpoint, request.state.mcp)
    origin = request.headers.get("origin")
    own = request.headers.get("host")
    if origin and origin not in endpoint.origins and origin.partition("://")[2] != own:
        raise Forbidden("Pages of this origin may not ask; name it in CORS_ORIGINS if they should.")
    request.state.caller = caller
    return _Forwarded(endpoint.app)


class _Forwarded(Response):
    """Leaves the answer to another application."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


@asynccontextmanager
async def open_mcp(stores: Stores, model: Model, origins: Sequence[str] = ()) -> AsyncGenerator[McpEndpoint]:
    """The MCP server on these stores; `model` is carried along and not asked."""
    desk = _Desk(stores, model)
    server = Server[dict[str, Any]](
        "orderdesk",
        title="Orderdesk",
        version=version("orderdesk"),
        instructions=_INSTRUCTIONS,
        # None of the tools takes arguments from headers, so there is nothing to compare.
        get_tool_input_schema=lambda _: None,
        on_list_tools=desk.list_tools,
        on_call_tool=desk.call_tool,
    )
    manager = StreamableHTTPSessionManager(
        server, json_response=True, stateless=True, max_request_body_size=MAX_BODY
    )
    async with manager.run():
        yield McpEndpoint(manager.handle_request, frozenset(origins))


@dataclass(frozen=True)
class _Offered:
    tools: Offer
    listed: ListToolsResult


class _Desk:
    """What MCP asks of the desk; what a role is offered is made out once."""

    def __init__(self, stores: Stores, model: Model) -> None:
        self._stores, self._model = stores, model
        self._by_role: dict[bool, _Offered] = {}

    async def list_tools(self, asked: Asked, _: PaginatedRequestParams | None) -> ListToolsResult:
        return (await self._offered(_caller(asked))).listed

    async def call_tool(self, asked: Asked, call: CallToolRequestParams) -> CallToolResult:
        if call.name not in TOOLS:
            raise MCPError(INVALID_PARAMS, f"Unknown tool: {call.name[:64]}")
        try:
            return await self._call(asked, call)
        except DeskError as error:
            if isinstance(error, Unavailable):
                cause = {"code": error.code, "cause": repr(error.__cause__)}
                _logger.warning("A tool call failed: %s", error.detail, extra=cause)
            return refused(error)
        except Exception:
            _logger.exception("An unexpected error ended a tool call")
            message = "Something went wrong on our side; name the request_id when you report it."
            raise MCPError(INTERNAL_ERROR, message, {"request_id": find_bound("request_id")}) from None

    async def _call(self, asked: Asked, call: CallToolRequestParams) -> CallToolResult:
        caller = _caller(asked)
        tool = (await self._offered(caller)).tools.get(call.name)
        if tool is None:
            raise Forbidden("This tool is for customers.")
        try:
            arguments = checked(tool, call.arguments or {})
        except ValidationError as error:
            raise Invalid(describe_invalid(error.errors())) from None
        deps = Deps(self._stores, caller, Approved(_key(asked), quote=None))
        call_id = f"mcp:{asked.request_id}"[:64]
        return answered(await call_offered(deps, self._model, tool, arguments, call_id))

    async def _offered(self, caller: Caller) -> _Offered:
        if caller.is_staff not in self._by_role:
            tools = await offer_to(Deps(self._stores, caller), self._model)
            listed = [described(tool.tool_def) for tool in tools.values()]
            result = ListToolsResult(tools=listed, ttl_ms=_LISTED_FOR, cache_scope="private")
            self._by_role[caller.is_staff] = _Offered(tools, result)
        return self._by_role[caller.is_staff]


def _caller(asked: Asked) -> Caller:
    return cast(Caller, cast(Request, asked.request).state.caller)


def _key(asked: Asked) -> str | None:
    """The call's key for happening once: its own in `_meta`, or else the HTTP request's."""
    meta = cast("dict[str, object]", asked.meta or {})
    headers = cast(Request, asked.request).headers
    given = next((meta[name] for name in _KEY_NAMES if name in meta), headers.get("idempotency-key"))
    if given is None:
        return None
    if not isinstance(given, str) or not re.fullmatch(KEY_PATTERN, given):
        raise Invalid("Idempotency-Key takes 1 to 255 printable ASCII characters.")
    return effect_key(given)
