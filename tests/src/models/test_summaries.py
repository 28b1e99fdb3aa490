"""The sentence that a person approves says all that will be done, and nobody's text can forge it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.models import summaries
from src.models.order import CancelReason, Order, OrderLine, OrderStatus
from src.models.quote import Quote
from src.models.rules.amendments import change_items, change_payment
from src.models.rules.cancellation import cancel
from src.models.rules.placement import place
from src.models.rules.returns import exchange_items, return_items
from src.models.user import User
from tests.fixtures.records import (
    NOW,
    a_card,
    a_payment,
    a_user,
    an_address,
    an_item,
    an_order,
    catalogue,
)

RED = an_item("red", "10.00", options={"color": "red"})
BLUE = an_item("blue", "12.50", options={"color": "blue"})
ITEMS = catalogue(RED, BLUE)
USER = a_user()
MISTAKE = CancelReason.ORDERED_BY_MISTAKE


def cancelling(order: Order, user: User = USER) -> str:
    return summaries.cancel(order, user, MISTAKE, cancel(order, user, MISTAKE).quote)


def test_a_cancellation_says_what_is_refunded_where_and_when() -> None:
    order = an_order(USER, [an_item(price="120.50")], order_id="W123")
    assert cancelling(order) == (
        "Cancel order W123 (ordered by mistake): refund 120.50 USD to credit_card_1 (Visa ending 1234) "
        "in 5 to 7 business days."
    )


def test_every_refund_of_a_cancellation_is_named() -> None:
    history = [a_payment("3.00", "gift_card_1"), a_payment("7.00", "paypal_1")]
    assert cancelling(an_order(USER, history=history, order_id="W1")) == (
        "Cancel order W1 (ordered by mistake): refund 3.00 USD to gift_card_1 (gift card) at once and "
        "refund 7.00 USD to paypal_1 (PayPal) in 5 to 7 business days."
    )


def test_a_method_that_is_gone_is_said_to_be_gone() -> None:
    assert "to paypal_9 (no longer on file)" in cancelling(an_order(USER, paid_with="paypal_9"))


def test_a_cancellation_that_refunds_nothing_says_so() -> None:
    assert cancelling(an_order(USER, history=[], order_id="W1")).endswith(": no money moves.")


def test_a_placement_names_items_prices_address_and_payment() -> None:
    lines = [OrderLine(item_id="red", quantity=2), OrderLine(item_id="blue")]
    change = place(USER, ITEMS, lines, "credit_card_1", order_id="W1", currency="USD", now=NOW)
    assert summaries.place(change.order, USER, change.quote) == (
        'Place an order: 2 \u00d7 "Mug, color: red" (item red) at 10.00 USD, '
        '1 \u00d7 "Mug, color: blue" (item blue) at 12.50 USD; '
        'deliver to "12 Cedar Avenue, Suite 3, Chicago, IL 60625, USA"; '
        "pay 32.50 USD with credit_card_1 (Visa ending 1234)."
    )


def test_a_change_of_address_names_the_new_one() -> None:
    address = an_address("1 Elm Street", address2="", state="")
    assert summaries.change_address(an_order(order_id="W1"), address) == (
        'Change the delivery address of order W1 to "1 Elm Street, Chicago, 60625, USA".'
    )
    assert summaries.change_user_address(address) == (
        'Change the customer\'s own address to "1 Elm Street, Chicago, 60625, USA".'
    )


def test_a_change_of_payment_names_both_movements() -> None:
    order = an_order(USER, [RED], order_id="W1")
    assert summaries.change_payment(order, USER, change_payment(order, USER, "gift_card_1").quote) == (
        "Change the payment of order W1: pay 10.00 USD with gift_card_1 (gift card) and "
        "refund 10.00 USD to credit_card_1 (Visa ending 1234) in 5 to 7 business days."
    )


def test_a_change_of_items_names_each_pair_and_that_it_can_be_done_once() -> None:
    order = an_order(USER, [RED, RED], order_id="W1")
    named = (["red", "red"], ["blue", "blue"])
    quote = change_items(order, USER, ITEMS, *named, "paypal_1").quote
    assert summaries.change_items(order, USER, ITEMS, *named, quote) == (
        "Change items of order W1, which can be done only once: "
        '2 \u00d7 "Mug, color: red" (item red) for "Mug, color: blue" (item blue); '
        "pay 5.00 USD with paypal_1 (PayPal)."
    )


def test_items_of_one_price_move_no_money() -> None:
    order = an_order(USER, [RED], order_id="W1", status=OrderStatus.DELIVERED)
    quote = exchange_items(order, USER, ITEMS, ["red"], ["red"], "paypal_1").quote
    assert summaries.exchange_items(order, USER, ITEMS, ["red"], ["red"], quote).endswith("; no money moves.")


def test_a_return_names_the_refund_to_come() -> None:
    order = an_order(USER, [RED, BLUE, RED], order_id="W1", status=OrderStatus.DELIVERED)
    quote = return_items(order, USER, ["red", "red"], "gift_card_1").quote
    assert summaries.return_items(order, USER, ["red", "red"], quote) == (
        'Return from order W1: 2 \u00d7 "Mug, color: red" (item red); '
        "refund 20.00 USD to gift_card_1 (gift card) once the return is settled."
    )


def test_an_exchange_names_the_settlement_to_come() -> None:
    order = an_order(USER, [RED, BLUE], order_id="W1", status=OrderStatus.DELIVERED)
    named = (["red", "blue"], ["blue", "blue"])
    quote = exchange_items(order, USER, ITEMS, *named, "credit_card_1").quote
    assert summaries.exchange_items(order, USER, ITEMS, *named, quote) == (
        "Exchange in order W1: "
        '1 \u00d7 "Mug, color: red" (item red) for "Mug, color: blue" (item blue), '
        '1 \u00d7 "Mug, color: blue" (item blue) for "Mug, color: blue" (item blue); '
        "pay 2.50 USD with credit_card_1 (Visa ending 1234) once the exchange is settled."
    )


def test_a_hand_over_quotes_what_is_handed_over() -> None:
    assert summaries.hand_over("Wants\na refund") == 'Hand over to a human: "Wants a refund".'


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_money_has_the_currencys_decimals(currency: str) -> None:
    text = cancelling(an_order(USER, history=[a_payment("120")], currency=currency))
    assert {"JPY": "refund 120 JPY", "KWD": "refund 120.000 KWD"}[currency] in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("two\r\n  lines\t", '"two lines"'),
        ('ends" here', '"ends\' here"'),
        ("\u201ccurly\u201d \u00abquotes\u00bb \uff02wide\uff02", "\"'curly' 'quotes' 'wide'\""),
        ("right\u202eleft\u2066\x1b[2J\u2028next", '"right left [2J next"'),
        ("O'Hara Stra\u00dfe 5", '"O\'Hara Stra\u00dfe 5"'),
        ("", '""'),
    ],
)
def test_what_somebody_wrote_stays_within_its_quotation_marks(written: str, shown: str) -> None:
    assert summaries.quoted(written) == shown


def test_a_brand_is_quoted_unless_it_is_one_plain_word() -> None:
    user = a_user(methods={"credit_card_1": a_card(brand="Visa ending 9999) at once. (x")})
    assert 'credit_card_1 ("Visa ending 9999) at once. (x" ending 1234)' in cancelling(an_order(user), user)


@given(st.text(max_size=60).filter(lambda text: bool(text.strip())))
@settings(deadline=None, max_examples=60)
def test_no_text_forges_the_structure_of_a_summary(text: str) -> None:
    item = an_item("x", name=text[:50].strip() or "x", options={text.strip(): text.strip()})
    order = an_order(USER, [item], order_id="W1").model_copy(update={"address": an_address(text.strip())})
    quote = Quote(currency="USD", movements=order.payment_history)
    summary = summaries.place(order, USER, quote)
    assert summary.isprintable()
    assert summary.count('"') == 4
    outside = "".join(summary.split('"')[::2])
    assert outside == (
        "Place an order: 1 \u00d7  (item x) at 10.00 USD; deliver to ; "
        "pay 10.00 USD with credit_card_1 (Visa ending 1234)."
    )
