"""Placing an order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from src.models.errors import Invalid
from src.models.order import Order, OrderLine, OrderStatus
from src.models.product import Item
from src.models.quote import Change, Quote
from src.models.rules.lines import offered, ordered, require_items
from src.models.rules.payments import amount, own_method, payment, settled
from src.models.user import Address, User

# An order is stored as one record, whose size is bounded.
MOST_ITEMS: Final = 500


def place(
    user: User,
    items: Mapping[str, Item],
    lines: Sequence[OrderLine],
    payment_method_id: str,
    *,
    order_id: str,
    currency: str,
    now: datetime,
    address: Address | None = None,
) -> Change:
    """A new order of the user, paid at once; it goes to their own address unless another is given."""
    _require_size(lines)
    bought = [ordered(offered(items, line.item_id), currency) for line in lines for _ in range(line.quantity)]
    own_method(user, payment_method_id)
    paid = payment(amount(sum((item.price for item in bought), Decimal(0)), currency), payment_method_id)
    order = Order(
        order_id=order_id,
        user_id=user.id,
        address=address or user.address,
        items=bought,
        status=OrderStatus.PENDING,
        payment_history=[paid],
        currency=currency,
        order_date=now,
        updated_at=now,
    )
    return Change(order, settled(user, [paid], currency), Quote(currency=currency, movements=[paid]))


def _require_size(lines: Sequence[OrderLine]) -> None:
    require_items([line.item_id for line in lines])
    count = sum(line.quantity for line in lines)
    if count > MOST_ITEMS:
        raise Invalid(f"{count} items are more than one order holds; order at most {MOST_ITEMS} at a time.")
