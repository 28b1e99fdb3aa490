"""Turns and decisions that come too late, are too many or too long, or belong to somebody who lost a role."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo

from agents.turns import chat, decide
from src.db.mongo import get_collection, update_document
from src.models.base import stamp
from src.models.caller import Role
from src.models.errors import (
    ApprovalGone,
    ConversationBusy,
    ConversationFull,
    ModelMisbehaved,
    NotFound,
)
from src.services.conversation_service import (
    delete_conversation,
    get_conversation,
    list_conversations,
)
from src.services.stores import Stores
from tests.agents.test_turns import Policy, caller, cancelling, engine, reply, say, saying, status_of, yes
from tests.fixtures.desk import Desk


async def change(
    stores: Stores, name: str, where: Mapping[str, object], fields: Mapping[str, object]
) -> None:
    await update_document(get_collection(stores.mongo, name), where, {"$set": fields})


async def test_an_approval_of_long_ago_is_not_begun_again(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    order = await desk.order(customer)
    policy = cancelling(order["order_id"])
    asked = await say(stores, customer, policy)
    approval = {"_id": asked.approvals[0].approval_id}
    long_ago = stamp(datetime.now(UTC) - timedelta(days=2))
    await change(stores, "approvals", approval, {"status": "approved", "decided_at": long_ago})
    answer = await yes(stores, customer, policy, asked)
    assert [call.outcome for call in answer.tool_calls] == ["outcome_unknown"]
    assert await status_of(customer, order) == "pending"


async def test_a_model_that_wants_too_much_at_once_is_refused(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    [item_id] = await desk.product("10.00")

    def policy(_messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
        calls = [
            {"items": [{"item_id": item_id, "quantity": n + 1}], "payment_method_id": "credit_card_1"}
            for n in range(21)
        ]
        return ModelResponse(parts=[ToolCallPart("place_order", call) for call in calls])

    with pytest.raises(ModelMisbehaved):
        await say(stores, customer, policy)


def taken_over(stores: Stores, policy: Policy, conversation_id: str) -> Policy:
    """The model answers, but meanwhile another turn has taken the conversation."""

    async def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        await change(stores, "conversations", {"_id": conversation_id}, {"holder": "another turn"})
        return policy(messages, info)

    return answer  # pyright: ignore[reportReturnType] - a model's function may be either


async def test_a_turn_that_was_taken_over_leaves_no_live_approval(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    order = await desk.order(customer)
    first = await say(stores, customer, saying("hello"))
    policy = taken_over(stores, cancelling(order["order_id"]), first.conversation_id)
    with pytest.raises(ConversationBusy):
        await say(stores, customer, policy, first.conversation_id)
    waiting = get_collection(stores.mongo, "approvals")
    assert await waiting.count_documents({"conversation_id": first.conversation_id, "status": "waiting"}) == 0


async def test_an_approval_that_its_conversation_has_left_behind_is_gone(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    order = await desk.order(customer)
    policy = cancelling(order["order_id"])
    asked = await say(stores, customer, policy)
    await change(stores, "conversations", {"_id": asked.conversation_id}, {"run_id": None})
    with pytest.raises(ApprovalGone):
        await yes(stores, customer, policy, asked)
    assert await status_of(customer, order) == "pending"


async def test_a_conversation_that_grew_too_long_asks_for_a_new_one(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    first = await say(stores, customer, saying("hello"))
    long = {"history": "[" + " " * 1_000_001 + "]"}
    await change(stores, "conversations", {"_id": first.conversation_id}, long)
    with pytest.raises(ConversationFull):
        await say(stores, customer, saying("hello"), first.conversation_id)


async def test_a_turn_that_outlives_its_conversation_leaves_nothing(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    first = await say(stores, customer, saying("hello"))

    async def deleting(_messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
        await delete_conversation(stores, caller(customer), first.conversation_id)
        return saying("too late")(_messages, _info)

    with pytest.raises(ConversationBusy):
        await say(stores, customer, deleting, first.conversation_id)  # pyright: ignore[reportArgumentType]
    for name in ("conversations", "approvals", "runs"):
        found = get_collection(stores.mongo, name)
        assert await found.count_documents({"conversation_id": first.conversation_id}) == 0


async def test_who_is_no_longer_staff_reads_nothing_of_the_customer(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    staff = caller(desk.support(), roles=frozenset({Role.SUPPORT}), subject_id=None)
    begun = await chat(stores, staff, engine(saying("hi")), "support", "hello", None, UUID(customer.user_id))
    left = replace(staff, roles=frozenset[Role](), subject_id=staff.user_id)
    with pytest.raises(NotFound):
        await get_conversation(stores, left, begun.conversation_id)
    assert (await list_conversations(stores, left, 10, None)).items == []
    assert len((await list_conversations(stores, staff, 10, None)).items) == 1


async def test_a_conversation_about_nobody_does_not_begin(desk: Desk, stores: Stores) -> None:
    staff = caller(desk.support(), roles=frozenset({Role.SUPPORT}), subject_id=None)
    nobody = UUID("00000000-0000-4000-8000-000000000000")
    with pytest.raises(NotFound):
        await chat(stores, staff, engine(saying("hi")), "support", "hello", None, nobody)


async def test_a_no_is_chained_in_the_trail(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    order = await desk.order(customer)
    policy = cancelling(order["order_id"])
    asked = await say(stores, customer, policy)
    await decide(stores, caller(customer), engine(policy), asked.approvals[0].approval_id, False, None)
    trail = (await desk.admin().get("/api/audit", user_id=customer.user_id, limit=100)).json()["items"]
    [decision] = [entry for entry in trail if entry["action"] == "approval.decide"]
    assert decision["number"] is not None


def one_after_another(*order_ids: str) -> Policy:
    """A model that plans a command anew after each result, and must see each result once."""

    def policy(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
        seen = [
            part.tool_call_id
            for message in messages
            for part in message.parts
            if isinstance(part, ToolReturnPart) and part.tool_name == "cancel_pending_order"
        ]
        assert len(seen) == len(set(seen)), "a result stands twice"
        if len(seen) == len(order_ids):
            return reply("all done")
        arguments = {"order_id": order_ids[len(seen)], "reason": "ordered by mistake"}
        return ModelResponse(parts=[ToolCallPart("cancel_pending_order", arguments)])

    return policy


async def test_commands_planned_one_after_another_each_have_one_result(desk: Desk, stores: Stores) -> None:
    customer = await desk.customer()
    orders = [await desk.order(customer) for _ in range(3)]
    policy = one_after_another(*(order["order_id"] for order in orders))
    answer = await say(stores, customer, policy)
    for _ in orders:
        answer = await yes(stores, customer, policy, answer)
    assert [call.outcome for call in answer.tool_calls] == ["ok", "ok", "ok"]
    assert [await status_of(customer, order) for order in orders] == ["cancelled"] * 3


async def test_a_decision_sent_again_after_the_conversation_went_on_tells_what_came_of_it(
    desk: Desk, stores: Stores
) -> None:
    customer = await desk.customer()
    one, two = await desk.order(customer), await desk.order(customer)
    policy = cancelling(one["order_id"], two["order_id"])
    asked = await say(stores, customer, policy)
    await yes(stores, customer, policy, asked, 0)
    await say(stores, customer, saying("never mind the other"), asked.conversation_id)
    again = await yes(stores, customer, policy, asked, 0)
    assert again.approvals == []
    assert sorted(call.outcome for call in again.tool_calls) == ["denied", "ok"]
