"""The desk that conversations are held at: tables of its own, put back to how they were after each."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from pydantic import JsonValue

from evals.cases import Changed, Given
from src.config import Settings
from src.db.dynamo import Item as Stored
from src.db.dynamo import Key, batch_write, scan
from src.main import open_stores
from src.models.base import Record
from src.models.json_schema import JsonObject
from src.models.order import Order
from src.models.product import Product
from src.models.retail import RetailFile, read_retail, records
from src.models.user import User
from src.services.import_service import import_retail
from src.services.records import HANDOVER, ITEM, LEDGER, ORDER, PRODUCT, USER, Kind, product_parts
from src.services.stores import Stores
from src.services.user_cache import forget_user

_MOST: Final = 10_000
# A record that is put back stands on a version that no command of an earlier case has come to.
_STRIDE: Final = 1_000
_MADE: Final = {"order_id", "order_date", "updated_at", "version"}


class UnfitCase(ValueError):
    """What a case gives is no data of the desk's."""


@dataclass(frozen=True)
class State:
    """The records by their ids, and how many hand-overs there are."""

    users: Mapping[str, User]
    orders: Mapping[str, Order]
    products: Mapping[str, Product]
    handovers: int = 0

    def user_of(self, email: str) -> User:
        for user in self.users.values():
            if user.email.casefold() == email.casefold():
                return user
        raise UnfitCase(f"There is no customer {email}; name one of the data's.")


class World:
    """One desk; whoever has it has it alone. `begin` and `end` enclose each case."""

    def __init__(self, stores: Stores, content: JsonObject) -> None:
        self.stores = stores
        self.content = content
        self._home = state_of(content)
        self.start = self._home
        self._seen: State | None = None
        self._version = 1

    async def begin(self, given: Given) -> None:
        """The data as the case wants it."""
        if given != Given():
            self.start = await asyncio.to_thread(given_state, self.content, given)
        await self._put(self.start, self._home)

    async def now(self) -> State:
        """The records as they stand; nothing is done at the desk between this look and the end."""
        users, orders, handovers = await asyncio.gather(*map(self._all, (USER, ORDER, HANDOVER)))
        self._seen = State(
            {str(item["id"]): USER.from_item(item) for item in users},
            {str(item["order_id"]): ORDER.from_item(item) for item in orders},
            self.start.products,
            len(handovers),
        )
        return self._seen

    async def end(self) -> None:
        """Everything as it was at home, and nothing remembered of what was here."""
        await self._put(self._home, self._seen or await self.now())
        self._seen = None
        ledgers = [_key(LEDGER, item) for item in await self._all(LEDGER) if _is_ledger(item)]
        await batch_write(LEDGER.table_of(self.stores.dynamo), deletes=ledgers)
        handovers = [_key(HANDOVER, item) for item in await self._all(HANDOVER)]
        await batch_write(HANDOVER.table_of(self.stores.dynamo), deletes=handovers)
        self.start = self._home

    async def _put(self, wanted: State, standing: State) -> None:
        self._version += _STRIDE
        await self._put_kind(USER, wanted.users, standing.users)
        await self._put_kind(ORDER, wanted.orders, standing.orders)
        await self._put_products(wanted.products, standing.products)
        for user_id, user in standing.users.items():
            if wanted.users.get(user_id) != user:
                await forget_user(self.stores, UUID(user_id), user.version)

    async def _put_kind(
        self, kind: Kind[Any], wanted: Mapping[str, Any], standing: Mapping[str, Any]
    ) -> None:
        puts = [
            kind.to_item(key, record, self._version, self.stores.signer)
            for key, record in wanted.items()
            if record != standing.get(key)
        ]
        deletes = [kind.key(key) for key in standing.keys() - wanted.keys()]
        await batch_write(kind.table_of(self.stores.dynamo), puts, deletes)

    async def _put_products(self, wanted: Mapping[str, Product], standing: Mapping[str, Product]) -> None:
        table, signer = PRODUCT.table_of(self.stores.dynamo), self.stores.signer
        puts: list[Stored] = []
        for product_id, product in wanted.items():
            if product != standing.get(product_id):
                head, items = product_parts(product)
                puts.append(PRODUCT.to_item(product_id, head, 1, signer))
                puts += [ITEM.to_item(item.item_id, item, 1, signer) for item in items]
        deletes = [
            key
            for product_id, product in standing.items()
            for key in _parts(product)
            if product_id not in wanted or key not in _parts(wanted[product_id])
        ]
        await batch_write(table, puts, deletes)

    async def _all(self, kind: Kind[Any]) -> list[Stored]:
        page = await scan(kind.table_of(self.stores.dynamo), limit=_MOST)
        return page.items


def _parts(product: Product) -> list[Key]:
    """Where the product and its items lie."""
    return [PRODUCT.key(product.product_id), *(ITEM.key(item_id) for item_id in product.variants)]


def _key(kind: Kind[Any], item: Stored) -> Key:
    return {kind.key_name: str(item[kind.key_name])}


def _is_ledger(item: Stored) -> bool:
    return str(item["identity"]).startswith(LEDGER.prefix)


@asynccontextmanager
async def open_world(settings: Settings, name: str, content: JsonObject) -> AsyncGenerator[World]:
    """A desk in tables and collections of its own, filled with the retail file's content."""
    own = settings.model_copy(update={"table_prefix": f"{name}-", "mongodb_database": f"evals-{name}"})
    async with open_stores(own) as stores:
        report = await import_retail(stores, _file(content))
        if report.broken:
            raise UnfitCase(f"{report.broken[0].place}: {report.broken[0].reason}")
        yield World(stores, content)


def state_of(content: JsonObject) -> State:
    """The records of a retail file's content.

    Raises:
        UnfitCase: one is not as the desk has them.
    """
    found = records(_file(content))
    if found.broken:
        raise UnfitCase(f"{found.broken[0].place}: {found.broken[0].reason}")
    return State(
        {str(user.id): user for user in found.users.values()},
        {order.order_id: order for order in found.orders.values()},
        {product.product_id: product for product in found.products.values()},
    )


def given_state(content: JsonObject, given: Given) -> State:
    """The records with those that a case adds or changes."""
    return state_of(_merged(content, given.model_dump(mode="json")))


def _file(content: JsonObject) -> RetailFile:
    return read_retail(json.dumps(content).encode())


def _merged(one: JsonObject, other: Mapping[str, JsonValue]) -> JsonObject:
    """Maps are merged, everything else is replaced."""
    return one | {key: _merged_value(one.get(key), value) for key, value in other.items()}


def _merged_value(one: JsonValue, other: JsonValue) -> JsonValue:
    return _merged(one, other) if isinstance(one, dict) and isinstance(other, dict) else other


def changes(before: State, after: State) -> Changed:
    """What differs afterwards, in the form that cases have it; what was made anew goes without its number."""
    made = [order for key, order in after.orders.items() if key not in before.orders]
    new = sorted(made, key=lambda order: order.order_date)
    return Changed(
        orders=_differences(before.orders, after.orders),
        users=_differences(before.users, after.users),
        new_orders=[_shown(order, _MADE) for order in new],
        handovers=after.handovers - before.handovers,
    )


def _differences(before: Mapping[str, Record], after: Mapping[str, Record]) -> dict[str, JsonObject]:
    found = {
        key: _difference(_shown(record), _shown(after[key]) if key in after else {})
        for key, record in before.items()
    }
    return {key: fields for key, fields in found.items() if fields}


def _difference(before: JsonObject, after: JsonObject) -> JsonObject:
    """The fields with another value, as they are afterwards; null for one that is gone."""
    return {
        key: _changed_part(before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    }


def _changed_part(before: JsonValue, after: JsonValue) -> JsonValue:
    if isinstance(before, dict) and isinstance(after, dict):
        return _difference(before, after)
    return after


def _shown(record: Record, without: Iterable[str] = ("updated_at", "version")) -> JsonObject:
    fields = record.model_dump(mode="json", exclude=set(without), exclude_none=True)
    return cast("JsonObject", fields)
