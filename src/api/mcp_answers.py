"""How the desk's tools and what comes of calling them look in MCP."""

import json
from collections.abc import Mapping
from typing import Any

from mcp.types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import JsonValue
from pydantic_ai.tools import ToolDefinition

from src.models.errors import DeskError
from tools.toolsets import COMMANDS


def described(tool: ToolDefinition) -> Tool:
    """The tool as the agent has it, with what a client should know before it lets a model call it."""
    is_command = tool.name in COMMANDS
    return Tool(
        name=tool.name,
        title=tool.name.replace("_", " ").capitalize(),
        description=tool.description,
        input_schema=tool.parameters_json_schema,
        output_schema=_as_object(tool.return_schema or {}),
        annotations=ToolAnnotations(
            read_only_hint=not is_command,
            destructive_hint=is_command,
            idempotent_hint=not is_command,
            open_world_hint=False,
        ),
    )


def answered(content: JsonValue) -> CallToolResult:
    """A tool's result, as text for the model and structured for programs."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    structured = content if isinstance(content, dict) else {"result": content}
    return CallToolResult(content=[TextContent(text=text)], structured_content=structured)


def refused(error: DeskError) -> CallToolResult:
    """A refusal, its stable code first.

    It has no structured content, which some clients hold against the output schema even of a refusal.
    """
    meta: dict[str, Any] = {"code": error.code}
    if error.retry_after is not None:
        meta["retryAfter"] = error.retry_after
    return CallToolResult(
        content=[TextContent(text=f"{error.code}: {error.detail}")], is_error=True, _meta=meta
    )


def _as_object(schema: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """MCP's structured content is an object: anything else stands in it as `result`."""
    if schema.get("type") == "object":
        return dict(schema)
    inner = {name: part for name, part in schema.items() if name != "$defs"}
    wrapped: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"result": inner},
        "required": ["result"],
        "additionalProperties": False,
    }
    return wrapped | ({"$defs": schema["$defs"]} if "$defs" in schema else {})
