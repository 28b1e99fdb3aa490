"""Many at once, on a DynamoDB with bad moments: what they leave is what some order of one by one leaves."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

from src.config import Settings, Stage
from src.db.dynamo import update_item
from src.main import open_stores
from src.models.caller import Caller
from src.models.commands import CancelOrder, ItemSwap, PaymentChange, PlaceOrder, ReturnItems
from src.models.order import CancelReason, OrderLine, OrderStatus
from src.models.rules.payments import signed
from src.models.user import GiftCard, User
from src.services import order_commands as commands
from src.services.audit_verify import actors, walk
from src.services.commit import Snapshot
from src.services.order_reads import orders_of
from src.services.records import ITEM, ORDER, USER
from src.services.stores import Stores
from tests.fixtures.desk import Desk, Person, open_desk, refusal
from tests.fixtures.faults import open_wire
from tests.fixtures.records import an_address
from tests.fixtures.serial import Asked, World, in_a_serial_order
from tests.fixtures.shopping import GIFT_CARD, a_shopper, bought, items_for_sale
from tests.fixtures.tokens import Pool
from tests.fixtures.traces import rows
from tests.fixtures.weather import Weather

SHOPPERS, CLIENTS_OF_EACH, STAFF, COMMANDS_OF_EACH = 5, 8, 10, 4
BALANCE: Final = "90.00"
ALLOWED_BUSY: Final = 0.05
PATHS: Final = {
    "order.cancel": "cancel",
    "order.change_address": "address",
    "order.change_payment": "payment",
    "order.change_items": "items",
    "order.return": "return",
    "order.exchange": "exchange",
}


@dataclass(frozen=True)
class Town:
    """The desk as two processes have it, on a wire with weather; `orders` are whose they are."""

    stores: Stores
    desks: Sequence[Desk]
    weather: Weather
    shoppers: Sequence[Caller]
    items: Sequence[str]
    orders: dict[str, UUID]


@dataclass(frozen=True)
class Answered:
    asked: Asked
    user_id: str
    response: httpx.Response


@pytest.fixture
async def town(desk_settings: Settings, pool: Pool, ministack: str) -> AsyncGenerator[Town]:
    settings = desk_settings.model_copy(update={"stage": Stage.DEV, "table_prefix": f"t{uuid4().hex[:8]}-"})
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(settings))
        weather = Weather(random=Random(7))  # noqa: S311 - the same weather each time
        await stack.enter_async_context(open_wire(ministack, weather))
        stormy = settings.model_copy(update={"aws_endpoint_url_dynamodb": weather.url})
        desks = [await stack.enter_async_context(open_desk(stormy, pool)) for _ in range(2)]
        shoppers = [await a_shopper(stores, BALANCE) for _ in range(SHOPPERS)]
        items = await items_for_sale(stores, "10.00", "12.50", "7.25", "19.99", "0.01")
        town = Town(stores, desks, weather, shoppers, items, {})
        for shopper in shoppers:
            await furnish(town, shopper)
        yield town


async def furnish(town: Town, shopper: Caller) -> None:
    """Four pending orders and two delivered ones, by gift card and by credit card."""
    for n in range(6):
        method = GIFT_CARD if n % 2 else "credit_card_1"
        order = await bought(town.stores, shopper, *town.items[n % 3 : n % 3 + 2], method=method)
        town.orders[order.order_id] = shopper.user_id
        if n >= 4:
            delivered = {"status": OrderStatus.DELIVERED.value}
            await update_item(ORDER.table_of(town.stores.dynamo), ORDER.key(order.order_id), set=delivered)


def drawn(random: Random, town: Town, shopper: Caller | None) -> tuple[Asked, UUID]:
    """A command of the shopper's, or of staff for anybody."""
    user_id = (shopper or random.choice(town.shoppers)).user_id
    method = random.choice([GIFT_CARD, GIFT_CARD, "credit_card_1", "paypal_1"])
    old, new = random.choice(town.items[:4]), random.choice(town.items)
    order_id = random.choice([order_id for order_id, owner in town.orders.items() if owner == user_id])
    address = an_address(f"{random.randrange(1000)} Elm Street")
    swap = ItemSwap(item_ids=[old], new_item_ids=[new], payment_method_id=method)
    lines = [OrderLine(item_id=new, quantity=random.randint(1, 2))]
    choices: list[Asked] = [
        PlaceOrder(items=lines, payment_method_id=method, user_id=None if shopper else user_id),
        address,
        commands.cancelling(order_id, CancelOrder(reason=CancelReason.NO_LONGER_NEEDED)),
        commands.changing_address(order_id, address),
        commands.changing_payment(order_id, PaymentChange(payment_method_id=method)),
        commands.changing_items(order_id, swap),
        commands.returning(order_id, ReturnItems(item_ids=[old], payment_method_id=method)),
        commands.exchanging(order_id, swap),
    ]
    return random.choice(choices), user_id


async def send(person: Person, asked: Asked, user_id: UUID) -> httpx.Response:
    match asked:
        case commands.OrderCommand():
            return await person.post(f"/api/orders/{asked.order_id}/{PATHS[asked.action]}", asked.arguments)
        case PlaceOrder():
            return await person.post("/api/orders", asked.model_dump(mode="json"))
        case _:
            return await person.put(f"/api/users/{user_id}/address", asked.model_dump(mode="json"))


async def client(town: Town, number: int) -> list[Answered]:
    random = Random(number)  # noqa: S311 - the same commands each time
    desk = town.desks[number % len(town.desks)]
    shopper = town.shoppers[number % SHOPPERS] if number >= STAFF else None
    person = desk.person(shopper.sub) if shopper else desk.support()
    answers: list[Answered] = []
    for _ in range(COMMANDS_OF_EACH):
        asked, user_id = drawn(random, town, shopper)
        answers.append(Answered(asked, str(user_id), await send(person, asked, user_id)))
    return answers


async def standing(town: Town) -> World:
    """All records as they are stored."""
    users, items = [USER.ref(each.user_id) for each in town.shoppers], [*map(ITEM.ref, town.items)]
    seen = await Snapshot.read(town.stores, [*users, *items])
    orders = [order for each in town.shoppers for order in await orders_of(town.stores, each.user_id, None)]
    return World(
        {ref.id: user for ref in users if (user := seen.find(ref))},
        {order.order_id: order for order in orders},
        {ref.id: item for ref in items if (item := seen.find(ref))},
    )


def shown(world: World) -> dict[str, Any]:
    records = {**world.users, **world.orders}
    return {name: record.model_dump(exclude={"updated_at"}) for name, record in records.items()}


def money(world: World, user: User) -> Decimal:
    """What is on the user's gift card, and what it has paid."""
    card = user.payment_methods[GIFT_CARD]
    assert isinstance(card, GiftCard)
    assert card.balance >= 0
    own = (order for order in world.orders.values() if order.user_id == user.id)
    moved = (each for order in own for each in order.payment_history)
    return card.balance + sum(signed(each) for each in moved if each.payment_method_id == GIFT_CARD)


async def test_fifty_clients_leave_what_some_serial_order_leaves(town: Town) -> None:
    serial = await standing(town)
    clients = [client(town, number) for number in range(STAFF + SHOPPERS * CLIENTS_OF_EACH)]
    answers = [answered for answers in await asyncio.gather(*clients) for answered in answers]
    left = await standing(town)

    done = {each.response.headers["X-Request-ID"]: each for each in answers if each.response.is_success}
    commits = [each for each in town.weather.commits.values() if each.wrote]
    assert {each.request_id for each in commits} == done.keys()
    for commit in in_a_serial_order(commits):
        each = done[commit.request_id]
        serial.carry_out(each.asked, each.user_id, left.orders.get(each.response.json().get("order_id")))
    assert shown(left) == shown(serial)

    assert {money(left, user) for user in left.users.values()} == {Decimal(BALANCE)}
    assert_only_few_were_sent_away(answers)
    await assert_the_trail_is_whole(town, left)


def assert_only_few_were_sent_away(answers: Sequence[Answered]) -> None:
    """For all the weather nobody sees an error of ours, and hardly anybody has to come again."""
    refused = [each.response for each in answers if not each.response.is_success]
    statuses = {response.status_code for response in refused}
    assert statuses <= {409, 422, 503}
    busy = [response for response in refused if response.status_code == 503]
    assert all(refusal(response)[1] == "busy" and "Retry-After" in response.headers for response in busy)
    assert len(busy) <= ALLOWED_BUSY * len(answers)


async def assert_the_trail_is_whole(town: Town, left: World) -> None:
    """An event for each version of an order, and every actor's chain without a gap."""
    for order in left.orders.values():
        events = await rows(town.stores, "outbox", "stream", f"order#{order.order_id}")
        assert [event["sequence"] for event in events] == [*range(1, order.version + 1)]
    walks = [await walk(town.stores, actor) for actor in await actors(town.stores)]
    assert all(each.intact for each in walks)
