"""Which way to pay a customer means."""

import re
from collections.abc import Callable
from typing import Final

from agents.rules.conversation.desk import Desk, Said
from agents.rules.conversation.ids import payment_ids
from agents.rules.conversation.replies import ask, decline
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import brands_in, has, kinds_in, last_four_in, ordinal_in
from agents.rules.conversation.telling import listed, method_label
from agents.rules.conversation.things import Method, Order
from agents.rules.text import fold

Methods = dict[str, Method]

_UNWANTED: Final = re.compile(
    r"\b(?:instead of|rather than|in place of|and not|not|statt|au lieu de|en vez de)\b(?:\W{1,3}\w+){1,3}"
)


def payment_for(
    request: Request,
    desk: Desk,
    question: str,
    order_id: str = "",
    order: Callable[[], Order] | None = None,
    may_be: Callable[[str, Method], bool] = lambda _id, _method: True,
) -> str:
    """The id of the payment method that a request names, or of the only one that can be meant.

    Args:
        request: What is wanted.
        desk: What is known.
        question: What is asked where nothing tells.
        order_id: The order that is asked about, if there is one.
        order: The order in question, looked up only where its own payment is meant.
        may_be: Which methods can be meant where nothing is named.

    Raises:
        Said: none is named and several could be meant, or the named one isn't there.
    """
    if ids := request.read(payment_ids):
        return ids[0]
    if order and request.read(_is_original):
        return paid_with(order())
    methods = desk.user().payment_methods
    named = request.read(lambda text: _named(text, methods))
    if len(named) == 1:
        return next(iter(named))
    if not named and (kinds := request.read(kinds_in)):
        raise Said(decline(f"You have no {_kinds(kinds)} on file. You have {_listed(methods)}."))
    fitting = named or {key: method for key, method in methods.items() if may_be(key, method)}
    ordinal = ordinal_in(request.words[0]) if len(request.words) > 1 else None
    if ordinal is not None and -1 <= ordinal < len(fitting):
        return list(fitting)[ordinal]
    if len(fitting) == 1:
        return next(iter(fitting))
    if not methods:
        raise Said(decline("You have no payment method on file, so please add one to your profile first."))
    raise Said(ask(f"{question} You have {_listed(fitting or methods)}.", *([order_id] if order_id else [])))


def paid_with(order: Order) -> str:
    """What an order was first paid with."""
    paid = [each.payment_method_id for each in order.payment_history if each.transaction_type == "payment"]
    if not paid:
        raise Said(ask("Which payment method do you mean?", order.number))
    return paid[0]


def _is_original(text: str) -> bool:
    return has(text, "payment", "original")


def _named(text: str, methods: Methods) -> Methods:
    """The methods of the kinds, brands and last figures that a text names."""
    if figures := last_four_in(text):
        return {key: method for key, method in methods.items() if method.last_four in figures}
    text = _UNWANTED.sub(" ", fold(text))
    kinds, brands = kinds_in(text), brands_in(text)
    of_kind = {key: method for key, method in methods.items() if method.source in kinds}
    of_brand = {key: method for key, method in of_kind.items() if fold(method.brand) in brands}
    others = {key: method for key, method in of_kind.items() if method.source != "credit_card"}
    return of_brand or (others if brands and others else {} if brands else of_kind)


_KINDS: Final = {"credit_card": "such card", "gift_card": "gift card", "paypal": "PayPal account"}


def _kinds(kinds: set[str]) -> str:
    return " or ".join(_KINDS[kind] for kind in sorted(kinds))


def _listed(methods: Methods) -> str:
    return listed(method_label(key, methods) for key in methods)
