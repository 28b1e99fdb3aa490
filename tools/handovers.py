"""Handing over to a human, which waits for approval in a conversation like every command."""

from pydantic_ai import FunctionToolset, RunContext

from src.models.handover import Handover, HandoverRequest, HandoverSummary
from src.services import handover_service
from tools.commands import command
from tools.deps import Deps, caller_of

handovers = FunctionToolset[Deps](
    require_parameter_descriptions=True, docstring_format="google", sequential=True
)


@handovers.tool
async def transfer_to_human_agents(ctx: RunContext[Deps], summary: HandoverSummary) -> Handover:
    """Hand the customer over to a human, for what none of the other tools can do, and only for that.

    Args:
        ctx: The run and whom it acts for.
        summary: What the customer wants and what was tried, such as "Wants the invoice of W2378156 renamed."
    """
    stores, caller, asked = ctx.deps.stores, caller_of(ctx), HandoverRequest(summary=summary)
    return await command(
        ctx,
        Handover,
        {"summary": asked.summary},
        lambda: handover_service.propose_handover(asked),
        lambda attempt: handover_service.request_handover(stores, caller, asked, attempt),
    )
