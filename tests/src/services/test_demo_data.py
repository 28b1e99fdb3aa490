"""The demo data: every record as the desk's rules would have left it."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest

from src.models.order import Order, OrderStatus, TransactionType
from src.models.retail import misfits, read_retail, records, user_id
from src.models.user import CreditCard, GiftCard, PayPal, User
from src.services.import_service import DEMO

FILE = read_retail(DEMO.read_bytes())
FOUND = records(FILE)
USERS = {user.id: user for user in FOUND.users.values()}
ORDERS = list(FOUND.orders.values())
ITEMS = {
    item_id: (product, variant)
    for product in FOUND.products.values()
    for item_id, variant in product.variants.items()
}
SHIPPED = {
    OrderStatus.PROCESSED,
    OrderStatus.DELIVERED,
    OrderStatus.RETURN_REQUESTED,
    OrderStatus.EXCHANGE_REQUESTED,
}
AFTERWARDS = {
    OrderStatus.CANCELLED: {"cancel_reason"},
    OrderStatus.RETURN_REQUESTED: {"return_items", "return_payment_method_id"},
    OrderStatus.EXCHANGE_REQUESTED: {
        "exchange_items",
        "exchange_new_items",
        "exchange_payment_method_id",
        "exchange_price_difference",
    },
}

each_order = pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.order_id)


def of_customer(status: OrderStatus) -> list[Order]:
    return [o for o in ORDERS if USERS[o.user_id].email == "customer@example.com" and o.status is status]


def counted(order: Order) -> Counter[str]:
    return Counter(item.item_id for item in order.items)


def test_every_record_can_be_used() -> None:
    assert FOUND.broken == []
    assert (len(USERS), len(FOUND.products), len(ORDERS)) == (32, 32, 61)


def test_every_status_and_every_kind_of_payment_method_is_there() -> None:
    assert {order.status for order in ORDERS} == set(OrderStatus)
    kinds = {type(method) for user in USERS.values() for method in user.payment_methods.values()}
    assert kinds == {CreditCard, PayPal, GiftCard}


def test_every_product_has_three_to_six_variants_with_the_same_options() -> None:
    for product in FOUND.products.values():
        options = [tuple(variant.options) for variant in product.variants.values()]
        assert 3 <= len(options) <= 6
        assert all(one == other for one, other in pairwise(options)), product.name
        assert len({tuple(v.options.values()) for v in product.variants.values()}) == len(options)


def test_users_list_the_orders_that_name_them() -> None:
    for old, entry in FILE.users.items():
        assert isinstance(entry, dict)
        listed = entry["orders"]
        assert isinstance(listed, list)
        own = [order.order_id for order in ORDERS if order.user_id == user_id(old)]
        assert [str(order_id).removeprefix("#") for order_id in listed] == own


class TestEachOrder:
    @each_order
    def test_fits_its_user(self, order: Order) -> None:
        owner = USERS[order.user_id]
        assert misfits("", order, owner) == []
        assert owner.created_at < order.order_date <= order.updated_at

    @each_order
    def test_sells_what_the_shop_has_at_its_price(self, order: Order) -> None:
        for line in order.items:
            product, variant = ITEMS[line.item_id]
            assert (line.product_id, line.name, line.options, line.price) == (
                product.product_id,
                product.name,
                variant.options,
                variant.price,
            )

    @each_order
    def test_is_paid_in_full_or_paid_back(self, order: Order) -> None:
        balance = Decimal(0)
        for entry in order.payment_history:
            balance += entry.amount if entry.transaction_type is TransactionType.PAYMENT else -entry.amount
        assert balance == (0 if order.status is OrderStatus.CANCELLED else order.total_amount)

    @each_order
    def test_tells_what_belongs_to_its_status(self, order: Order) -> None:
        set_fields = {
            name for names in AFTERWARDS.values() for name in names if getattr(order, name) is not None
        }
        assert set_fields == AFTERWARDS.get(order.status, set())
        shipped = Counter(item_id for parcel in order.fulfillments for item_id in parcel.item_ids)
        assert shipped == (counted(order) if order.status in SHIPPED else Counter())
        if order.status is OrderStatus.PENDING_MODIFIED:
            assert len(order.payment_history) == 2


@pytest.mark.parametrize("order", [o for o in ORDERS if o.return_items is not None])
def test_a_return_names_its_items_sorted_and_a_method_that_may_take_the_money(order: Order) -> None:
    back = order.return_items or []
    assert back == sorted(back)
    assert Counter(back) <= counted(order)
    method = USERS[order.user_id].payment_methods[str(order.return_payment_method_id)]
    first = order.payment_history[0].payment_method_id
    assert isinstance(method, GiftCard) or order.return_payment_method_id == first


@pytest.mark.parametrize("order", [o for o in ORDERS if o.exchange_items is not None])
def test_an_exchange_stays_within_a_product_and_can_be_paid(order: Order) -> None:
    old, new = order.exchange_items or [], order.exchange_new_items or []
    assert (old, new) == (sorted(old), sorted(new))
    assert Counter(old) <= counted(order)
    assert Counter(ITEMS[i][0].product_id for i in old) == Counter(ITEMS[i][0].product_id for i in new)
    assert all(ITEMS[item_id][1].available for item_id in new)
    difference = sum(ITEMS[i][1].price for i in new) - sum(ITEMS[i][1].price for i in old)
    assert order.exchange_price_difference == difference
    method = USERS[order.user_id].payment_methods[str(order.exchange_payment_method_id)]
    assert not isinstance(method, GiftCard) or method.balance >= difference


class TestTheDemoCustomer:
    def customer(self) -> User:
        return next(user for user in USERS.values() if user.email == "customer@example.com")

    def test_has_a_fixed_id_and_can_pay_in_every_way(self) -> None:
        customer = self.customer()
        assert customer.id == UUID("0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b4")
        assert {type(method) for method in customer.payment_methods.values()} == {
            CreditCard,
            PayPal,
            GiftCard,
        }

    def test_has_an_order_in_every_status(self) -> None:
        assert all(of_customer(status) for status in OrderStatus)

    def test_can_cancel_one_order_paid_by_card_and_one_paid_by_gift_card(self) -> None:
        methods = self.customer().payment_methods
        paid = {
            type(methods[o.payment_history[0].payment_method_id]) for o in of_customer(OrderStatus.PENDING)
        }
        assert {CreditCard, GiftCard} <= paid

    def test_got_the_same_item_twice_in_one_delivered_order(self) -> None:
        assert any(max(counted(order).values()) == 2 for order in of_customer(OrderStatus.DELIVERED))
