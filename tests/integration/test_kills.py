"""A process is killed between any two steps of a command; asked again, the command has happened once."""

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import httpx
import pytest

from src.config import Settings
from src.models.order import Order
from src.models.rules.payments import signed
from src.models.user import GiftCard
from src.services.audit_verify import walk
from src.services.order_reads import orders_of
from src.services.user_reads import get_user
from tests.fixtures.mortals import Mortals, Request, open_mortals
from tests.fixtures.nursery import Service
from tests.fixtures.shopping import GIFT_CARD, a_shopper, bought, items_for_sale
from tests.fixtures.tokens import Pool
from tests.fixtures.traces import Traces, traces

Make = Callable[[], Awaitable[Request]]
ONCE = Traces(effects=1, entries=1, events=1)


@pytest.fixture(scope="module")
async def mortals(
    desk_settings: Settings, pool: Pool, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Mortals]:
    async with open_mortals(desk_settings, pool, tmp_path_factory.mktemp("mortals") / "log") as mortals:
        yield mortals


@pytest.fixture(scope="module")
async def survivor(mortals: Mortals) -> Service:
    """A process that nobody kills."""
    return await mortals.service()


@dataclass(frozen=True)
class Killed:
    at: str
    request: Request


async def killed_at_each_step(mortals: Mortals, make: Make) -> list[Killed]:
    """A request for each step that one is seen to take, killed before and after it."""
    whole = await make()
    watched = await mortals.service()
    mortals.tripwire.arm()
    assert (await mortals.send(watched, whole)).is_success
    steps = [*mortals.tripwire.passed]
    return [
        await killed(mortals, await make(), number, step, after=after)
        for number, step in enumerate(steps, 1)
        for after in (False, True)
    ]


async def killed(mortals: Mortals, request: Request, number: int, step: str, *, after: bool) -> Killed:
    victim = await mortals.service()
    mortals.tripwire.arm(victim.pid, number, after=after)
    with pytest.raises(httpx.TransportError):
        await mortals.send(victim, request)
    assert mortals.tripwire.passed[-1] == step
    return Killed(f"{'after' if after else 'before'} {number}. {step}", request)


async def left(mortals: Mortals, request: Request, action: str) -> Traces:
    """What the customer's command has left, once their money and their chain are found in order."""
    stores, customer = mortals.stores, request.customer
    orders = await orders_of(stores, customer.user_id, None)
    [order] = orders
    assert await money(mortals, request, orders) == Decimal(100)
    assert (await walk(stores, str(customer.user_id))).intact
    found = await traces(stores, customer, action, f"order#{order.order_id}")
    placed_before = order.version - 1
    return Traces(found.effects, found.entries, found.events - placed_before)


async def money(mortals: Mortals, request: Request, orders: list[Order]) -> Decimal:
    """What is on the gift card and what it has paid."""
    user = await get_user(mortals.stores, request.customer, request.customer.user_id)
    card = user.payment_methods[GIFT_CARD]
    assert isinstance(card, GiftCard)
    moved = [
        each for order in orders for each in order.payment_history if each.payment_method_id == GIFT_CARD
    ]
    return card.balance + sum(map(signed, moved))


def show(title: str, table: Mapping[str, Traces]) -> None:
    rows = [f"{at:<45}{t.effects:>8}{t.entries:>9}{t.events:>8}" for at, t in table.items()]
    sys.stdout.write("\n".join(["", f"{title + ' killed':<45} effects  entries  events", *rows, ""]))


class TestACommand:
    async def test_that_places_an_order_does_so_once(self, mortals: Mortals) -> None:
        [item_id] = await items_for_sale(mortals.stores, "10.00")

        async def a_placement() -> Request:
            body = {"items": [{"item_id": item_id}], "payment_method_id": GIFT_CARD}
            return Request(await a_shopper(mortals.stores), "/api/orders", body, str(uuid4()))

        victims = await killed_at_each_step(mortals, a_placement)
        fresh = await mortals.service()
        for victim in victims:
            answer = await mortals.insist(fresh, victim.request)
            assert (answer.status_code, answer.json()["total_amount"]) == (201, "10.00")
        table = {each.at: await left(mortals, each.request, "order.place") for each in victims}
        show("placing", table)
        assert table == dict.fromkeys(table, ONCE)

    async def test_that_cancels_an_order_does_so_once(self, mortals: Mortals) -> None:
        [item_id] = await items_for_sale(mortals.stores, "10.00")

        async def a_cancellation() -> Request:
            shopper = await a_shopper(mortals.stores)
            order = await bought(mortals.stores, shopper, item_id)
            path, body = f"/api/orders/{order.order_id}/cancel", {"reason": "no longer needed"}
            return Request(shopper, path, body, str(uuid4()))

        victims = await killed_at_each_step(mortals, a_cancellation)
        fresh = await mortals.service()
        for victim in victims:
            answer = await mortals.insist(fresh, victim.request)
            assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        table = {each.at: await left(mortals, each.request, "order.cancel") for each in victims}
        show("cancelling", table)
        assert table == dict.fromkeys(table, ONCE)


class TestAnApproval:
    async def test_is_carried_out_once_and_the_conversation_goes_on(
        self, mortals: Mortals, survivor: Service
    ) -> None:
        [item_id] = await items_for_sale(mortals.stores, "10.00")

        async def an_approval() -> Request:
            shopper = await a_shopper(mortals.stores)
            order = await bought(mortals.stores, shopper, item_id)
            message = {"message": f"Cancel order {order.order_id}, I ordered it by mistake."}
            asked = await mortals.send(survivor, Request(shopper, "/api/agents/support/chat", message))
            [approval] = asked.json()["approvals"]
            return Request(shopper, f"/api/approvals/{approval['approval_id']}", {"approved": True})

        victims = await killed_at_each_step(mortals, an_approval)
        fresh = await mortals.service()
        for victim in victims:
            done = (await mortals.insist(fresh, victim.request)).json()
            assert (done["output"]["kind"], [call["outcome"] for call in done["tool_calls"]]) == (
                "done",
                ["ok"],
            )
            thanks = {"message": "Thank you!", "conversation_id": done["conversation_id"]}
            said = Request(victim.request.customer, "/api/agents/support/chat", thanks)
            assert (await mortals.insist(fresh, said)).status_code == 200
        table = {each.at: await left(mortals, each.request, "order.cancel") for each in victims}
        show("approving", table)
        assert table == dict.fromkeys(table, ONCE)
