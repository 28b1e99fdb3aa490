"""Turns of a conversation with the support agent: what waits, what is decided, what happens once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pydantic_ai import ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from agents.engine import Engine
from agents.turns import chat, decide
from src.models.caller import Caller, Context, Role
from src.models.conversation import Answer
from src.models.errors import (
    AlreadyDecided,
    ApprovalGone,
    ConversationBusy,
    ModelMisbehaved,
    ModelUnavailable,
    NotFound,
)
from src.services import conversation_service
from src.services.stores import Stores
from tests.fixtures.desk import Desk, Person

Policy = Callable[[list[ModelMessage], AgentInfo], ModelResponse]


def engine(policy: Policy, request_limit: int = 10) -> Engine:
    return Engine(FunctionModel(policy), request_limit=request_limit, timeout=30)


def caller(person: Person, **fields: Any) -> Caller:
    user_id = UUID(person.user_id)
    known = Caller(person.user_id, user_id, subject_id=user_id, context=Context(request_id="test"))
    return replace(known, **fields)


def returned(messages: list[ModelMessage]) -> list[ToolReturnPart]:
    """The tools' results since the model's last answer."""
    last = messages[-1]
    assert isinstance(last, ModelRequest)
    return [part for part in last.parts if isinstance(part, ToolReturnPart)]


def reply(message: str, kind: str = "done") -> ModelResponse:
    return ModelResponse(parts=[ToolCallPart("final_result", {"message": message, "kind": kind})])


def cancelling(*order_ids: str, twice: bool = False) -> Policy:
    """A model that cancels orders and then says what came of it."""

    def policy(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
        if results := returned(messages):
            return reply("; ".join(f"{part.outcome}: {str(part.content)[:40]}" for part in results))
        calls = [
            ToolCallPart("cancel_pending_order", {"order_id": order_id, "reason": "ordered by mistake"})
            for order_id in (*order_ids, *(order_ids if twice else ()))
        ]
        return ModelResponse(parts=calls)

    return policy


def saying(message: str) -> Policy:
    """A model that only ever says this."""
    return lambda _messages, _info: reply(message, "answer")


async def say(stores: Stores, person: Person, policy: Policy, conversation_id: str | None = None) -> Answer:
    return await chat(stores, caller(person), engine(policy), "support", "please", conversation_id, None)


async def yes(stores: Stores, person: Person, policy: Policy, answer: Answer, n: int = 0) -> Answer:
    return await decide(stores, caller(person), engine(policy), answer.approvals[n].approval_id, True, None)


async def status_of(person: Person, order: dict[str, Any]) -> str:
    found: str = (await person.get(f"/api/orders/{order['order_id']}")).json()["status"]
    return found


class TestWaiting:
    async def test_a_command_waits_with_a_summary_made_by_code(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        order = await desk.order(customer, "12.50")
        answer = await say(stores, customer, cancelling(f"#{order['order_id']}"))
        [asked] = answer.approvals
        assert answer.output is None
        assert asked.arguments == {"order_id": order["order_id"], "reason": "ordered by mistake"}
        assert "12.50 USD" in asked.summary
        assert [(call.tool, call.outcome) for call in answer.tool_calls] == [
            ("cancel_pending_order", "waiting")
        ]
        assert await status_of(customer, order) == "pending"

    async def test_a_command_that_would_be_refused_is_never_asked_for(
        self, desk: Desk, stores: Stores
    ) -> None:
        customer = await desk.customer()
        answer = await say(stores, customer, cancelling("W0000000000"))
        assert answer.approvals == []
        assert [call.outcome for call in answer.tool_calls] == ["not_found"]

    async def test_the_same_command_twice_waits_once(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        policy = cancelling(order["order_id"], twice=True)
        answer = await say(stores, customer, policy)
        assert len(answer.approvals) == 1
        done = await yes(stores, customer, policy, answer)
        assert [call.outcome for call in done.tool_calls] == ["ok", "ok"]

    async def test_a_new_message_withdraws_what_waits(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        asked = await say(stores, customer, cancelling(order["order_id"]))
        later = await say(stores, customer, saying("never mind"), asked.conversation_id)
        assert later.output is not None
        with pytest.raises(ApprovalGone):
            await yes(stores, customer, cancelling(order["order_id"]), asked)
        assert await status_of(customer, order) == "pending"


class TestDeciding:
    async def test_yes_carries_it_out_and_the_run_goes_on(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        policy = cancelling(order["order_id"])
        done = await yes(stores, customer, policy, await say(stores, customer, policy))
        assert done.output is not None
        assert [call.outcome for call in done.tool_calls] == ["ok"]
        assert await status_of(customer, order) == "cancelled"

    async def test_no_leaves_everything_and_tells_the_model(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        policy = cancelling(order["order_id"])
        asked = await say(stores, customer, policy)
        approval_id = asked.approvals[0].approval_id
        answer = await decide(stores, caller(customer), engine(policy), approval_id, False, "too late")
        assert [call.outcome for call in answer.tool_calls] == ["denied"]
        assert await status_of(customer, order) == "pending"

    async def test_the_same_decision_again_answers_alike_and_the_opposite_is_refused(
        self, desk: Desk, stores: Stores
    ) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        policy = cancelling(order["order_id"])
        asked = await say(stores, customer, policy)
        done = await yes(stores, customer, policy, asked)
        assert await yes(stores, customer, policy, asked) == done
        with pytest.raises(AlreadyDecided):
            await decide(
                stores, caller(customer), engine(policy), asked.approvals[0].approval_id, False, None
            )

    async def test_the_run_goes_on_once_all_commands_are_decided(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        one, two = await desk.order(customer), await desk.order(customer)
        policy = cancelling(one["order_id"], two["order_id"])
        asked = await say(stores, customer, policy)
        halfway = await yes(stores, customer, policy, asked, 0)
        assert halfway.output is None
        assert [each.approval_id for each in halfway.approvals] == [asked.approvals[1].approval_id]
        done = await yes(stores, customer, policy, asked, 1)
        assert [call.outcome for call in done.tool_calls] == ["ok", "ok"]

    async def test_somebody_elses_approval_does_not_exist(self, desk: Desk, stores: Stores) -> None:
        owner, other = await desk.customer(), await desk.customer()
        order = await desk.order(owner)
        policy = cancelling(order["order_id"])
        asked = await say(stores, owner, policy)
        with pytest.raises(NotFound):
            await yes(stores, other, policy, asked)
        assert await status_of(owner, order) == "pending"

    async def test_money_that_moved_since_is_refused(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        old, new = await desk.product("10.00", "12.00")
        body = {"items": [{"item_id": old}], "payment_method_id": "credit_card_1"}
        order = (await customer.post("/api/orders", body)).json()

        def policy(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
            if returned(messages):
                return reply("tried")
            arguments = {
                "order_id": order["order_id"],
                "item_ids": [old],
                "new_item_ids": [new],
                "payment_method_id": "credit_card_1",
            }
            return ModelResponse(parts=[ToolCallPart("modify_pending_order_items", arguments)])

        asked = await say(stores, customer, policy)
        product = (await customer.get(f"/api/items/{new}")).json()["product_id"]
        variants = (await customer.get(f"/api/products/{product}")).json()["variants"]
        variants[new]["price"] = "99.00"
        await desk.admin().put(f"/api/products/{product}", {"variants": variants})
        done = await yes(stores, customer, policy, asked)
        assert [call.outcome for call in done.tool_calls] == ["quote_changed"]
        assert await status_of(customer, order) == "pending"

    async def test_a_model_that_fails_afterwards_leaves_the_outcome_and_can_go_on(
        self, desk: Desk, stores: Stores
    ) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        policy = cancelling(order["order_id"])

        def failing(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            raise ModelHTTPError(500, "function")

        asked = await say(stores, customer, policy)
        failed = await yes(stores, customer, failing, asked)
        assert (failed.output, [call.outcome for call in failed.tool_calls]) == (None, ["ok"])
        assert await status_of(customer, order) == "cancelled"
        resumed = await yes(stores, customer, policy, asked)
        assert resumed.output is not None

    async def test_a_model_that_plans_the_same_command_again_after_approval_writes_once(
        self, desk: Desk, stores: Stores
    ) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        arguments = {"order_id": order["order_id"], "reason": "ordered by mistake"}
        asked_for = 0

        def again(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
            nonlocal asked_for
            asked_for += 1
            if asked_for > 2:
                return reply(returned(messages)[0].outcome)
            return ModelResponse(parts=[ToolCallPart("cancel_pending_order", arguments)])

        asked = await say(stores, customer, again)
        done = await yes(stores, customer, again, asked)
        assert [call.outcome for call in done.tool_calls] == ["ok", "ok"]
        assert (await customer.get(f"/api/orders/{order['order_id']}")).json()["version"] == 2


class TestBounds:
    async def test_one_turn_at_a_time(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        first = await say(stores, customer, saying("hello"))
        conversation = await conversation_service.get_conversation(
            stores, caller(customer), first.conversation_id
        )
        async with conversation_service.held(stores, conversation, "somebody"):
            with pytest.raises(ConversationBusy):
                await say(stores, customer, saying("hello"), first.conversation_id)

    async def test_a_failed_turn_leaves_the_conversation_as_it_was(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        first = await say(stores, customer, saying("hello"))

        def failing(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            raise ModelHTTPError(503, "function")

        with pytest.raises(ModelUnavailable):
            await say(stores, customer, failing, first.conversation_id)
        later = await say(stores, customer, saying("back"), first.conversation_id)
        assert later.output == {"message": "back", "kind": "answer", "order_ids": []}

    async def test_a_model_that_only_ever_calls_tools_is_stopped(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()

        def looping(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
            return ModelResponse(parts=[ToolCallPart("list_all_product_types", {})])

        with pytest.raises(ModelMisbehaved):
            await chat(stores, caller(customer), engine(looping, 3), "support", "loop", None, None)

    async def test_another_customers_things_are_absent_to_the_tools(self, desk: Desk, stores: Stores) -> None:
        mine, theirs = await desk.customer(), await desk.customer()
        order = await desk.order(theirs)

        def prying(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
            if results := returned(messages):
                return reply(" ".join(part.outcome for part in results))
            return ModelResponse(
                parts=[
                    ToolCallPart("get_order_details", {"order_id": order["order_id"]}),
                    ToolCallPart("list_orders", {"user_id": theirs.user_id}),
                    ToolCallPart("get_user_details", {"user_id": theirs.user_id}),
                    ToolCallPart("find_user_id_by_email", {"email": f"{theirs.user_id}@example.com"}),
                    ToolCallPart(
                        "cancel_pending_order",
                        {"order_id": order["order_id"], "reason": "ordered by mistake"},
                    ),
                ]
            )

        answer = await say(stores, mine, prying)
        assert {call.outcome for call in answer.tool_calls} == {"not_found"}
        assert answer.approvals == []

    async def test_staff_talk_about_the_one_customer_they_named(self, desk: Desk, stores: Stores) -> None:
        customer, other = await desk.customer(), await desk.customer()
        mine, theirs = await desk.order(customer), await desk.order(other)
        staff = caller(desk.support(), roles=frozenset({Role.SUPPORT}), subject_id=None)

        def looking(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            assert "place_order" not in {tool.name for tool in info.function_tools}
            if returned(messages):
                return reply("looked", "answer")
            return ModelResponse(
                parts=[
                    ToolCallPart("get_order_details", {"order_id": each["order_id"]})
                    for each in (mine, theirs)
                ]
            )

        user_id = UUID(customer.user_id)
        answer = await chat(stores, staff, engine(looking), "support", "look", None, user_id)
        assert [call.outcome for call in answer.tool_calls] == ["ok", "not_found"]

    async def test_malformed_arguments_are_retried_and_plain_text_is_no_reply(
        self, desk: Desk, stores: Stores
    ) -> None:
        customer = await desk.customer()
        answers = iter(
            [
                ModelResponse(parts=[ToolCallPart("get_order_details", {"order_id": 7})]),
                ModelResponse(parts=[TextPart("just text")]),
                reply("typed", "answer"),
            ]
        )
        answer = await say(stores, customer, lambda _messages, _info: next(answers))
        assert [call.outcome for call in answer.tool_calls] == ["retried"]
        assert answer.output == {"message": "typed", "kind": "answer", "order_ids": []}
