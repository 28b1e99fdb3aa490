"""A simulated customer: another model, with an errand, who talks to the agent until it is settled."""

from typing import Annotated, Final

from pydantic import Field
from pydantic_ai import Agent, UsageLimits
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import Model

from src.models.base import Record
from src.models.conversation import Answer, PendingApproval

_MOST_MESSAGES: Final = 12
_REQUESTS: Final = 4

_INSTRUCTIONS: Final = """\
You play a customer who writes to the support of an online shop. Stay in this role: you want something, the \
shop's agent serves you. You are signed in, so nobody needs your name.

- Write one short message at a time, as people do in a chat. Say no more than what is asked or needed next.
- Tell only what your errand says; what it doesn't say, you don't know or don't care about.
- Say yes to a change only if it is what your errand wants; otherwise say no.
- Once your errand is settled, or it is clear that it can't be, say that you are done."""


class Turn(Record):
    """What the customer does next."""

    message: Annotated[str, Field(description="What you write; empty if you are done.")]
    done: Annotated[bool, Field(description="Your errand is settled, or can't be.")]


class Decision(Record):
    """The customer's answer to what the shop asks them to approve."""

    approved: Annotated[bool, Field(description="Whether exactly this is what you want.")]


_speaking: Final = Agent(output_type=Turn, instructions=_INSTRUCTIONS, defer_model_check=True)
_deciding: Final = Agent(output_type=Decision, instructions=_INSTRUCTIONS, defer_model_check=True)


class SimulatedCustomer:
    """Talks by a model of its own; it sees what a customer sees, and nothing else."""

    def __init__(self, model: Model, errand: str) -> None:
        self._model, self._errand = model, errand
        self._history: list[ModelMessage] = []
        self._said = 0

    async def next_message(self, answer: Answer | None) -> str | None:
        if self._said == _MOST_MESSAGES:
            return None
        self._said += 1
        heard = f"The agent writes:\n{_seen(answer)}" if answer else f"Your errand:\n{self._errand}\n\nBegin."
        run = await _speaking.run(
            heard,
            model=self._model,
            message_history=self._history,
            usage_limits=UsageLimits(request_limit=_REQUESTS),
        )
        self._history = run.all_messages()
        turn = run.output
        return None if turn.done or not turn.message.strip() else turn.message

    async def decides(self, approval: PendingApproval) -> bool | None:
        run = await _deciding.run(
            f"The shop asks you to approve this:\n{approval.summary}",
            model=self._model,
            message_history=self._history,
            usage_limits=UsageLimits(request_limit=_REQUESTS),
        )
        return run.output.approved


def _seen(answer: Answer | None) -> str:
    if answer is not None and isinstance(answer.output, dict):
        return str(answer.output.get("message", ""))
    return "(nothing)"
