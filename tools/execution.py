"""Calling a tool without a model: a command that was approved, or what an MCP client asks for."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue
from pydantic_ai import RunContext
from pydantic_ai.models import Model
from pydantic_ai.toolsets import ToolsetTool
from pydantic_ai.usage import RunUsage
from pydantic_core import to_jsonable_python

from src.models.errors import Forbidden
from tools.deps import Deps
from tools.toolsets import tools_for

Offer = Mapping[str, ToolsetTool[Deps]]


async def offer_to(deps: Deps, model: Model) -> Offer:
    """The tools that the caller may use, by name; they depend on the caller's role alone."""
    return await tools_for(deps.caller).get_tools(RunContext(deps=deps, model=model, usage=RunUsage()))


async def call_tool(
    deps: Deps, model: Model, tool: str, arguments: Mapping[str, JsonValue], tool_call_id: str
) -> JsonValue:
    """The tool's result as JSON; a service's refusal is raised as it is.

    Args:
        deps: The run's dependencies, whose caller's role decides which tools there are.
        model: The model of the run, which is not asked.
        tool: The tool's name.
        arguments: Its arguments as JSON.
        tool_call_id: The id of the call, for the audit trail.
    """
    offered = await offer_to(deps, model)
    if tool not in offered:
        raise Forbidden(f"The tool {tool} is not for this caller.")
    return await call_offered(deps, model, offered[tool], checked(offered[tool], arguments), tool_call_id)


def checked(tool: ToolsetTool[Deps], arguments: Mapping[str, JsonValue]) -> dict[str, Any]:
    """The arguments as the tool takes them, or pydantic's ValidationError, which names what is wrong."""
    return tool.args_validator.validate_python(dict(arguments))


async def call_offered(
    deps: Deps, model: Model, tool: ToolsetTool[Deps], arguments: dict[str, Any], tool_call_id: str
) -> JsonValue:
    """As `call_tool`, with a tool of the caller's offer and arguments that are checked."""
    name = tool.tool_def.name
    ctx = RunContext(deps=deps, model=model, usage=RunUsage(), tool_call_id=tool_call_id, tool_name=name)
    answer = await tools_for(deps.caller).call_tool(name, arguments, ctx, tool)
    result: JsonValue = to_jsonable_python(answer)
    return result
