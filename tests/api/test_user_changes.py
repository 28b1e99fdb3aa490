"""Profiles over REST: changed, and deleted with all that leads to them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.fixtures.desk import ADDRESS, CARD, NAME, Desk, Person, refusal

PAYPAL = {"source": "paypal"}
BOSTON = ADDRESS | {"city": "Boston", "zip": "02108"}


def gift_card(balance: str) -> dict[str, str]:
    return {"source": "gift_card", "balance": balance}


async def me(customer: Person) -> dict[str, Any]:
    user: dict[str, Any] = (await customer.get("/api/users/me")).json()
    return user


class TestUsedPaymentMethods:
    @pytest.mark.parametrize("other", [CARD | {"last_four": "9999"}, PAYPAL], ids=["card", "paypal"])
    async def test_what_paid_for_an_order_does_not_become_something_else(
        self, desk: Desk, other: dict[str, str]
    ) -> None:
        customer = await desk.customer()
        await desk.order(customer)
        path = f"/api/users/{customer.user_id}"
        answer = await customer.put(path, {"payment_methods": {"credit_card_1": other}})
        same = await customer.put(path, {"payment_methods": {"credit_card_1": CARD, "paypal_1": PAYPAL}})
        assert refusal(answer) == (409, "payment_method_in_use")
        assert same.status_code == 200

    async def test_a_used_gift_cards_balance_is_still_an_admins_to_set(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        path = f"/api/users/{customer.user_id}"
        await admin.put(path, {"payment_methods": {"gift_card_1": gift_card("20.00")}})
        await desk.order(customer, "10.00", "gift_card_1")
        answer = await admin.put(path, {"payment_methods": {"gift_card_1": gift_card("50.00")}})
        assert answer.json()["payment_methods"]["gift_card_1"]["balance"] == "50.00"


class TestChanging:
    async def test_what_is_sent_changes_and_the_rest_stays(self, desk: Desk) -> None:
        customer = await desk.customer()
        before = await me(customer)
        answer = await customer.put(f"/api/users/{customer.user_id}", {"address": BOSTON})
        after = answer.json()
        assert (answer.status_code, answer.headers["etag"], after["version"]) == (200, '"2"', 2)
        assert after["updated_at"] > before["updated_at"]
        assert after == before | {"address": BOSTON, "version": 2, "updated_at": after["updated_at"]}
        assert await me(customer) == after

    async def test_the_address_has_a_door_of_its_own(self, desk: Desk) -> None:
        customer, other = await desk.customer(), await desk.customer()
        changed = await customer.put(f"/api/users/{customer.user_id}/address", BOSTON)
        by_staff = await desk.support().put(f"/api/users/{other.user_id}/address", BOSTON)
        assert (changed.json()["address"], changed.headers["etag"]) == (BOSTON, '"2"')
        assert by_staff.json()["address"] == BOSTON
        assert (await me(customer), await me(other)) == (changed.json(), by_staff.json())

    @pytest.mark.parametrize(
        "unknown",
        [{"id": str(uuid4())}, {"version": 7}, {"created_at": "2026-01-01T00:00:00Z"}, {"nick": "A"}],
    )
    async def test_what_is_nobodys_to_write_is_refused(self, desk: Desk, unknown: dict[str, object]) -> None:
        customer = await desk.customer()
        path, body = f"/api/users/{customer.user_id}", {"name": NAME} | unknown
        assert refusal(await customer.put(path, body)) == (422, "invalid")
        assert refusal(await desk.admin().put(path, body)) == (422, "invalid")
        assert (await me(customer))["version"] == 1

    async def test_an_old_version_is_refused(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        stale = await customer.put(path, {"address": BOSTON}, If_Match='"2"')
        fresh = await customer.put(path, {"address": BOSTON}, If_Match='"1"')
        any_version = await customer.put(path, {"address": ADDRESS}, If_Match="*")
        assert refusal(stale) == (412, "version_mismatch")
        assert (fresh.status_code, any_version.json()["version"]) == (200, 3)

    @pytest.mark.parametrize("odd", ['"one"', "1.5", '"1", "2"', "-1", "W/", '""'])
    async def test_an_odd_version_is_refused(self, desk: Desk, odd: str) -> None:
        customer = await desk.customer()
        answer = await customer.put(f"/api/users/{customer.user_id}", {"address": BOSTON}, If_Match=odd)
        assert refusal(answer) == (422, "invalid")
        assert (await me(customer))["version"] == 1

    async def test_the_same_key_changes_once_and_answers_alike(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        first = await customer.put(path, {"address": BOSTON}, Idempotency_Key="k", If_Match='"1"')
        again = await customer.put(path, {"address": BOSTON}, Idempotency_Key="k", If_Match='"1"')
        other = await customer.put(path, {"address": ADDRESS}, Idempotency_Key="k")
        assert (again.status_code, again.json()) == (200, first.json())
        assert refusal(other) == (422, "idempotency_key_reused")
        assert (await me(customer))["version"] == 2


class TestPaymentMethods:
    async def test_the_set_is_replaced_and_gift_cards_stay(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        path = f"/api/users/{customer.user_id}"
        methods = {"credit_card_1": CARD, "gift_card_1": gift_card("5")}
        await admin.put(path, {"payment_methods": methods})
        answer = await customer.put(path, {"payment_methods": {"paypal_1": PAYPAL}})
        assert answer.json()["payment_methods"] == {"paypal_1": PAYPAL, "gift_card_1": gift_card("5.00")}
        taken = await admin.put(path, {"payment_methods": {"paypal_1": PAYPAL}})
        assert taken.json()["payment_methods"] == {"paypal_1": PAYPAL}

    async def test_a_gift_card_is_sent_back_as_it_is_or_not_at_all(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        await desk.admin().put(path, {"payment_methods": {"gift_card_1": gift_card("5")}})
        same = await customer.put(path, {"payment_methods": {"gift_card_1": gift_card("5.0"), "p": PAYPAL}})
        assert same.json()["payment_methods"] == {"gift_card_1": gift_card("5.00"), "p": PAYPAL}
        richer = {"gift_card_1": gift_card("500")}
        new = {"gift_card_2": gift_card("0")}
        other = {"gift_card_1": PAYPAL}
        for methods in (richer, new, other):
            for writer in (customer, desk.support()):
                assert refusal(await writer.put(path, {"payment_methods": methods})) == (403, "forbidden")
        assert (await me(customer))["payment_methods"] == same.json()["payment_methods"]

    async def test_what_paid_for_an_order_stays(self, desk: Desk) -> None:
        customer = await desk.customer(payment_methods={"credit_card_1": CARD, "spare": PAYPAL})
        order = await desk.order(customer)
        path = f"/api/users/{customer.user_id}"
        for writer in (customer, desk.admin()):
            answer = await writer.put(path, {"payment_methods": {"spare": PAYPAL}})
            assert refusal(answer) == (409, "payment_method_in_use")
        await customer.post(f"/api/orders/{order['order_id']}/cancel", {"reason": "no longer needed"})
        assert (await customer.put(path, {"payment_methods": {}})).status_code == 409
        kept = await customer.put(path, {"payment_methods": {"credit_card_1": CARD}})
        assert kept.json()["payment_methods"] == {"credit_card_1": CARD}


class TestEmail:
    async def test_only_admins_change_it(self, desk: Desk) -> None:
        customer = await desk.customer()
        for writer in (customer, desk.support()):
            for email in (f"{uuid4()}@example.com", f"{customer.user_id}@example.com"):
                answer = await writer.put(f"/api/users/{customer.user_id}", {"email": email})
                assert refusal(answer) == (403, "forbidden")

    async def test_a_change_frees_the_old_one_and_takes_the_new_one(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        old, new = f"{customer.user_id}@example.com", f"{uuid4()}@example.com"
        answer = await admin.put(f"/api/users/{customer.user_id}", {"email": new})
        assert answer.json()["email"] == (await me(customer))["email"] == new
        assert refusal(await admin.get("/api/users", email=old)) == (404, "not_found")
        [found] = (await admin.get("/api/users", email=new)).json()["items"]
        assert found == answer.json()
        profile = {"name": NAME, "address": ADDRESS}
        assert refusal(await admin.post("/api/users", profile | {"email": new})) == (409, "duplicate_email")
        assert (await admin.post("/api/users", profile | {"email": old})).status_code == 201

    async def test_anothers_is_refused_and_ones_own_in_another_case_is_not(self, desk: Desk) -> None:
        customer, other, admin = await desk.customer(), await desk.customer(), desk.admin()
        path = f"/api/users/{customer.user_id}"
        taken = await admin.put(path, {"email": f"{other.user_id}@example.com"})
        own = await admin.put(path, {"email": f"{customer.user_id}@example.com".upper()})
        assert refusal(taken) == (409, "duplicate_email")
        assert own.json()["email"] == f"{customer.user_id.upper()}@example.com"


class TestDeleting:
    async def test_a_deleted_user_is_absent_everywhere(self, desk: Desk) -> None:
        surname = uuid4().hex
        customer = await desk.customer(name={"first_name": "Ann", "last_name": surname})
        support, path = desk.support(), f"/api/users/{customer.user_id}"
        await me(customer)
        answer = await customer.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
        names = {"first_name": "Ann", "last_name": surname, "zip": ADDRESS["zip"]}
        looks = [
            await customer.get("/api/users/me"),
            await support.get(path),
            await support.get("/api/users", email=f"{customer.user_id}@example.com"),
            await support.get("/api/users", **names),
            await support.put(path, {"name": NAME}),
            await support.put(f"{path}/address", ADDRESS),
            await customer.delete(path),
        ]
        assert {refusal(look) for look in looks} == {(404, "not_found")}
        listed = (await support.get("/api/users", limit=100)).json()["items"]
        assert customer.user_id not in [user["id"] for user in listed]

    async def test_a_deleted_user_places_no_order(self, desk: Desk) -> None:
        customer = await desk.customer()
        [item_id] = await desk.product("10.00")
        await customer.delete(f"/api/users/{customer.user_id}")
        body = {"items": [{"item_id": item_id}], "payment_method_id": "credit_card_1"}
        assert refusal(await customer.post("/api/orders", body)) == (404, "not_found")
        for_them = await desk.support().post("/api/orders", body | {"user_id": customer.user_id})
        assert refusal(for_them) == (404, "not_found")

    async def test_open_orders_keep_their_user(self, desk: Desk) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        path = f"/api/users/{customer.user_id}"
        assert refusal(await customer.delete(path)) == (409, "open_orders")
        assert refusal(await desk.admin().delete(path)) == (409, "open_orders")
        await customer.post(f"/api/orders/{order['order_id']}/cancel", {"reason": "no longer needed"})
        assert (await customer.delete(path)).status_code == 204

    async def test_the_email_is_free_again(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        await admin.delete(f"/api/users/{customer.user_id}")
        body = {"name": NAME, "address": ADDRESS, "email": f"{customer.user_id}@example.com"}
        assert (await admin.post("/api/users", body)).status_code == 201

    async def test_the_same_customer_may_register_again_and_versions_go_on(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        await customer.put(path, {"address": BOSTON})
        await customer.delete(path)
        again = await customer.post("/api/users", {"name": NAME, "address": ADDRESS})
        assert (again.status_code, again.json()["id"], again.json()["version"]) == (201, customer.user_id, 4)
        assert await me(customer) == again.json()
        assert again.json()["payment_methods"] == {}
        assert (await customer.put(path, {"address": BOSTON})).json()["version"] == 5

    async def test_an_old_version_is_not_deleted(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        stale = await customer.http.delete(path, headers={"If-Match": '"9"'})
        fresh = await customer.http.delete(path, headers={"If-Match": '"1"'})
        assert refusal(stale) == (412, "version_mismatch")
        assert fresh.status_code == 204

    async def test_the_same_key_deletes_once_and_answers_alike(self, desk: Desk) -> None:
        customer = await desk.customer()
        path, headers = f"/api/users/{customer.user_id}", {"Idempotency-Key": "k"}
        first = await customer.http.delete(path, headers=headers)
        again = await customer.http.delete(path, headers=headers)
        assert (first.status_code, again.status_code) == (204, 204)
        await customer.post("/api/users", {"name": NAME, "address": ADDRESS})
        assert (await customer.http.delete(path, headers=headers)).status_code == 204
        assert (await customer.get("/api/users/me")).status_code == 200
