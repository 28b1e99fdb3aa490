"""Commands over /mcp: at once, once for one key, and in the trail."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from src.models.errors import KeyInUse
from tests.fixtures.desk import ADDRESS, Desk, Person
from tests.fixtures.mcp import call, content_of, mcp_client, outcome_of

REASON = {"reason": "ordered by mistake"}


async def basket(desk: Desk, price: str = "10.00") -> dict[str, Any]:
    [item_id] = await desk.product(price)
    return {"items": [{"item_id": item_id}], "payment_method_id": "credit_card_1"}


async def orders_of(customer: Person) -> list[str]:
    return [order["order_id"] for order in (await customer.get("/api/orders")).json()["items"]]


async def test_a_command_runs_at_once_by_the_rules_of_the_desk(desk: Desk) -> None:
    customer = await desk.customer()
    order = await desk.order(customer)
    async with mcp_client(desk, customer) as client:
        cancelled = content_of(await call(client, "cancel_pending_order", **named(order), **REASON))
        again = await call(client, "cancel_pending_order", **named(order), **REASON)
    assert cancelled == (await customer.get(f"/api/orders/{order['order_id']}")).json()
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "ordered by mistake")
    assert outcome_of(again) == "wrong_status"


async def test_the_trail_leads_from_the_request_to_the_call_and_what_it_changed(desk: Desk) -> None:
    customer, request_id = await desk.customer(), uuid4().hex
    order = await desk.order(customer)
    headers = {"X-Request-ID": request_id, "User-Agent": "an-mcp-client/1"}
    async with mcp_client(desk, customer, headers=headers) as client:
        content_of(await call(client, "cancel_pending_order", **named(order), **REASON))
    trail = (await desk.admin().get("/api/audit", request_id=request_id)).json()["items"]
    [entry] = [entry for entry in trail if entry["action"] == "order.cancel"]
    assert (entry["user_id"], entry["subject_id"]) == (customer.user_id, customer.user_id)
    assert (entry["resource_id"], entry["user_agent"]) == (order["order_id"], "an-mcp-client/1")
    assert entry["tool_call_id"].startswith("mcp:")
    assert "order.status" in [change["field"] for change in entry["changes"]]


async def test_a_customer_hands_over_what_no_tool_can_do(desk: Desk) -> None:
    customer = await desk.customer()
    async with mcp_client(desk, customer) as client:
        handed = content_of(await call(client, "transfer_to_human_agents", summary="Wants an invoice."))
    open_ones = (await desk.support().get("/api/handovers", limit=100)).json()["items"]
    assert handed in open_ones
    assert handed["user_id"] == customer.user_id


class TestKeys:
    async def test_one_key_places_one_order_and_without_a_key_each_call_is_its_own(self, desk: Desk) -> None:
        customer, asked = await desk.customer(), await basket(desk)
        async with mcp_client(desk, customer) as client:
            keyed = [content_of(await call(client, "place_order", key="k1", **asked)) for _ in range(3)]
            unkeyed = [content_of(await call(client, "place_order", **asked)) for _ in range(2)]
        placed = {order["order_id"] for order in (*keyed, *unkeyed)}
        assert keyed == [keyed[0]] * 3
        assert len(placed) == 3
        assert placed == set(await orders_of(customer))

    async def test_one_key_places_one_order_however_many_calls_race(self, desk: Desk) -> None:
        customer, asked = await desk.customer(), await basket(desk)
        async with mcp_client(desk, customer) as client:
            calls = [call(client, "place_order", key="raced", **asked) for _ in range(10)]
            results = await asyncio.gather(*calls)
        [placed] = await orders_of(customer)
        assert {outcome_of(result) for result in results} <= {"ok", KeyInUse.code}
        assert {content_of(each)["order_id"] for each in results if not each.is_error} == {placed}
        assert all(each.meta and each.meta["retryAfter"] > 0 for each in results if each.is_error)

    async def test_a_key_with_other_arguments_is_refused(self, desk: Desk) -> None:
        customer = await desk.customer()
        async with mcp_client(desk, customer) as client:
            content_of(await call(client, "place_order", key="k2", **await basket(desk)))
            other = await call(client, "place_order", key="k2", **await basket(desk))
        assert outcome_of(other) == "idempotency_key_reused"
        assert len(await orders_of(customer)) == 1

    async def test_a_key_belongs_to_its_caller(self, desk: Desk) -> None:
        asked = await basket(desk)
        for customer in (await desk.customer(), await desk.customer()):
            async with mcp_client(desk, customer) as client:
                placed = content_of(await call(client, "place_order", key="k3", **asked))
            assert await orders_of(customer) == [placed["order_id"]]

    async def test_the_header_is_a_key_too_and_the_calls_own_goes_before_it(self, desk: Desk) -> None:
        customer, asked = await desk.customer(), await basket(desk)
        async with mcp_client(desk, customer, headers={"Idempotency-Key": "k4"}) as client:
            by_header = [content_of(await call(client, "place_order", **asked)) for _ in range(2)]
            by_meta = content_of(await call(client, "place_order", key="k5", **asked))
        assert by_header[0] == by_header[1] != by_meta

    async def test_a_key_means_the_same_command_over_rest_and_mcp(self, desk: Desk) -> None:
        customer = await desk.customer()
        order = await desk.order(customer)
        rest = await customer.post(f"/api/orders/{order['order_id']}/cancel", REASON, Idempotency_Key="k6")
        async with mcp_client(desk, customer) as client:
            replayed = await call(client, "cancel_pending_order", key="k6", **named(order), **REASON)
        assert content_of(replayed) == rest.json()

    @pytest.mark.parametrize("key", ["", "é", "k" * 256, "a\nb", 7, ["k"]])
    async def test_a_key_that_can_not_be_one_is_refused(self, desk: Desk, key: object) -> None:
        customer, asked = await desk.customer(), await basket(desk)
        async with mcp_client(desk, customer) as client:
            result = await client.call_tool("place_order", asked, meta={"idempotencyKey": key})
        assert outcome_of(result) == "invalid"
        assert await orders_of(customer) == []


async def test_every_command_takes_arguments_by_the_names_of_the_tools(desk: Desk) -> None:
    method = {"paypal_1": {"source": "paypal"}}
    customer = await desk.customer(payment_methods=method | {"paypal_2": {"source": "paypal"}})
    small, large = await desk.product("10.00", "15.00")
    asked: dict[str, Any] = {"items": [{"item_id": small, "quantity": 2}], "payment_method_id": "paypal_1"}
    async with mcp_client(desk, customer) as client:
        user = content_of(await call(client, "modify_user_address", user_id=customer.user_id, **elsewhere()))
        order = content_of(await call(client, "place_order", **asked))
        moved = await call(client, "modify_pending_order_address", **named(order), **ADDRESS)
        paid = await call(
            client, "modify_pending_order_payment", **named(order), payment_method_id="paypal_2"
        )
        swap: dict[str, Any] = {"item_ids": [small], "new_item_ids": [large], "payment_method_id": "paypal_2"}
        swapped = await call(client, "modify_pending_order_items", **named(order), **swap)
        refused = [
            await call(client, "exchange_delivered_order_items", **named(order), **swap),
            await call(
                client,
                "return_delivered_order_items",
                **named(order),
                item_ids=[small],
                payment_method_id="paypal_2",
            ),
        ]
    assert user["address"]["city"] == order["address"]["city"] == "Cork"
    assert content_of(moved)["address"] == ADDRESS
    assert len(content_of(paid)["payment_history"]) == 3
    assert (content_of(swapped)["status"], content_of(swapped)["total_amount"]) == (
        "pending (item modified)",
        "25.00",
    )
    assert [outcome_of(result) for result in refused] == ["wrong_status", "wrong_status"]


def named(order: dict[str, Any]) -> dict[str, str]:
    return {"order_id": order["order_id"]}


def elsewhere() -> dict[str, str]:
    return ADDRESS | {"city": "Cork", "state": "", "address2": ""}
