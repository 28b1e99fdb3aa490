"""Changing a pending order's address and payment, and a user's address."""

import pytest

from src.models.errors import InsufficientBalance, InvalidPaymentMethod, PaymentFixed, WrongStatus
from src.models.order import OrderStatus, Transaction
from src.models.rules.amendments import change_address, change_payment, change_user_address
from tests.fixtures.records import (
    a_gift_card,
    a_payment,
    a_refund,
    a_user,
    an_address,
    an_item,
    an_order,
    payment_methods,
)

PENDING = {OrderStatus.PENDING, OrderStatus.PENDING_MODIFIED}
ELSEWHERE = an_address("1 Elm Street")
USER = a_user()


@pytest.mark.parametrize("status", sorted(PENDING))
def test_a_pending_orders_address_is_replaced_and_no_money_moves(status: OrderStatus) -> None:
    order = an_order(status=status)
    change = change_address(order, ELSEWHERE)
    assert change.order == order.model_copy(update={"address": ELSEWHERE})
    assert (change.user, change.quote.movements) == (None, [])


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - PENDING))
def test_no_other_orders_address_or_payment_is_changed(status: OrderStatus) -> None:
    order = an_order(USER, status=status)
    with pytest.raises(WrongStatus, match="changing its address"):
        change_address(order, ELSEWHERE)
    with pytest.raises(WrongStatus, match="changing its payment"):
        change_payment(order, USER, "paypal_1")


def test_a_users_address_is_replaced() -> None:
    assert change_user_address(USER, ELSEWHERE) == USER.model_copy(update={"address": ELSEWHERE})


@pytest.mark.parametrize("status", sorted(PENDING))
def test_a_new_method_pays_and_then_the_old_one_is_refunded(status: OrderStatus) -> None:
    order = an_order(USER, [an_item(price="24.90")], status=status)
    change = change_payment(order, USER, "paypal_1")
    movements = [a_payment("24.90", "paypal_1"), a_refund("24.90", "credit_card_1")]
    assert change.order == order.model_copy(update={"payment_history": [a_payment("24.90"), *movements]})
    assert change.quote.movements == movements
    assert change.user is None


def test_both_gift_cards_follow_a_change_of_payment() -> None:
    cards = {"gift_card_1": a_gift_card("1.00"), "gift_card_2": a_gift_card("30.00")}
    user = a_user(methods=cards)
    order = an_order(user, [an_item(price="24.90")], paid_with="gift_card_1")
    changed = change_payment(order, user, "gift_card_2").user
    assert changed is not None
    assert changed.payment_methods == {
        "gift_card_1": a_gift_card("25.90"),
        "gift_card_2": a_gift_card("5.10"),
    }


def test_a_gift_card_that_does_not_cover_the_amount_is_refused() -> None:
    order = an_order(USER, [an_item(price="100.01")])
    with pytest.raises(InsufficientBalance):
        change_payment(order, USER, "gift_card_1")


def test_the_old_method_is_no_new_method() -> None:
    with pytest.raises(InvalidPaymentMethod, match="already paid with credit_card_1"):
        change_payment(an_order(USER), USER, "credit_card_1")


def test_anothers_method_is_no_new_method() -> None:
    with pytest.raises(InvalidPaymentMethod, match="not one of the customer's"):
        change_payment(an_order(USER), USER, "credit_card_2")


def test_a_method_that_is_no_longer_the_users_own_can_still_be_replaced() -> None:
    user = a_user(methods={"paypal_1": payment_methods()["paypal_1"]})
    change = change_payment(an_order(user, paid_with="gift_card_9"), user, "paypal_1")
    assert change.quote.movements[1] == a_refund("10.00", "gift_card_9")
    assert change.user is None


@pytest.mark.parametrize(
    "history",
    [
        [],
        [a_refund("10.00")],
        [a_payment("10.00"), a_refund("0.00")],
        [a_payment("10.00"), a_payment("1.00", "paypal_1")],
    ],
)
def test_an_order_with_anything_but_one_payment_behind_it_keeps_its_payment(
    history: list[Transaction],
) -> None:
    with pytest.raises(PaymentFixed):
        change_payment(an_order(USER, history=history), USER, "paypal_1")


def test_a_payment_is_changed_only_once() -> None:
    once = change_payment(an_order(USER), USER, "paypal_1").order
    with pytest.raises(PaymentFixed):
        change_payment(once, USER, "credit_card_1")
