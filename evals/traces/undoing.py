"""Taking commands back on paper: what a record that is only known as it stands now was like before them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from src.models.conversation import Approval, ApprovalStatus
from src.models.order import Order, OrderStatus, TransactionType
from src.models.user import Address, GiftCard, User

# Their money moves when they are settled, not now.
_LATER: Final = frozenset({"return_delivered_order_items", "exchange_delivered_order_items"})
_BEFORE: Final = {
    "cancel_pending_order": {"status": OrderStatus.PENDING, "cancel_reason": None},
    "modify_pending_order_payment": {},
    "return_delivered_order_items": {
        "status": OrderStatus.DELIVERED,
        "return_items": None,
        "return_payment_method_id": None,
    },
    "exchange_delivered_order_items": {
        "status": OrderStatus.DELIVERED,
        "exchange_items": None,
        "exchange_new_items": None,
        "exchange_payment_method_id": None,
        "exchange_price_difference": None,
    },
}


def carried_out(approvals: Iterable[Approval]) -> list[Approval]:
    """Those that were approved and done, in the order of their decisions."""
    done = [
        each
        for each in approvals
        if each.status is ApprovalStatus.APPROVED and each.outcome and each.outcome.carried_out
    ]
    return sorted(done, key=lambda each: each.decided_at or each.expires_at)


def user_before(user: User, done: Sequence[Approval]) -> User:
    """With the gift card balances from before, in which what others did since stays, and another address."""
    methods = dict(user.payment_methods)
    if any(approval.tool == "modify_user_address" for approval in done):
        user = user.model_copy(update={"address": elsewhere(user.address)})
    for approval in done:
        for movement in approval.quote.movements if approval.quote and approval.tool not in _LATER else ():
            card = methods.get(movement.payment_method_id)
            if isinstance(card, GiftCard):
                refunded = movement.transaction_type is TransactionType.REFUND
                balance = card.balance - movement.amount if refunded else card.balance + movement.amount
                methods[movement.payment_method_id] = card.model_copy(
                    update={"balance": max(balance, Decimal(0))}
                )
    return user.model_copy(update={"payment_methods": methods})


def elsewhere(address: Address) -> Address:
    """Where somebody may have lived before an address that nobody looked up was changed into this one."""
    return address.model_copy(update={"address1": "100 Example Street", "address2": "", "zip": "10000"})


def order_before(order: Order, done: Sequence[Approval]) -> tuple[Order, str | None]:
    """The order before these commands, and what a person should look at, if anything."""
    own = [each for each in done if each.arguments.get("order_id") == order.order_id]
    for approval in reversed(own):
        if approval.tool == "modify_pending_order_address":
            order = order.model_copy(update={"address": elsewhere(order.address)})
        elif approval.tool in _BEFORE:
            order = _without_payments(order, approval).model_copy(update=_BEFORE[approval.tool])
        else:
            return (
                order,
                f"{order.order_id} was never looked at before it was changed: it stands as it is now",
            )
    return order, f"{order.order_id} was never looked at before it was changed: worked back" if own else None


def _without_payments(order: Order, approval: Approval) -> Order:
    moved = approval.quote.movements if approval.quote and approval.tool not in _LATER else []
    if not moved or order.payment_history[-len(moved) :] != moved:
        return order
    return order.model_copy(update={"payment_history": order.payment_history[: -len(moved)]})
