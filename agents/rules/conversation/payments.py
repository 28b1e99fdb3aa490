"""Which way to pay a customer means."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.conversation.clauses import Clause, clauses, less
from agents.rules.conversation.desk import Desk, Said
from agents.rules.conversation.ids import payment_ids
from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.replies import ask, decline
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import brands_in, has, kinds_in, last_four_in, ordinal_in
from agents.rules.conversation.telling import listed, method_label
from agents.rules.conversation.things import Method, Order
from agents.rules.text import fold

Methods = dict[str, Method]


@cache
def _out() -> re.Pattern[str]:
    """Words that say that a way to pay is not to be used, with those by which it is named."""
    out, out_of, onto, stop = (
        phrases("slots", "payment", key).pattern for key in ("out", "out_of", "onto", "stop")
    )
    named = rf"((?:[\s']{{1,2}}(?!{stop})[\w-]+){{1,3}})"
    return re.compile(rf"{out}(?:\s{onto})?{named}|{out_of}{named}(?=\s+{onto})")


def payment_for(
    request: Request,
    desk: Desk,
    question: str,
    order_id: str = "",
    order: Callable[[], Order] | None = None,
    may_be: Callable[[str, Method], bool] = lambda _id, _method: True,
    amount: Callable[[], Decimal] | None = None,
) -> str:
    """The id of the payment method that a request names, or of the only one that can be meant.

    Args:
        request: What is wanted.
        desk: What is known.
        question: What is asked where nothing tells.
        order_id: The order that is asked about, if there is one.
        order: The order in question, looked up only where its own payment is meant.
        may_be: Which methods can be meant where nothing is named.
        amount: What is to be paid, looked up only where another method stands by for a gift card.

    Raises:
        Said: none is named and several could be meant, or the named one isn't there.
    """
    if ids := request.read(payment_ids):
        return ids[0]
    if order and request.read(_is_original):
        return paid_with(order())
    methods = desk.user().payment_methods
    if not methods:
        raise Said(decline("You have no payment method on file, so please add one to your profile first."))
    fitting = _fitting(request, methods, may_be)
    if amount and len(fitting) == 2 and request.read(_falls_back):
        return _first_that_pays(fitting, amount())
    ordinal = ordinal_in(request.words[0]) if len(request.words) > 1 else None
    if ordinal is not None and -1 <= ordinal < len(fitting):
        return list(fitting)[ordinal]
    if len(fitting) == 1:
        return next(iter(fitting))
    raise Said(ask(f"{question} You have {_listed(fitting or methods)}.", *([order_id] if order_id else [])))


def _fitting(request: Request, methods: Methods, may_be: Callable[[str, Method], bool]) -> Methods:
    """The methods that are named and not ruled out; all that can be meant, where none is.

    Raises:
        Said: what is named isn't there.
    """
    out = request.read(lambda text: _named_out(text, methods))
    named = _less(request.read(lambda text: _named(text, methods)), out)
    is_other = has(request.said, "payment", "other")
    if len(named) > 1 or (named and is_other):
        named = {key: method for key, method in named.items() if may_be(key, method)} or named
    if not named and not is_other and (kinds := request.read(_kinds_wanted)):
        raise Said(decline(f"You have no {_kinds(kinds)} on file. You have {_listed(methods)}."))
    return named or _less({key: each for key, each in methods.items() if may_be(key, each)}, out)


def paid_with(order: Order) -> str:
    """What an order was first paid with."""
    paid = [each.payment_method_id for each in order.payment_history if each.transaction_type == "payment"]
    if not paid:
        raise Said(ask("Which payment method do you mean?", order.number))
    return paid[0]


def _falls_back(text: str) -> bool:
    return has(text, "payment", "fallback")


def _first_that_pays(methods: Methods, amount: Decimal) -> str:
    """The gift card, if it holds enough; else the other one, that is named for that case."""
    cards = [key for key, each in methods.items() if each.source == "gift_card"]
    holding = [key for key in cards if (methods[key].balance or 0) >= amount]
    return next(iter(holding or [key for key in methods if key not in cards] or methods))


def _is_original(text: str) -> bool:
    return has(less(text, _ruled_out(text)), "payment", "original")


def _ruled_out(text: str) -> list[Clause]:
    """The clauses that name a way to pay only to say that it is not to be used, or was."""
    return [clause for clause in clauses(text) if has(clause[2], "payment", "ruled_out")]


def _less(methods: Methods, out: Methods) -> Methods:
    return {key: method for key, method in methods.items() if key not in out}


def _named_out(text: str, methods: Methods) -> Methods:
    """The methods that are not to be used: `not the visa`, `from the card to PayPal`."""
    cited = [" ".join(filter(None, match.groups())) for match in _out().finditer(fold(text))]
    cited += [clause for *_, clause in _ruled_out(text)]
    return {key: method for words in cited for key, method in _meant(words, methods).items()}


def _named(text: str, methods: Methods) -> Methods:
    """The methods of the kinds, brands and last figures that a text names."""
    return _meant(_less_out(text), methods)


def _less_out(text: str) -> str:
    """The text without the ways to pay that are not to be used."""
    return _out().sub(" ", fold(less(text, _ruled_out(text))))


def _kinds_wanted(text: str) -> set[str]:
    """The kinds of methods that a text names beside those that it only says not to be used."""
    left = _less_out(text)
    return kinds_in(left) or ({"credit_card"} if last_four_in(left) else set())


def _meant(text: str, methods: Methods) -> Methods:
    if figures := last_four_in(text):
        return {key: method for key, method in methods.items() if method.last_four in figures}
    kinds, brands = kinds_in(text), brands_in(text)
    of_kind = {key: method for key, method in methods.items() if method.source in kinds}
    of_brand = {key: method for key, method in of_kind.items() if fold(method.brand) in brands}
    others = {key: method for key, method in of_kind.items() if method.source != "credit_card"}
    return {**of_brand, **others} if brands else of_kind


_KINDS: Final = {"credit_card": "such card", "gift_card": "gift card", "paypal": "PayPal account"}


def _kinds(kinds: set[str]) -> str:
    return " or ".join(_KINDS[kind] for kind in sorted(kinds))


def _listed(methods: Methods) -> str:
    return listed(method_label(key, methods) for key in methods)
