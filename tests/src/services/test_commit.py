"""One commit: exactly once, on the versions that were read, whatever the wire does."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest

from src.db.dynamo import Item, equals, get_table, query_all, scan, update_item
from src.models.caller import Caller, Role
from src.models.commands import CancelOrder, NewProduct, PlaceOrder, UserChange
from src.models.errors import (
    Busy,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    InsufficientBalance,
    KeyInUse,
    NotFound,
    OpenOrders,
)
from src.models.order import CancelReason, OrderLine
from src.models.product import Variant
from src.models.user import User
from src.services.commit import CLIENTS, Attempt
from src.services.order_commands import Placement, cancelling, placing
from src.services.order_service import execute
from src.services.product_service import create_product
from src.services.stores import Stores
from src.services.user_reads import get_user
from src.services.user_service import delete_user, update_user
from tests.fixtures.callers import a_customer, registered, staff, through
from tests.fixtures.faults import Wire, cancel, lose_the_answer, meanwhile, stay_silent
from tests.fixtures.records import a_gift_card, a_name, an_address

TRANSACTION = "TransactWriteItems"
EVA = UserChange(name=a_name("Eva", "Lee"))
BOSTON = UserChange(address=an_address("1 Milk Street", city="Boston"))
CANCEL = CancelOrder(reason=CancelReason.NO_LONGER_NEEDED)


@dataclass(frozen=True)
class Traces:
    """What commands leave beside the records: events, the caller's entries, and effects."""

    events: list[tuple[str, int]]
    entries: list[str]
    effects: int


async def traces(stores: Stores, caller: Caller) -> Traces:
    """Those of a customer's commands on themselves."""
    events = await rows(stores, "outbox", "stream", f"user#{caller.user_id}")
    entries = await rows(stores, "audit-logs", "user_id", str(caller.user_id), "user-id-index")
    effects = await scan(get_table(stores.dynamo, "effects"), limit=10_000)
    return Traces(
        [(str(event["type"]), int(str(event["sequence"]))) for event in events],
        [f"{entry['action']} {entry['status']}" for entry in entries if "number" in entry],
        sum(str(caller.user_id) in str(effect["result"]) for effect in effects.items),
    )


async def rows(
    stores: Stores, table: str, attribute: str, value: str, index: str | None = None
) -> list[Item]:
    found = query_all(get_table(stores.dynamo, table), key=equals(attribute, value), index=index)
    return [item async for item in found]


async def change(stores: Stores, caller: Caller, what: UserChange, key: str | None = None) -> User:
    return (await update_user(stores, caller, caller.user_id, what, Attempt(key=key))).result


async def a_kettle(stores: Stores, price: str = "10.00") -> str:
    item_id = f"i{uuid4().hex}"
    variants = {item_id: Variant(available=True, price=Decimal(price))}
    await create_product(stores, staff(Role.ADMIN), NewProduct(name="Kettle", variants=variants), Attempt())
    return item_id


def an_order_of(item_id: str, method_id: str = "credit_card_1") -> Placement:
    return placing(PlaceOrder(items=[OrderLine(item_id=item_id)], payment_method_id=method_id), "USD")


class TestContention:
    async def test_a_conflict_is_decided_anew(self, stores: Stores, wired: Stores, wire: Wire) -> None:
        customer = a_customer()
        await registered(stores, customer)
        wire.plan(cancel("TransactionConflict"), cancel("ConditionalCheckFailed"), at=TRANSACTION)
        assert (await change(wired, customer, BOSTON)).version == 2
        assert await traces(stores, customer) == Traces(
            [("UserCreated", 1), ("UserUpdated", 2)], ["user.create success", "user.update success"], 2
        )

    async def test_what_another_changed_meanwhile_stays(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer, support = a_customer(), staff()
        await registered(stores, customer)
        other = update_user(stores, support, customer.user_id, EVA, Attempt())
        wire.plan(meanwhile(lambda: other), at=TRANSACTION)
        changed = await change(wired, customer, BOSTON)
        assert (changed.name, changed.address, changed.version) == (EVA.name, BOSTON.address, 3)
        assert (await traces(stores, customer)).events[1:] == [("UserUpdated", 2), ("UserUpdated", 3)]

    async def test_after_eight_attempts_it_is_too_busy(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        user = await registered(stores, customer)
        before = await traces(stores, customer)
        wire.plan(*[cancel("TransactionConflict")] * 8, at=TRANSACTION)
        with pytest.raises(Busy):
            await change(wired, customer, BOSTON)
        assert [seen.action for seen in wire.seen].count(TRANSACTION) == 8
        assert await get_user(stores, customer, customer.user_id) == user
        assert await traces(stores, customer) == before

    async def test_each_attempt_has_a_token_of_its_own(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        wire.plan(*[cancel("TransactionConflict")] * 3, at=TRANSACTION)
        await change(wired, customer, BOSTON)
        tokens = [seen.payload["ClientRequestToken"] for seen in wire.seen if seen.action == TRANSACTION]
        assert len(set(tokens)) == len(tokens) == 4

    async def test_all_who_change_a_record_at_once_get_their_turn(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        changes = [
            update_user(stores, staff(), customer.user_id, BOSTON, Attempt(key=str(n))) for n in range(6)
        ]
        done = await asyncio.gather(*changes)
        assert sorted(each.result.version for each in done) == [2, 3, 4, 5, 6, 7]


class TestLostAnswers:
    async def test_the_same_key_tells_what_came_of_a_silent_commit(self, stores: Stores, wire: Wire) -> None:
        customer = a_customer()
        await registered(stores, customer)
        await get_user(stores, customer, customer.user_id)
        wire.plan(*[stay_silent] * 9, at=TRANSACTION)
        async with through(stores, wire.url, seconds=0.1) as hasty:
            with pytest.raises(DatabaseUnavailable):
                await change(hasty, customer, BOSTON, "k")
        # The caller knows nothing yet, but nobody is shown what was.
        assert (await get_user(stores, customer, customer.user_id)).address == BOSTON.address
        again = await update_user(stores, customer, customer.user_id, BOSTON, Attempt(key="k"))
        assert (again.replayed, again.result.version) == (True, 2)
        assert await traces(stores, customer) == Traces(
            [("UserCreated", 1), ("UserUpdated", 2)], ["user.create success", "user.update success"], 2
        )

    async def test_a_broken_connection_is_not_noticed(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        wire.plan(lose_the_answer, at=TRANSACTION)
        assert (await change(wired, customer, BOSTON)).version == 2
        assert len((await traces(stores, customer)).entries) == 2

    async def test_a_repetition_that_is_cancelled_finds_its_own_effect(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        # As where the token has been forgotten: the second attempt meets the work of the first.
        wire.plan(lose_the_answer, cancel("ConditionalCheckFailed"), at=TRANSACTION)
        done = await update_user(wired, customer, customer.user_id, BOSTON, Attempt(key="k"))
        assert (done.replayed, done.result.version) == (True, 2)
        assert len((await traces(stores, customer)).entries) == 2


class TestKeys:
    async def test_at_once_they_happen_once(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        done = await asyncio.gather(
            *(update_user(stores, customer, customer.user_id, BOSTON, Attempt(key="k")) for _ in range(6))
        )
        assert {each.result.version for each in done} == {2}
        assert sorted(each.replayed for each in done) == [False, True, True, True, True, True]

    async def test_in_two_processes_at_once_they_happen_once(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        wire.plan(meanwhile(lambda: change(stores, customer, BOSTON, "k")), at=TRANSACTION)
        done = await update_user(wired, customer, customer.user_id, BOSTON, Attempt(key="k"))
        assert (done.replayed, done.result.version) == (True, 2)

    async def test_a_clients_key_is_in_use_until_its_first_request_is_done(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer, key = a_customer(), f"{CLIENTS}k"
        await registered(stores, customer)

        async def ask_again() -> None:
            with pytest.raises(KeyInUse):
                await change(stores, customer, BOSTON, key)

        wire.plan(meanwhile(ask_again), at=TRANSACTION)
        assert (await change(wired, customer, BOSTON, key)).version == 2
        done = await update_user(stores, customer, customer.user_id, BOSTON, Attempt(key=key))
        assert (done.replayed, done.result.version) == (True, 2)

    async def test_a_refusal_frees_a_clients_key_at_once(self, stores: Stores) -> None:
        customer, key = a_customer(), f"{CLIENTS}k"
        for _ in range(2):
            with pytest.raises(NotFound):
                await change(stores, customer, BOSTON, key)
        await registered(stores, customer)
        assert (await change(stores, customer, BOSTON, key)).version == 2

    async def test_they_are_their_callers_own(self, stores: Stores) -> None:
        customer, support = a_customer(), staff()
        await registered(stores, customer)
        await change(stores, customer, BOSTON, "k")
        done = await update_user(stores, support, customer.user_id, EVA, Attempt(key="k"))
        assert (done.replayed, done.result.version) == (False, 3)

    async def test_one_is_good_for_one_request(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        await change(stores, customer, BOSTON, "k")
        with pytest.raises(IdempotencyKeyReused):
            await change(stores, customer, EVA, "k")
        with pytest.raises(IdempotencyKeyReused):
            await delete_user(stores, customer, customer.user_id, Attempt(key="k"))

    async def test_an_expired_one_is_free_though_it_lies_there_still(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        await change(stores, customer, BOSTON, "k")
        effects = get_table(stores.dynamo, "effects")
        for effect in (await scan(effects, limit=10_000)).items:
            if str(customer.user_id) in str(effect["result"]):
                await update_item(effects, {"effect_id": str(effect["effect_id"])}, set={"ttl": 1})
        done = await update_user(stores, customer, customer.user_id, EVA, Attempt(key="k"))
        again = await update_user(stores, customer, customer.user_id, EVA, Attempt(key="k"))
        assert (done.replayed, done.result.version) == (False, 3)
        assert (again.replayed, again.result.version) == (True, 3)

    async def test_a_refusal_uses_none_up(self, stores: Stores) -> None:
        customer, admin = a_customer(), staff(Role.ADMIN)
        user = await registered(stores, customer)
        order = an_order_of(await a_kettle(stores), "gift_card_1")
        for balance in ("5.00", "50.00"):
            methods = {**user.payment_methods, "gift_card_1": a_gift_card(balance)}
            change = UserChange(payment_methods=methods)
            await update_user(stores, admin, customer.user_id, change, Attempt())
            if balance == "5.00":
                with pytest.raises(InsufficientBalance):
                    await execute(stores, customer, order, Attempt(key="k"))
        assert not (await execute(stores, customer, order, Attempt(key="k"))).replayed


class TestEvents:
    async def test_a_users_events_number_its_versions_over_deletion_and_return(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        await change(stores, customer, BOSTON)
        await delete_user(stores, customer, customer.user_id, Attempt())
        assert (await registered(stores, customer)).version == 4
        assert (await traces(stores, customer)).events == [
            ("UserCreated", 1),
            ("UserUpdated", 2),
            ("UserDeleted", 3),
            ("UserCreated", 4),
        ]

    async def test_an_orders_events_tell_nothing_personal(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        order = (await execute(stores, customer, an_order_of(await a_kettle(stores)))).result
        await execute(stores, customer, cancelling(order.order_id, CANCEL))
        events = await rows(stores, "outbox", "stream", f"order#{order.order_id}")
        assert [(e["type"], e["sequence"]) for e in events] == [("OrderPlaced", 1), ("OrderCancelled", 2)]
        common = {
            "order_id": order.order_id,
            "user_id": str(customer.user_id),
            "total_amount": "10.00",
            "currency": "USD",
        }
        assert [e["data"] for e in events] == [
            common | {"status": "pending"},
            common | {"status": "cancelled"},
        ]

    async def test_a_refused_command_leaves_one_entry_and_nothing_else(self, stores: Stores) -> None:
        customer = a_customer()
        await registered(stores, customer)
        await execute(stores, customer, an_order_of(await a_kettle(stores)))
        before = await traces(stores, customer)
        with pytest.raises(OpenOrders):
            await delete_user(stores, customer, customer.user_id, Attempt(key="k"))
        after = await traces(stores, customer)
        assert (after.events, after.effects) == (before.events, before.effects)
        assert after.entries == [*before.entries, "user.delete failure"]
