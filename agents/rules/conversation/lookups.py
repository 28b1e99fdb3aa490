"""Requests that only want to know something."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from agents.rules.conversation.arithmetic import expression_in
from agents.rules.conversation.asked import asked_about, named_in
from agents.rules.conversation.desk import Desk
from agents.rules.conversation.ids import item_ids, product_ids, user_ids
from agents.rules.conversation.items import had_before, products_in
from agents.rules.conversation.naming import named, tokens
from agents.rules.conversation.options import Options, options_in
from agents.rules.conversation.orders import STATUSES, orders_for
from agents.rules.conversation.phrases import keys_of
from agents.rules.conversation.replies import Reply, ask, decline, joined
from agents.rules.conversation.requests import Intent, Request
from agents.rules.conversation.slots import has, statuses_in
from agents.rules.conversation.small_talk import small_talk
from agents.rules.conversation.telling import (
    address_of,
    item_in_full,
    listed,
    methods_of,
    order_in_full,
    order_in_short,
    price_beside,
    priced,
    product_in_full,
    who_is,
)
from agents.rules.conversation.things import Item, Order, Product, User
from agents.rules.conversation.topics import signs_in
from agents.rules.conversation.variants import fits
from agents.rules.extraction.filling import fill
from agents.rules.reading.contacts import find_emails
from agents.rules.text import fold

_SHOWN: Final = 20
_MOST_IN_FULL: Final = 4
_ZIP: Final = re.compile(
    r"\b([A-Z]{0,2}\d[A-Z0-9]{1,3}(?:[ -]?\d[A-Z0-9]{1,3})?)\b(?!.*\b\d{5}\b)", re.DOTALL
)
_TOPICS: Final[dict[str, Callable[[User], str]]] = {
    "who": who_is,
    "address": address_of,
    "payment": methods_of,
}
_SIGNS: Final = {
    "who": frozenset({"identity", "email"}),
    "address": frozenset({"address"}),
    "payment": frozenset({"card", "giftcard", "balance"}),
}
_OF_CATALOGUE: Final = frozenset({"stock", "have", "price", "dearer"})
_PERSON: Final = {
    "type": "object",
    "properties": {"first_name": {"type": "string"}, "last_name": {"type": "string"}},
}


def tell_orders(request: Request, desk: Desk) -> Reply:
    """The customer's orders, or those of the status that is asked for."""
    others = request.read(user_ids)
    orders = desk.orders(others[0]) if others else desk.orders()
    stated = request.read(statuses_in) or ({"pending"} if "wait" in signs_in(fold(request.said)) else set())
    found = [order for order in orders if not stated or order.status.partition(" (")[0] in stated]
    kind = f" {' or '.join(sorted(stated))}" if stated else ""
    if not found:
        return Reply(f"You have no{kind} orders.")
    lines = "\n".join(f"- {order_in_short(order)}" for order in found[:_SHOWN])
    head = f"You have {len(found)}{kind} order{'s' if len(found) > 1 else ''}, newest first:"
    return Reply(f"{head}\n{lines}", "answer", tuple(order.number for order in found[:_SHOWN]))


def tell_order(request: Request, desk: Desk) -> Reply:
    """The state of the orders that are asked about; of a thing that is in none of them, what it is."""
    ids = named_in(request)
    orders = [] if ids else asked_about(request, desk)
    order_ids = ids or [order.number for order in orders[:_MOST_IN_FULL]]
    if not order_ids and (products := products_in(request, desk)):
        return desk.each(products, lambda each: _product_told(each, request, desk))
    if not order_ids and "kin" in signs_in(fold(request.around)):
        return decline("I can only tell you about your own orders, not about those of anybody else.")
    if not order_ids and request.is_hint:
        return small_talk(replace(request, intent=Intent.UNCLEAR))
    order_ids = order_ids or orders_for(request, desk, STATUSES)
    if len(order_ids) > 1 and has(request.said, "which", "total"):
        return _with_total(desk.gather(order_ids, desk.order), desk)
    told = desk.each(order_ids, lambda order_id: _told(desk.order(order_id), desk))
    if ids or not signs_in(fold(request.said)) & _OF_CATALOGUE:
        return told
    return joined([told, *(_product_told(each, request, desk) for each in products_in(request, desk))])


def _told(order: Order, desk: Desk) -> Reply:
    """All of an order; what comes in an exchange is told by its name, which the order itself doesn't hold."""
    coming = desk.gather(dict.fromkeys(order.exchange_new_items or []), desk.item)
    told = f" To come: {listed(item.label for item in coming)}." if coming else ""
    return Reply(order_in_full(order) + told, "answer", (order.number,))


def _with_total(orders: list[Order], desk: Desk) -> Reply:
    expression = " + ".join(str(order.total_amount) for order in orders)
    total = desk.look("calculate", expression=expression)
    each = listed(f"{order.number} {priced(order.total_amount, order.currency)}" for order in orders)
    return Reply(f"{each}: {total} in total.", "answer", tuple(order.number for order in orders))


def tell_profile(request: Request, desk: Desk) -> Reply:
    others = request.read(user_ids)
    user = desk.user(others[0]) if others else desk.user()
    signs = signs_in(fold(request.said))
    told = [
        tell(user)
        for topic, tell in _TOPICS.items()
        if has(request.said, "topic", topic) or signs & _SIGNS[topic]
    ]
    if {"email", "change"} <= signs:
        return decline(f"{who_is(user)} It is the one that you sign in with, so I can't change it here.")
    return Reply(" ".join(told) or " ".join(tell(user) for tell in _TOPICS.values()))


def tell_products(request: Request, desk: Desk) -> Reply:
    """The names of all products; of one that is named, what there is of it."""
    is_named = "every" not in signs_in(fold(request.said)) and bool(named_of(desk, request.said))
    if is_named:
        return tell_product(request, desk)
    names = [each.name for each in desk.product_types()]
    return Reply(f"We have {', '.join(names)}." if names else "There are no products at present.")


def named_of(desk: Desk, text: str) -> list[str]:
    return named([each.name for each in desk.product_types()], text)


def tell_product(request: Request, desk: Desk) -> Reply:
    """Products by their ids or names, and items by their ids."""
    if ids := request.read(product_ids):
        return desk.each(ids, lambda each: _product_told(desk.product(each), request, desk))
    if ids := request.read(item_ids):
        return desk.each(ids, lambda each: Reply(item_in_full(desk.item(each))))
    if (
        not _is_of_others(request)
        and has(request.said, "which", "mine")
        and (had := had_before(request, desk))
    ):
        order, line = had
        return Reply(item_in_full(desk.item(line.item_id)), "answer", (order.number,))
    if products := _foremost(products_in(request, desk), request.said):
        return desk.each(products, lambda each: _product_told(each, request, desk))
    names = ", ".join(each.name for each in desk.product_types())
    return ask(f"I don't find that among our products. We have {names}. Which one do you mean?")


def _is_of_others(request: Request) -> bool:
    """Whether it asks for what there is besides the thing that the customer has."""
    return bool(signs_in(fold(request.said)) & {"dearer", "have", "stock"}) or _is_comparing(request)


def _is_comparing(request: Request) -> bool:
    return any(has(request.said, "compare", key) for key in keys_of("slots", "compare"))


def _foremost(products: list[Product], text: str) -> list[Product]:
    """Those that are called what they are, where others are only named by a word that describes them."""
    said = set(tokens(text))
    return [each for each in products if tokens(each.name)[-1:] and tokens(each.name)[-1] in said] or products


def _product_told(product: Product, request: Request, desk: Desk) -> Reply:
    """The variants that are asked for, else all; beside what the customer has, if that is compared."""
    options: Options = {}
    for words in request.words:
        options = {**options_in(words, [item.options for item in product.items], product.name), **options}
    is_open = has(request.said, "which", "rest_of_it") or _is_comparing(request)
    fitting = [] if is_open else [item for item in product.items if fits(item, options)]
    shown = fitting or product.items
    told = product_in_full(product, shown)
    if "dearer" in signs_in(fold(request.said)) and (own := _had(product, desk)):
        told = f"{told}\n{price_beside(own, [item for item in shown if item.item_id != own.item_id])}"
    return Reply(told)


def _had(product: Product, desk: Desk) -> Item | None:
    """What the customer ordered of a product last."""
    return next(
        (
            item
            for order in desk.orders()
            for item in order.items
            if item.product_id == product.product_id and order.status != "cancelled"
        ),
        None,
    )


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
