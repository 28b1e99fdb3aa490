"""Changing the items of a pending order."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.models.errors import (
    DeskError,
    InsufficientBalance,
    Invalid,
    InvalidPaymentMethod,
    OtherProduct,
    OutOfStock,
    SameItem,
    UnequalLists,
    UnknownItem,
    WrongStatus,
)
from src.models.order import Order, OrderStatus
from src.models.quote import Change
from src.models.rules.amendments import change_items
from src.models.user import User
from tests.fixtures.records import (
    a_gift_card,
    a_payment,
    a_refund,
    a_user,
    an_item,
    an_order,
    catalogue,
)

A = an_item("A", "10.00", options={"color": "amber"})
B = an_item("B", "12.50", options={"color": "blue"})
C = an_item("C", "9.00", options={"color": "cyan"})
GONE = an_item("GONE", "9.00", available=False)
LAMP = an_item("LAMP", "30.00", product_id="lamp", name="Lamp")
ITEMS = catalogue(A, B, C, GONE, LAMP)
USER = a_user()
IN_ORDER = st.sampled_from(["A", "B", "C", "LAMP"])


def changed(
    order: Order,
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    method_id: str = "credit_card_1",
    user: User = USER,
) -> Change:
    return change_items(order, user, ITEMS, item_ids, new_item_ids, method_id)


def ids(change: Change) -> list[str]:
    return [line.item_id for line in change.order.items]


def test_a_named_item_takes_the_id_price_and_options_of_its_new_item() -> None:
    order = an_order(USER, [LAMP, A])
    change = changed(order, ["A"], ["B"])
    line = change.order.items[1]
    assert (line.item_id, line.price, line.options) == ("B", Decimal("12.50"), {"color": "blue"})
    assert (line.name, line.product_id) == (A.name, A.product_id)
    assert change.order.items[0] is order.items[0]
    assert change.order.status is OrderStatus.PENDING_MODIFIED


def test_a_dearer_item_is_paid_for() -> None:
    change = changed(an_order(USER, [A]), ["A"], ["B"], "paypal_1")
    assert change.order.payment_history == [a_payment("10.00"), a_payment("2.50", "paypal_1")]
    assert change.quote.price_difference == Decimal("2.50")
    assert change.quote.movements == [a_payment("2.50", "paypal_1")]


def test_a_cheaper_item_is_refunded() -> None:
    change = changed(an_order(USER, [A]), ["A"], ["C"], "paypal_1")
    assert change.order.payment_history == [a_payment("10.00"), a_refund("1.00", "paypal_1")]
    assert change.quote.price_difference == Decimal("-1.00")


def test_items_of_one_price_leave_a_refund_of_nothing() -> None:
    change = change_items(
        an_order(USER, [A]), USER, catalogue(an_item("D", "10.00")), ["A"], ["D"], "gift_card_1"
    )
    assert change.order.payment_history[1:] == [a_refund("0.00", "gift_card_1")]
    assert str(change.quote.price_difference) == "0.00"
    assert change.user is None


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    order = an_order(USER, [A.model_copy(update={"price": Decimal("12.504")})])
    assert str(changed(order, ["A"], ["B"]).quote.price_difference) == "0.00"


def test_each_item_takes_its_own_new_item() -> None:
    change = changed(an_order(USER, [A, B, C]), ["C", "A"], ["B", "C"])
    assert ids(change) == ["C", "B", "B"]
    assert [line.price for line in change.order.items] == [C.price, B.price, B.price]


def test_a_to_b_with_b_to_c_never_turns_a_into_c() -> None:
    for order in (an_order(USER, [A, B]), an_order(USER, [B, A])):
        there, back = changed(order, ["A", "B"], ["B", "C"]), changed(order, ["B", "A"], ["C", "B"])
        assert there == back
        assert [(old.item_id, new) for old, new in zip(order.items, ids(there), strict=True)] == [
            (line.item_id, {"A": "B", "B": "C"}[line.item_id]) for line in order.items
        ]


def test_two_items_can_trade_places_for_nothing() -> None:
    change = changed(an_order(USER, [A, B]), ["A", "B"], ["B", "A"])
    assert ids(change) == ["B", "A"]
    assert change.quote.price_difference == 0


def test_a_repeated_item_is_changed_as_often_as_it_is_named_and_each_to_its_own() -> None:
    assert ids(changed(an_order(USER, [A, LAMP, A, A]), ["A", "A"], ["B", "C"])) == ["B", "LAMP", "C", "A"]


def test_an_item_that_stands_at_two_prices_counts_with_the_price_of_its_own_line() -> None:
    order = an_order(USER, [A.model_copy(update={"price": Decimal("7.00")}), A])
    assert changed(order, ["A"], ["C"]).quote.price_difference == Decimal("2.00")
    assert changed(order, ["A", "A"], ["C", "C"]).quote.price_difference == Decimal("1.00")


def test_a_gift_card_follows_the_difference() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card("2.50")})
    paid = changed(an_order(user, [A]), ["A"], ["B"], "gift_card_1", user)
    refunded = changed(an_order(user, [A]), ["A"], ["C"], "gift_card_1", user)
    assert paid.user is not None
    assert refunded.user is not None
    assert paid.user.payment_methods == {"gift_card_1": a_gift_card("0.00")}
    assert refunded.user.payment_methods == {"gift_card_1": a_gift_card("3.50")}


def test_a_gift_card_has_to_cover_the_difference_alone() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card("2.49")})
    with pytest.raises(InsufficientBalance, match=r"2\.49 USD, which does not cover 2\.50 USD"):
        changed(an_order(user, [A]), ["A"], ["B"], "gift_card_1", user)


def test_items_are_changed_only_once() -> None:
    once = changed(an_order(USER, [A]), ["A"], ["B"]).order
    with pytest.raises(WrongStatus, match="change its address instead"):
        changed(once, ["B"], ["C"])


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {OrderStatus.PENDING}))
def test_only_a_pending_orders_items_are_changed(status: OrderStatus) -> None:
    with pytest.raises(WrongStatus):
        changed(an_order(USER, [A], status=status), ["A"], ["B"])


@pytest.mark.parametrize(
    ("item_ids", "new_item_ids", "method_id", "error"),
    [
        ([], [], "credit_card_1", Invalid),
        (["A"], ["B", "C"], "credit_card_1", UnequalLists),
        (["A"], [], "credit_card_1", UnequalLists),
        (["C"], ["B"], "credit_card_1", UnknownItem),
        (["A", "A"], ["B", "C"], "credit_card_1", UnknownItem),
        (["A"], ["Z"], "credit_card_1", UnknownItem),
        (["A"], ["LAMP"], "credit_card_1", OtherProduct),
        (["LAMP", "A"], ["B", "B"], "credit_card_1", OtherProduct),
        (["A"], ["A"], "credit_card_1", SameItem),
        (["A"], ["GONE"], "credit_card_1", OutOfStock),
        (["A"], ["B"], "credit_card_2", InvalidPaymentMethod),
    ],
)
def test_what_can_not_be_changed_is_refused(
    item_ids: list[str], new_item_ids: list[str], method_id: str, error: type[DeskError]
) -> None:
    with pytest.raises(error) as refusal:
        changed(an_order(USER, [A, LAMP]), item_ids, new_item_ids, method_id)
    assert type(refusal.value) is error


def test_a_missing_item_is_named_with_how_often_it_stands() -> None:
    with pytest.raises(UnknownItem, match="Item A is named 2 times but stands 1 times in order W9"):
        changed(an_order(USER, [A, LAMP], order_id="W9"), ["A", "A"], ["B", "C"])


def test_the_first_failing_check_decides_what_is_answered() -> None:
    """Status, shape, old items, new items, payment method, money: a case fails at its step and later ones."""
    poor = a_user(methods={"gift_card_1": a_gift_card("0.00")})
    order = an_order(poor, [A])
    delivered = an_order(poor, [A], status=OrderStatus.DELIVERED)
    cases = [
        (WrongStatus, delivered, ["C", "C"], ["LAMP"], "credit_card_2"),
        (UnequalLists, order, ["C", "C"], ["LAMP"], "credit_card_2"),
        (UnknownItem, order, ["C"], ["LAMP"], "credit_card_2"),
        (OtherProduct, order, ["A"], ["LAMP"], "credit_card_2"),
        (InvalidPaymentMethod, order, ["A"], ["B"], "credit_card_2"),
        (InsufficientBalance, order, ["A"], ["B"], "gift_card_1"),
    ]
    for error, case, item_ids, new_item_ids, method_id in cases:
        with pytest.raises(error):
            changed(case, item_ids, new_item_ids, method_id, poor)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_any_lists_are_refused_or_give_each_item_its_own_new_item(data: st.DataObject) -> None:
    """Against DOMAIN.md's words said once more: what each item becomes is counted, not computed."""
    order = an_order(USER, data.draw(st.lists(st.sampled_from([A, B, C, LAMP]), min_size=1, max_size=6)))
    pairs = data.draw(st.lists(st.tuples(IN_ORDER, st.sampled_from(sorted(ITEMS))), min_size=1, max_size=4))
    named, standing = Counter(old for old, _ in pairs), Counter(line.item_id for line in order.items)
    fits = named <= standing and all(
        old != new and ITEMS[new].available and ITEMS[old].product_id == ITEMS[new].product_id
        for old, new in pairs
    )
    try:
        change = changed(order, [old for old, _ in pairs], [new for _, new in pairs])
    except DeskError:
        assert not fits
        return
    assert fits
    became = Counter(
        (old.item_id, new.item_id) for old, new in zip(order.items, change.order.items, strict=True)
    )
    untouched = Counter({(item_id, item_id): times for item_id, times in (standing - named).items()})
    assert became == Counter(pairs) + untouched
