"""Products and their variants, which are what an order's items name."""

from typing import Annotated

from pydantic import Field

from src.models.base import Identifier, Money, Record, Text, Version

Options = Annotated[dict[Text, Text], Field(max_length=30)]


class Variant(Record):
    options: Options = Field(default={})
    available: bool
    price: Annotated[Money, Field(ge=0)]


class Item(Variant):
    """A variant together with the product it belongs to."""

    item_id: Identifier
    product_id: Identifier
    name: Text


class Product(Record):
    product_id: Identifier
    name: Text
    variants: Annotated[dict[Identifier, Variant], Field(max_length=60)] = Field(default={})
    version: Version = 1


class ProductType(Record):
    product_id: Identifier
    name: Text
