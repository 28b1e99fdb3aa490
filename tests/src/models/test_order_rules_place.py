"""Placing an order."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from src.models.errors import InsufficientBalance, Invalid, InvalidPaymentMethod, OutOfStock, UnknownItem
from src.models.order import OrderLine, OrderStatus
from src.models.product import Item
from src.models.quote import Change
from src.models.rules.placement import MOST_ITEMS, place
from src.models.user import Address, User
from tests.fixtures.records import NOW, a_gift_card, a_payment, a_user, an_address, an_item, catalogue

MUG = an_item("mug_red", "10.00")
LAMP = an_item("lamp", "24.90", product_id="lamp", name="Lamp", options={"light": "warm"})


def placed(
    user: User,
    lines: Sequence[tuple[str, int]],
    method_id: str = "credit_card_1",
    items: Mapping[str, Item] | None = None,
    currency: str = "USD",
    address: Address | None = None,
) -> Change:
    return place(
        user,
        items or catalogue(MUG, LAMP),
        [OrderLine(item_id=item_id, quantity=quantity) for item_id, quantity in lines],
        method_id,
        order_id="W1",
        currency=currency,
        now=NOW,
        address=address,
    )


def test_an_order_is_pending_and_paid_in_full_and_goes_to_the_users_address() -> None:
    user = a_user()
    change = placed(user, [("mug_red", 2), ("lamp", 1)])
    order = change.order
    assert (order.order_id, order.user_id, order.status) == ("W1", user.id, OrderStatus.PENDING)
    assert [line.item_id for line in order.items] == ["mug_red", "mug_red", "lamp"]
    assert order.payment_history == [a_payment("44.90")]
    assert order.total_amount == Decimal("44.90")
    assert order.address == user.address
    assert (order.order_date, order.updated_at, order.version) == (NOW, NOW, 1)
    assert change.user is None


def test_the_quote_is_the_payment() -> None:
    change = placed(a_user(), [("lamp", 1)])
    assert change.quote.movements == [a_payment("24.90")]
    assert (change.quote.currency, change.quote.price_difference) == ("USD", None)


def test_a_line_carries_its_items_name_product_and_options() -> None:
    (line,) = placed(a_user(), [("lamp", 1)]).order.items
    assert (line.name, line.product_id, line.options) == ("Lamp", "lamp", {"light": "warm"})


def test_an_order_goes_to_another_address_where_one_is_given() -> None:
    elsewhere = an_address("1 Elm Street")
    assert placed(a_user(), [("lamp", 1)], address=elsewhere).order.address == elsewhere


def test_the_same_item_on_two_lines_is_bought_as_often_as_both_say() -> None:
    assert placed(a_user(), [("mug_red", 1), ("mug_red", 2)]).order.total_amount == Decimal("30.00")


def test_a_gift_card_is_debited_to_its_last_cent() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card("20.00")})
    assert placed(user, [("mug_red", 2)], "gift_card_1").user == user.model_copy(
        update={"payment_methods": {"gift_card_1": a_gift_card("0.00")}}
    )


def test_a_gift_card_that_does_not_cover_the_total_is_refused() -> None:
    user = a_user(methods={"gift_card_1": a_gift_card("19.99")})
    with pytest.raises(InsufficientBalance, match=r"holds 19\.99 USD, which does not cover 20\.00 USD"):
        placed(user, [("mug_red", 2)], "gift_card_1")


def test_a_method_that_is_not_the_users_own_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidPaymentMethod, match="credit_card_1, paypal_1, gift_card_1"):
        placed(a_user(), [("lamp", 1)], "credit_card_2")


def test_a_user_without_payment_methods_is_told_to_add_one() -> None:
    with pytest.raises(InvalidPaymentMethod, match="add one first"):
        placed(a_user(methods={}), [("lamp", 1)])


def test_an_item_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownItem, match="no item sofa"):
        placed(a_user(), [("lamp", 1), ("sofa", 1)])


def test_an_item_that_is_not_available_is_refused() -> None:
    with pytest.raises(OutOfStock):
        placed(a_user(), [("mug", 1)], items=catalogue(an_item("mug", available=False)))


def test_an_item_is_looked_at_before_the_payment_method() -> None:
    with pytest.raises(UnknownItem):
        placed(a_user(), [("sofa", 1)], "credit_card_2")


def test_an_order_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="at least one"):
        placed(a_user(), [])


def test_an_order_holds_no_more_items_than_one_record_bears() -> None:
    assert len(placed(a_user(), [("mug_red", 100)] * 5).order.items) == MOST_ITEMS
    with pytest.raises(Invalid, match="501 items"):
        placed(a_user(), [("mug_red", 100)] * 5 + [("lamp", 1)])


def test_a_total_that_could_not_be_read_again_is_refused() -> None:
    dear = an_item("dear", "99999999999999.00")
    with pytest.raises(Invalid, match="larger than can be booked"):
        placed(a_user(), [("dear", 2)], items=catalogue(dear))


@pytest.mark.parametrize(
    ("currency", "price", "stored"),
    [
        ("USD", "10.125", "10.12"),
        ("USD", "10.135", "10.14"),
        ("JPY", "10.5", "10"),
        ("JPY", "1100", "1100"),
        ("KWD", "1.2345", "1.234"),
        ("CLF", "1.2345", "1.2345"),
    ],
)
def test_prices_are_stored_with_the_currencys_decimals_rounded_half_even(
    currency: str, price: str, stored: str
) -> None:
    change = placed(a_user(), [("mug", 1)], items=catalogue(an_item("mug", price)), currency=currency)
    assert str(change.order.items[0].price) == stored
    assert str(change.order.payment_history[0].amount) == stored
