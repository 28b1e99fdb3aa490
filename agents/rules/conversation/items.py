"""Which items a customer means: those of an order, and the variants that are to take their place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agents.rules.conversation.desk import Desk, Said
from agents.rules.conversation.ids import item_ids, less_order_ids, order_ids
from agents.rules.conversation.naming import is_plural, named, options_in, position_of, tokens
from agents.rules.conversation.refusals import excepted
from agents.rules.conversation.replies import ask, decline
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import agrees, has, number_before, ordinal_in
from agents.rules.conversation.telling import listed, priced
from agents.rules.conversation.things import Item, Order, Product
from agents.rules.text import fold

_SHOWN: Final = 12
_VERB: Final = re.compile(
    r"\b(?:exchang\w*|swap\w*|trad(?:e|ing)|replac\w*|switch\w*|chang\w*|modif\w*|upgrad\w*|downgrad\w*|mak(?:e|ing)|updat\w*|edit\w*"
    r"|tausch\w*|umtausch\w*|austausch\w*|echang\w*|remplac\w*|cambi\w*|intercambi\w*|reemplaz\w*|want|like|prefer)\b"
)
_SEPARATOR: Final = re.compile(
    r"\b(?:for|to|into|with|against|gegen|durch|in|contre|par|por|con|auf)\b(?! (?:order|#|w\d))"
)
_INSTEAD: Final = re.compile(
    r"\b(?:instead of|rather than|in place of|statt|au lieu d[eu]|en lugar de|en vez de)\b"
)
_JOINT: Final = re.compile(r",? \b(?:and|und|et|y)\b |[,;] ")


@dataclass(frozen=True)
class Swap:
    """The words for what goes, and the words for what comes instead."""

    old: str
    new: str


def lines_in(text: str, order: Order) -> list[Item]:
    """The lines of an order that a text means; none where it names none.

    Raises:
        Said: it could mean several.
    """
    lines = list(order.items)
    if (exception := excepted(text)) and (kept := _mentioned(exception[1], lines)):
        return _all_but(kept, exception[0], order, is_whole=exception[2])
    if exception and exception[2] and not order_ids(exception[1]):
        raise Said(ask(f"Which items of order {order.number} do you mean?", order.number))
    if by_id := _by_id(text, lines):
        return by_id
    first, *others = re.split(r"\b(?:but not|besides|menos|but)\b", fold(text), maxsplit=1)
    if has(first, "which", "every") and others and (kept := _mentioned(others[0], lines)):
        return [line for line in lines if line not in kept]
    names = named([line.name for line in lines], text)
    if not names:
        return lines if has(text, "which", "every") or len(lines) == 1 else []
    return [line for name in names for line in _of_name(name, text, lines, order)]


def _mentioned(text: str, lines: Sequence[Item]) -> list[Item]:
    """The lines that a text could mean."""
    names = named([line.name for line in lines], text)
    return _by_id(text, lines) or [line for line in lines if line.name in names]


def _all_but(kept: Sequence[Item], wanted: str, order: Order, *, is_whole: bool) -> list[Item]:
    """The lines that are named beside an exception; or all the others, where it is from the whole order."""
    lines = list(order.items)
    named_too = _mentioned(wanted, lines)
    if not named_too and not is_whole and not has(wanted, "which", "every"):
        return []
    found = lines_in(wanted, order) if named_too else lines
    if left := [line for line in found if line not in kept]:
        return left
    raise Said(ask(f"Which items of order {order.number} do you mean?", order.number))


def _by_id(text: str, lines: Sequence[Item]) -> list[Item]:
    known = {line.item_id: line for line in lines}
    return [known[item_id] for item_id in item_ids(text) if item_id in known]


def _of_name(name: str, text: str, lines: Sequence[Item], order: Order) -> list[Item]:
    """The lines of one product that are meant: all of them, so many, or the one whose options are named."""
    found = [line for line in lines if line.name == name]
    options = options_in(text, [line.options for line in found])
    fitting = [
        line
        for line in found
        if all(line.options.get(option) in values for option, values in options.items())
    ]
    found = fitting if options and fitting else found
    number = number_before(text, max(0, position_of(name, text)))
    if number and number <= len(found) and (number > 1 or len({line.item_id for line in found}) == 1):
        return found[:number]
    if is_plural(name, text) or has(text, "which", "every"):
        return found
    if len({line.item_id for line in found}) > 1:
        choices = listed(line.label for line in found)
        raise Said(
            ask(f"Order {order.number} has several of those: {choices}. Which one do you mean?", order.number)
        )
    return found[:1]


def swaps_in(text: str, order: Order) -> list[Swap]:
    """What is to be swapped for what, as far as the words tell it; each part of them names what it takes."""
    halves = [swap for piece in _JOINT.split(text) if (swap := _halves(piece))]
    several = [swap for swap in halves if _names_lines(swap.old, order)]
    return several if len(several) > 1 else [_halves(text) or Swap(text, text)]


def _names_lines(text: str, order: Order) -> bool:
    return bool(_by_id(text, order.items) or named([line.name for line in order.items], text))


def _halves(text: str) -> Swap | None:
    folded = fold(text)
    instead = _INSTEAD.search(folded)
    if instead and tokens(text[: instead.start()]):
        return Swap(text[instead.end() :], text[: instead.start()])
    verb = _VERB.search(folded)
    start = verb.end() if verb else 0
    for separator in _SEPARATOR.finditer(folded, start):
        if tokens(text[start : separator.start()]) and text[separator.end() :].strip():
            return Swap(text[start : separator.start()], text[separator.end() :])
    return None


def lines_for(request: Request, order: Order) -> list[Item]:
    """The lines that a request is about.

    Raises:
        Said: none is named, or several could be meant.
    """
    for words in (*request.words, request.around):
        if lines := lines_in(less_order_ids(words), order):
            return lines
    choices = listed(f"{line.label}, {priced(line.price, order.currency)}" for line in order.items)
    raise Said(ask(f"Which items of order {order.number} do you mean? It holds {choices}.", order.number))


def variant_for(
    product: Product, texts: Sequence[str], old: Item | None = None, *, may_be_same: bool = False
) -> Item:
    """The available variant that some words ask for, newest first; what they leave open stays as it was.

    Raises:
        Said: none fits, or more than one does.
    """
    items = product.items
    for text in texts:
        if by_id := [item for item in items if item.item_id in item_ids(text)]:
            return by_id[0]
    options = _options(texts, items)
    if old and may_be_same and not options and any(has(text, "which", "same") for text in texts):
        return next((item for item in items if item.item_id == old.item_id), old)
    available = [item for item in items if item.available and not (old and item.item_id == old.item_id)]
    fitting = [item for item in available if _fits(item, options)]
    if old and options:
        kept = {name: {value} for name, value in old.options.items() if name not in options}
        fitting = [item for item in fitting if _fits(item, kept)] or fitting
    is_open = bool(old and available and not options and not any(_chooses(text) for text in texts))
    if is_open:
        raise Said(ask(f"Which {product.name} would you like instead? There is {_variants(available)}."))
    return _the_one(product, texts, fitting, available)


def _chooses(text: str) -> bool:
    """Whether a text picks without naming an option."""
    is_ranked = has(text, "which", "cheapest") or has(text, "which", "dearest")
    return is_ranked or agrees(text) or ordinal_in(text) is not None


def _options(texts: Sequence[str], items: Sequence[Item]) -> dict[str, set[str]]:
    options: dict[str, set[str]] = {}
    for text in texts:
        options = {**options_in(text, [item.options for item in items]), **options}
    return options


def _fits(item: Item, options: Mapping[str, set[str]]) -> bool:
    return all(item.options.get(name) in values for name, values in options.items())


def _the_one(product: Product, texts: Sequence[str], fitting: list[Item], available: list[Item]) -> Item:
    if not available:
        raise Said(decline(f"{product.name} is not available in any other variant at present."))
    if not fitting:
        there_is = f"{product.name} isn't available like that. There is {_variants(available)}."
        raise Said(ask(f"{there_is} Which one would you like?"))
    for text in texts:
        if has(text, "which", "cheapest"):
            return min(fitting, key=lambda item: item.price)
        if has(text, "which", "dearest"):
            return max(fitting, key=lambda item: item.price)
    ordinal = ordinal_in(texts[0]) if len(texts) > 1 else None
    if len(fitting) > 1 and ordinal is not None and -1 <= ordinal < len(fitting):
        return fitting[ordinal]
    if len(fitting) > 1:
        raise Said(ask(f"Which {product.name} would you like? There is {_variants(fitting)}."))
    return fitting[0]


def _variants(items: Sequence[Item]) -> str:
    return listed(
        f"{', '.join(item.options.values()) or item.name} at {priced(item.price)} (item {item.item_id})"
        for item in items[:_SHOWN]
    )


def products_in(request: Request, desk: Desk) -> list[Product]:
    """The products that a request's words name."""
    types = desk.product_types()
    for words in (*request.words, request.around):
        if names := named([each.name for each in types], words):
            return desk.gather([each.product_id for each in types if each.name in names], desk.product)
    return []
