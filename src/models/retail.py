"""The retail file: users, products and orders as one JSON object, as in the tau2-bench retail domain.

Reading is pure: what can't be used is named by its place in the file; the rest becomes the desk's records.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final, Generic, TypeVar, cast
from uuid import NAMESPACE_DNS, UUID, uuid5
from zlib import crc32

from pydantic import ValidationError

from src.models.base import Record, rounded
from src.models.errors import Invalid
from src.models.order import Order
from src.models.product import Product
from src.models.user import User

Json = None | bool | str | Decimal | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]
JsonShape = Mapping[str, object]
R = TypeVar("R", bound=Record)

# The format has no times: users without one are as old as this, orders follow within a year of it.
UNDATED: Final = datetime(2024, 1, 1, tzinfo=UTC)
_SECONDS_A_YEAR: Final = 365 * 24 * 60 * 60
_TOO_LARGE: Final = 15


@dataclass(frozen=True)
class Broken:
    """What could not be taken from the file: where it stands and why."""

    place: str
    reason: str


@dataclass(frozen=True)
class RetailFile:
    """The content as it was read; `digest` is the SHA-256 of the whole file."""

    users: JsonObject
    products: JsonObject
    orders: JsonObject
    digest: str


@dataclass(frozen=True)
class Records:
    """The sound records, each under its place in the file."""

    users: dict[str, User] = field(default_factory=dict[str, User])
    products: dict[str, Product] = field(default_factory=dict[str, Product])
    orders: dict[str, Order] = field(default_factory=dict[str, Order])
    broken: list[Broken] = field(default_factory=list[Broken])


@dataclass(frozen=True)
class ImportReport:
    """How many `users`, `products` and `orders` were made, and were there before; and what can't be used."""

    made: Counter[str] = field(default_factory=Counter[str])
    already_there: Counter[str] = field(default_factory=Counter[str])
    broken: list[Broken] = field(default_factory=list[Broken])


def read_retail(data: bytes) -> RetailFile:
    """The file's three objects, every number an exact Decimal; `Invalid` if it is no such file."""
    try:
        content: Json = json.loads(data, parse_float=_number, parse_int=_number, parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The file is not JSON: {error}.") from error
    sections = content if isinstance(content, dict) else {}
    users, products, orders = (sections.get(name) for name in ("users", "products", "orders"))
    if not (isinstance(users, dict) and isinstance(products, dict) and isinstance(orders, dict)):
        raise Invalid("The file must be a JSON object with the objects `users`, `products` and `orders`.")
    return RetailFile(users, products, orders, hashlib.sha256(data).hexdigest())


def records(file: RetailFile, currency: str = "USD") -> Records:
    """The desk's records of the file; `currency` is that of balances, prices and orders that name none."""
    broken: list[Broken] = []
    return Records(
        _read(_USERS, file.users, currency, broken),
        _read(_PRODUCTS, file.products, currency, broken),
        _read(_ORDERS, _in_currency(file.orders, currency), currency, broken),
        broken,
    )


def user_id(old: str) -> UUID:
    """The desk's id of a file's user: its own if that is a UUID, else one that always follows from it."""
    try:
        return UUID(old)
    except ValueError:
        return uuid5(NAMESPACE_DNS, old)


def misfits(place: str, order: Order, owner: User | None) -> list[Broken]:
    """Why the order at this place can't be its user's: there is none, or none who pays like that."""
    if owner is None:
        return [Broken(f"{place}/user_id", "There is no such user, neither in the file nor at the desk")]
    return [
        Broken(
            f"{place}/payment_history/{n}/payment_method_id", "The order's user has no such payment method"
        )
        for n, transaction in enumerate(order.payment_history)
        if transaction.payment_method_id not in owner.payment_methods
    ]


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


@dataclass(frozen=True)
class _Section(Generic[R]):
    """How one noun stands in the file.

    Entries repeat their key as `identifier`, those of the collection `inner` theirs; `unique` gives, by their
    places, the values that no other entry may have.
    """

    name: str
    model: type[R]
    identifier: str
    shape: Callable[[str, JsonObject], JsonShape]
    unique: Callable[[R], dict[str, str]]
    inner: tuple[str, str] = ("", "")


def _read(section: _Section[R], entries: JsonObject, currency: str, broken: list[Broken]) -> dict[str, R]:
    sound: dict[str, R] = {}
    taken: dict[str, str] = {}
    for key, entry in entries.items():
        place = f"{section.name}/{key}"
        record, wrong = _record(section, key, entry, currency)
        unique = section.unique(record) if record else {}
        wrong |= {at: f"Stands already at {taken[value]}" for at, value in unique.items() if value in taken}
        broken += [Broken(place + at, reason) for at, reason in wrong.items()]
        if record and not wrong:
            sound[place] = record
            taken |= {value: place + at for at, value in unique.items()}
    return sound


def _record(section: _Section[R], key: str, entry: Json, currency: str) -> tuple[R | None, dict[str, str]]:
    """The record, or what is wrong at which place within the entry."""
    if not isinstance(entry, dict):
        return None, {"": "Should be an object"}
    if wrong := _misnamed(section, key, entry):
        return None, wrong
    own = entry.get("currency")
    exact = partial(_exact, currency=own if isinstance(own, str) else currency)
    try:
        loose = section.model.model_validate(exact(section.shape(key, entry)))
        # Amounts that were written as text are exact only after a second pass.
        return section.model.model_validate(exact(loose.model_dump(round_trip=True))), {}
    except ValidationError as error:
        return None, {
            _within(entry, detail["loc"]): detail["msg"] for detail in error.errors(include_url=False)
        }


def _misnamed(section: _Section[R], key: str, entry: JsonObject) -> dict[str, str]:
    collection, identifier = section.inner
    inner = entry.get(collection)
    named = [("", key, entry, section.identifier)]
    if isinstance(inner, dict):
        named += [(f"/{collection}/{k}", k, e, identifier) for k, e in inner.items() if isinstance(e, dict)]
    return {
        f"{at}/{name}": f"Differs from `{key}`, under which it stands"
        for at, key, holder, name in named
        if holder.get(name, key) != key
    }


def _exact(value: object, currency: str) -> object:
    """All of it with its numbers, which in this format are amounts, rounded to the currency."""
    if isinstance(value, dict):
        return {key: _exact(inner, currency) for key, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_exact(inner, currency) for inner in cast("list[object]", value)]
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _TOO_LARGE:
        return rounded(value, currency)
    return value


def _within(entry: JsonObject, location: tuple[int | str, ...]) -> str:
    """The place in the file: without the steps that validation adds, such as the tag of a union."""
    place, at = "", cast(object, entry)
    for step in location:
        known: object = None
        if isinstance(at, dict):
            known = cast("dict[int | str, object]", at).get(step)
        elif isinstance(at, list) and isinstance(step, int):
            known = cast("list[object]", at)[step]
        if known is not None or step == location[-1] != "[key]":
            place, at = f"{place}/{step}", known
    return place


def _without(entry: JsonObject, *names: str) -> JsonObject:
    return {name: value for name, value in entry.items() if name not in names}


def _in_currency(entries: JsonObject, currency: str) -> JsonObject:
    return {
        key: {"currency": currency, **entry} if isinstance(entry, dict) else entry
        for key, entry in entries.items()
    }


def _each_without(entries: Json, name: str) -> Json:
    if not isinstance(entries, dict):
        return entries
    return {
        key: _without(entry, name) if isinstance(entry, dict) else entry for key, entry in entries.items()
    }


def _user_shape(key: str, entry: JsonObject) -> JsonShape:
    made = entry.get("created_at", UNDATED)
    return {
        **_without(entry, "user_id", "orders"),
        "id": _owner(key),
        "payment_methods": _each_without(entry.get("payment_methods"), "id"),
        "created_at": made,
        "updated_at": entry.get("updated_at", made),
    }


def _product_shape(key: str, entry: JsonObject) -> JsonShape:
    return {**entry, "product_id": key, "variants": _each_without(entry.get("variants"), "item_id")}


def _order_shape(key: str, entry: JsonObject) -> JsonShape:
    made = entry.get("order_date", UNDATED + timedelta(seconds=crc32(repr(key).encode()) % _SECONDS_A_YEAR))
    return {
        **entry,
        "order_id": key.removeprefix("#"),
        "user_id": _owner(entry.get("user_id")),
        "order_date": made,
        "updated_at": entry.get("updated_at", made),
    }


def _owner(old: Json) -> object:
    try:
        return user_id(old) if isinstance(old, str) else old
    except UnicodeEncodeError:
        return old


_USERS: Final = _Section(
    "users",
    User,
    "user_id",
    _user_shape,
    lambda user: {"": str(user.id), "/email": user.email.casefold()},
    ("payment_methods", "id"),
)
_PRODUCTS: Final = _Section(
    "products",
    Product,
    "product_id",
    _product_shape,
    lambda product: {f"/variants/{item_id}": item_id for item_id in product.variants},
    ("variants", "item_id"),
)
_ORDERS: Final = _Section("orders", Order, "order_id", _order_shape, lambda order: {"": order.order_id})
