"""Products and their items: seen by everybody, managed by admins."""

from collections.abc import Mapping
from uuid import uuid4

from src.db.dynamo import batch_get, equals, get_item, query_all, query_by_gsi
from src.models.caller import Caller
from src.models.commands import NewProduct, ProductChange
from src.models.errors import AlreadyExists
from src.models.page import Page
from src.models.product import Item, Product, ProductType, Variant
from src.models.rules.payments import amount
from src.services.access import absent, require_admin
from src.services.audit_service import audit_action
from src.services.commit import Attempt, Command, Decision, Done, Snapshot, Write, carry_out
from src.services.contention import looked_up_again
from src.services.records import ITEM, PRODUCT, ProductHead, Ref, product_parts, whole_product
from src.services.stores import Stores


@audit_action("product.read", "product", "product_id")
async def get_product(stores: Stores, _caller: Caller, product_id: str) -> Product:
    product = await _find(stores, product_id)
    if product is None:
        raise absent("product")
    return product


@audit_action("item.read", "item", "item_id")
async def get_item_details(stores: Stores, _caller: Caller, item_id: str) -> Item:
    item = await get_item(ITEM.table_of(stores.dynamo), ITEM.key(item_id))
    if item is None or item.get("deleted"):
        raise absent("item")
    return ITEM.from_item(item)


@audit_action("product.list", "product")
async def list_products(stores: Stores, _caller: Caller, limit: int, cursor: str | None) -> Page[Product]:
    """Products with their variants, by name."""
    table = PRODUCT.table_of(stores.dynamo)
    start = stores.signer.open_cursor("products", cursor)
    page = await query_by_gsi(table, "kind-index", key=equals("kind", "product"), limit=limit, start=start)
    heads = [(PRODUCT.from_item(item), int(str(item["version"]))) for item in page.items]
    items = await _items_of(stores, [item_id for head, _ in heads for item_id in head.item_ids])
    products = [
        whole_product(head, [items[i] for i in head.item_ids if i in items], version)
        for head, version in heads
    ]
    return Page(items=products, next_cursor=stores.signer.seal_cursor("products", page.next_key))


@audit_action("product.list_types", "product")
async def list_product_types(stores: Stores, _caller: Caller) -> list[ProductType]:
    """All product names with their ids, sorted by name."""
    found = query_all(PRODUCT.table_of(stores.dynamo), key=equals("kind", "product"), index="kind-index")
    heads = [PRODUCT.from_item(item) async for item in found]
    types = [ProductType(product_id=head.product_id, name=head.name) for head in heads]
    return sorted(types, key=lambda kind: (kind.name, kind.product_id))


async def _find(stores: Stores, product_id: str) -> Product | None:
    item = await get_item(PRODUCT.table_of(stores.dynamo), PRODUCT.key(product_id), consistent=True)
    if item is None or item.get("deleted"):
        return None
    head = PRODUCT.from_item(item)
    items = await _items_of(stores, head.item_ids)
    return whole_product(head, [items[i] for i in head.item_ids if i in items], int(str(item["version"])))


async def _items_of(stores: Stores, item_ids: list[str]) -> dict[str, Item]:
    table = ITEM.table_of(stores.dynamo)
    found = await batch_get(stores.dynamo, [(table, ITEM.key(item_id)) for item_id in item_ids])
    items = [ITEM.from_item(item) for item in found if item and not item.get("deleted")]
    return {item.item_id: item for item in items}


@audit_action("product.create", "product", command=True)
async def create_product(stores: Stores, caller: Caller, new: NewProduct, attempt: Attempt) -> Done[Product]:
    """Raises AlreadyExists where the product's id or an item's id is taken."""
    require_admin(caller)
    product = Product(
        product_id=new.product_id or f"P{uuid4().hex[:10].upper()}",
        name=new.name,
        variants=_priced(stores, new.variants),
    )
    ref = PRODUCT.ref(product.product_id)
    items = _item_refs(None, product.variants)

    def decide(seen: Snapshot) -> Decision[Product]:
        if seen.find(ref) is not None:
            raise AlreadyExists("There is a product with this id; change it instead.")
        return _written(seen, ref, product, items, "ProductCreated")

    command = Command("product.create", "product", product.product_id, new.model_dump(mode="json"))
    return await carry_out(stores, caller, command, [ref, *items.values()], decide, attempt, Product)


@audit_action("product.update", "product", "product_id", command=True)
@looked_up_again
async def update_product(
    stores: Stores, caller: Caller, product_id: str, change: ProductChange, attempt: Attempt
) -> Done[Product]:
    """Change what is sent; orders keep the names and prices that they were placed with."""
    require_admin(caller)
    ref = PRODUCT.ref(product_id)
    before = await Snapshot.read(stores, [ref])
    items = _item_refs(before.find(ref), change.variants or {})
    arguments = {"product_id": product_id, **change.model_dump(mode="json", exclude_unset=True)}
    command = Command("product.update", "product", product_id, arguments)

    def decide(seen: Snapshot) -> Decision[Product]:
        standing = _present(seen, ref, items, before)
        variants = standing.variants if change.variants is None else _priced(stores, change.variants)
        product = standing.model_copy(update={"name": change.name or standing.name, "variants": variants})
        return _written(seen, ref, product, items, "ProductUpdated")

    return await carry_out(stores, caller, command, [ref, *items.values()], decide, attempt, Product)


@audit_action("product.delete", "product", "product_id", command=True)
@looked_up_again
async def delete_product(stores: Stores, caller: Caller, product_id: str, attempt: Attempt) -> Done[Product]:
    """Delete a product with its items; orders keep what they say of them."""
    require_admin(caller)
    ref = PRODUCT.ref(product_id)
    before = await Snapshot.read(stores, [ref])
    items = _item_refs(before.find(ref), {})

    def decide(seen: Snapshot) -> Decision[Product]:
        standing = _present(seen, ref, items, before)
        gone = [Write(ref, None), *(Write(items[item_id], None) for item_id in standing.variants)]
        return Decision(standing, gone, "ProductDeleted", {"product_id": product_id})

    command = Command("product.delete", "product", product_id, {"product_id": product_id})
    return await carry_out(stores, caller, command, [ref, *items.values()], decide, attempt, Product)


def _item_refs(head: ProductHead | None, variants: Mapping[str, Variant]) -> dict[str, Ref[Item]]:
    """The items that a product has or shall have; which these are was looked up beforehand."""
    own = head.item_ids if head else []
    return {item_id: ITEM.ref(item_id) for item_id in [*own, *variants]}


def _present(
    seen: Snapshot, ref: Ref[ProductHead], items: Mapping[str, Ref[Item]], before: Snapshot
) -> Product:
    head = seen.find(ref)
    if head is None:
        raise absent("product")
    seen.require_unmoved([ref], before)
    standing = [item for item_id in head.item_ids if (item := seen.find(items[item_id])) is not None]
    return whole_product(head, standing, seen.loaded(ref).version)


def _priced(stores: Stores, variants: dict[str, Variant]) -> dict[str, Variant]:
    return {
        item_id: variant.model_copy(update={"price": amount(variant.price, stores.currency)})
        for item_id, variant in variants.items()
    }


def _written(
    seen: Snapshot, ref: Ref[ProductHead], product: Product, items: Mapping[str, Ref[Item]], event: str
) -> Decision[Product]:
    head, parts = product_parts(product)
    after = {part.item_id: part for part in parts}
    for item_id, item_ref in items.items():
        taken = seen.find(item_ref)
        if taken is not None and taken.product_id != product.product_id:
            raise AlreadyExists(f"Item {item_id} belongs to another product; choose another id.")
    changed = [
        Write(item_ref, after.get(item_id))
        for item_id, item_ref in items.items()
        if seen.find(item_ref) != after.get(item_id)
    ]
    result = product.model_copy(update={"version": seen.loaded(ref).version + 1})
    return Decision(result, [Write(ref, head), *changed], event, {"product_id": product.product_id})
