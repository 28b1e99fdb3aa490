"""A turn of a conversation: from a message or a decision to an answer.

One turn at a time; the history is the server's own. A command waits for its approval, is carried out by the
decision itself, and the run goes on once all of its commands are decided.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from pydantic import JsonValue
from pydantic_ai import DeferredToolRequests, UsageLimits
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_core import to_jsonable_python

from agents.catalogue import AGENTS
from agents.engine import Engine
from agents.extraction import chat_extract
from agents.failures import model_failures
from agents.support import SupportReply, support
from agents.transcript import (
    decided_calls,
    latest_turn,
    read_history,
    tool_calls,
    usage_of,
    with_returns,
    write_history,
)
from src.models.caller import Caller
from src.models.conversation import (
    Answer,
    Approval,
    ApprovalStatus,
    CommandOutcome,
    Conversation,
    PendingApproval,
    Usage,
)
from src.models.errors import (
    ConversationBusy,
    ConversationFull,
    DeskError,
    Invalid,
    ModelMisbehaved,
    ModelUnavailable,
    Unavailable,
)
from src.models.quote import Quote
from src.services import approval_service as approvals
from src.services import conversation_service as conversations
from src.services.access import absent, acting_for
from src.services.stores import Stores
from src.utils.logging import bind
from tools.deps import Approved, Deps
from tools.execution import call_tool
from tools.toolsets import guarded_tools_for

_APPROVAL_LIFE: Final = timedelta(minutes=30)
# Well within the life of an effect record, by which a command that did happen is known.
_DECISION_LIFE: Final = timedelta(hours=1)
_MOST_COMMANDS: Final = 20
_LONGEST: Final = 1_000_000


@dataclass(frozen=True)
class _Turn:
    stores: Stores
    caller: Caller
    engine: Engine
    conversation: Conversation
    holder: str
    run_id: str


async def chat(
    stores: Stores,
    caller: Caller,
    engine: Engine,
    agent: str,
    message: str,
    conversation_id: str | None,
    user_id: UUID | None,
) -> Answer:
    """One message to an agent, in a new conversation or an own one; what still waits is withdrawn.

    Raises:
        ConversationBusy: the last turn is under way.
        ConversationFull: it has grown too long.
        NotFound: there is no such agent; or the conversation, or the customer it is about, is another's.
        ModelUnavailable: the model failed; the conversation stands as before.
    """
    if agent not in AGENTS:
        raise absent("agent")
    conversation = await _conversation(stores, caller, agent, conversation_id, user_id)
    if len(conversation.history) > _LONGEST:
        raise ConversationFull("This conversation has grown too long; begin a new one.")
    async with _turn(stores, caller, engine, conversation, str(uuid4())) as turn:
        history = read_history(turn.conversation.history)
        if turn.conversation.run_id is not None:
            earlier = await approvals.approvals_of_run(stores, turn.conversation.run_id)
            await approvals.withdraw(stores, earlier)
            history = with_returns(history, await _settled(turn, turn.conversation.run_id))
        if agent == "extraction":
            return await _extract(turn, history, message)
        return await _run(turn, history, message)


async def _conversation(
    stores: Stores, caller: Caller, agent: str, conversation_id: str | None, user_id: UUID | None
) -> Conversation:
    if conversation_id is None:
        return await conversations.begin(stores, caller, agent, user_id)
    conversation = await conversations.get_conversation(stores, caller, conversation_id)
    if conversation.agent != agent or user_id not in (None, conversation.user_id):
        raise absent("conversation")
    return conversation


async def decide(
    stores: Stores, caller: Caller, engine: Engine, approval_id: str, approved: bool, note: str | None
) -> Answer:
    """Decide on a command, carry it out if approved, and go on with the run once nothing waits any more.

    Raises:
        AlreadyDecided, ApprovalGone, NotFound: as `approval_service.decide`.
        Unavailable: it could not be carried out now; the same decision again goes on from here.
    """
    approval = await approvals.get_approval(stores, caller, approval_id)
    conversation = await conversations.get_conversation(stores, caller, approval.conversation_id)
    async with _turn(stores, caller, engine, conversation, approval.run_id) as turn:
        if turn.conversation.run_id != approval.run_id and approval.status is ApprovalStatus.WAITING:
            await approvals.withdraw(stores, [approval])
        await approvals.decide(stores, turn.caller, approval_id, approved, note)
        decided = await _settled(turn, approval.run_id)
        history = read_history(turn.conversation.history)
        if turn.conversation.run_id != approval.run_id:
            return await _left_behind(turn, decided)
        history = with_returns(history, decided)
        if waiting := [each for each in decided if each.status is ApprovalStatus.WAITING]:
            return _answer(turn, history, None, waiting)
        try:
            return await _run(turn, history, None)
        except (ModelUnavailable, Invalid):
            return _answer(turn, history, None, [])


async def _left_behind(turn: _Turn, decided: Sequence[Approval]) -> Answer:
    """The run's last answer; if it asked for approvals, which wait no more, what came of them."""
    answer = await approvals.find_answer(turn.stores, turn.run_id)
    if answer is not None and not answer.approvals:
        return answer
    settled = (answer or _answer(turn, [], None, [])).model_copy(update={"approvals": []})
    return settled.model_copy(update={"tool_calls": decided_calls(decided)})


@asynccontextmanager
async def _turn(
    stores: Stores, caller: Caller, engine: Engine, conversation: Conversation, run_id: str
) -> AsyncGenerator[_Turn]:
    """The conversation's one turn, with the caller turned to its customer as far as they may today."""
    caller = acting_for(caller, conversation.user_id, "conversation")
    caller = caller.during(run_id=run_id, conversation_id=conversation.conversation_id)
    bind(run_id=run_id)
    holder = str(uuid4())
    async with conversations.held(stores, conversation, holder) as claimed:
        yield _Turn(stores, caller, engine, claimed, holder, run_id)


async def _settled(turn: _Turn, run_id: str) -> list[Approval]:
    """The run's approvals, each approved one carried out, and none waiting beyond its time."""
    found = await approvals.approvals_of_run(turn.stores, run_id)
    await approvals.withdraw(turn.stores, [each for each in found if each.expires_at <= datetime.now(UTC)])
    found = await approvals.approvals_of_run(turn.stores, run_id)
    return [await _carried_out(turn, each) if _is_due(each) else each for each in found]


def _is_due(approval: Approval) -> bool:
    return approval.status is ApprovalStatus.APPROVED and approval.outcome is None


async def _carried_out(turn: _Turn, approval: Approval) -> Approval:
    """What was approved too long ago is not begun again: whether it happened is no longer known."""
    if approval.decided_at is None or approval.decided_at < datetime.now(UTC) - _DECISION_LIFE:
        return await approvals.record_outcome(turn.stores, approval, _UNKNOWN)
    caller = turn.caller.during(run_id=approval.run_id, approval_id=approval.approval_id)
    approved = Approved(f"run:{approval.run_id}:{approval.digest}", approval.quote)
    deps = Deps(turn.stores, caller, approved)
    try:
        content = await call_tool(
            deps, turn.engine.model, approval.tool, approval.arguments, approval.tool_call_ids[0]
        )
        outcome = CommandOutcome(carried_out=True, content=content)
    except Unavailable:
        raise
    except DeskError as error:
        outcome = CommandOutcome(carried_out=False, code=error.code, content=f"{error.code}: {error.detail}")
    return await approvals.record_outcome(turn.stores, approval, outcome)


async def _run(turn: _Turn, history: Sequence[ModelMessage], message: str | None) -> Answer:
    """Let the model go on from here, and keep what it comes to."""
    earlier = await approvals.approvals_of_run(turn.stores, turn.run_id)
    settled = {each.digest: each.outcome for each in earlier if each.outcome}
    declined = {each.digest: _DECLINED for each in earlier if each.status is ApprovalStatus.DENIED}
    deps = Deps(turn.stores, turn.caller, settled=settled | declined)
    async with model_failures():
        result = await support.run(
            message,
            message_history=history,
            model=turn.engine.model,
            deps=deps,
            toolsets=[guarded_tools_for(turn.caller)],
            usage_limits=UsageLimits(request_limit=turn.engine.request_limit),
            timeout=turn.engine.timeout,
            capabilities=turn.engine.capabilities,
            metadata={"run_id": turn.run_id, "conversation_id": turn.conversation.conversation_id},
        )
    waiting = await _ask(turn, result.output) if isinstance(result.output, DeferredToolRequests) else []
    output = to_jsonable_python(result.output) if isinstance(result.output, SupportReply) else None
    return await _kept(
        turn, result.all_messages(), usage_of(result.usage, result.new_messages()), output, waiting
    )


async def _extract(turn: _Turn, history: Sequence[ModelMessage], message: str) -> Answer:
    """Every message is a text of its own; the history is kept for its owner to read."""
    result = await chat_extract(turn.engine, message)
    messages, usage = result.new_messages(), usage_of(result.usage, result.new_messages())
    return await _kept(turn, [*history, *messages], usage, result.output.model_dump(mode="json"), [])


_UNKNOWN: Final = CommandOutcome(
    carried_out=False,
    code="outcome_unknown",
    content="outcome_unknown: This was approved too long ago; look up whether it happened.",
)
_DECLINED: Final = CommandOutcome(
    carried_out=False, code="denied", content="The customer declined this before."
)


async def _ask(turn: _Turn, requests: DeferredToolRequests) -> list[Approval]:
    """One approval for each command that waits; the same command twice waits once."""
    if len(requests.calls) > _MOST_COMMANDS:
        raise ModelMisbehaved("The model asked for too many changes at once; ask for fewer.")
    asked: dict[str, Approval] = {}
    for call in requests.calls:
        wanted = requests.metadata[call.tool_call_id]
        digest = str(wanted["digest"])
        if digest in asked:
            asked[digest].tool_call_ids.append(call.tool_call_id)
            continue
        asked[digest] = Approval(
            approval_id=str(uuid4()),
            conversation_id=turn.conversation.conversation_id,
            run_id=turn.run_id,
            owner=turn.caller.sub,
            tool=call.tool_name,
            arguments=wanted["arguments"],
            digest=digest,
            quote=wanted["quote"] and Quote.model_validate(wanted["quote"]),
            summary=wanted["summary"],
            tool_call_ids=[call.tool_call_id],
            expires_at=datetime.now(UTC) + _APPROVAL_LIFE,
        )
    for approval in asked.values():
        await approvals.keep_waiting(turn.stores, approval)
    return list(asked.values())


async def _kept(
    turn: _Turn,
    messages: Sequence[ModelMessage],
    usage: Usage,
    output: JsonValue,
    waiting: Sequence[Approval],
) -> Answer:
    """Keep the turn if it is this one's still. The answer comes first: a repeated decision looks for it."""
    answer = _answer(turn, messages, output, waiting, usage)
    run_id = turn.run_id if waiting else None
    await approvals.keep_answer(turn.stores, answer)
    if not await conversations.save(
        turn.stores, turn.conversation, turn.holder, write_history(messages), run_id
    ):
        await approvals.withdraw(turn.stores, waiting)
        await conversations.forget_if_gone(turn.stores, turn.conversation.conversation_id)
        raise ConversationBusy("Another turn has taken this conversation over; send the message again.")
    return answer


def _answer(
    turn: _Turn,
    messages: Sequence[ModelMessage],
    output: JsonValue,
    waiting: Sequence[Approval],
    usage: Usage | None = None,
) -> Answer:
    responses = [message for message in messages if isinstance(message, ModelResponse)]
    named = responses[-1].model_name if responses else None
    return Answer(
        conversation_id=turn.conversation.conversation_id,
        run_id=turn.run_id,
        output=output,
        approvals=[PendingApproval(**each.model_dump(include=_SHOWN)) for each in waiting],
        tool_calls=tool_calls(latest_turn(messages)),
        usage=usage or Usage(),
        model=named or turn.engine.model.model_name,
    )


_SHOWN: Final = set(PendingApproval.model_fields)
