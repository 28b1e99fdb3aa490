"""Cancelling a pending order."""

from decimal import Decimal

from src.models.order import CancelReason, Order, OrderStatus, Transaction, TransactionType
from src.models.quote import Change, Quote
from src.models.rules.payments import amount, refund, settled, signed
from src.models.rules.statuses import require_status
from src.models.user import User


def cancel(order: Order, user: User, reason: CancelReason) -> Change:
    """The order cancelled, with one refund to each payment method of what it is still owed."""
    require_status(order, "cancelling it", OrderStatus.PENDING)
    refunds = _refunds(order)
    update = {
        "status": OrderStatus.CANCELLED,
        "cancel_reason": reason,
        "payment_history": [*order.payment_history, *refunds],
    }
    return Change(
        order.model_copy(update=update),
        settled(user, refunds, order.currency),
        Quote(currency=order.currency, movements=refunds),
    )


def _refunds(order: Order) -> list[Transaction]:
    payments = (t for t in order.payment_history if t.transaction_type is TransactionType.PAYMENT)
    owed = {movement.payment_method_id: Decimal(0) for movement in payments}
    for movement in order.payment_history:
        if movement.payment_method_id in owed:
            owed[movement.payment_method_id] += signed(movement)
    amounts = {method_id: amount(value, order.currency) for method_id, value in owed.items()}
    return [refund(value, method_id) for method_id, value in amounts.items() if value > 0]
