"""What may stand in a profile, and who may put it there."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from src.models.base import minor_unit
from src.models.caller import Caller, Role
from src.models.errors import Forbidden, OpenOrders, PaymentMethodInUse
from src.models.order import Order, OrderStatus
from src.models.rules.profile import (
    in_currency,
    replaced_methods,
    require_own_fields,
    require_settled,
    require_unused,
)
from src.models.user import GiftCard, PaymentMethod, PayPal
from tests.fixtures.callers import a_customer, staff
from tests.fixtures.records import (
    CURRENCIES,
    a_card,
    a_gift_card,
    a_payment,
    a_refund,
    an_order,
    prices,
)

ADMIN, SUPPORT, CUSTOMER = staff(Role.ADMIN), staff(), a_customer()
Methods = dict[str, PaymentMethod]

ids = st.sampled_from(["one", "two", "three", "four"])
a_method = st.sampled_from([a_card(), PayPal()]) | st.builds(a_gift_card, prices("USD"))
methods = st.dictionaries(ids, a_method)
others = st.sampled_from([SUPPORT, CUSTOMER])


def gift_cards(of: Mapping[str, PaymentMethod]) -> dict[str, GiftCard]:
    return {method_id: method for method_id, method in of.items() if isinstance(method, GiftCard)}


def written(caller: Caller, standing: Methods, sent: Methods) -> Methods | None:
    """The methods as they would stand; None where that is forbidden."""
    try:
        require_own_fields(caller, None, sent, standing)
    except Forbidden:
        return None
    return dict(replaced_methods(caller, standing, sent, "USD"))


class TestReplacing:
    @given(others, methods, methods)
    def test_nobody_but_admins_moves_a_gift_card(
        self, caller: Caller, standing: Methods, sent: Methods
    ) -> None:
        standing = dict(in_currency(standing, "USD"))
        after = written(caller, standing, sent)
        if after is None:
            assert any(
                isinstance(method, GiftCard) or isinstance(standing.get(method_id), GiftCard)
                for method_id, method in sent.items()
            )
        else:
            assert gift_cards(after) == gift_cards(standing)

    @given(methods, methods)
    def test_admins_set_all_that_they_send_and_nothing_else(self, standing: Methods, sent: Methods) -> None:
        assert written(ADMIN, standing, sent) == in_currency(sent, "USD")

    @given(others, methods, methods)
    def test_of_all_else_the_sent_set_is_what_stands(
        self, caller: Caller, standing: Methods, sent: Methods
    ) -> None:
        after = written(caller, standing, sent)
        assume(after is not None)
        assert after is not None
        assert after.keys() - gift_cards(standing).keys() == sent.keys() - gift_cards(standing).keys()

    @given(others, methods)
    def test_what_stands_may_be_sent_back(self, caller: Caller, standing: Methods) -> None:
        standing = dict(in_currency(standing, "USD"))
        assert written(caller, standing, standing) == standing

    @given(st.sampled_from(CURRENCIES), st.data())
    def test_balances_have_the_currencys_decimals(self, currency: str, data: st.DataObject) -> None:
        card = a_gift_card(data.draw(prices(currency)))
        [stored] = gift_cards(in_currency({"card": card}, currency)).values()
        assert stored.balance.as_tuple().exponent == -minor_unit(currency)
        assert abs(stored.balance - card.balance) <= Decimal(1).scaleb(-minor_unit(currency)) / 2

    @pytest.mark.parametrize("caller", [CUSTOMER, SUPPORT], ids=["customer", "support"])
    def test_an_email_is_for_admins_to_change(self, caller: Caller) -> None:
        with pytest.raises(Forbidden):
            require_own_fields(caller, "ann@example.com", {}, {})
        require_own_fields(ADMIN, "ann@example.com", {}, {})


class TestHistory:
    def test_what_stands_in_any_history_is_used(self) -> None:
        history = [a_payment("10", "one"), a_payment("10", "two"), a_refund("10", "one")]
        orders = [an_order(history=history), an_order(history=[a_payment("5", "three")])]
        for used in ("one", "two", "three"):
            with pytest.raises(PaymentMethodInUse, match=used):
                require_unused([used, "four"], orders)
        require_unused(["four"], orders)
        require_unused([], orders)
        require_unused(["one"], [])

    @given(st.lists(st.sampled_from(OrderStatus), max_size=4))
    def test_a_user_is_settled_when_all_orders_are_delivered_or_cancelled(
        self, statuses: list[OrderStatus]
    ) -> None:
        orders: list[Order] = [an_order(status=status) for status in statuses]
        if {*statuses} <= {OrderStatus.DELIVERED, OrderStatus.CANCELLED}:
            require_settled(orders)
        else:
            with pytest.raises(OpenOrders):
                require_settled(orders)
