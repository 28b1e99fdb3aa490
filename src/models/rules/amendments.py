"""Changing what a pending order holds, how it is paid and where it goes; changing where a user lives."""

from collections.abc import Mapping, Sequence

from src.models.errors import InvalidPaymentMethod, PaymentFixed
from src.models.order import Order, OrderStatus, Transaction, TransactionType
from src.models.product import Item
from src.models.quote import Change, Quote
from src.models.rules.lines import price_difference, require_pairs, swaps
from src.models.rules.payments import own_method, payment, refund, settled, settlement
from src.models.rules.statuses import require_status
from src.models.user import Address, User


def change_address(order: Order, address: Address) -> Change:
    require_status(order, "changing its address", OrderStatus.PENDING, OrderStatus.PENDING_MODIFIED)
    return Change(
        order.model_copy(update={"address": address}), None, Quote(currency=order.currency, movements=[])
    )


def change_user_address(user: User, address: Address) -> User:
    return user.model_copy(update={"address": address})


def change_payment(order: Order, user: User, payment_method_id: str) -> Change:
    """The order paid by another method: a payment to the new one, then a refund to the old one."""
    require_status(order, "changing its payment", OrderStatus.PENDING, OrderStatus.PENDING_MODIFIED)
    paid = _only_payment(order)
    own_method(user, payment_method_id)
    if payment_method_id == paid.payment_method_id:
        raise InvalidPaymentMethod(
            f"Order {order.order_id} is already paid with {payment_method_id}; choose a different method."
        )
    movements = [payment(paid.amount, payment_method_id), refund(paid.amount, paid.payment_method_id)]
    return Change(
        order.model_copy(update={"payment_history": [paid, *movements]}),
        settled(user, movements, order.currency),
        Quote(currency=order.currency, movements=movements),
    )


def change_items(
    order: Order,
    user: User,
    items: Mapping[str, Item],
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    payment_method_id: str,
) -> Change:
    """Each named item replaced by the new one at its position, the price difference settled at once."""
    require_status(order, "changing its items", OrderStatus.PENDING)
    require_pairs(item_ids, new_item_ids)
    swapped = swaps(order, items, item_ids, new_item_ids)
    own_method(user, payment_method_id)
    difference = price_difference(swapped, order.currency)
    movement = settlement(difference, payment_method_id)
    replaced = {swap.position: swap.new for swap in swapped}
    update = {
        "items": [replaced.get(position, line) for position, line in enumerate(order.items)],
        "status": OrderStatus.PENDING_MODIFIED,
        "payment_history": [*order.payment_history, movement],
    }
    return Change(
        order.model_copy(update=update),
        settled(user, [movement], order.currency),
        Quote(currency=order.currency, movements=[movement], price_difference=difference),
    )


def _only_payment(order: Order) -> Transaction:
    first = order.payment_history[0] if len(order.payment_history) == 1 else None
    if first is None or first.transaction_type is not TransactionType.PAYMENT:
        raise PaymentFixed(
            f"Order {order.order_id} has more behind it than one payment, so its payment can't be changed; "
            "cancel it if that is still possible, or ask a human."
        )
    return first
