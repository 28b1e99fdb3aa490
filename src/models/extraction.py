"""What can be read out of a text: the schemas that are built in, and the answer with its evidence."""

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Final

from pydantic import EmailStr, Field, JsonValue, StringConstraints, WithJsonSchema

from src.models.base import Money, Record
from src.models.json_schema import JsonObject, checked_schema

Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Amount = Annotated[
    Money,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^-?\d{1,14}(\.\d{1,4})?$",
            "description": "A plain decimal such as 1299.50, without currency and thousands separators.",
        }
    ),
]


class Person(Record):
    """Somebody whom the text tells of."""

    first_name: Words | None = None
    last_name: Words | None = None
    email: EmailStr | None = None
    phone: Words | None = None
    birth_date: date | None = None
    company: Words | None = None
    job_title: Words | None = None


class Address(Record):
    """A postal address."""

    address1: Annotated[Words, Field(description="Street and number.")] | None = None
    address2: Annotated[Words, Field(description="Flat, floor or building.")] | None = None
    city: Words | None = None
    state: Words | None = None
    country: Words | None = None
    zip: Words | None = None


class ExtractedItem(Record):
    """One line of an order."""

    name: Words | None = None
    quantity: Annotated[int, Field(ge=1)] | None = None
    unit_price: Amount | None = None
    item_id: Words | None = None


class ExtractedOrder(Record):
    """An order as a text tells of it."""

    order_id: Words | None = None
    order_date: date | None = None
    customer_name: Words | None = None
    email: EmailStr | None = None
    items: list[ExtractedItem] | None = None
    currency: (
        Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217.")] | None
    ) = None
    total_amount: Amount | None = None
    shipping_address: Address | None = None


class Anything(Record):
    """Whatever of the built-in kinds a message tells of."""

    person: Person | None = None
    address: Address | None = None
    order: ExtractedOrder | None = None


class Evidence(Record):
    """The words of the text that bear a value out: `quote` is `text[start:end]`, in Unicode code points."""

    path: Annotated[str, Field(description="JSON Pointer to the value within `data`.")]
    quote: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class Extraction(Record):
    """What a text bears out: every value of `data` has its evidence; what has no value stands in `missing`.

    `data` fits the schema but for what it requires: a value that the text doesn't tell is left out.
    """

    data: dict[str, JsonValue]
    evidence: list[Evidence]
    missing: Annotated[list[str], Field(description="JSON Pointers to what the text doesn't tell.")]


class BuiltIn(StrEnum):
    PERSON = "person"
    ADDRESS = "address"
    ORDER = "order"


_MODELS: Final = {
    BuiltIn.PERSON: Person,
    BuiltIn.ADDRESS: Address,
    BuiltIn.ORDER: ExtractedOrder,
}


@cache
def built_in(kind: BuiltIn) -> JsonObject:
    return schema_of(_MODELS[kind])


@cache
def anything() -> JsonObject:
    """The schema of a message of which nobody said what to look for in it."""
    return schema_of(Anything)


def schema_of(model: type[Record]) -> JsonObject:
    """A record's JSON Schema as the guard writes it; what is optional is simply absent."""
    schema = checked_schema(model.model_json_schema())
    present = _present(schema)
    return present if isinstance(present, dict) else schema


def _present(value: JsonValue) -> JsonValue:
    match value:
        case {"anyOf": [dict() as inner, {"type": "null"}], **others}:
            return _present({**others, **inner})
        case dict():
            return {key: _present(part) for key, part in value.items() if (key, part) != ("default", None)}
        case list():
            return [_present(part) for part in value]
        case _:
            return value
