"""What customers want to have of the catalogue: in the place of what they ordered, or besides it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.rules.conversation.clauses import less, spared
from agents.rules.conversation.days import fits_day
from agents.rules.conversation.desk import Desk
from agents.rules.conversation.ids import item_ids, less_order_ids
from agents.rules.conversation.lines import lines_for, lines_in
from agents.rules.conversation.naming import mentions_of, named, tokens
from agents.rules.conversation.requests import Request
from agents.rules.conversation.things import Item, Order, Product
from agents.rules.conversation.variants import variant_for, wanted_in
from agents.rules.text import fold

_VERB: Final = re.compile(
    r"\b(?:exchang\w*|swap\w*|trad(?:e|ing)|replac\w*|switch\w*|chang\w*|modif\w*|upgrad\w*|downgrad\w*|mak(?:e|ing)|updat\w*|edit\w*"
    r"|tausch\w*|umtausch\w*|austausch\w*|echang\w*|remplac\w*|cambi\w*|intercambi\w*|reemplaz\w*|troc\w*|ruil\w*|omruil\w*"
    r"|wymien\w*|zamien\w*|sostitu\w*|want|like|prefer)\b"
)
_SEPARATOR: Final = re.compile(
    r"\b(?:for|to|into|with|against|gegen|durch|in|contre|par|por|con|auf|pel[oa]s?|voor|na)\b"
    r"(?! (?:order|#|w\d))"
)
_INSTEAD: Final = re.compile(
    r"\b(?:instead of|rather than|in place of|statt|anstelle|au lieu d[eu]|en lugar de|en vez de|invece di"
    r"|em vez de|in plaats van|zamiast)\b"
)
_JOINT: Final = re.compile(r",? \b(?:and|und|et|y|e|en|i)\b |[,;] ")
_PART: Final = re.compile(
    r"\n|[.;!?](?=\s)|,? \b(?:and|und|et|y|e|en|i|plus|sowie|oraz|as well as|also)\b |, "
)


@dataclass(frozen=True)
class Swap:
    """The words for what goes, and the words for what comes instead."""

    old: str
    new: str


def pairs_in(request: Request, desk: Desk, order: Order, *, may_be_same: bool) -> list[tuple[Item, Item]]:
    """Each line that goes with the item that comes in its place.

    Raises:
        Said: it is not clear which goes, or which comes.
    """
    *answers, text = request.words
    wanted: list[tuple[list[Item], list[str]]] = []
    for part in swaps_in(text, order):
        lines = lines_in(part.old, order) or lines_in(part.new, order) or lines_for(request, order)
        wanted.append((lines, [*answers, f"{part.old} | {part.new}" if part.old != part.new else part.new]))
    ids = sorted({line.product_id for lines, _ in wanted for line in lines})
    products = {each.product_id: each for each in desk.gather(ids, desk.product)}
    return [
        pair
        for lines, texts in wanted
        for product_id in dict.fromkeys(line.product_id for line in lines)
        for pair in _paired(
            products[product_id],
            [line for line in lines if line.product_id == product_id],
            texts,
            may_be_same=may_be_same,
        )
    ]


def _paired(
    product: Product, lines: list[Item], texts: list[str], *, may_be_same: bool
) -> list[tuple[Item, Item]]:
    """All lines become the same item; or each another one, where as many values are told as lines."""
    options, _ = wanted_in(texts, product, lines[0])
    several = next((values for values in options.values() if 1 < len(values) == len(lines)), None)
    if several is None or re.search(r"\b(?:or|oder|ou|o|lub)\b", fold(texts[-1])):
        return [(line, variant_for(product, texts, line, may_be_same=may_be_same)) for line in lines]
    return [
        (line, variant_for(product, [value], line))
        for line, value in zip(lines, sorted(several), strict=True)
    ]


def swaps_in(text: str, order: Order) -> list[Swap]:
    """What is to be swapped for what, as far as the words tell it; each part of them names what it takes."""
    halves = [swap for piece in _JOINT.split(text) if (swap := _halves(piece))]
    several = [swap for swap in halves if _names_lines(swap.old, order)]
    if len(several) > 1:
        return several
    names = named([line.name for line in order.items], text)
    parts = parts_of(less_order_ids(text), names) if len(names) > 1 else []
    parts = [part for part in parts if named(names, _less_spared(part))] or parts
    found = [Swap(part, part) for part in parts if lines_in(part, order)]
    return found or [_halves(text) or Swap(text, text)]


def _names_lines(text: str, order: Order) -> bool:
    return bool(item_ids(text) or named([line.name for line in order.items], text))


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


def parts_of(text: str, names: Sequence[str]) -> list[str]:
    """A text in parts, each of which speaks of one of some things."""
    firsts = [(found[0].start, found[-1].end) for name in names if (found := mentions_of(name, text))]
    bounds = [0]
    for (_, end), (start, _) in zip(sorted(firsts), sorted(firsts)[1:], strict=False):
        joints = [match.end() for match in _PART.finditer(text, min(end, start), start)]
        bounds.append(joints[-1] if joints else start)
    return [text[one:two] for one, two in zip(bounds, [*bounds[1:], len(text)], strict=True)]


def products_in(request: Request, desk: Desk) -> list[Product]:
    """The products that a request's words name."""
    types = desk.product_types()
    for words in (*request.words, request.around):
        for text in (_less_had(words), words):
            if names := named([each.name for each in types], text):
                return desk.gather([each.product_id for each in types if each.name in names], desk.product)
    return []


def _less_spared(text: str) -> str:
    return less(text, [*spared(text, "stays"), *spared(text, "praise")])


def _less_had(text: str) -> str:
    """The text without what it only says to be there already, or to be left as it is."""
    return less(text, [*spared(text, "had"), *spared(text, "stays")])


def had_before(request: Request, desk: Desk) -> tuple[Order, Item] | None:
    """The one item of the orders that is named, or that the conversation is about; and its newest order."""
    focus = [desk.order(each) for each in desk.focus[:1]]
    orders = focus or [order for order in desk.orders() if order.status != "cancelled"]
    orders = [order for order in orders if fits_day(request.said, order.order_date)] or orders
    names = named([item.name for order in orders for item in order.items], request.said)
    lines = [
        (order, item)
        for order in orders
        for item in order.items
        if item.name in names or (focus and not names)
    ]
    return lines[0] if len({line.item_id for _, line in lines}) == 1 else None
