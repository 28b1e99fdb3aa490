"""The commands on orders, each a value: its name in the trail, the items it needs and the rule it follows."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from src.models import summaries
from src.models.commands import CancelOrder, ItemSwap, PaymentChange, PlaceOrder, ReturnItems
from src.models.order import Order
from src.models.product import Item
from src.models.quote import Change, Quote
from src.models.rules.amendments import change_address, change_items, change_payment
from src.models.rules.cancellation import cancel
from src.models.rules.placement import place
from src.models.rules.returns import exchange_items, return_items
from src.models.user import Address, User

Existing = Callable[[Order, User, Mapping[str, Item]], Change]
New = Callable[[User, Mapping[str, Item], datetime], Change]
Summary = Callable[[Order, User, Mapping[str, Item], Quote], str]


@dataclass(frozen=True)
class OrderCommand:
    """A command on an order that stands; `summary` tells in one sentence what it comes to."""

    action: str
    event: str
    order_id: str
    arguments: Mapping[str, JsonValue]
    rule: Existing
    summary: Summary
    item_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placement:
    """The command that makes an order, for the caller or for the customer that staff name."""

    order_id: str
    asked: PlaceOrder
    user_id: UUID | None
    rule: New

    @staticmethod
    def summary(order: Order, user: User, _items: Mapping[str, Item], quote: Quote) -> str:
        return summaries.place(order, user, quote)


def placing(asked: PlaceOrder, currency: str) -> Placement:
    order_id = f"W{secrets.randbelow(10**10):010d}"

    def rule(user: User, items: Mapping[str, Item], now: datetime) -> Change:
        return place(
            user,
            items,
            asked.items,
            asked.payment_method_id,
            order_id=order_id,
            currency=currency,
            now=now,
            address=asked.address,
        )

    return Placement(order_id, asked, asked.user_id, rule)


def cancelling(order_id: str, asked: CancelOrder) -> OrderCommand:
    return OrderCommand(
        "order.cancel",
        "OrderCancelled",
        order_id,
        asked.model_dump(mode="json"),
        lambda order, user, _items: cancel(order, user, asked.reason),
        lambda order, user, _items, quote: summaries.cancel(order, user, asked.reason, quote),
    )


def changing_address(order_id: str, address: Address) -> OrderCommand:
    return OrderCommand(
        "order.change_address",
        "OrderAddressChanged",
        order_id,
        address.model_dump(mode="json"),
        lambda order, _user, _items: change_address(order, address),
        lambda order, _user, _items, _quote: summaries.change_address(order, address),
    )


def changing_payment(order_id: str, asked: PaymentChange) -> OrderCommand:
    return OrderCommand(
        "order.change_payment",
        "OrderPaymentChanged",
        order_id,
        asked.model_dump(mode="json"),
        lambda order, user, _items: change_payment(order, user, asked.payment_method_id),
        lambda order, user, _items, quote: summaries.change_payment(order, user, quote),
    )


def changing_items(order_id: str, asked: ItemSwap) -> OrderCommand:
    return OrderCommand(
        "order.change_items",
        "OrderItemsChanged",
        order_id,
        asked.model_dump(mode="json"),
        lambda order, user, items: change_items(
            order, user, items, asked.item_ids, asked.new_item_ids, asked.payment_method_id
        ),
        lambda order, user, items, quote: summaries.change_items(
            order, user, items, asked.item_ids, asked.new_item_ids, quote
        ),
        tuple(asked.new_item_ids),
    )


def returning(order_id: str, asked: ReturnItems) -> OrderCommand:
    return OrderCommand(
        "order.return",
        "OrderReturnRequested",
        order_id,
        asked.model_dump(mode="json"),
        lambda order, user, _items: return_items(order, user, asked.item_ids, asked.payment_method_id),
        lambda order, user, _items, quote: summaries.return_items(order, user, asked.item_ids, quote),
    )


def exchanging(order_id: str, asked: ItemSwap) -> OrderCommand:
    return OrderCommand(
        "order.exchange",
        "OrderExchangeRequested",
        order_id,
        asked.model_dump(mode="json"),
        lambda order, user, items: exchange_items(
            order, user, items, asked.item_ids, asked.new_item_ids, asked.payment_method_id
        ),
        lambda order, user, items, quote: summaries.exchange_items(
            order, user, items, asked.item_ids, asked.new_item_ids, quote
        ),
        tuple(asked.new_item_ids),
    )
