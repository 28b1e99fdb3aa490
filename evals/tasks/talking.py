"""Taking a talk case: a conversation at the desk, held as the service holds it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Protocol
from uuid import UUID, uuid4

from agents.engine import Engine
from agents.turns import chat, decide
from evals.cases import ME, Call, Talk, Turn
from evals.comparing.calls import fits
from evals.outcomes import Reply, Spent, TalkOutcome
from evals.spans import Trace
from evals.tasks.reading import spent_of
from evals.world import World, changes
from src.models.caller import Caller, Context, Role
from src.models.conversation import Answer, PendingApproval
from src.models.errors import ModelUnavailable

_MOST_TURNS: Final = 20
_MOST_DECISIONS: Final = 20
_CLERK: Final = UUID("00000000-0000-4000-8000-00000000c1e4")


class Customer(Protocol):
    """Who talks to the agent."""

    async def next_message(self, answer: Answer | None) -> str | None:
        """What they say to the last answer; None when they have nothing more to say."""
        ...

    async def decides(self, approval: PendingApproval) -> bool | None:
        """Their yes or no to a command; None leaves it undecided."""
        ...


class Scripted:
    """A customer who says and decides what the case has for them, whatever the agent answers."""

    def __init__(self, turns: list[Turn]) -> None:
        self._turns = iter(turns)
        self._decisions: Iterator[bool | None] = iter(())

    async def next_message(self, answer: Answer | None) -> str | None:  # noqa: ARG002 - a script listens to nobody
        turn = next(self._turns, None)
        if turn is None:
            return None
        self._decisions = _decisions(turn.approve)
        return turn.say

    async def decides(self, approval: PendingApproval) -> bool | None:  # noqa: ARG002 - nor does it read
        return next(self._decisions, None)


def _decisions(approve: bool | list[bool] | None) -> Iterator[bool | None]:
    if isinstance(approve, list):
        yield from approve
    else:
        for _ in range(_MOST_DECISIONS):
            yield approve


@dataclass
class _Talking:
    """A conversation under way, and what has happened in it."""

    world: World
    engine: Engine
    caller: Caller
    customer: Customer
    answer: Answer | None = None
    said: list[str] = field(default_factory=list[str])
    replies: list[Reply | None] = field(default_factory=list[Reply | None])
    proposed: dict[str, Call] = field(default_factory=dict[str, Call])
    carried_out: list[Call] = field(default_factory=list[Call])
    declined: list[Call] = field(default_factory=list[Call])
    spent: Spent = field(default_factory=Spent)

    async def hold(self, about: UUID | None) -> None:
        for _ in range(_MOST_TURNS):
            message = await self.customer.next_message(self.answer)
            if message is None:
                return
            self.said.append(message)
            known = self.answer and self.answer.conversation_id
            self._take(
                await chat(
                    self.world.stores,
                    self._asking(),
                    self.engine,
                    "support",
                    message,
                    known,
                    about if known is None else None,
                )
            )
            await self._settle()
            self.replies.append(_reply(self.answer))

    async def _settle(self) -> None:
        """Answer what waits, one after another, until nothing does or the customer leaves something."""
        for _ in range(_MOST_DECISIONS):
            waiting = self.answer.approvals if self.answer else []
            if not waiting:
                return
            approved = await self.customer.decides(waiting[0])
            if approved is None:
                return
            self._take(
                await decide(
                    self.world.stores, self._asking(), self.engine, waiting[0].approval_id, approved, None
                )
            )
            if approved:
                self._note_outcome(waiting[0])
            else:
                self.declined.append(Call(tool=waiting[0].tool, arguments=waiting[0].arguments))

    def _take(self, answer: Answer) -> None:
        if answer.output is None and not answer.approvals:
            raise ModelUnavailable("The model failed after a command had been carried out.")
        self.answer = answer
        self.spent = self.spent.plus(spent_of(answer.usage))
        for each in answer.approvals:
            self.proposed[each.approval_id] = Call(tool=each.tool, arguments=each.arguments)

    def _note_outcome(self, approval: PendingApproval) -> None:
        asked = Call(tool=approval.tool, arguments=approval.arguments)
        done = [each for each in (self.answer.tool_calls if self.answer else []) if each.outcome == "ok"]
        if any(fits(asked, Call(tool=each.tool, arguments=each.arguments)) for each in done):
            self.carried_out.append(asked)

    def _asking(self) -> Caller:
        return replace(self.caller, context=Context(request_id=uuid4().hex))


def _reply(answer: Answer | None) -> Reply | None:
    if answer is None or not isinstance(answer.output, dict):
        return None
    return Reply.model_validate({key: answer.output.get(key) for key in Reply.model_fields})


async def talk(world: World, engine: Engine, case: Talk, customer: Customer | None = None) -> TalkOutcome:
    """Hold the case's conversation at this desk, and tell what came of it.

    Args:
        world: the desk, which is as it was before when this is over.
        engine: the model that answers.
        case: who talks, and on which data.
        customer: who says what; the case's own script if nobody is named.
    """
    trace = Trace()
    try:
        await world.begin(case.given)
        user_id = world.start.user_of(case.customer).id
        talking = _Talking(
            world,
            trace.of(engine),
            speaker(case, user_id),
            customer or Scripted(case.turns),
        )
        await talking.hold(user_id if case.staff else None)
        return TalkOutcome(
            said=talking.said,
            replies=talking.replies,
            calls=_with_me(trace.calls, user_id),
            proposed=_with_me(talking.proposed.values(), user_id),
            carried_out=_with_me(talking.carried_out, user_id),
            declined=_with_me(talking.declined, user_id),
            changed=changes(world.start, await world.now()),
            spent=talking.spent,
        )
    finally:
        await world.end()


def speaker(case: Talk, user_id: UUID) -> Caller:
    """Who speaks: the customer, or a support clerk who has not turned to them yet."""
    if case.staff:
        return Caller(sub=str(_CLERK), user_id=_CLERK, roles=frozenset({Role.SUPPORT}))
    return Caller(sub=str(user_id), user_id=user_id, subject_id=user_id)


def _with_me(calls: Iterable[Call], user_id: UUID) -> list[Call]:
    """The calls with the customer's own id as cases write it."""
    return [
        call.model_copy(
            update={"arguments": {k: ME if v == str(user_id) else v for k, v in call.arguments.items()}}
        )
        for call in calls
    ]
