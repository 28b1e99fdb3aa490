"""Which orders a customer means: by number, by what was said before, or by what is in them."""

from collections.abc import Sequence
from typing import Final

from agents.rules.conversation.clauses import less, spared
from agents.rules.conversation.days import fits_day
from agents.rules.conversation.desk import Desk, Said
from agents.rules.conversation.ids import order_ids
from agents.rules.conversation.naming import named
from agents.rules.conversation.refusals import excepted
from agents.rules.conversation.replies import ask, decline
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import has, ordinal_in, stated_statuses
from agents.rules.conversation.telling import order_in_short
from agents.rules.conversation.things import Order

PENDING: Final = ("pending",)
OPEN: Final = ("pending", "pending (item modified)")
DELIVERED: Final = ("delivered",)
STATUSES: Final = (*OPEN, "processed", *DELIVERED, "cancelled", "return requested", "exchange requested")
_SHOWN: Final = 8


def named_orders(request: Request, desk: Desk) -> list[str]:
    """The orders that are named by number, or that the conversation is about; none where neither holds."""
    for words in request.words:
        if found := _less_kept(order_ids(words), request):
            return found
    if request.about:
        return list(request.about)
    if before := _less_kept(order_ids(request.before), request):
        return before[-1:]
    if around := _less_kept(order_ids(request.around), request):
        return around[:1]
    is_described = any(has(words, "which", "last") or has(words, "which", "every") for words in request.words)
    focus = _less_kept(desk.focus, request)
    return focus if len(desk.focus) == 1 and not is_described and not _is_other(request) else []


def _less_kept(order_ids: Sequence[str], request: Request) -> list[str]:
    return [each for each in order_ids if each not in request.kept]


def _is_other(request: Request) -> bool:
    return has(request.said, "which", "another")


def orders_for(request: Request, desk: Desk, statuses: Sequence[str]) -> list[str]:
    """The orders that a request is about.

    Args:
        request: What is wanted.
        desk: What is known.
        statuses: Those in which an order can be meant, where nothing else tells.

    Raises:
        Said: none can be meant, or several.
    """
    if found := named_orders(request, desk):
        return found
    is_every = has(request.said, "which", "every")
    if "list_orders" not in desk.offered or (request.kept and not is_every):
        raise Said(ask("Which order is it about? Please tell me its number."))
    orders = desk.orders()
    if not orders:
        raise Said(decline("You have no orders."))
    left = [order for order in orders if order.number not in request.kept]
    return [order.number for order in _meant(request, left, statuses)]


def _meant(request: Request, orders: list[Order], statuses: Sequence[str]) -> list[Order]:
    """The orders that fit best what the words say of them."""
    matched = _with_items(orders, request)
    found = matched or orders
    found = [order for order in found if fits_day(request.said, order.order_date)] or found
    stated = stated_statuses(less(request.said, spared(request.said, "stays")))
    can_be = [order for order in found if order.status in statuses]
    every = [order for order in orders if _has_status(order, stated)]
    if stated and (fitting := [order for order in found if order in every] or every):
        found = fitting
    elif not has(request.said, "which", "last"):
        found = can_be or (found if matched or len(found) < len(orders) else [])
    if not found:
        wanted = " or ".join(dict.fromkeys(statuses))
        raise Said(decline(f"None of your orders is {wanted}, so this can't be done."))
    if has(request.said, "which", "last"):
        return found[:1]
    is_excepted = excepted(request.said) is not None and not request.kept
    if len(found) == 1 or (has(request.said, "which", "every") and not is_excepted):
        return found
    return [_picked(request, found)]


def _with_items(orders: Sequence[Order], request: Request) -> list[Order]:
    """The orders that hold most of what is named."""
    exception = excepted(request.said)
    text = exception[0] if exception else request.said
    text = less(text, [*spared(text, "stays"), *spared(text, "praise")])
    names = named([item.name for order in orders for item in order.items], text)
    counts = [len({item.name for item in order.items} & set(names)) for order in orders]
    most = max(counts, default=0)
    return [order for order, count in zip(orders, counts, strict=True) if most and count == most]


def _has_status(order: Order, stated: set[str]) -> bool:
    return order.status in stated or ("pending" in stated and order.status in OPEN)


def _picked(request: Request, orders: list[Order]) -> Order:
    """The one that an answer picks out of the list that was shown."""
    ordinal = ordinal_in(request.words[0]) if len(request.words) > 1 else None
    if ordinal is not None and -1 <= ordinal < len(orders):
        return orders[ordinal]
    lines = "\n".join(f"- {order_in_short(order)}" for order in orders[:_SHOWN])
    raise Said(
        ask(
            f"Which order do you mean? These could be it:\n{lines}",
            *(each.number for each in orders[:_SHOWN]),
        )
    )
