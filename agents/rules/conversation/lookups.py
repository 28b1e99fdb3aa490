"""Requests that only want to know something."""

import re
from collections.abc import Callable
from typing import Final

from agents.rules.conversation.arithmetic import expression_in
from agents.rules.conversation.desk import Desk
from agents.rules.conversation.ids import item_ids, product_ids, user_ids
from agents.rules.conversation.items import had_before, products_in
from agents.rules.conversation.options import options_in
from agents.rules.conversation.orders import STATUSES, orders_for
from agents.rules.conversation.phrases import keys_of
from agents.rules.conversation.replies import Reply, ask
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import has, statuses_in
from agents.rules.conversation.telling import (
    address_of,
    item_in_full,
    listed,
    methods_of,
    order_in_full,
    order_in_short,
    priced,
    product_in_full,
    who_is,
)
from agents.rules.conversation.things import Order, Product, User
from agents.rules.conversation.variants import fits
from agents.rules.extraction.filling import fill
from agents.rules.reading.contacts import find_emails

_SHOWN: Final = 20
_ZIP: Final = re.compile(
    r"\b([A-Z]{0,2}\d[A-Z0-9]{1,3}(?:[ -]?\d[A-Z0-9]{1,3})?)\b(?!.*\b\d{5}\b)", re.DOTALL
)
_TOPICS: Final[dict[str, Callable[[User], str]]] = {
    "who": who_is,
    "address": address_of,
    "payment": methods_of,
}
_PERSON: Final = {
    "type": "object",
    "properties": {"first_name": {"type": "string"}, "last_name": {"type": "string"}},
}


def tell_orders(request: Request, desk: Desk) -> Reply:
    """The customer's orders, or those of the status that is asked for."""
    others = request.read(user_ids)
    orders = desk.orders(others[0]) if others else desk.orders()
    stated = request.read(statuses_in)
    found = [order for order in orders if not stated or order.status.partition(" (")[0] in stated]
    kind = f" {' or '.join(sorted(stated))}" if stated else ""
    if not found:
        return Reply(f"You have no{kind} orders.")
    lines = "\n".join(f"- {order_in_short(order)}" for order in found[:_SHOWN])
    head = f"You have {len(found)}{kind} order{'s' if len(found) > 1 else ''}, newest first:"
    return Reply(f"{head}\n{lines}", "answer", tuple(order.number for order in found[:_SHOWN]))


def tell_order(request: Request, desk: Desk) -> Reply:
    """The state of the orders that are asked about."""
    order_ids = orders_for(request, desk, STATUSES)
    if len(order_ids) > 1 and has(request.said, "which", "total"):
        return _with_total(desk.gather(order_ids, desk.order), desk)
    return desk.each(order_ids, lambda order_id: _told(desk.order(order_id)))


def _told(order: Order) -> Reply:
    return Reply(order_in_full(order), "answer", (order.number,))


def _with_total(orders: list[Order], desk: Desk) -> Reply:
    expression = " + ".join(str(order.total_amount) for order in orders)
    total = desk.look("calculate", expression=expression)
    each = listed(f"{order.number} {priced(order.total_amount, order.currency)}" for order in orders)
    return Reply(f"{each}: {total} in total.", "answer", tuple(order.number for order in orders))


def tell_profile(request: Request, desk: Desk) -> Reply:
    others = request.read(user_ids)
    user = desk.user(others[0]) if others else desk.user()
    told = [tell(user) for topic, tell in _TOPICS.items() if has(request.said, "topic", topic)]
    return Reply(" ".join(told) or " ".join(tell(user) for tell in _TOPICS.values()))


def tell_products(_request: Request, desk: Desk) -> Reply:
    names = [each.name for each in desk.product_types()]
    return Reply(f"We have {', '.join(names)}." if names else "There are no products at present.")


def tell_product(request: Request, desk: Desk) -> Reply:
    """Products by their ids or names, and items by their ids."""
    if ids := request.read(product_ids):
        return desk.each(ids, lambda each: _product_told(desk.product(each), request))
    if ids := request.read(item_ids):
        return desk.each(ids, lambda each: Reply(item_in_full(desk.item(each))))
    if has(request.said, "which", "mine") and (had := had_before(request, desk)):
        order, line = had
        return Reply(item_in_full(desk.item(line.item_id)), "answer", (order.number,))
    if products := products_in(request, desk):
        return desk.each(products, lambda each: _product_told(each, request))
    names = ", ".join(each.name for each in desk.product_types())
    return ask(f"I don't find that among our products. We have {names}. Which one do you mean?")


def _product_told(product: Product, request: Request) -> Reply:
    """The variants that are asked for, else all."""
    options = options_in(request.said, [item.options for item in product.items], product.name)
    is_open = has(request.said, "which", "rest_of_it") or any(
        has(request.said, "compare", key) for key in keys_of("slots", "compare")
    )
    fitting = [] if is_open else [item for item in product.items if fits(item, options)]
    return Reply(product_in_full(product, fitting or product.items))


def tell_sum(request: Request, desk: Desk) -> Reply:
    expression = request.read(expression_in)
    if not expression:
        return ask("What would you like me to calculate?")
    return Reply(f"{expression} = {desk.look('calculate', expression=expression)}")


def tell_user(request: Request, desk: Desk) -> Reply:
    """A customer's id by e-mail, or by name and postcode."""
    if emails := request.read(find_emails):
        found = desk.look("find_user_id_by_email", email=emails[0].value)
        return Reply(f"The customer with the e-mail {emails[0].value} has the id {found}.")
    zip_code = request.read(_zip_in)
    name = request.read(_name_in)
    if not zip_code or not name:
        return ask("Please give me the customer's e-mail, or their first name, last name and postcode.")
    first, last = name
    found = desk.look("find_user_id_by_name_zip", first_name=first, last_name=last, zip=zip_code)
    return Reply(f"{first} {last} in {zip_code} has the id {found}.")


def _zip_in(text: str) -> str:
    found = _ZIP.search(text)
    return found[1] if found else ""


def _name_in(text: str) -> tuple[str, ...]:
    data = fill(_PERSON, text).data
    names = (
        [str(data[key]) for key in ("first_name", "last_name") if data.get(key)]
        if isinstance(data, dict)
        else []
    )
    return tuple(names) if len(names) == 2 else ()
