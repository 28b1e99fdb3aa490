"""What may be asked of the desk: the body of each command."""

from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field

from src.models.base import Identifier, Record, Text
from src.models.order import CancelReason, OrderLine
from src.models.product import Variant
from src.models.user import Address, Name, PaymentMethods


class NewUser(Record):
    """A profile; `email` is for staff, who make others' profiles: a customer's own is their token's."""

    name: Name
    address: Address
    payment_methods: PaymentMethods = Field(default={})
    email: EmailStr | None = None


class UserChange(Record):
    """What is sent is changed. `payment_methods` replaces the whole set, but a customer's gift cards stay."""

    name: Name | None = None
    address: Address | None = None
    payment_methods: PaymentMethods | None = None
    email: EmailStr | None = None


class NewProduct(Record):
    name: Text
    product_id: Identifier | None = None
    variants: Annotated[dict[Identifier, Variant], Field(max_length=60)] = Field(default={})


class ProductChange(Record):
    """What is sent is changed; `variants` replaces the whole set."""

    name: Text | None = None
    variants: Annotated[dict[Identifier, Variant], Field(max_length=60)] | None = None


class PlaceOrder(Record):
    """Items with their quantities; without an address the user's own is taken; `user_id` is for staff."""

    items: Annotated[list[OrderLine], Field(min_length=1, max_length=50)]
    payment_method_id: Identifier
    address: Address | None = None
    user_id: UUID | None = None


class CancelOrder(Record):
    reason: CancelReason


class PaymentChange(Record):
    payment_method_id: Identifier


ItemIds = Annotated[list[Identifier], Field(min_length=1, max_length=100)]


class ReturnItems(Record):
    item_ids: ItemIds
    payment_method_id: Identifier


class ItemSwap(Record):
    """Old and new items, paired by position."""

    item_ids: ItemIds
    new_item_ids: ItemIds
    payment_method_id: Identifier
