"""Third stop: the support agent. It reads freely and changes nothing without a yes."""

from tests.fixtures.desk import Desk

CHAT = "/api/agents/support/chat"


async def test_the_agent_answers_from_what_its_tools_find(desk: Desk) -> None:
    ann = await desk.customer()
    order_id = (await desk.order(ann))["order_id"]
    answer = (await ann.post(CHAT, {"message": f"What is the status of order {order_id}?"})).json()
    assert "pending" in answer["output"]["message"]
    assert answer["model"] == "rules"
    assert [(call["tool"], call["outcome"]) for call in answer["tool_calls"]] == [("get_order_details", "ok")]


async def test_a_cancellation_waits_until_its_owner_approves_it(desk: Desk) -> None:
    ann = await desk.customer()
    order_id = (await desk.order(ann, "12.50"))["order_id"]
    asked = (await ann.post(CHAT, {"message": f"Cancel order {order_id}, I ordered it by mistake."})).json()
    [approval] = asked["approvals"]
    assert asked["output"] is None
    assert "12.50 USD" in approval["summary"]
    assert (await ann.get(f"/api/orders/{order_id}")).json()["status"] == "pending"

    done = (await ann.post(f"/api/approvals/{approval['approval_id']}", {"approved": True})).json()
    assert done["output"]["kind"] == "done"
    assert (await ann.get(f"/api/orders/{order_id}")).json()["status"] == "cancelled"


async def test_a_no_is_a_no(desk: Desk) -> None:
    ann = await desk.customer()
    order_id = (await desk.order(ann))["order_id"]
    asked = (await ann.post(CHAT, {"message": f"Cancel order {order_id}, I ordered it by mistake."})).json()
    path = f"/api/approvals/{asked['approvals'][0]['approval_id']}"
    assert (await ann.post(path, {"approved": False})).status_code == 200
    assert (await ann.get(f"/api/orders/{order_id}")).json()["status"] == "pending"


async def test_nobody_approves_for_somebody_else(desk: Desk) -> None:
    ann, bob = await desk.customer(), await desk.customer()
    order_id = (await desk.order(ann))["order_id"]
    asked = (await ann.post(CHAT, {"message": f"Cancel order {order_id}, I ordered it by mistake."})).json()
    path = f"/api/approvals/{asked['approvals'][0]['approval_id']}"
    assert (await bob.post(path, {"approved": True})).status_code == 404


async def test_what_is_missing_is_asked_for(desk: Desk) -> None:
    ann = await desk.customer()
    order_id = (await desk.order(ann))["order_id"]
    asked = (await ann.post(CHAT, {"message": f"Please cancel order {order_id}."})).json()
    assert asked["output"]["kind"] == "question"
    more = {"message": "I no longer need it.", "conversation_id": asked["conversation_id"]}
    answer = (await ann.post(CHAT, more)).json()
    assert [approval["tool"] for approval in answer["approvals"]] == ["cancel_pending_order"]


async def test_another_customers_order_does_not_exist_for_the_agent_either(desk: Desk) -> None:
    ann, bob = await desk.customer(), await desk.customer()
    order_id = (await desk.order(bob))["order_id"]
    answer = (await ann.post(CHAT, {"message": f"Cancel order {order_id}, ordered by mistake."})).json()
    assert answer["approvals"] == []
    assert {call["outcome"] for call in answer["tool_calls"]} == {"not_found"}
