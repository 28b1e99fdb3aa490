"""Whatever is asked of the desk in whatever order, no money is made or lost."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from src.models.base import Record, minor_unit
from src.models.errors import DeskError
from src.models.order import CancelReason, Order, OrderLine, OrderStatus, Transaction, TransactionType
from src.models.product import Item
from src.models.quote import Change
from src.models.rules.amendments import change_items, change_payment
from src.models.rules.cancellation import cancel
from src.models.rules.placement import place
from src.models.rules.returns import exchange_items, return_items
from src.models.user import GiftCard, User
from tests.fixtures.records import CURRENCIES, NOW, catalogues, orders, prices, users

PENDING = (OrderStatus.PENDING, OrderStatus.PENDING_MODIFIED)
MOSTLY = st.sampled_from([True, True, True, True, False])
METHODS = st.sampled_from(["credit_card_1", "paypal_1", "gift_card_1", "gift_card_2", "gift_card_3"])


def net(movements: Iterable[Transaction]) -> Decimal:
    """What was paid, less what was refunded."""
    return sum(
        (m.amount if m.transaction_type is TransactionType.PAYMENT else -m.amount for m in movements),
        Decimal(0),
    )


def balances(user: User) -> dict[str, Decimal]:
    methods = user.payment_methods.items()
    return {key: method.balance for key, method in methods if isinstance(method, GiftCard)}


def any_order_is(*statuses: OrderStatus) -> Callable[["Desk"], bool]:
    """Steps that no order is ready for are left out, so that most commands come far."""
    return lambda desk: any(order.status in statuses for order in desk.orders.values())


class Desk(RuleBasedStateMachine):
    """One customer and their orders, through any sequence of commands, deliveries and new prices."""

    currency: str
    user: User
    items: dict[str, Item]
    opening: dict[str, Decimal]

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, Order] = {}

    @initialize(data=st.data(), currency=st.sampled_from(CURRENCIES))
    def open(self, data: st.DataObject, currency: str) -> None:
        self.currency = currency
        self.user = data.draw(users(currency))
        self.items = data.draw(catalogues(currency))
        stood = data.draw(st.lists(orders(self.user, self.items, currency), max_size=4))
        self.orders = {
            f"S{n}": order.model_copy(update={"order_id": f"S{n}"}) for n, order in enumerate(stood)
        }
        self.opening = {
            card_id: balance + self._spent_with(card_id) for card_id, balance in balances(self.user).items()
        }

    @rule(data=st.data(), method_id=METHODS)
    def place(self, data: st.DataObject, method_id: str) -> None:
        drawn = data.draw(st.lists(st.tuples(self._any_item(), st.integers(1, 3)), min_size=1, max_size=2))
        lines = [OrderLine(item_id=item_id, quantity=quantity) for item_id, quantity in drawn]
        self._carry_out(
            lambda: place(
                self.user,
                self.items,
                lines,
                method_id,
                order_id=f"P{len(self.orders)}",
                currency=self.currency,
                now=NOW,
            ),
            paid=True,
        )

    @precondition(any_order_is(*PENDING))
    @rule(data=st.data(), reason=st.sampled_from(CancelReason))
    def cancel(self, data: st.DataObject, reason: CancelReason) -> None:
        order = self._any_order(data, *PENDING)
        self._carry_out(lambda: cancel(order, self.user, reason), order, paid=True)

    @precondition(any_order_is(*PENDING))
    @rule(data=st.data(), method_id=METHODS)
    def change_payment(self, data: st.DataObject, method_id: str) -> None:
        order = self._any_order(data, *PENDING)
        self._carry_out(lambda: change_payment(order, self.user, method_id), order, paid=True)

    @precondition(any_order_is(*PENDING))
    @rule(data=st.data(), method_id=METHODS)
    def change_items(self, data: st.DataObject, method_id: str) -> None:
        order = self._any_order(data, *PENDING)
        old, new = self._any_swap(data, order)
        self._carry_out(
            lambda: change_items(order, self.user, self.items, old, new, method_id), order, paid=True
        )

    @precondition(any_order_is(OrderStatus.DELIVERED))
    @rule(data=st.data(), method_id=METHODS)
    def return_items(self, data: st.DataObject, method_id: str) -> None:
        order = self._any_order(data, OrderStatus.DELIVERED)
        old, _ = self._any_swap(data, order)
        self._carry_out(lambda: return_items(order, self.user, old, method_id), order)

    @precondition(any_order_is(OrderStatus.DELIVERED))
    @rule(data=st.data(), method_id=METHODS)
    def exchange_items(self, data: st.DataObject, method_id: str) -> None:
        order = self._any_order(data, OrderStatus.DELIVERED)
        old, new = self._any_swap(data, order)
        self._carry_out(lambda: exchange_items(order, self.user, self.items, old, new, method_id), order)

    @precondition(any_order_is(*PENDING))
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        order = self._any_order(data, *PENDING)
        self.orders[order.order_id] = order.model_copy(update={"status": OrderStatus.DELIVERED})

    @rule(data=st.data(), available=MOSTLY)
    def reprice(self, data: st.DataObject, available: bool) -> None:
        item_id, price = data.draw(self._any_item()), data.draw(prices(self.currency))
        update = {"price": price, "available": available}
        self.items[item_id] = self.items[item_id].model_copy(update=update)

    @invariant()
    def what_was_paid_is_what_the_items_cost_or_nothing_once_cancelled(self) -> None:
        for order in self.orders.values():
            is_cancelled = order.status is OrderStatus.CANCELLED
            assert net(order.payment_history) == (0 if is_cancelled else order.total_amount)

    @invariant()
    def a_gift_card_and_what_it_paid_stay_the_same_together(self) -> None:
        for card_id, opening in getattr(self, "opening", {}).items():
            assert 0 <= balances(self.user)[card_id] == opening - self._spent_with(card_id)

    @invariant()
    def every_amount_has_the_currencys_decimals(self) -> None:
        for order in self.orders.values():
            amounts = [m.amount for m in order.payment_history] + [line.price for line in order.items]
            amounts += [order.exchange_price_difference] if order.exchange_price_difference else []
            assert {amount.as_tuple().exponent for amount in amounts} == {-minor_unit(self.currency)}

    @invariant()
    def every_record_can_be_read_again(self) -> None:
        records: list[Record] = [*self.orders.values(), *([self.user] if hasattr(self, "user") else [])]
        for record in records:
            written = record.model_dump_json(exclude={"total_amount"})
            assert type(record).model_validate_json(written) == record

    def _spent_with(self, card_id: str) -> Decimal:
        moves = [move for order in self.orders.values() for move in order.payment_history]
        return net(move for move in moves if move.payment_method_id == card_id)

    def _any_item(self) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted(self.items))

    def _any_order(self, data: st.DataObject, *statuses: OrderStatus) -> Order:
        fitting = [order_id for order_id, order in self.orders.items() if order.status in statuses]
        return self.orders[data.draw(st.sampled_from(fitting))]

    def _any_swap(self, data: st.DataObject, order: Order) -> tuple[list[str], list[str]]:
        """Some of the order's items, each with one of the same product."""
        places = st.sampled_from(range(len(order.items)))
        lines = [order.items[n] for n in data.draw(st.lists(places, min_size=1, max_size=3, unique=True))]
        return [line.item_id for line in lines], [
            data.draw(self._any_like(line.product_id)) for line in lines
        ]

    def _any_like(self, product_id: str) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted(i for i, item in self.items.items() if item.product_id == product_id))

    def _carry_out(
        self, command: Callable[[], Change], order: Order | None = None, *, paid: bool = False
    ) -> None:
        """Keep what a command makes of the records; in place it changes none, refused or not."""
        given_records = [record for record in (self.user, order) if record]
        before = [record.model_dump_json() for record in given_records]
        try:
            change = command()
        except DeskError:
            change = None
        assert [record.model_dump_json() for record in given_records] == before
        if change:
            history = order.payment_history if order else []
            moved = change.quote.movements if paid else []
            assert change.order.payment_history == [*history, *moved]
            assert change.user is None or balances(change.user) != balances(self.user)
            self.orders[change.order.order_id] = change.order
            self.user = change.user or self.user


TestAnySequenceOfCommands = Desk.TestCase
TestAnySequenceOfCommands.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
