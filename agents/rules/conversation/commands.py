"""Requests that change something: what each needs, and the call that it comes to."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pydantic import JsonValue

from agents.rules.conversation.desk import HAND_OVER, Desk, Said
from agents.rules.conversation.destinations import parts_told_in
from agents.rules.conversation.ids import item_ids, order_ids
from agents.rules.conversation.items import had_before, pairs_in, parts_of, products_in
from agents.rules.conversation.lines import lines_for
from agents.rules.conversation.naming import position_of
from agents.rules.conversation.orders import DELIVERED, OPEN, PENDING, named_orders, orders_for
from agents.rules.conversation.outcomes import concluded
from agents.rules.conversation.payments import paid_with, payment_for
from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.refusals import excepted, spares
from agents.rules.conversation.replies import Reply, ask, decline
from agents.rules.conversation.requests import Intent, Request
from agents.rules.conversation.slots import address_in, has, number_after, number_before, pieces_in, reason_in
from agents.rules.conversation.small_talk import small_talk
from agents.rules.conversation.telling import order_in_full
from agents.rules.conversation.things import Address, Item, Method, Order, Product
from agents.rules.conversation.variants import variant_for, wanted_in
from agents.rules.text import fold

Plan = Callable[[Request, Desk], Reply]

_NOT_THERE: Final = re.compile(
    r"\b(?:instead of|rather than|not(?: to)?|in place of|statt|anstelle|au lieu d[eu]|en (?:lugar|vez) de"
    r"|invece d\w+|in plaats van|zamiast|misto)\W(?:\w+\W)?\w+"
)
_PARTS: Final = ("address1", "address2", "city", "state", "country", "zip")
_MOST_PIECES: Final = 100
_REASONS: Final = "Was it ordered by mistake, or is it no longer needed?"


def cancel(request: Request, desk: Desk) -> Reply:
    order_ids = orders_for(request, desk, PENDING)

    def one(order_id: str) -> Reply:
        reason = _reason_for(request, order_id, len(order_ids))
        if reason is None:
            return ask(f"Why do you want to cancel order {order_id}? {_REASONS}", order_id)
        return concluded(desk, "cancel_pending_order", order_id=order_id, reason=reason)

    return desk.each(order_ids, one)


def _reason_for(request: Request, order_id: str, count: int) -> str | None:
    """The reason that is given for this very order, or for all."""
    text = request.text
    if count > 1 and order_id in text:
        stretch = text[text.index(order_id) :]
        end = min(
            (stretch.index(each) for each in order_ids(stretch)[1:] if each in stretch), default=len(stretch)
        )
        if reason := reason_in(stretch[:end]):
            return reason
    return request.read(reason_in)


def change_address(request: Request, desk: Desk) -> Reply:
    """The address of orders, or of the customer, or of both: as the words tell."""
    is_profile = _names_profile(request)
    is_order = bool(named_orders(request, desk)) or _names_order(request, "bought" if is_profile else "order")
    is_order = is_order or (not is_profile and (_is_sent(request) or spares(request.around, "profile")))
    is_profile = is_profile and (bool(request.read(address_in)) or not is_order)
    plans = [_change_order_addresses] if is_order else []
    plans += [_change_own_address] if is_profile or not is_order else []
    return desk.each(plans, lambda plan: plan(request, desk))


def _names_profile(request: Request) -> bool:
    said = f"{request.said}\n{request.around}" if spares(request.around, "profile") else request.said
    wished = _NOT_THERE.sub(" ", fold(request.said))
    is_named = has(wished, "which", "profile") or _names_home(wished, request)
    return is_named and not spares(said, "profile")


def _names_home(wished: str, request: Request) -> bool:
    """Where an order is spoken of too, the home is only where things go, or don't."""
    is_for_order = bool(order_ids(request.around)) or _names_order(request, "order")
    return has(wished, "which", "home") and not is_for_order and not spares(request.said, "home")


def _is_sent(request: Request) -> bool:
    """Whether something is to be sent elsewhere, and not only what is ordered later."""
    return has(request.said, "which", "sending") and not has(request.said, "which", "future")


def _names_order(request: Request, key: str) -> bool:
    """Whether it speaks of orders, and not only of later ones, or of none."""
    said = phrases("slots", "which", "future").sub(" ", fold(request.said))
    return has(said, "which", key) and not spares(said, key)


def _change_order_addresses(request: Request, desk: Desk) -> Reply:
    def one(order_id: str) -> Reply:
        address = _address_for(request, desk, lambda: desk.order(order_id).address, order_id)
        return concluded(desk, "modify_pending_order_address", order_id=order_id, **address)

    return desk.each(orders_for(request, desk, OPEN), one)


def _change_own_address(request: Request, desk: Desk) -> Reply:
    address = _address_for(request, desk, lambda: desk.user().address, "")
    return concluded(desk, "modify_user_address", user_id=desk.customer(), **address)


def _address_for(
    request: Request, desk: Desk, current: Callable[[], Address | None], order_id: str
) -> dict[str, JsonValue]:
    """The whole new address; a country that is not named stays the same."""
    about = [order_id] if order_id else []
    parts = request.read(address_in) or address_in(request.cited)
    if not parts and (amended := _amended(request, current())):
        return _whole(amended)
    if not parts and order_id and (_names_profile(request) or has(request.said, "which", "home")):
        own = desk.user().address
        return _whole(own.model_dump() if own else {})
    if not parts:
        of = f" of order {order_id}" if order_id else ""
        raise Said(
            ask(
                f"What is the new address{of}? Please give me street, city, state, postcode and country.",
                *about,
            )
        )
    if missing := [name for name in ("city", "zip") if not parts.get(name)]:
        named = " and the ".join({"zip": "postcode"}.get(each, each) for each in missing)
        raise Said(ask(f"What is the {named} of {parts['address1']}?", *about))
    if not parts.get("country"):
        known = current()
        parts = {**parts, "country": known.country if known else ""}
    if not parts["country"]:
        raise Said(ask(f"In which country is {parts['address1']}?", *about))
    return _whole(parts)


def _amended(request: Request, current: Address | None) -> dict[str, str]:
    """The address as it is but for its postcode or its flat, where only these are told anew."""
    new = request.read(parts_told_in)
    return {**current.model_dump(), **new} if current and new else {}


def _whole(parts: Mapping[str, str]) -> dict[str, JsonValue]:
    return {name: parts.get(name, "") for name in _PARTS}


def change_payment(request: Request, desk: Desk) -> Reply:
    def one(order_id: str) -> Reply:
        question = f"Which payment method should order {order_id} be paid with?"
        method = payment_for(request, desk, question, order_id, may_be=_any_but(desk, order_id))
        return concluded(desk, "modify_pending_order_payment", order_id=order_id, payment_method_id=method)

    return desk.each(orders_for(request, desk, OPEN), one)


def _any_but(desk: Desk, order_id: str) -> Callable[[str, Method], bool]:
    return lambda method_id, _method: method_id != paid_with(desk.order(order_id))


def give_back(request: Request, desk: Desk) -> Reply:
    """Return delivered items."""
    return desk.each(
        orders_for(request, desk, DELIVERED), lambda order_id: _return_of(order_id, request, desk)
    )


def _return_of(order_id: str, request: Request, desk: Desk) -> Reply:
    named = [] if excepted(request.text) else item_ids(request.text)
    if not named and desk.order(order_id).status in OPEN:
        return _not_sent_yet(desk.order(order_id), request, desk)
    if not named and desk.order(order_id).status == "return requested":
        return _already(desk.order(order_id))
    items = named or [line.item_id for line in lines_for(request, desk.order(order_id))]

    def may_be(method_id: str, method: Method) -> bool:
        return method.source == "gift_card" or method_id == paid_with(desk.order(order_id))

    question = f"Where should the refund for order {order_id} go?"
    method = payment_for(request, desk, question, order_id, lambda: desk.order(order_id), may_be)
    return concluded(
        desk, "return_delivered_order_items", order_id=order_id, item_ids=[*items], payment_method_id=method
    )


def _already(order: Order) -> Reply:
    """What an order has come to, where the same is asked for again."""
    return Reply(order_in_full(order), "answer", (order.number,))


def _not_sent_yet(order: Order, request: Request, desk: Desk) -> Reply:
    """What is sent back before it has left is cancelled, if that is all of the order."""
    if len(lines_for(request, order)) < len(order.items):
        return ask(
            f"Order {order.number} is still {order.status}, so nothing of it can be returned yet. "
            "It can only be cancelled as a whole. Is that what you want?",
            order.number,
        )
    reason = request.read(reason_in)
    if reason is None:
        return ask(
            f"Order {order.number} is still {order.status}, so it can be cancelled. {_REASONS}", order.number
        )
    return concluded(desk, "cancel_pending_order", order_id=order.number, reason=reason)


def swap(request: Request, desk: Desk) -> Reply:
    """Change items of a pending order, or exchange those of a delivered one: its status tells which."""
    return desk.each(
        orders_for(request, desk, (*PENDING, *DELIVERED)), lambda order_id: _swap_in(order_id, request, desk)
    )


def _swap_in(order_id: str, request: Request, desk: Desk) -> Reply:
    order = desk.order(order_id)
    is_delivered = order.status in DELIVERED
    if order.status == "exchange requested":
        return _already(order)
    pairs = pairs_in(request, desk, order, may_be_same=is_delivered)
    question = f"What should pay or receive a difference in price in order {order_id}?"

    def difference() -> Decimal:
        return sum((new.price - old.price for old, new in pairs), Decimal(0))

    method = payment_for(request, desk, question, order_id, lambda: order, amount=difference)
    return concluded(
        desk,
        "exchange_delivered_order_items" if is_delivered else "modify_pending_order_items",
        order_id=order_id,
        item_ids=[old.item_id for old, _ in pairs],
        new_item_ids=[new.item_id for _, new in pairs],
        payment_method_id=method,
    )


def place(request: Request, desk: Desk) -> Reply:
    wanted = bought(request, desk)
    lines: list[JsonValue] = [{"item_id": item_id, "quantity": count} for item_id, count in wanted]
    before = desk.focus[0] if desk.focus else ""
    paid = (lambda: desk.order(before)) if before else None

    def total() -> Decimal:
        prices = desk.gather([each for each, _ in wanted], lambda item_id: desk.item(item_id).price)
        return sum((price * count for price, (_, count) in zip(prices, wanted, strict=True)), Decimal(0))

    method = payment_for(request, desk, "How would you like to pay?", order=paid, amount=total)
    is_elsewhere = bool({"city", "zip"} & request.read(address_in).keys())
    address = _address_for(request, desk, lambda: desk.user().address, "") if is_elsewhere else None
    elsewhere: dict[str, JsonValue] = {"address": address} if address else {}
    return concluded(desk, "place_order", items=lines, payment_method_id=method, **elsewhere)


def bought(request: Request, desk: Desk) -> list[tuple[str, int]]:
    """The items to order, each with its quantity."""
    if ids := request.read(item_ids):
        return [
            _line(each, request, lambda text, each=each: text.find(each), len(each))
            for each in dict.fromkeys(ids)
        ]
    if (again := named_orders(request, desk)) and has(request.said, "which", "again"):
        order = desk.order(again[0])
        counts = {
            item.item_id: sum(each.item_id == item.item_id for each in order.items) for item in order.items
        }
        return list(counts.items())
    products = products_in(request, desk)
    is_past = has(request.said, "which", "alike") or has(request.said, "which", "called_off")
    if is_past and (had := had_before(request, desk)):
        return [_line(_like(had[1], products, request).item_id, request, _more_of_it, 0)]
    if not products and request.is_hint:
        raise Said(small_talk(replace(request, intent=Intent.UNCLEAR)))
    if not products:
        raise Said(ask("What would you like to order? Please name the product or the item's id."))
    names = [product.name for product in products]
    lines: list[tuple[str, int]] = []
    for product, words in zip(products, _parts_for(names, request), strict=True):
        part = replace(request, words=tuple(words))
        item_id = variant_for(product, words).item_id
        lines.append(_line(item_id, part, lambda text, name=product.name: position_of(name, text), 0))
    return lines


def _like(had: Item, products: Sequence[Product], request: Request) -> Item:
    """What was had before, or the variant of it that differs as it is said to."""
    product = next((each for each in products if each.name == had.name), None)
    if product is None or not any(wanted_in(request.words, product, had)):
        return had
    return variant_for(product, request.words, had)


def _more_of_it(text: str) -> int:
    """Where a number would stand: `two more of the same`."""
    match = phrases("slots", "which", "alike").search(fold(text))
    return match.start() if match else -1


def _parts_for(names: list[str], request: Request) -> list[list[str]]:
    """The words that belong to each of some products: all of them, where there is only one."""
    *answers, text = request.words
    parts = parts_of(text, names)
    if len(names) < 2 or len(parts) < len(names):
        return [[*request.words] for _ in names]
    own = {name: next((part for part in parts if position_of(name, part) >= 0), text) for name in names}
    return [[*answers, own[name]] for name in names]


def _line(item_id: str, request: Request, position_in: Callable[[str], int], length: int) -> tuple[str, int]:
    """An item with its quantity: one, where no number stands beside it."""
    texts = (*request.words, request.around)
    told = (number for text in texts if (number := _count_in(text, position_in(text), length)) is not None)
    quantity = next(told, 1)
    if not 1 <= quantity <= _MOST_PIECES:
        raise Said(ask(f"How many would you like to order? It can be 1 to {_MOST_PIECES} of each item."))
    return item_id, quantity


def _count_in(text: str, position: int, length: int) -> int | None:
    """The number beside a thing that a text names, or else of the pieces that it speaks of."""
    if position < 0:
        return pieces_in(text)
    before, after = number_before(text, position), number_after(text, position + length)
    return before if before is not None else after if after is not None else pieces_in(text)


def hand_over(request: Request, desk: Desk) -> Reply:
    """To a human, where that is offered."""
    if HAND_OVER not in desk.offered:
        return decline("I'm sorry, that is outside what I can do here, and I can't hand you over either.")
    said = " ".join(request.around.split() or request.said.split())
    return concluded(
        desk, HAND_OVER, summary=f"The customer asks for what no command serves. They wrote: {said[:1_500]}"
    )
