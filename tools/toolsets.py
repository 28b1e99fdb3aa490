"""Which tools whom a run is offered: built by role, never filtered by a prompt."""

from typing import Final

from pydantic_ai import FunctionToolset, RunContext
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, CombinedToolset

from src.models.caller import Caller
from tools.calculator import calculator
from tools.deps import Deps
from tools.guard import Guarded
from tools.handovers import handovers
from tools.orders import order_changes, order_lookups
from tools.products import product_lookups
from tools.users import user_changes, user_lookups

_LOOKUPS: list[FunctionToolset[Deps]] = [user_lookups, order_lookups, product_lookups, calculator]
_CHANGES: list[FunctionToolset[Deps]] = [order_changes, user_changes, handovers]
_FOR_CUSTOMERS_ALONE = frozenset({"place_order", "transfer_to_human_agents"})


def _for_staff(_ctx: RunContext[Deps], tool: ToolDefinition) -> bool:
    return tool.name not in _FOR_CUSTOMERS_ALONE


COMMANDS: Final = frozenset(name for toolset in _CHANGES for name in toolset.tools)
TOOLS: Final = COMMANDS.union(*(toolset.tools for toolset in _LOOKUPS))
CUSTOMER_TOOLS = CombinedToolset([*_LOOKUPS, *_CHANGES])
STAFF_TOOLS = CUSTOMER_TOOLS.filtered(_for_staff)


def tools_for(caller: Caller) -> AbstractToolset[Deps]:
    """All tools of the desk that this caller's role may use."""
    return STAFF_TOOLS if caller.is_staff else CUSTOMER_TOOLS


def guarded_tools_for(caller: Caller) -> AbstractToolset[Deps]:
    """The same for a model, which is told of refusals instead of failing by them."""
    return Guarded(tools_for(caller))
