"""What customers want to have of the catalogue: in the place of what they ordered, or besides it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.rules.conversation.clauses import less, spared
from agents.rules.conversation.days import fits_day
from agents.rules.conversation.desk import Desk
from agents.rules.conversation.ids import item_ids, less_order_ids
from agents.rules.conversation.lines import less_description, lines_for, lines_in
from agents.rules.conversation.naming import mentions_of, named, tokens
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import has
from agents.rules.conversation.things import Item, Order, Product
from agents.rules.conversation.variants import SWAPPED, variant_for, wanted_in
from agents.rules.text import fold

_VERB: Final = re.compile(
    r"\b(?:exchang\w*|swap\w*|trad(?:e|ing)|replac\w*|switch\w*|chang\w*|modif\w*|upgrad\w*|downgrad\w*|mak(?:e|ing)|updat\w*|edit\w*"
    r"|tausch\w*|umtausch\w*|austausch\w*|echang\w*|remplac\w*|cambi\w*|intercambi\w*|reemplaz\w*|troc\w*|ruil\w*|omruil\w*"
    r"|wymien\w*|zamien\w*|sostitu\w*|scambi\w*|umwandel\w*|wechsel\w*|vervang\w*|omwissel\w*|substitu\w*|vymen\w*|zamen\w*"
    r"|prohod\w*|byt\w*|ombyt\w*|skift\w*|udskift\w*|vaihta\w*|vaihda\w*|degistir\w*|cserel\w*|kicserel\w*|schimb\w*"
    r"|inlocui\w*|want|like|prefer)\b"
)
_SEPARATOR: Final = re.compile(
    r"\b(?:for|to|into|with|against|gegen|durch|in|contre|par|por|con|auf|pel[oa]s?|voor|tegen|na|za|mot|mod|till|til|med|cu)\b"
    r"(?! (?:order|#|w\d))"
)
_FOR_BEFORE: Final = re.compile(
    r"(?P<old>[^.!?;\n]{3,200}?)\b(?:gegen|durch|tegen|voor)\b(?P<new>[^.!?;\n]{3,200}?)"
    r"\b(?:um|aus|ein)?(?:tausch|wechsel|ersetz|ruil|omruil|vervang|wissel)\w*\b"
)
_INSTEAD: Final = re.compile(
    r"\b(?:instead of|rather than|in place of|statt|anstelle|au lieu d[eu]|en lugar de|en vez de|invece di"
    r"|em vez de|in plaats van|zamiast|misto|i stallet for|istallet for|i stedet for|istedenfor|in loc de)\b"
)
# What only points to something that was told of before: `swap to those, please`.
_POINTING: Final = re.compile(
    r"\W{1,3}(?:those|these|that|this|it|them|die|das|den|diese\w*|ceux-la|celle-la|celui-la|ca|esos|esas|ese|esa"
    r"|quelli|quelle|quello|quella|esses|essas|esse|essa|die daar|te|tamte|ty|tu|dem|det|den|niihin|siihen"
    r"|onlarla|arra|azokra|alea|acela|aceea)\W{0,2}(?:$|[,.;!?\n])"
)
# What it stands behind: `X yerine Y`, `X helyett Y`.
_IN_ITS_PLACE: Final = re.compile(r"\b(?:yerine|helyett|sijaan|sijasta)\b")
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
    if len(order.items) == 1 and (before := called_off_like(request, desk, order.items[0])):
        return [(order.items[0], before)]
    for part in swaps_in(text, order):
        lines = lines_in(part.old, order) or lines_in(part.new, order) or lines_for(request, order)
        wanted.append(
            (lines, [*answers, f"{part.old}{SWAPPED}{part.new}" if part.old != part.new else part.new])
        )
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
    every = [line.name for line in order.items]
    text = less_description(text, order)
    names = named(every, _less_spared(text)) or named(every, text)
    parts = parts_of(less_order_ids(text), names) if len(names) > 1 else []
    parts = [part for part in parts if named(names, _less_spared(part))] or parts
    if len(names) == 1 and len(set(every)) > 1 and not _halves(text):
        return [Swap(text, _less_spared(text))]
    found = [Swap(part, part) for part in parts if lines_in(part, order)]
    return found or [_halves(text) or Swap(text, text)]


def _names_lines(text: str, order: Order) -> bool:
    return bool(item_ids(text) or named([line.name for line in order.items], text))


def _halves(text: str) -> Swap | None:
    folded = fold(text)
    instead = _INSTEAD.search(folded)
    if instead and tokens(text[: instead.start()]):
        return Swap(text[instead.end() :], text[: instead.start()])
    place = _IN_ITS_PLACE.search(folded)
    if place and text[place.end() :].strip():
        return Swap(text[: place.start()], text[place.end() :])
    if before_verb := _verb_last(text):
        return before_verb
    verb = _VERB.search(folded)
    start = verb.end() if verb else 0
    for separator in _SEPARATOR.finditer(folded, start):
        if _POINTING.match(folded, separator.end()):
            continue
        if tokens(text[start : separator.start()]) and text[separator.end() :].strip():
            return Swap(text[start : separator.start()], text[separator.end() :])
    return None


def _verb_last(text: str) -> Swap | None:
    """Where the verb ends the sentence: `das Licht gegen das hellere tauschen`."""
    for match in _FOR_BEFORE.finditer(fold(text)):
        if tokens(text[match.start("old") : match.end("old")]):
            return Swap(
                text[match.start("old") : match.end("old")], text[match.start("new") : match.end("new")]
            )
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
    orders = focus or _remembered(request, desk)
    orders = [order for order in orders if fits_day(request.said, order.order_date)] or orders
    names = named([item.name for order in orders for item in order.items], request.said)
    lines = [
        (order, item)
        for order in orders
        for item in order.items
        if item.name in names or (focus and not names)
    ]
    return lines[0] if len({line.item_id for _, line in lines}) == 1 else None


def _remembered(request: Request, desk: Desk) -> list[Order]:
    """The orders that are spoken of as past: the cancelled ones, where one is said to be cancelled."""
    is_called_off = has(request.said, "which", "called_off")
    return [order for order in desk.orders() if (order.status == "cancelled") == is_called_off]


def called_off_like(request: Request, desk: Desk, old: Item) -> Item | None:
    """The item that was cancelled once and is wanted in the place of another of its product."""
    if not has(request.said, "which", "called_off"):
        return None
    items = [
        item
        for order in _remembered(request, desk)
        for item in order.items
        if item.product_id == old.product_id
    ]
    others = {item.item_id: item for item in items if item.item_id != old.item_id}
    return next(iter(others.values())) if len(others) == 1 else None
