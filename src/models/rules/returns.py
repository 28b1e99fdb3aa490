"""Returning and exchanging delivered items: requests, which move no money until they are settled."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from src.models.errors import InvalidPaymentMethod
from src.models.order import Order, OrderStatus, TransactionType
from src.models.product import Item
from src.models.quote import Change, Quote
from src.models.rules.lines import claimed, price_difference, require_items, require_pairs, swaps
from src.models.rules.payments import amount, own_method, refund, settled, settlement
from src.models.rules.statuses import require_status
from src.models.user import GiftCard, User


def return_items(order: Order, user: User, item_ids: Sequence[str], payment_method_id: str) -> Change:
    """The return requested; its quote is the refund to come."""
    require_status(order, "returning its items", OrderStatus.DELIVERED)
    require_items(item_ids)
    positions = claimed(order, item_ids)
    _require_refundable(order, user, payment_method_id)
    value = amount(sum((order.items[position].price for position in positions), Decimal(0)), order.currency)
    update = {
        "status": OrderStatus.RETURN_REQUESTED,
        "return_items": sorted(item_ids),
        "return_payment_method_id": payment_method_id,
    }
    quote = Quote(currency=order.currency, movements=[refund(value, payment_method_id)])
    return Change(order.model_copy(update=update), None, quote)


def exchange_items(
    order: Order,
    user: User,
    items: Mapping[str, Item],
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    payment_method_id: str,
) -> Change:
    """The exchange requested; its quote is the settlement to come. A new item may be the old one."""
    require_status(order, "exchanging its items", OrderStatus.DELIVERED)
    require_pairs(item_ids, new_item_ids)
    swapped = swaps(order, items, item_ids, new_item_ids, same_item_allowed=True)
    own_method(user, payment_method_id)
    difference = price_difference(swapped, order.currency)
    movements = [settlement(difference, payment_method_id)]
    settled(user, movements, order.currency)  # a gift card must cover it now, though it moves later
    update = {
        "status": OrderStatus.EXCHANGE_REQUESTED,
        "exchange_items": sorted(item_ids),
        "exchange_new_items": sorted(new_item_ids),
        "exchange_payment_method_id": payment_method_id,
        "exchange_price_difference": difference,
    }
    quote = Quote(currency=order.currency, movements=movements, price_difference=difference)
    return Change(order.model_copy(update=update), None, quote)


def _require_refundable(order: Order, user: User, payment_method_id: str) -> None:
    payments = (t for t in order.payment_history if t.transaction_type is TransactionType.PAYMENT)
    first = next((t.payment_method_id for t in payments), None)
    method = own_method(user, payment_method_id)
    if not isinstance(method, GiftCard) and payment_method_id != first:
        first_paid = f"{first}, which first paid it, or " if first else ""
        raise InvalidPaymentMethod(
            f"A return of order {order.order_id} can't be refunded to {payment_method_id}; "
            f"choose {first_paid}a gift card of the customer's own."
        )
