"""Orders over REST: placed, read, listed and cancelled by those who may."""

from decimal import Decimal

from tests.fixtures.desk import Desk


class TestPlacing:
    async def test_a_placed_order_is_pending_paid_and_on_its_first_version(self, desk: Desk) -> None:
        customer = await desk.customer()
        kettle, toaster = await desk.product("49.90", "20.00")
        body = {
            "items": [{"item_id": kettle, "quantity": 2}, {"item_id": toaster}],
            "payment_method_id": "credit_card_1",
        }
        answer = await customer.post("/api/orders", body)
        order = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/api/orders/{order['order_id']}"
        assert answer.headers["etag"] == '"1"'
        assert order["status"] == "pending"
        assert [item["item_id"] for item in order["items"]] == [kettle, kettle, toaster]
        assert order["total_amount"] == "119.80"
        assert order["payment_history"] == [
            {"transaction_type": "payment", "amount": "119.80", "payment_method_id": "credit_card_1"}
        ]

    async def test_a_gift_card_pays_only_what_it_holds(self, desk: Desk) -> None:
        customer = await desk.customer()
        card = {"gift_card_1": {"source": "gift_card", "balance": "15.00"}}
        await desk.admin().put(f"/api/users/{customer.user_id}", {"payment_methods": card})
        await desk.order(customer, "10.00", "gift_card_1")
        [item_id] = await desk.product("10.00")
        body = {"items": [{"item_id": item_id}], "payment_method_id": "gift_card_1"}
        refused = await customer.post("/api/orders", body)
        user = (await customer.get("/api/users/me")).json()
        assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_balance")
        assert user["payment_methods"]["gift_card_1"]["balance"] == "5.00"

    async def test_what_is_sold_out_or_unknown_is_not_ordered(self, desk: Desk) -> None:
        customer = await desk.customer()
        [gone] = await desk.product("10.00", available=False)
        sold_out = {"items": [{"item_id": gone}], "payment_method_id": "credit_card_1"}
        unknown = {"items": [{"item_id": "no-such-item"}], "payment_method_id": "credit_card_1"}
        refused = await customer.post("/api/orders", sold_out)
        absent = await customer.post("/api/orders", unknown)
        assert (refused.status_code, refused.json()["code"]) == (409, "item_unavailable")
        assert (absent.status_code, absent.json()["code"]) == (422, "unknown_item")
        assert (await customer.get("/api/orders")).json()["items"] == []

    async def test_staff_place_for_a_customer_they_name(self, desk: Desk) -> None:
        customer, support = await desk.customer(), desk.support()
        [item_id] = await desk.product("10.00")
        body = {"items": [{"item_id": item_id}], "payment_method_id": "credit_card_1"}
        nobody = await support.post("/api/orders", body)
        placed = await support.post("/api/orders", body | {"user_id": customer.user_id})
        assert (nobody.status_code, placed.status_code) == (422, 201)
        assert placed.json()["user_id"] == customer.user_id

    async def test_the_same_key_places_one_order_and_answers_alike(self, desk: Desk) -> None:
        customer = await desk.customer()
        kettle, toaster = await desk.product("10.00", "20.00")
        body = {"items": [{"item_id": kettle}], "payment_method_id": "credit_card_1"}
        other = {"items": [{"item_id": toaster}], "payment_method_id": "credit_card_1"}
        first = await customer.post("/api/orders", body, Idempotency_Key="once")
        again = await customer.post("/api/orders", body, Idempotency_Key="once")
        reused = await customer.post("/api/orders", other, Idempotency_Key="once")
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
        assert len((await customer.get("/api/orders")).json()["items"]) == 1


class TestReading:
    async def test_orders_are_listed_newest_first_in_pages(self, desk: Desk) -> None:
        customer = await desk.customer()
        placed = [(await desk.order(customer))["order_id"] for _ in range(3)]
        first = (await customer.get("/api/orders", limit=2)).json()
        rest = (await customer.get("/api/orders", limit=2, cursor=first["next_cursor"])).json()
        listed = [order["order_id"] for order in first["items"] + rest["items"]]
        assert listed == placed[::-1]
        assert rest["next_cursor"] is None

    async def test_orders_are_listed_by_status(self, desk: Desk) -> None:
        customer = await desk.customer()
        cancelled = await desk.order(customer)
        await desk.order(customer)
        await customer.post(f"/api/orders/{cancelled['order_id']}/cancel", {"reason": "no longer needed"})
        listed = (await customer.get("/api/orders", status="cancelled")).json()["items"]
        assert [order["order_id"] for order in listed] == [cancelled["order_id"]]

    async def test_a_cursor_is_good_for_its_own_list_alone(self, desk: Desk) -> None:
        mine, theirs = await desk.customer(), await desk.customer()
        for _ in range(2):
            await desk.order(theirs)
        cursor = (await theirs.get("/api/orders", limit=1)).json()["next_cursor"]
        answer = await mine.get("/api/orders", cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")

    async def test_anothers_order_is_answered_as_one_that_does_not_exist(self, desk: Desk) -> None:
        mine, theirs = await desk.customer(), await desk.customer()
        order_id = (await desk.order(theirs))["order_id"]
        hidden = await mine.get(f"/api/orders/{order_id}")
        absent = await mine.get("/api/orders/W0000000000")
        assert hidden.status_code == absent.status_code == 404
        assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}
        assert (await mine.get("/api/orders", user_id=theirs.user_id)).status_code == 404


class TestCancelling:
    async def test_a_cancelled_order_is_refunded_to_what_paid_it(self, desk: Desk) -> None:
        customer = await desk.customer()
        order = await desk.order(customer, "12.50")
        answer = await customer.post(
            f"/api/orders/{order['order_id']}/cancel", {"reason": "no longer needed"}
        )
        cancelled = answer.json()
        assert answer.status_code == 200
        assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "no longer needed")
        assert cancelled["payment_history"][-1] == {
            "transaction_type": "refund",
            "amount": "12.50",
            "payment_method_id": "credit_card_1",
        }
        assert (cancelled["version"], answer.headers["etag"]) == (2, '"2"')

    async def test_delete_cancels_too(self, desk: Desk) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        answer = await customer.delete(f"/api/orders/{order['order_id']}", reason="ordered by mistake")
        assert answer.json()["status"] == "cancelled"

    async def test_a_gift_card_is_credited_at_once(self, desk: Desk) -> None:
        customer = await desk.customer()
        card = {"gift_card_1": {"source": "gift_card", "balance": "15.00"}}
        await desk.admin().put(f"/api/users/{customer.user_id}", {"payment_methods": card})
        order = await desk.order(customer, "10.00", "gift_card_1")
        await customer.post(f"/api/orders/{order['order_id']}/cancel", {"reason": "no longer needed"})
        user = (await customer.get("/api/users/me")).json()
        assert Decimal(user["payment_methods"]["gift_card_1"]["balance"]) == Decimal("15.00")

    async def test_only_a_pending_order_is_cancelled_and_a_refusal_changes_nothing(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/orders/{(await desk.order(customer))['order_id']}"
        cancelled = (await customer.post(f"{path}/cancel", {"reason": "no longer needed"})).json()
        refused = await customer.post(f"{path}/cancel", {"reason": "no longer needed"})
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_status")
        assert (await customer.get(path)).json() == cancelled

    async def test_another_reason_than_the_two_is_refused(self, desk: Desk) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        answer = await customer.post(f"/api/orders/{order['order_id']}/cancel", {"reason": "bored"})
        assert answer.status_code == 422

    async def test_an_old_version_is_refused(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/orders/{(await desk.order(customer))['order_id']}/cancel"
        stale = await customer.post(path, {"reason": "no longer needed"}, If_Match='"7"')
        fresh = await customer.post(path, {"reason": "no longer needed"}, If_Match='"1"')
        assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
        assert fresh.status_code == 200

    async def test_another_customer_cannot_and_staff_can(self, desk: Desk) -> None:
        owner, other, support = await desk.customer(), await desk.customer(), desk.support()
        path = f"/api/orders/{(await desk.order(owner))['order_id']}/cancel"
        hidden = await other.post(path, {"reason": "no longer needed"})
        mistaken = await support.http.post(
            path, json={"reason": "no longer needed"}, params={"user_id": other.user_id}
        )
        done = await support.post(path, {"reason": "no longer needed"})
        assert (hidden.status_code, mistaken.status_code, done.status_code) == (404, 404, 200)
