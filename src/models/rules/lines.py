"""Which lines of an order a command names, and what takes their place."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from src.models.errors import Invalid, OtherProduct, OutOfStock, SameItem, UnequalLists, UnknownItem
from src.models.order import Order, OrderItem
from src.models.product import Item
from src.models.rules.payments import amount


@dataclass(frozen=True)
class Swap:
    """One line of an order, by its position, and what takes its place."""

    position: int
    old: OrderItem
    new: OrderItem


def require_items(item_ids: Sequence[str]) -> None:
    if not item_ids:
        raise Invalid("No items are named; name at least one.")


def require_pairs(item_ids: Sequence[str], new_item_ids: Sequence[str]) -> None:
    if len(item_ids) != len(new_item_ids):
        raise UnequalLists(
            f"{len(item_ids)} items are named but {len(new_item_ids)} new ones; name one new item for each."
        )
    require_items(item_ids)


def claimed(order: Order, item_ids: Sequence[str]) -> list[int]:
    """The positions of the named lines: each id takes the first line of that item not yet taken."""
    named, standing = Counter(item_ids), Counter(line.item_id for line in order.items)
    if missing := next(iter(named - standing), None):
        raise UnknownItem(
            f"Item {missing} is named {named[missing]} times but stands {standing[missing]} times in order "
            f"{order.order_id}; name only items that are in the order."
        )
    positions: defaultdict[str, deque[int]] = defaultdict(deque)
    for position, line in enumerate(order.items):
        positions[line.item_id].append(position)
    return [positions[item_id].popleft() for item_id in item_ids]


def offered(items: Mapping[str, Item], item_id: str) -> Item:
    """The item, where it exists and can be had."""
    return _available(_known(items, item_id))


def ordered(item: Item, currency: str) -> OrderItem:
    """The item as a line of an order in that currency."""
    return OrderItem(
        name=item.name,
        product_id=item.product_id,
        item_id=item.item_id,
        price=amount(item.price, currency),
        options=item.options,
    )


def swaps(
    order: Order,
    items: Mapping[str, Item],
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    *,
    same_item_allowed: bool = False,
) -> list[Swap]:
    """Each named line with its own new item; all lines are found before any is replaced."""
    positions = claimed(order, item_ids)
    return [
        _swap(order, position, _known(items, new_item_id), same_item_allowed=same_item_allowed)
        for position, new_item_id in zip(positions, new_item_ids, strict=True)
    ]


def price_difference(swapped: Sequence[Swap], currency: str) -> Decimal:
    return amount(sum((swap.new.price - swap.old.price for swap in swapped), Decimal(0)), currency)


def _swap(order: Order, position: int, item: Item, *, same_item_allowed: bool) -> Swap:
    old = order.items[position]
    if item.product_id != old.product_id:
        raise OtherProduct(
            f"Item {item.item_id} is of another product than {old.item_id}; choose one of the same product."
        )
    if item.item_id == old.item_id and not same_item_allowed:
        raise SameItem(
            f"Item {item.item_id} is already in the order; choose a different item of that product."
        )
    new = ordered(_available(item), order.currency)
    return Swap(
        position,
        old,
        old.model_copy(update={"item_id": new.item_id, "price": new.price, "options": new.options}),
    )


def _known(items: Mapping[str, Item], item_id: str) -> Item:
    if item_id not in items:
        raise UnknownItem(f"There is no item {item_id}; look up the product to see its items.")
    return items[item_id]


def _available(item: Item) -> Item:
    if not item.available:
        raise OutOfStock(f"Item {item.item_id} is not available; choose an available item of that product.")
    return item
