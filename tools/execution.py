"""Calling a tool without a model: an approved command, by exactly the arguments that were approved."""

from collections.abc import Mapping

from pydantic import JsonValue
from pydantic_ai import RunContext
from pydantic_ai.models import Model
from pydantic_ai.usage import RunUsage
from pydantic_core import to_jsonable_python

from src.models.errors import Forbidden
from tools.deps import Deps
from tools.toolsets import tools_for


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
    ctx = RunContext(deps=deps, model=model, usage=RunUsage(), tool_call_id=tool_call_id, tool_name=tool)
    toolset = tools_for(deps.caller)
    offered = await toolset.get_tools(ctx)
    if tool not in offered:
        raise Forbidden(f"The tool {tool} is not for this caller.")
    checked = offered[tool].args_validator.validate_python(dict(arguments))
    result: JsonValue = to_jsonable_python(await toolset.call_tool(tool, checked, ctx, offered[tool]))
    return result
