"""The desk's things as its tools tell of them; what else a tool tells is left aside."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agents.rules.conversation.planted import unplanted

# What a record calls something: orders to a program that were planted in it are no part of that.
Label = Annotated[str, AfterValidator(unplanted)]

_CODE: Final = re.compile(r"[\w./-]{1,64}")


def _codes(written: list[str]) -> list[str]:
    return [each for each in written if _CODE.fullmatch(each)]


class Thing(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Address(Thing):
    address1: str
    address2: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    zip: str = ""

    @property
    def written(self) -> str:
        town = " ".join(part for part in (self.state, self.zip) if part)
        parts = map(unplanted, (self.address1, self.address2, self.city, town, self.country))
        return ", ".join(part for part in parts if part)


class Item(Thing):
    """An item: by itself, as a line of an order, or as a variant of a product."""

    item_id: str = ""
    product_id: str = ""
    name: Label = ""
    options: dict[str, Label] = Field(default_factory=dict)
    price: Decimal = Decimal(0)
    available: bool = True

    @property
    def label(self) -> str:
        options = ", ".join(f"{name}: {value}" for name, value in self.options.items())
        return f"{self.name} ({options})" if options else self.name


class Payment(Thing):
    transaction_type: str = "payment"
    amount: Decimal = Decimal(0)
    payment_method_id: str = ""


class Fulfillment(Thing):
    tracking_id: Annotated[list[str], AfterValidator(_codes)] = Field(default_factory=list)
    item_ids: list[str] = Field(default_factory=list)


class Order(Thing):
    order_id: str
    status: str = ""
    items: list[Item] = Field(default_factory=list[Item])
    address: Address | None = None
    payment_history: list[Payment] = Field(default_factory=list[Payment])
    fulfillments: list[Fulfillment] = Field(default_factory=list[Fulfillment])
    currency: str = ""
    total_amount: Decimal = Decimal(0)
    order_date: str = ""
    return_payment_method_id: str | None = None
    exchange_payment_method_id: str | None = None
    return_items: list[str] | None = None
    exchange_items: list[str] | None = None
    exchange_new_items: list[str] | None = None
    exchange_price_difference: Decimal | None = None

    @property
    def number(self) -> str:
        return self.order_id.removeprefix("#")


class Orders(Thing):
    items: list[Order] = Field(default_factory=list[Order])


class Method(Thing):
    """A way to pay."""

    source: str
    brand: str = ""
    last_four: str = ""
    balance: Decimal | None = None


class Name(Thing):
    first_name: Label = ""
    last_name: Label = ""


class User(Thing):
    email: str = ""
    name: Name = Name()
    address: Address | None = None
    payment_methods: dict[str, Method] = Field(default_factory=dict[str, Method])


class Variant(Thing):
    options: dict[str, Label] = Field(default_factory=dict)
    price: Decimal = Decimal(0)
    available: bool = True


class Product(Thing):
    product_id: str = ""
    name: Label = ""
    variants: dict[str, Variant] = Field(default_factory=dict[str, Variant])

    @property
    def items(self) -> list[Item]:
        return [
            Item(
                item_id=item_id,
                product_id=self.product_id,
                name=self.name,
                options=each.options,
                price=each.price,
                available=each.available,
            )
            for item_id, each in self.variants.items()
        ]


class ProductType(Thing):
    product_id: str
    name: Label
