"""Fourth stop: the audit trail. From one request to all that it did."""

from tests.fixtures.desk import Desk


async def test_an_approved_cancellation_leads_from_the_request_to_the_changed_fields(desk: Desk) -> None:
    ann, auditor = await desk.customer(), desk.admin()
    order_id = (await desk.order(ann))["order_id"]
    message = {"message": f"Cancel order {order_id}, I ordered it by mistake."}
    asked = (await ann.post("/api/agents/support/chat", message)).json()
    approval_id = asked["approvals"][0]["approval_id"]
    decided = await ann.post(f"/api/approvals/{approval_id}", {"approved": True})

    request_id = decided.headers["x-request-id"]
    entries = (await auditor.get("/api/audit", request_id=request_id)).json()["items"]
    [entry] = [each for each in entries if each["action"] == "order.cancel"]
    assert (entry["user_id"], entry["resource_id"], entry["status"]) == (ann.user_id, order_id, "success")
    assert (entry["approval_id"], entry["run_id"]) == (approval_id, asked["run_id"])
    assert {"field": "order.status", "old": "pending", "new": "cancelled"} in entry["changes"]


async def test_each_entry_of_a_chain_carries_the_hash_of_the_one_before(desk: Desk) -> None:
    ann, auditor = await desk.customer(), desk.admin()
    for _ in range(2):
        await desk.order(ann)
    entries = (await auditor.get("/api/audit", user_id=ann.user_id)).json()["items"]
    chain = sorted((each for each in entries if each.get("number")), key=lambda each: each["number"])
    assert [each["number"] for each in chain] == [1, 2, 3]
    assert [each["previous_hash"] for each in chain[1:]] == [each["hash"] for each in chain[:-1]]


async def test_looking_at_what_is_not_ones_own_is_recorded_as_a_failure(desk: Desk) -> None:
    ann, bob, auditor = await desk.customer(), await desk.customer(), desk.admin()
    order_id = (await desk.order(bob))["order_id"]
    await ann.get(f"/api/orders/{order_id}")
    failures = (await auditor.get("/api/audit", user_id=ann.user_id, status="failure")).json()["items"]
    assert [(each["action"], each["resource_id"]) for each in failures] == [("order.read", order_id)]


async def test_only_admins_read_the_trail(desk: Desk) -> None:
    assert (await desk.support().get("/api/audit")).status_code == 403
