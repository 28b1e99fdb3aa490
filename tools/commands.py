"""How a tool that changes something behaves: in a conversation it waits for approval, then happens once."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import JsonValue
from pydantic_ai import CallDeferred, RunContext, ToolFailed

from src.models.base import Record
from src.models.conversation import CommandOutcome
from src.models.quote import Proposal
from src.services.commit import Attempt, Done
from tools.deps import Deps, digest_of

R = TypeVar("R", bound=Record)


async def command(
    ctx: RunContext[Deps],
    answer: type[R],
    arguments: dict[str, JsonValue],
    propose: Callable[[], Awaitable[Proposal]],
    carry_out: Callable[[Attempt], Awaitable[Done[R]]],
) -> R:
    """Carry an approved command out; otherwise say what it would come to and let it wait.

    Args:
        ctx: The run and whom it acts for.
        answer: The type of the command's result.
        arguments: The command's canonical arguments, by which equal ones are known.
        propose: Says what the command would come to now, or refuses.
        carry_out: Carries it out.
    """
    if (approved := ctx.deps.approved) is not None:
        return (await carry_out(Attempt(key=approved.key, quote=approved.quote))).result
    digest = digest_of(ctx.tool_name or "", arguments)
    if (settled := ctx.deps.settled.get(digest)) is not None:
        return _settled(settled, answer)
    proposal = await propose()
    raise CallDeferred(
        {
            "arguments": arguments,
            "digest": digest,
            "quote": proposal.quote and proposal.quote.model_dump(mode="json"),
            "summary": proposal.summary,
        }
    )


def _settled(outcome: CommandOutcome, answer: type[R]) -> R:
    """The same command again in one run: what came of it the first time."""
    if not isinstance(outcome.content, dict):
        raise ToolFailed(str(outcome.content))
    return answer.model_validate({k: v for k, v in outcome.content.items() if k in answer.model_fields})
