"""Reading orders: one by id, a user's newest first."""

from uuid import UUID

from src.db.dynamo import batch_get, equals, get_item, query_all, query_by_gsi
from src.models.caller import Caller
from src.models.errors import Invalid
from src.models.order import Order, OrderStatus
from src.models.page import Page
from src.services.access import absent, acting_for
from src.services.audit_service import audit_action
from src.services.records import ORDER, Ledger
from src.services.stores import Stores
from src.services.user_cache import find_user


@audit_action("order.read", "order", "order_id")
async def get_order(stores: Stores, caller: Caller, order_id: str) -> Order:
    order = await find_order(stores, order_id)
    if order is None:
        raise absent("order")
    acting_for(caller, order.user_id, "order")
    return order


async def find_order(stores: Stores, order_id: str) -> Order | None:
    """Whosever it is: the caller's right is the asker's to check."""
    item = await get_item(ORDER.table_of(stores.dynamo), ORDER.key(order_id), consistent=True)
    return ORDER.from_item(item) if item else None


@audit_action("order.list", "order")
async def list_orders(
    stores: Stores,
    caller: Caller,
    user_id: UUID | None,
    status: OrderStatus | None,
    limit: int,
    cursor: str | None,
) -> Page[Order]:
    """A user's orders, newest first; staff name the user, a customer's are their own."""
    owner = user_id or caller.subject_id
    if owner is None:
        raise Invalid("Name the customer whose orders you want as user_id.")
    acting_for(caller, owner, "user")
    if caller.is_staff and await find_user(stores, owner) is None:
        raise absent("user")
    scope = f"orders {owner} {status or ''}"
    page = await query_by_gsi(
        ORDER.table_of(stores.dynamo),
        "user-index",
        key=equals("user_id", str(owner)),
        limit=limit,
        start=stores.signer.open_cursor(scope, cursor),
        newest_first=True,
        filter=equals("status", status.value) if status else None,
    )
    orders = [ORDER.from_item(item) for item in page.items]
    return Page(items=orders, next_cursor=stores.signer.seal_cursor(scope, page.next_key))


async def orders_of(stores: Stores, user_id: UUID, ledger: Ledger | None) -> list[Order]:
    """All orders of a user, for rules that look at every one: read consistently, whatever the index lacks."""
    table = ORDER.table_of(stores.dynamo)
    indexed = query_all(table, key=equals("user_id", str(user_id)), index="user-index")
    found = dict.fromkeys(ledger.recent if ledger else [])
    found |= {str(item["order_id"]): None async for item in indexed}
    items = await batch_get(stores.dynamo, [(table, ORDER.key(order_id)) for order_id in found])
    return [ORDER.from_item(item) for item in items if item]
