"""How records lie in DynamoDB: one `Kind` a noun, each with its table, its key and its two translations.

A deleted record leaves a tombstone that keeps its version, so that the numbers of its events never start
again; identities are deleted outright.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from src.db.dynamo import Dynamo, Key, Table, get_table
from src.db.dynamo import Item as Stored
from src.models.base import STORED, Identifier, Record, Text
from src.models.handover import Handover
from src.models.order import Order
from src.models.product import Item, Product, Variant
from src.models.user import User
from src.services.signing import Signer

R = TypeVar("R", bound=Record)

_RECENT: Final = 20


class Identity(Record):
    """What may stand once only: an e-mail's digest, a token's subject, a user's link."""

    identity: str
    user_id: UUID


class ProductHead(Record):
    """A product without its variants, which are items of their own."""

    product_id: Identifier
    name: Text
    item_ids: list[Identifier]


class Ledger(Record):
    """All orders of a user: on its next version whenever a command moves money of one, now or later.

    What is decided on all of a user's orders relies on it. `recent` names those that an index may lack yet.
    """

    recent: list[Identifier] = Field(default=[])

    def noting(self, order_id: str) -> "Ledger":
        return Ledger(recent=[order_id, *(known for known in self.recent if known != order_id)][:_RECENT])


def _nothing(_record: Record, _signer: Signer) -> Stored:
    return {}


@dataclass(frozen=True, eq=False)
class Kind(Generic[R]):
    """A noun's place in DynamoDB. `indexed` adds what only indexes need. There is one object a noun."""

    name: str
    table: str
    key_name: str
    model: type[R]
    prefix: str = ""
    indexed: Callable[[R, Signer], Stored] = _nothing
    leaves_tombstone: bool = True

    def key(self, record_id: str | UUID) -> Key:
        return {self.key_name: f"{self.prefix}{record_id}"}

    def ref(self, record_id: str | UUID) -> "Ref[R]":
        return Ref(self, str(record_id))

    def table_of(self, dynamo: Dynamo) -> Table:
        return get_table(dynamo, self.table)

    def to_item(self, record_id: str, record: R, version: int, signer: Signer) -> Stored:
        fields = record.model_dump(mode="json", exclude_none=True, round_trip=True)
        return fields | self.indexed(record, signer) | self.key(record_id) | {"version": version}

    def from_item(self, item: Stored) -> R:
        fields = self.model.model_fields
        return self.model.model_validate({k: v for k, v in item.items() if k in fields}, context=STORED)

    def tombstone(self, record_id: str, version: int) -> Stored:
        return {**self.key(record_id), "version": version, "deleted": True}


@dataclass(frozen=True)
class Ref(Generic[R]):
    """A record by its kind and id."""

    kind: Kind[R]
    id: str


def _user_digests(user: User, signer: Signer) -> Stored:
    return {"email_digest": signer.email(user.email), "name_zip_digest": signer.name_zip_of(user)}


def _product_index(_head: ProductHead, _signer: Signer) -> Stored:
    return {"kind": "product"}


USER: Final = Kind("user", "users", "id", User, indexed=_user_digests)
ORDER: Final = Kind("order", "orders", "order_id", Order)
PRODUCT: Final = Kind("product", "products", "id", ProductHead, prefix="product#", indexed=_product_index)
ITEM: Final = Kind("item", "products", "id", Item, prefix="item#")
HANDOVER: Final = Kind("handover", "handovers", "handover_id", Handover)
LEDGER: Final = Kind("ledger", "identities", "identity", Ledger, prefix="ledger#")
IDENTITY: Final = Kind("identity", "identities", "identity", Identity, leaves_tombstone=False)


def email_identity(email: str, signer: Signer) -> str:
    return f"email#{signer.email(email)}"


def subject_identity(sub: str) -> str:
    return f"subject#{sub}"


def linked_identity(user_id: UUID) -> str:
    return f"linked#{user_id}"


def product_parts(product: Product) -> tuple[ProductHead, list[Item]]:
    """A product as it is stored: its head, and each variant as an item."""
    head = ProductHead(product_id=product.product_id, name=product.name, item_ids=list(product.variants))
    return head, [
        Item(item_id=item_id, product_id=product.product_id, name=product.name, **variant.model_dump())
        for item_id, variant in product.variants.items()
    ]


def whole_product(head: ProductHead, items: list[Item], version: int) -> Product:
    variants = {i.item_id: Variant(options=i.options, available=i.available, price=i.price) for i in items}
    return Product(product_id=head.product_id, name=head.name, variants=variants, version=version)
