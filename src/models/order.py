"""Orders: what was bought, how it was paid and what became of it."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, computed_field

from src.models.base import Identifier, Moment, Money, Record, Text, Version
from src.models.product import Options
from src.models.user import Address


class OrderStatus(StrEnum):
    PENDING = "pending"
    PENDING_MODIFIED = "pending (item modified)"
    PROCESSED = "processed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return requested"
    EXCHANGE_REQUESTED = "exchange requested"


class CancelReason(StrEnum):
    NO_LONGER_NEEDED = "no longer needed"
    ORDERED_BY_MISTAKE = "ordered by mistake"


class TransactionType(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


class OrderItem(Record):
    name: Text
    product_id: Identifier
    item_id: Identifier
    price: Annotated[Money, Field(ge=0)]
    options: Options = Field(default={})


class Fulfillment(Record):
    tracking_id: list[Text] = Field(default=[])
    item_ids: list[Identifier] = Field(default=[])


class Transaction(Record):
    transaction_type: TransactionType
    amount: Annotated[Money, Field(ge=0)]
    payment_method_id: Identifier


Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Order(Record):
    order_id: Identifier
    user_id: UUID
    address: Address
    items: list[OrderItem]
    status: OrderStatus
    fulfillments: list[Fulfillment] = Field(default=[])
    payment_history: list[Transaction]
    currency: Currency
    order_date: Moment
    updated_at: Moment
    version: Version = 1
    cancel_reason: CancelReason | None = None
    return_items: list[Identifier] | None = None
    return_payment_method_id: Identifier | None = None
    exchange_items: list[Identifier] | None = None
    exchange_new_items: list[Identifier] | None = None
    exchange_payment_method_id: Identifier | None = None
    exchange_price_difference: Money | None = None

    @computed_field
    @property
    def total_amount(self) -> Money:
        """The sum of the items' prices, with the decimals of the order's currency."""
        return sum((item.price for item in self.items), Decimal(0))


class OrderLine(Record):
    item_id: Identifier
    quantity: Annotated[int, Field(strict=True, ge=1, le=100)] = 1
