"""What agents there are: what each does, its tools, its output, and the model that it runs on."""

from typing import Final

from pydantic import JsonValue
from pydantic_ai import RunContext
from pydantic_ai.usage import RunUsage

from agents.engine import Engine
from agents.extraction import extraction
from agents.support import SupportReply, support
from src.models.base import Record
from src.models.caller import Caller
from src.models.extraction import Extraction
from src.services.audit_service import audit_action
from src.services.stores import Stores
from tools.deps import Deps
from tools.toolsets import tools_for

AGENTS: Final = frozenset({"support", "extraction"})


class AgentTool(Record):
    name: str
    description: str


class AgentCard(Record):
    """One agent as clients see it; `model` is the one in use, `rules` being a rule-based one."""

    name: str
    description: str
    tools: list[AgentTool]
    output_schema: dict[str, JsonValue]
    model: str
    rule_based: bool


@audit_action("agent.list", "agent")
async def cards(stores: Stores, caller: Caller, engine: Engine) -> list[AgentCard]:
    """The agents, each with the tools that the caller's role gives it."""
    ctx = RunContext(deps=Deps(stores, caller), model=engine.model, usage=RunUsage())
    offered = await tools_for(caller).get_tools(ctx)
    tools = [
        AgentTool(name=name, description=tool.tool_def.description or "") for name, tool in offered.items()
    ]
    return [
        _card("support", support.description, tools, SupportReply.model_json_schema(), engine),
        _card("extraction", extraction.description, [], Extraction.model_json_schema(), engine),
    ]


def _card(
    name: str, description: object, tools: list[AgentTool], schema: dict[str, JsonValue], engine: Engine
) -> AgentCard:
    model = engine.model.model_name
    return AgentCard(
        name=name,
        description=str(description),
        tools=tools,
        output_schema=schema,
        model=model,
        rule_based=model == "rules",
    )
