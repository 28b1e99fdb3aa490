"""Returning and exchanging delivered items."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from src.models.errors import (
    DeskError,
    InsufficientBalance,
    Invalid,
    InvalidPaymentMethod,
    OtherProduct,
    OutOfStock,
    UnequalLists,
    UnknownItem,
    WrongStatus,
)
from src.models.order import Order, OrderStatus, Transaction
from src.models.product import Item
from src.models.quote import Change
from src.models.rules.returns import exchange_items, return_items
from src.models.user import User
from tests.fixtures.records import a_gift_card, a_payment, a_refund, a_user, an_item, an_order, catalogue

A, B = an_item("A", "10.00"), an_item("B", "12.50")
GONE = an_item("GONE", "9.00", available=False)
LAMP = an_item("LAMP", "30.00", product_id="lamp", name="Lamp")
ITEMS = catalogue(A, B, GONE, LAMP)
USER = a_user()
NOT_DELIVERED = sorted(set(OrderStatus) - {OrderStatus.DELIVERED})


def delivered(*items: Item, user: User = USER, history: Sequence[Transaction] | None = None) -> Order:
    return an_order(user, items, status=OrderStatus.DELIVERED, history=history)


def exchanged(
    order: Order,
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    method_id: str = "credit_card_1",
    user: User = USER,
) -> Change:
    return exchange_items(order, user, ITEMS, item_ids, new_item_ids, method_id)


def test_a_return_is_requested_and_no_money_moves_yet() -> None:
    order = delivered(LAMP, B, A)
    change = return_items(order, USER, ["LAMP", "A"], "credit_card_1")
    assert change.order == order.model_copy(
        update={
            "status": OrderStatus.RETURN_REQUESTED,
            "return_items": ["A", "LAMP"],
            "return_payment_method_id": "credit_card_1",
        }
    )
    assert change.user is None


def test_a_returns_quote_is_the_refund_to_come() -> None:
    change = return_items(delivered(A, A, LAMP), USER, ["A", "LAMP", "A"], "gift_card_1")
    assert change.quote.movements == [a_refund("50.00", "gift_card_1")]
    assert change.order.return_items == ["A", "A", "LAMP"]


@pytest.mark.parametrize("method_id", ["credit_card_1", "gift_card_1"])
def test_a_return_goes_to_the_first_method_or_to_a_gift_card(method_id: str) -> None:
    history = [a_payment("10.00"), a_payment("10.00", "paypal_1"), a_refund("10.00")]
    change = return_items(delivered(A, history=history), USER, ["A"], method_id)
    assert change.order.return_payment_method_id == method_id


def test_a_return_goes_to_no_other_method_that_paid_later() -> None:
    history = [a_payment("10.00"), a_payment("10.00", "paypal_1"), a_refund("10.00")]
    with pytest.raises(InvalidPaymentMethod, match="choose credit_card_1"):
        return_items(delivered(A, history=history), USER, ["A"], "paypal_1")


def test_a_return_goes_to_a_gift_card_where_nothing_was_ever_paid() -> None:
    order = delivered(A, history=[])
    with pytest.raises(InvalidPaymentMethod, match="choose a gift card"):
        return_items(order, USER, ["A"], "credit_card_1")
    assert return_items(order, USER, ["A"], "gift_card_1").order.return_items == ["A"]


def test_the_first_method_must_still_be_the_users_own() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card()})
    with pytest.raises(InvalidPaymentMethod, match="not one of the customer's"):
        return_items(delivered(A, user=user), user, ["A"], "credit_card_1")


@pytest.mark.parametrize(
    ("item_ids", "error"), [([], Invalid), (["A", "A"], UnknownItem), (["A", "B"], UnknownItem)]
)
def test_only_what_is_in_the_order_is_returned(item_ids: list[str], error: type[DeskError]) -> None:
    with pytest.raises(error):
        return_items(delivered(A, LAMP), USER, item_ids, "credit_card_1")


@pytest.mark.parametrize("status", NOT_DELIVERED)
def test_only_delivered_items_are_returned_or_exchanged(status: OrderStatus) -> None:
    order = an_order(USER, [A], status=status)
    with pytest.raises(WrongStatus, match="returning its items"):
        return_items(order, USER, ["A"], "credit_card_1")
    with pytest.raises(WrongStatus, match="exchanging its items"):
        exchanged(order, ["A"], ["B"])


def test_an_exchange_is_requested_with_both_lists_sorted_and_no_money_moves_yet() -> None:
    order = delivered(B, A, LAMP)
    change = exchanged(order, ["B", "A"], ["A", "B"], "paypal_1")
    assert change.order == order.model_copy(
        update={
            "status": OrderStatus.EXCHANGE_REQUESTED,
            "exchange_items": ["A", "B"],
            "exchange_new_items": ["A", "B"],
            "exchange_payment_method_id": "paypal_1",
            "exchange_price_difference": Decimal("0.00"),
        }
    )
    assert change.user is None


@pytest.mark.parametrize(
    ("old", "new", "difference", "movement"),
    [
        ("A", "B", "2.50", a_payment("2.50", "gift_card_1")),
        ("B", "A", "-2.50", a_refund("2.50", "gift_card_1")),
        ("A", "A", "0.00", a_refund("0.00", "gift_card_1")),
    ],
)
def test_an_exchanges_quote_is_the_settlement_to_come(
    old: str, new: str, difference: str, movement: Transaction
) -> None:
    change = exchanged(delivered(A, B), [old], [new], "gift_card_1")
    assert str(change.order.exchange_price_difference) == difference
    assert change.quote.price_difference == Decimal(difference)
    assert change.quote.movements == [movement]
    assert change.user is None


def test_a_repeated_item_is_exchanged_for_different_ones() -> None:
    change = exchanged(delivered(A, A), ["A", "A"], ["B", "A"])
    assert change.order.exchange_items == ["A", "A"]
    assert change.order.exchange_new_items == ["A", "B"]
    assert change.quote.price_difference == Decimal("2.50")


def test_a_gift_card_must_cover_an_exchange_before_it_moves() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card("2.49")})
    with pytest.raises(InsufficientBalance):
        exchanged(delivered(A, user=user), ["A"], ["B"], "gift_card_1", user)


@pytest.mark.parametrize(
    ("item_ids", "new_item_ids", "method_id", "error"),
    [
        ([], [], "credit_card_1", Invalid),
        (["A"], [], "credit_card_1", UnequalLists),
        (["B"], ["A"], "credit_card_1", UnknownItem),
        (["A"], ["Z"], "credit_card_1", UnknownItem),
        (["A"], ["LAMP"], "credit_card_1", OtherProduct),
        (["A"], ["GONE"], "credit_card_1", OutOfStock),
        (["GONE"], ["GONE"], "credit_card_1", OutOfStock),
        (["A"], ["A"], "credit_card_2", InvalidPaymentMethod),
    ],
)
def test_what_can_not_be_exchanged_is_refused(
    item_ids: list[str], new_item_ids: list[str], method_id: str, error: type[DeskError]
) -> None:
    with pytest.raises(error) as refusal:
        exchanged(delivered(A, GONE), item_ids, new_item_ids, method_id)
    assert type(refusal.value) is error
