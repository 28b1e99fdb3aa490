"""What may stand in a profile, and who may put it there."""

from collections.abc import Iterable

from src.models.caller import Caller
from src.models.errors import Forbidden, OpenOrders, PaymentMethodInUse
from src.models.order import Order, OrderStatus
from src.models.rules.payments import amount
from src.models.user import GiftCard, PaymentMethods

_SETTLED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})


def require_own_fields(
    caller: Caller, email: str | None, methods: PaymentMethods, standing: PaymentMethods
) -> None:
    """Admins write everything; support and customers neither change an e-mail nor set a gift card."""
    if caller.is_admin:
        return
    if email is not None:
        raise Forbidden("An e-mail is the one that the token vouches for; an admin can change it.")
    for method_id, method in methods.items():
        if isinstance(method, GiftCard) and standing.get(method_id) != method:
            raise Forbidden("Gift cards and their balances are set by admins; leave them out.")
        if isinstance(standing.get(method_id), GiftCard) and not isinstance(method, GiftCard):
            raise Forbidden("A gift card can't become another payment method; choose another id.")


def replaced_methods(
    caller: Caller, standing: PaymentMethods, sent: PaymentMethods, currency: str
) -> PaymentMethods:
    """The set that was sent, with the gift cards kept that only an admin may take away."""
    kept = {} if caller.is_admin else {k: v for k, v in standing.items() if isinstance(v, GiftCard)}
    return in_currency(sent, currency) | kept


def in_currency(methods: PaymentMethods, currency: str) -> PaymentMethods:
    return {
        method_id: GiftCard(balance=amount(method.balance, currency))
        if isinstance(method, GiftCard)
        else method
        for method_id, method in methods.items()
    }


def changed_methods(standing: PaymentMethods, methods: PaymentMethods) -> set[str]:
    """Those that would be gone or be something else under the same id; a balance may change."""
    return {
        method_id
        for method_id, method in standing.items()
        if (after := methods.get(method_id)) != method
        and not (isinstance(after, GiftCard) and isinstance(method, GiftCard))
    }


def require_unused(changed: Iterable[str], orders: Iterable[Order]) -> None:
    used = {movement.payment_method_id for order in orders for movement in order.payment_history}
    if standing := sorted(used.intersection(changed)):
        raise PaymentMethodInUse(
            f"Payment method {standing[0]} stands in an order's history; keep it as it is."
        )


def require_settled(orders: Iterable[Order]) -> None:
    if still_open := sorted(order.order_id for order in orders if order.status not in _SETTLED):
        raise OpenOrders(f"Order {still_open[0]} is still open; cancel it or wait until it is delivered.")
