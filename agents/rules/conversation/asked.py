"""Which orders a question is about: those that fit best what it says of their things, days and statuses."""

from collections.abc import Sequence

from agents.rules.conversation.days import fits_day
from agents.rules.conversation.desk import Desk
from agents.rules.conversation.ids import order_ids
from agents.rules.conversation.naming import named
from agents.rules.conversation.options import options_in
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import has, stated_statuses
from agents.rules.conversation.things import Item, Order
from agents.rules.conversation.topics import signs_in
from agents.rules.text import fold

_MONEY_CAME_BACK = ("cancelled", "return requested")
_NAMED, _DATED, _STATED, _TALKED_OF = 4, 2, 2, 1


def named_in(request: Request) -> list[str]:
    """The orders that a question names by their numbers."""
    for words in (*request.words, request.around):
        if found := order_ids(words):
            return found
    return list(request.about)


def asked_about(request: Request, desk: Desk) -> list[Order]:
    """The orders that fit a question best; none where nothing tells one from another."""
    orders = desk.orders()
    text = request.said if _names(orders, request.said) else f"{request.said}\n{request.around}"
    if has(request.said, "which", "last") and not _names(orders, text):
        return orders[:1]
    scores = [_fit(order, orders, text, desk) for order in orders]
    best = max(scores, default=0)
    if best > 0:
        return [order for order, score in zip(orders, scores, strict=True) if score == best]
    return orders if len(orders) == 1 else []


def _names(orders: Sequence[Order], text: str) -> set[str]:
    return set(named([item.name for order in orders for item in order.items], text))


def _fit(order: Order, orders: Sequence[Order], text: str, desk: Desk) -> int:
    names = _names(orders, text)
    lines = [item for item in order.items if item.name in names]
    if names and not lines:
        return 0
    score = _NAMED * len({item.name for item in lines}) + max(
        (_options(line, text) for line in lines), default=0
    )
    day = fits_day(text, order.order_date)
    score += _DATED if day else -_DATED if day is False else 0
    score += _STATED if _is_stated(order, text) else 0
    return score + (_TALKED_OF if order.number in desk.focus else 0)


def _options(line: Item, text: str) -> int:
    return sum(
        line.options.get(name) in values
        for name, values in options_in(text, [line.options], line.name).items()
    )


def _is_stated(order: Order, text: str) -> bool:
    status = order.status.partition(" (")[0]
    signs = signs_in(fold(text))
    return status in stated_statuses(text) or ("refund" in signs and status in _MONEY_CAME_BACK)
