"""Second stop: orders, and the rules that hold for everybody."""

from tests.fixtures.desk import Desk


async def test_what_is_ordered_is_paid_and_pending(desk: Desk) -> None:
    ann = await desk.customer()
    [kettle] = await desk.product("49.90")
    body = {"items": [{"item_id": kettle, "quantity": 2}], "payment_method_id": "credit_card_1"}
    order = (await ann.post("/api/orders", body)).json()
    assert (order["status"], order["total_amount"], order["currency"]) == ("pending", "99.80", "USD")


async def test_a_pending_order_can_be_cancelled_once(desk: Desk) -> None:
    ann = await desk.customer()
    path = f"/api/orders/{(await desk.order(ann))['order_id']}/cancel"
    assert (await ann.post(path, {"reason": "no longer needed"})).json()["status"] == "cancelled"
    refused = (await ann.post(path, {"reason": "no longer needed"})).json()
    assert refused["code"] == "wrong_status"


async def test_a_request_that_is_sent_twice_happens_once(desk: Desk) -> None:
    ann = await desk.customer()
    [kettle] = await desk.product("49.90")
    body = {"items": [{"item_id": kettle}], "payment_method_id": "credit_card_1"}
    first = await ann.post("/api/orders", body, Idempotency_Key="a key of Ann's own")
    again = await ann.post("/api/orders", body, Idempotency_Key="a key of Ann's own")
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
