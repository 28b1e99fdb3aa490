"""Which variant of a product some words ask for."""

from collections.abc import Mapping, Sequence, Set
from itertools import pairwise
from typing import Final

from agents.rules.conversation.clauses import clauses
from agents.rules.conversation.desk import Said
from agents.rules.conversation.glossary import words
from agents.rules.conversation.ids import item_ids
from agents.rules.conversation.measures import compared, is_settled
from agents.rules.conversation.naming import tokens
from agents.rules.conversation.options import Options, meant_in
from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.replies import ask, decline
from agents.rules.conversation.slots import agrees, has, ordinal_in
from agents.rules.conversation.telling import listed, priced
from agents.rules.conversation.things import Item, Product
from agents.rules.text import fold

# What stands between the words for what goes and those for what comes.
SWAPPED: Final = " | "
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
    kept, differing = (kept_in(texts, product, old), differing_in(texts, old)) if old else ({}, set[str]())
    is_told = bool(options or denied or differing) or any(_chooses(text, items, old) for text in texts)
    if old and may_be_same and not is_told and any(is_same_again(text, product) for text in texts):
        return next((item for item in items if item.item_id == old.item_id), old)
    available = [item for item in items if item.available and not (old and item.item_id == old.item_id)]
    if old and available and not is_told:
        raise Said(ask(f"Which {product.name} would you like instead? There is {_variants(available)}."))
    fitting = [
        item
        for item in available
        if fits(item, {**kept, **options})
        and not _is_denied(item, denied)
        and not (old and any(item.options.get(name) == old.options.get(name) for name in differing))
    ]
    return _the_one(product, texts, _closest(fitting, texts, old, {*options, *differing}), available)


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


def kept_in(texts: Sequence[str], product: Product, old: Item) -> Options:
    """The values of the old one that the new one is said to have too: `still navy`, `for a white one`."""
    choices = [item.options for item in product.items]
    told: Options = {}
    for text in texts:
        _, bar, new = text.rpartition(SWAPPED)
        firm = [new] if bar else []
        firm += [clause for *_, clause in clauses(new) if has(clause, "which", "firm")]
        for part in firm:
            told = {**meant_in(part, choices, product.name)[0], **told}
    return {name: values for name, values in told.items() if values == {old.options.get(name, "")}}


def differing_in(texts: Sequence[str], old: Item) -> set[str]:
    """The options that are to be other than before, without a word of what they are to be."""
    return {
        name
        for text in texts
        for one, two in pairwise(words(text))
        if has(one.raw, "which", "differing")
        for name in old.options
        if two.word in tokens(name) or (has(name, "measure", two.word) and two.word not in old.options)
    }


def is_same_again(text: str, product: Product) -> bool:
    """Whether a text asks for the very same once more: `the same one`, and not `the same colour`."""
    after = {*tokens(product.name), "one", "thing", "again"}
    for match in phrases("slots", "which", "same").finditer(fold(text)):
        rest = text[match.end() :]
        following = next(iter(words(rest[:40])), None)
        if following is None or rest[: following.start].strip() or following.word in after:
            return True
        if has(following.raw, "which", "again") or has(following.raw, "which", "model"):
            return True
    return False


def _closest(fitting: list[Item], texts: Sequence[str], old: Item | None, told: Set[str]) -> list[Item]:
    """Those that compare as they are said to, and of them those that are likest to the old one."""
    for text in texts:
        ranked = compared(text, fitting, old)
        if ranked is not None:
            same = [item for item in fitting if old and len(_apart(item, old, told)) <= 1]
            among = compared(text, same, old) if is_settled(ranked, old) else None
            return among or ranked
    if old is None or not told:
        return fitting
    least = min((len(_apart(item, old, told)) for item in fitting), default=0)
    return [item for item in fitting if len(_apart(item, old, told)) == least]


def _apart(item: Item, old: Item, told: Set[str]) -> list[str]:
    """The options that differ though nothing is said of them."""
    return [
        name for name, value in old.options.items() if item.options.get(name) != value and name not in told
    ]


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
