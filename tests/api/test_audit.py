"""The audit trail over REST: what it tells of whom, and to whom it tells it."""

import hashlib
import hmac
import json
from typing import Any, cast
from uuid import uuid4

import pytest

from src.config import Settings
from tests.fixtures.desk import ADDRESS, CARD, NAME, Desk, Person, refusal

CANCEL = {"reason": "no longer needed"}
Entry = dict[str, Any]


async def trail(admin: Person, **filters: str) -> list[Entry]:
    """All entries that fit, newest first, page by page."""
    asked = {"limit": "100"} | filters
    found: list[Entry] = []
    cursor = dict[str, str]()
    while True:
        answer = await admin.http.get("/api/audit", params=asked | cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        assert len(page["items"]) == int(asked["limit"]) or page["next_cursor"] is None
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def told(entries: list[Entry]) -> list[str]:
    """The entries in short, oldest first."""
    return [f"{entry['action']} {entry['code'] or entry['status']}" for entry in reversed(entries)]


def chain_of(entries: list[Entry]) -> list[Entry]:
    return sorted((entry for entry in entries if entry["number"]), key=lambda entry: entry["number"])


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        fields = cast(dict[str, Any], value)
        return {name: without_nulls(inner) for name, inner in fields.items() if inner is not None}
    return [without_nulls(inner) for inner in cast(list[Any], value)] if isinstance(value, list) else value


class TestChain:
    async def test_every_command_and_refusal_is_the_next_entry_of_its_actor(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        order = f"/api/orders/{(await desk.order(customer))['order_id']}"
        await customer.delete(path)
        await customer.post(f"{order}/cancel", CANCEL)
        await customer.post(f"{order}/cancel", CANCEL)
        await customer.put(f"{path}/address", ADDRESS)
        await customer.put(path, {"email": "eve@example.com"})
        await customer.delete(path)
        await customer.get(path)
        entries = chain_of(await trail(desk.admin(), user_id=customer.user_id))
        assert [entry["number"] for entry in entries] == list(range(1, 10))
        assert told(entries[::-1]) == [
            "user.create success",
            "order.place success",
            "user.delete open_orders",
            "order.cancel success",
            "order.cancel wrong_status",
            "user.change_address success",
            "user.update forbidden",
            "user.delete success",
            "user.read not_found",
        ]
        assert all(entry["audit_id"] == f"{customer.user_id}:{entry['number']}" for entry in entries)

    async def test_it_can_be_checked_with_the_key_from_what_is_answered(
        self, desk: Desk, desk_settings: Settings
    ) -> None:
        customer = await desk.customer()
        for city in ("Boston", "Zürich"):
            await customer.put(f"/api/users/{customer.user_id}", {"address": ADDRESS | {"city": city}})
        key = desk_settings.audit_hmac_key
        assert key is not None
        previous = "0" * 64
        for entry in chain_of(await trail(desk.admin(), user_id=customer.user_id)):
            body = without_nulls({k: v for k, v in entry.items() if k not in ("hash", "mac")})
            written = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
            digest = hashlib.sha256(written).hexdigest()
            mac = hmac.new(key.get_secret_value().encode(), digest.encode(), hashlib.sha256).hexdigest()
            assert (entry["previous_hash"], entry["hash"], entry["mac"]) == (previous, digest, mac)
            previous = digest
        answer = await desk.admin().get("/api/audit/verify", user_id=customer.user_id)
        assert (answer.json()["intact"], answer.json()["last"]) == (True, 3)

    async def test_a_repeated_key_adds_nothing(self, desk: Desk) -> None:
        customer = await desk.customer()
        for _ in range(3):
            await customer.put(f"/api/users/{customer.user_id}", {"name": NAME}, Idempotency_Key="k")
        assert told(await trail(desk.admin(), user_id=customer.user_id)) == [
            "user.create success",
            "user.update success",
        ]

    async def test_reads_stand_beside_the_chain_and_for_ninety_days(self, desk: Desk) -> None:
        customer = await desk.customer()
        await customer.get("/api/users/me")
        read, made = await trail(desk.admin(), user_id=customer.user_id)
        assert told([read]) == ["user.read success"]
        assert [read[name] for name in ("number", "previous_hash", "hash", "mac", "keep_until")] == [None] * 5
        assert 89 * 86400 < read["ttl"] - made["keep_until"] + 7 * 365 * 86400 + 2 * 86400 < 91 * 86400
        assert made["ttl"] is None


class TestWhatItTells:
    async def test_one_request_is_found_by_its_id(self, desk: Desk) -> None:
        customer, request_id = await desk.customer(), uuid4().hex
        path = f"/api/users/{customer.user_id}"
        answers = [
            await customer.put(path, {"name": NAME}, X_Request_ID=request_id, User_Agent="a browser"),
            await customer.put(path, {"email": "eve@example.com"}, X_Request_ID=request_id),
            await customer.http.get(path, headers={"X-Request-ID": request_id}),
            await customer.http.get("/api/products", headers={"X-Request-ID": request_id}),
        ]
        assert {answer.headers["x-request-id"] for answer in answers} == {request_id}
        entries = await trail(desk.admin(), request_id=request_id)
        assert set(told(entries)) == {
            "user.update success",
            "user.update forbidden",
            "user.read success",
            "product.list success",
        }
        assert {entry["source_ip"] for entry in entries} == {"127.0.0.1"}
        assert "a browser" in {entry["user_agent"] for entry in entries}

    async def test_failures_on_anothers_things_are_failures_of_those_who_tried(self, desk: Desk) -> None:
        owner, first, second = await desk.customer(), await desk.customer(), await desk.customer()
        order_id = (await desk.order(owner))["order_id"]
        await first.get(f"/api/orders/{order_id}")
        await second.post(f"/api/orders/{order_id}/cancel", CANCEL, If_Match='"7"')
        await second.http.get(f"/api/orders/{order_id}", params={"user_id": owner.user_id})
        await second.get(f"/api/users/{owner.user_id}")
        await second.get("/api/users", email=f"{owner.user_id}@example.com")
        failures = [
            await trail(desk.admin(), user_id=person.user_id, status="failure") for person in (first, second)
        ]
        assert told(failures[0]) == ["order.read not_found"]
        assert [entry["resource_id"] for entry in failures[0]] == [order_id]
        assert told(failures[1]) == [
            "order.cancel not_found",
            "user.turn_to not_found",
            "user.read not_found",
            "user.find_by_email not_found",
        ]
        assert {entry["subject_id"] for entry in failures[1]} == {second.user_id}

    async def test_staff_and_the_customer_they_turned_to_are_both_told(self, desk: Desk) -> None:
        customer, support = await desk.customer(), desk.support()
        order = f"/api/orders/{(await desk.order(customer))['order_id']}"
        await support.get("/api/users/me")
        await support.get("/api/users")
        await support.get("/api/products")
        await support.get(f"/api/users/{customer.user_id}")
        await support.get("/api/users", email=f"{customer.user_id}@example.com")
        await support.get("/api/orders", user_id=customer.user_id)
        await support.get(order)
        await support.put(f"/api/users/{customer.user_id}/address", ADDRESS)
        await support.put(f"/api/users/{customer.user_id}", {"email": "eve@example.com"})
        await support.post(f"{order}/cancel", CANCEL)
        await support.post(f"{order}/cancel", CANCEL)
        admin = desk.admin()
        about = await trail(admin, subject_id=customer.user_id, user_id=support.user_id)
        assert sorted(told(about)) == [
            "order.cancel success",
            "order.cancel wrong_status",
            "order.list success",
            "order.read success",
            "user.change_address success",
            "user.find_by_email success",
            "user.read success",
            "user.update forbidden",
        ]
        found = [entry["resource_id"] for entry in about if entry["action"] == "user.find_by_email"]
        assert found == [customer.user_id]
        others = [e for e in await trail(admin, user_id=support.user_id) if e["subject_id"] is None]
        assert sorted(told(others)) == ["product.list success", "user.list success"]

    async def test_changes_tell_old_and_new_and_nothing_personal(self, desk: Desk) -> None:
        secrets = ["Ottilie", "Quartermaine", "Gloucester", "Rowan Lane 7", "GL1 9ZZ", "5137", "visatron"]
        first, last, city, street, postcode, four, brand = secrets
        customer = await desk.customer(
            name={"first_name": first, "last_name": last},
            address=ADDRESS | {"city": city, "address1": street, "zip": postcode},
            payment_methods={"card": CARD | {"last_four": four, "brand": brand}},
        )
        admin, path = desk.admin(), f"/api/users/{customer.user_id}"
        secrets.append(f"{customer.user_id}@example.com")
        gift = {"source": "gift_card", "balance": "30"}
        methods = {"card": CARD | {"last_four": four, "brand": brand}, "gift": gift}
        await admin.put(path, {"payment_methods": methods, "email": f"{last}@example.com"})
        order = f"/api/orders/{(await desk.order(customer, '10.00', 'gift'))['order_id']}"
        await customer.post(f"{order}/address", ADDRESS | {"city": city})
        await customer.put(path, {"name": NAME | {"last_name": last}})
        names = {"first_name": first, "last_name": last, "zip": postcode}
        await admin.get("/api/users", **names)
        await admin.get("/api/users", email=f"{last}@example.com")
        entries = await trail(admin, subject_id=customer.user_id)
        [placed] = [entry for entry in entries if entry["action"] == "order.place"]
        changed = {change["field"]: (change["old"], change["new"]) for change in placed["changes"]}
        assert changed["user.payment_methods.gift.balance"] == ("30.00", "20.00")
        assert changed["order.status"] == (None, "pending")
        [renamed] = [e for e in entries if e["action"] == "user.update" and e["user_id"] == customer.user_id]
        [change] = renamed["changes"]
        assert change["field"] == "user.name.first_name"
        assert change["old"] != change["new"]
        text = json.dumps(entries, ensure_ascii=False).lower()
        assert [secret for secret in secrets if secret.lower() in text] == []

    async def test_the_same_change_leaves_the_same_digest(self, desk: Desk) -> None:
        customer = await desk.customer()
        for city in ("Boston", ADDRESS["city"], "Boston"):
            await customer.put(f"/api/users/{customer.user_id}/address", ADDRESS | {"city": city})
        entries = chain_of(await trail(desk.admin(), user_id=customer.user_id))[1:]
        old_and_new = [(entry["changes"][0]["old"], entry["changes"][0]["new"]) for entry in entries]
        home, boston = old_and_new[0]
        assert old_and_new == [(home, boston), (boston, home), (home, boston)]


class TestAsking:
    async def test_filters_narrow_what_is_told_together(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        order = await desk.order(customer)
        await customer.post(f"/api/orders/{order['order_id']}/cancel", CANCEL)
        await customer.post(f"/api/orders/{order['order_id']}/cancel", CANCEL)
        own = {"user_id": customer.user_id}
        whole = await trail(admin, **own)
        assert told(await trail(admin, resource_type="order", **own)) == told(whole)[1:]
        assert told(await trail(admin, status="failure", **own)) == ["order.cancel wrong_status"]
        assert told(await trail(admin, status="failure", resource_type="user", **own)) == []
        second, third = whole[2]["timestamp"], whole[1]["timestamp"]
        period = {"from": second, "to": third}
        assert await trail(admin, **own, **period) == whole[1:3]
        assert await trail(admin, subject_id=customer.user_id, **period, limit="1") == whole[1:3]
        assert [e for e in await trail(admin, **period) if e["user_id"] == customer.user_id] == whole[1:3]

    @pytest.mark.parametrize("by", ["user_id", "subject_id", "resource_type", "nothing"])
    async def test_pages_lose_and_repeat_nothing(self, desk: Desk, by: str) -> None:
        customer, admin = await desk.customer(), desk.admin()
        began = (await customer.get("/api/users/me")).json()["created_at"]
        for _ in range(5):
            await customer.put(f"/api/users/{customer.user_id}", {"name": NAME})
        filters = {"user_id": customer.user_id, "subject_id": customer.user_id, "resource_type": "user"}
        chosen = {"from": began} | ({by: filters[by]} if by in filters else {})
        newest = (await trail(admin, user_id=customer.user_id))[0]["timestamp"]
        whole = await trail(admin, **chosen, to=newest)
        for limit in ("1", "3", "7"):
            assert await trail(admin, limit=limit, **chosen, to=newest) == whole
        assert len([entry for entry in whole if entry["user_id"] == customer.user_id]) >= 7
        assert [entry["timestamp"] for entry in whole] == sorted(
            (e["timestamp"] for e in whole), reverse=True
        )

    async def test_a_cursor_is_good_for_its_own_question_alone(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        await customer.put(f"/api/users/{customer.user_id}", {"name": NAME})
        page = (await admin.get("/api/audit", user_id=customer.user_id, limit=1)).json()
        answer = await admin.get("/api/audit", user_id=str(uuid4()), cursor=page["next_cursor"])
        assert refusal(answer) == (422, "invalid_cursor")

    @pytest.mark.parametrize(
        "odd",
        [
            {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
            {"from": "2026-01-01T00:00:00"},
            {"from": "yesterday"},
            {"status": "maybe"},
            {"resource_type": "planet"},
            {"limit": "0"},
            {"limit": "101"},
            {"user_id": ""},
            {"cursor": "no cursor"},
        ],
        ids=str,
    )
    async def test_an_odd_question_is_refused(self, desk: Desk, odd: dict[str, str]) -> None:
        answer = await desk.admin().get("/api/audit", **odd)
        assert answer.status_code == 422
        assert refusal(answer)[1] in ("invalid", "invalid_cursor")

    async def test_the_ends_of_time_are_no_odd_question(self, desk: Desk) -> None:
        ends = {"from": "0001-01-01T00:00:00+14:00", "to": "9999-12-31T23:59:59-14:00"}
        answer = await desk.admin().get("/api/audit", user_id=str(uuid4()), **ends)
        assert (answer.status_code, answer.json()["items"]) == (200, [])

    async def test_it_is_for_admins_alone(self, desk: Desk) -> None:
        for person in (await desk.customer(), desk.support()):
            assert refusal(await person.get("/api/audit")) == (403, "forbidden")
            assert refusal(await person.get("/api/audit", user_id=person.user_id)) == (403, "forbidden")
            entries = await trail(desk.admin(), user_id=person.user_id, status="failure")
            assert told(entries) == ["audit.read forbidden"] * 2
