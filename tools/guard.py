"""What stands around every tool: a service's refusal becomes a result that tells the model what to do."""

from typing import Any

from pydantic_ai import RunContext, ToolFailed
from pydantic_ai.toolsets import ToolsetTool, WrapperToolset

from src.models.errors import DeskError
from tools.deps import Deps


class Guarded(WrapperToolset[Deps]):
    """No error of a service ends the run; anything that is no refusal is a bug and does."""

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[Deps], tool: ToolsetTool[Deps]
    ) -> object:
        """As the wrapped toolset does, but a refusal is `ToolFailed` with its code and its sentence.

        Args:
            name: The tool's name.
            tool_args: Its checked arguments.
            ctx: The run and whom it acts for.
            tool: The tool itself.
        """
        try:
            return await super().call_tool(name, tool_args, ctx, tool)
        except DeskError as error:
            raise ToolFailed(f"{error.code}: {error.detail}") from error
