"""Which variant of a product some words ask for."""

from collections.abc import Mapping, Sequence
from typing import Final

from agents.rules.conversation.desk import Said
from agents.rules.conversation.ids import item_ids
from agents.rules.conversation.measures import compared, is_settled
from agents.rules.conversation.options import Options, meant_in
from agents.rules.conversation.replies import ask, decline
from agents.rules.conversation.slots import agrees, has, ordinal_in
from agents.rules.conversation.telling import listed, priced
from agents.rules.conversation.things import Item, Product

_SHOWN: Final = 12


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
    options, denied = wanted_in(texts, product, old)
    is_told = bool(options or denied) or any(_chooses(text, items, old) for text in texts)
    if old and may_be_same and not is_told and any(has(text, "which", "same") for text in texts):
        return next((item for item in items if item.item_id == old.item_id), old)
    available = [item for item in items if item.available and not (old and item.item_id == old.item_id)]
    if old and available and not is_told:
        raise Said(ask(f"Which {product.name} would you like instead? There is {_variants(available)}."))
    fitting = [item for item in available if fits(item, options) and not _is_denied(item, denied)]
    return _the_one(product, texts, _closest(fitting, texts, old, options), available)


def wanted_in(texts: Sequence[str], product: Product, old: Item | None = None) -> tuple[Options, Options]:
    """The values that are asked for, and those that are not to be; what it had before is no wish."""
    options: Options = {}
    denied: Options = {}
    choices = [item.options for item in product.items]
    for text in texts:
        found, out = meant_in(text, choices, product.name)
        options = {**found, **options}
        denied = {**out, **denied}
    before = old.options if old else {}
    wanted = {
        name: left
        for name, values in options.items()
        if (left := values - denied.get(name, set()) - {before.get(name, "")})
    }
    return wanted, {
        name: left for name, values in denied.items() if (left := values - {before.get(name, "")})
    }


def _closest(
    fitting: list[Item], texts: Sequence[str], old: Item | None, options: Mapping[str, set[str]]
) -> list[Item]:
    """Those that compare as they are said to, and that are like the old one otherwise, if there are such."""
    for text in texts:
        ranked = compared(text, fitting, old)
        if ranked is not None:
            same = [item for item in fitting if old and _is_like(item, old, options, 1)]
            among = compared(text, same, old) if is_settled(ranked, old) else None
            return among or ranked
    like = [item for item in fitting if old and options and _is_like(item, old, options, 0)]
    return like or fitting


def _is_like(item: Item, old: Item, options: Mapping[str, set[str]], apart: int) -> bool:
    """Whether no more than so many options differ that nothing is said of."""
    other = [name for name, value in old.options.items() if item.options.get(name) != value]
    return len([name for name in other if name not in options]) <= apart


def _chooses(text: str, items: Sequence[Item], old: Item | None) -> bool:
    """Whether a text picks without naming an option."""
    is_ranked = has(text, "which", "cheapest") or has(text, "which", "dearest")
    if is_ranked or agrees(text) or ordinal_in(text) is not None:
        return True
    return compared(text, items, old) is not None


def fits(item: Item, options: Mapping[str, set[str]]) -> bool:
    return all(item.options.get(name) in values for name, values in options.items())


def _is_denied(item: Item, denied: Mapping[str, set[str]]) -> bool:
    return any(item.options.get(name) in values for name, values in denied.items())


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
