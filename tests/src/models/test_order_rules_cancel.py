"""Cancelling a pending order."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.models.errors import Invalid, WrongStatus
from src.models.order import CancelReason, Order, OrderStatus, Transaction
from src.models.quote import Change
from src.models.rules.cancellation import cancel
from src.models.user import User
from tests.fixtures.records import a_gift_card, a_payment, a_refund, a_user, an_item, an_order

REASON = CancelReason.ORDERED_BY_MISTAKE
USER = a_user()


def cancelled(*history: Transaction, user: User = USER, currency: str = "USD") -> Change:
    return cancel(an_order(user, history=history, currency=currency), user, REASON)


def refunds(change: Change, before: Sequence[Transaction] = ()) -> list[Transaction]:
    return change.order.payment_history[len(before) :]


def test_a_cancelled_order_keeps_its_reason_and_refunds_what_was_paid() -> None:
    order = an_order(USER, [an_item("lamp", "24.90")])
    change = cancel(order, USER, REASON)
    assert change.order == order.model_copy(
        update={
            "status": OrderStatus.CANCELLED,
            "cancel_reason": REASON,
            "payment_history": [a_payment("24.90"), a_refund("24.90")],
        }
    )
    assert change.user is None
    assert change.quote.movements == [a_refund("24.90")]


def test_each_method_gets_its_own_difference_in_the_order_of_first_payment() -> None:
    history = [
        a_payment("30.00", "paypal_1"),
        a_payment("5.00", "credit_card_1"),
        a_refund("10.00", "paypal_1"),
        a_payment("1.00", "paypal_1"),
    ]
    assert refunds(cancelled(*history), history) == [
        a_refund("21.00", "paypal_1"),
        a_refund("5.00", "credit_card_1"),
    ]


def test_a_refund_before_the_first_payment_does_not_set_the_order() -> None:
    history = [
        a_refund("1.00", "paypal_1"),
        a_payment("5.00", "credit_card_1"),
        a_payment("3.00", "paypal_1"),
    ]
    assert refunds(cancelled(*history), history) == [
        a_refund("5.00", "credit_card_1"),
        a_refund("2.00", "paypal_1"),
    ]


def test_methods_that_were_refunded_as_much_or_more_get_nothing() -> None:
    history = [
        a_payment("5.00", "paypal_1"),
        a_refund("5.00", "paypal_1"),
        a_payment("5.00", "credit_card_1"),
        a_refund("6.00", "credit_card_1"),
        a_refund("2.00", "gift_card_1"),
    ]
    change = cancelled(*history)
    assert refunds(change, history) == []
    assert change.user is None


def test_an_order_that_cost_nothing_is_cancelled_without_a_refund() -> None:
    assert cancelled(a_payment("0.00")).quote.movements == []


def test_a_gift_card_is_credited_at_once() -> None:
    change = cancelled(a_payment("24.90", "gift_card_1"))
    assert change.user is not None
    assert change.user.payment_methods == USER.payment_methods | {"gift_card_1": a_gift_card("124.90")}


def test_a_method_the_user_no_longer_has_is_still_refunded_in_the_history() -> None:
    user = a_user(methods={})
    change = cancelled(a_payment("24.90", "gift_card_1"), user=user)
    assert change.quote.movements == [a_refund("24.90", "gift_card_1")]
    assert change.user is None


def test_a_gift_card_that_would_hold_more_than_can_be_stored_is_refused() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card("99999999999999.00")})
    with pytest.raises(Invalid, match="larger than can be booked"):
        cancelled(a_payment("1.00", "gift_card_1"), user=user)


@pytest.mark.parametrize("status", [status for status in OrderStatus if status is not OrderStatus.PENDING])
def test_only_a_pending_order_is_cancelled(status: OrderStatus) -> None:
    order: Order = an_order(USER, status=status)
    with pytest.raises(WrongStatus, match="which does not allow cancelling it"):
        cancel(order, USER, REASON)


def test_a_refusal_says_what_to_do_instead() -> None:
    with pytest.raises(WrongStatus) as refusal:
        cancel(an_order(USER, order_id="W7", status=OrderStatus.DELIVERED), USER, REASON)
    assert refusal.value.detail == (
        'Order W7 has the status "delivered", which does not allow cancelling it; '
        "return or exchange its items instead."
    )


AMOUNTS = st.integers(0, 500).map(lambda cents: Decimal(cents).scaleb(-2))
METHODS = st.sampled_from(["credit_card_1", "paypal_1", "gift_card_1"])
MOVEMENTS = st.builds(a_payment, AMOUNTS, METHODS) | st.builds(a_refund, AMOUNTS, METHODS)


@given(st.lists(MOVEMENTS, max_size=8))
@settings(deadline=None, max_examples=150)
def test_whatever_was_paid_before_no_method_is_owed_or_given_more(
    history: list[Transaction],
) -> None:
    order = cancelled(*history).order
    for method_id in {movement.payment_method_id for movement in history}:
        paid = [m for m in history if m.payment_method_id == method_id]
        given_back = refunds_to(method_id, order.payment_history[len(history) :])
        owed = sum((m.amount if m.transaction_type == "payment" else -m.amount for m in paid), Decimal(0))
        assert given_back == ([owed] if owed > 0 else [])


def refunds_to(method_id: str, movements: Sequence[Transaction]) -> list[Decimal]:
    return [m.amount for m in movements if m.payment_method_id == method_id]
