"""Changes of users that others overtake: what a rule was decided on still stands when it is written."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from uuid import uuid4

import pytest

from src.models.caller import Caller, Role
from src.models.commands import NewProduct, PlaceOrder, UserChange
from src.models.errors import (
    AlreadyExists,
    DuplicateEmail,
    InvalidPaymentMethod,
    NotFound,
    OpenOrders,
    PaymentMethodInUse,
)
from src.models.order import Order, OrderLine
from src.models.product import Variant
from src.models.user import PayPal
from src.services.commit import Attempt
from src.services.order_commands import placing
from src.services.order_service import execute
from src.services.product_service import create_product
from src.services.stores import Stores
from src.services.user_reads import find_user_by_email, get_user
from src.services.user_service import delete_user, update_user
from tests.fixtures.callers import a_customer, registered, staff
from tests.fixtures.faults import Wire, meanwhile, say

TRANSACTION = "TransactWriteItems"
NO_CARD = UserChange(payment_methods={"paypal_1": PayPal()})


async def a_kettle(stores: Stores) -> str:
    item_id = f"i{uuid4().hex}"
    variants = {item_id: Variant(available=True, price=Decimal(10))}
    await create_product(stores, staff(Role.ADMIN), NewProduct(name="Kettle", variants=variants), Attempt())
    return item_id


async def place(stores: Stores, caller: Caller, item_id: str) -> Order:
    asked = PlaceOrder(items=[OrderLine(item_id=item_id)], payment_method_id="credit_card_1")
    return (await execute(stores, caller, placing(asked, "USD"))).result


def delete(stores: Stores, caller: Caller) -> Awaitable[object]:
    return delete_user(stores, caller, caller.user_id, Attempt())


def drop_card(stores: Stores, caller: Caller) -> Awaitable[object]:
    return update_user(stores, caller, caller.user_id, NO_CARD, Attempt())


class TestAgainstOrders:
    @pytest.mark.parametrize(("change", "refusal"), [(delete, OpenOrders), (drop_card, PaymentMethodInUse)])
    async def test_an_order_placed_meanwhile_is_not_overlooked(
        self,
        stores: Stores,
        wired: Stores,
        wire: Wire,
        change: Callable[[Stores, Caller], Awaitable[object]],
        refusal: type[Exception],
    ) -> None:
        customer, item_id = a_customer(), await a_kettle(stores)
        user = await registered(stores, customer)
        wire.plan(meanwhile(lambda: place(stores, customer, item_id)), at=TRANSACTION)
        with pytest.raises(refusal):
            await change(wired, customer)
        assert await get_user(stores, customer, customer.user_id) == user

    @pytest.mark.parametrize(("change", "refusal"), [(delete, NotFound), (drop_card, InvalidPaymentMethod)])
    async def test_an_order_is_not_placed_on_what_has_gone_meanwhile(
        self,
        stores: Stores,
        wired: Stores,
        wire: Wire,
        change: Callable[[Stores, Caller], Awaitable[object]],
        refusal: type[Exception],
    ) -> None:
        customer, item_id = a_customer(), await a_kettle(stores)
        await registered(stores, customer)
        wire.plan(meanwhile(lambda: change(stores, customer)), at=TRANSACTION)
        with pytest.raises(refusal):
            await place(wired, customer, item_id)

    @pytest.mark.parametrize(("change", "refusal"), [(delete, OpenOrders), (drop_card, PaymentMethodInUse)])
    async def test_an_order_that_the_index_lacks_is_not_overlooked(
        self,
        stores: Stores,
        wired: Stores,
        wire: Wire,
        change: Callable[[Stores, Caller], Awaitable[object]],
        refusal: type[Exception],
    ) -> None:
        customer, item_id = a_customer(), await a_kettle(stores)
        await registered(stores, customer)
        await place(stores, customer, item_id)
        wire.plan(say('{"Items": [], "Count": 0, "ScannedCount": 0}'), at="Query")
        with pytest.raises(refusal):
            await change(wired, customer)


class TestAgainstOneAnother:
    async def test_of_two_registrations_of_one_customer_one_stands(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        wire.plan(meanwhile(lambda: registered(stores, customer)), at=TRANSACTION)
        with pytest.raises(AlreadyExists):
            await registered(wired, customer)
        assert (await get_user(stores, customer, customer.user_id)).version == 1

    async def test_an_email_that_another_takes_meanwhile_is_a_duplicate(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        mine, theirs, admin = a_customer(), a_customer(), staff(Role.ADMIN)
        change = UserChange(email=str(theirs.email))
        user = await registered(stores, mine)
        wire.plan(meanwhile(lambda: registered(stores, theirs)), at=TRANSACTION)
        with pytest.raises(DuplicateEmail):
            await update_user(wired, admin, mine.user_id, change, Attempt())
        assert await get_user(stores, admin, mine.user_id) == user

    async def test_an_email_that_moves_meanwhile_leaves_no_claim_behind(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer, admin = a_customer(), staff(Role.ADMIN)
        first, second = (UserChange(email=f"{uuid4()}@example.com") for _ in range(2))
        await registered(stores, customer)
        other = update_user(stores, admin, customer.user_id, first, Attempt())
        wire.plan(meanwhile(lambda: other), at=TRANSACTION)
        await update_user(wired, admin, customer.user_id, second, Attempt())
        assert (await find_user_by_email(stores, admin, str(second.email))).id == customer.user_id
        for free in (str(first.email), str(customer.email)):
            await registered(stores, a_customer_with(free))


def a_customer_with(email: str) -> Caller:
    customer = a_customer()
    return Caller(customer.sub, customer.user_id, subject_id=customer.user_id, email=email)
