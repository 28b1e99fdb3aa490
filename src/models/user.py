"""Users: who they are, where they live and what they pay with."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    EmailStr,
    Field,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from src.models.base import STORED, Identifier, Moment, Money, OptionalText, Record, Text, Version


class Name(Record):
    first_name: Text
    last_name: Text


class Address(Record):
    address1: Text
    address2: OptionalText = ""
    city: Text
    state: OptionalText = ""
    country: Text
    zip: Text


class CreditCard(Record):
    source: Literal["credit_card"] = "credit_card"
    brand: Text
    last_four: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class PayPal(Record):
    source: Literal["paypal"] = "paypal"


class GiftCard(Record):
    source: Literal["gift_card"] = "gift_card"
    balance: Annotated[Money, Field(ge=0)]


PaymentMethod = Annotated[CreditCard | PayPal | GiftCard, Field(discriminator="source")]
OwnPaymentMethod = Annotated[CreditCard | PayPal, Field(discriminator="source")]
PaymentMethods = Annotated[dict[Identifier, PaymentMethod], Field(max_length=50)]
OwnPaymentMethods = Annotated[dict[Identifier, OwnPaymentMethod], Field(max_length=50)]


def _checked_once(email: str, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> str:
    return email if info.context is STORED else check(email)


class User(Record):
    id: UUID
    email: Annotated[EmailStr, WrapValidator(_checked_once)]
    name: Name
    address: Address
    payment_methods: PaymentMethods = Field(default={})
    created_at: Moment
    updated_at: Moment
    version: Version = 1
