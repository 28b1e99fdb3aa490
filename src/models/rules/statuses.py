"""What an order's status allows."""

from typing import Final

from src.models.errors import WrongStatus
from src.models.order import Order, OrderStatus

_INSTEAD: Final = {
    OrderStatus.PENDING: "cancel it or change its items, payment or address instead",
    OrderStatus.PENDING_MODIFIED: "change its address instead, or ask a human for more than that",
    OrderStatus.PROCESSED: "wait until it is delivered, then return or exchange its items",
    OrderStatus.DELIVERED: "return or exchange its items instead",
    OrderStatus.CANCELLED: "place a new order instead",
    OrderStatus.RETURN_REQUESTED: "ask a human to change the return",
    OrderStatus.EXCHANGE_REQUESTED: "ask a human to change the exchange",
}


def require_status(order: Order, aim: str, *allowed: OrderStatus) -> None:
    """Refuse with WrongStatus unless the order has one of the statuses; `aim` is such as "cancelling it"."""
    if order.status not in allowed:
        raise WrongStatus(
            f'Order {order.order_id} has the status "{order.status}", which does not allow {aim}; '
            f"{_INSTEAD[order.status]}."
        )
