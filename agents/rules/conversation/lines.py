"""Which lines of an order a customer means."""

import re
from collections.abc import Sequence
from typing import Final

from agents.rules.conversation.clauses import less, spared
from agents.rules.conversation.desk import Said
from agents.rules.conversation.ids import item_ids, less_order_ids, order_ids
from agents.rules.conversation.naming import is_plural, mentions_of, named
from agents.rules.conversation.options import meant_in
from agents.rules.conversation.refusals import excepted
from agents.rules.conversation.replies import Reply, ask
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import has, number_before, part_in, pieces_in
from agents.rules.conversation.telling import listed, priced
from agents.rules.conversation.things import Item, Order
from agents.rules.text import fold

_BOTH: Final = re.compile(
    r"\b(?:both (?:items|things|of them|go|should|are)|beide (?:artikel|sachen)|les deux articles"
    r"|los dos articulos|entrambi gli articoli|os dois itens|beide artikelen)\b"
)
_BACK: Final = re.compile(
    r"(?<=\w )(?:go(?:es|ing)? back|come back|to (?:go|send|return|exchange)|should go)\b"
)
_VAGUE: Final = re.compile(
    r"\b(?:some|a few|several|a couple|couple) (?:of )?(?:(?:the|my|these|those) )?(?:\w+ )?$"
)
_ORDER_WITH: Final = re.compile(
    r"\b(?:orders?|bestellung\w*|commande|pedido|encomenda|ordine|bestelling|zamowieni\w+|objednav\w+|bestallning\w*|ordre\w*"
    r"|tilauks\w*|comand\w+)\W{1,3}(?:(?:that|which|placed|together|i|has|had) ){0,3}"
    r"(?:with|mit|avec|con|com|met|z|ze|s|se|med|cu|containing)\W{1,3}(?:\w+\W{1,3})?\w+"
)
# What something came with is no part of what is wanted: `the apron that I received with the bedding`.
_CAME_WITH: Final = re.compile(
    r"\b(?:came|comes|arrived|received|got|bought|ordered|delivered|kam\w*|bekommen|erhalten|gekauft|bestellt"
    r"|geliefert|recus?|recues?|achetee?s?|commandee?s?|arrivee?s?|recibi\w*|compr\w+|pedi|llego|llegaron"
    r"|ricevut\w|comprat\w|arrivat\w|ordinat\w|recebi|cheg\w+|encomend\w+|gekocht|besteld|ontvangen"
    r"|dostal\w+|kupil\w+|przysz\w+|koupil\w+|prisl\w+|kop\w+|fick|kom|fik|kobte|fekk|ostin|sain|tuli)"
    r" (?:\w+ ){0,4}(?:with|along with|together with|mit|avec|con|com|met|z|ze|s|se|med|cu)\W{1,3}"
    r"(?:\w+\W{1,3})?\w+"
)
_BUT: Final = re.compile(r"\b(?:but not|besides|menos|but)\b")


def less_description(text: str, order: Order) -> str:
    """The text without what only tells the order, `the order with the tent`, if a line is named besides."""
    left = fold(text)
    for described in (_ORDER_WITH, _CAME_WITH):
        left = described.sub(lambda match: " " * len(match.group()), left)
    rest = "".join(own if kept != " " else " " for own, kept in zip(text, left, strict=True))
    return rest if rest != text and mentioned(rest, list(order.items)) else text


def lines_in(text: str, order: Order) -> list[Item]:
    """The lines of an order that a text means; none where it names none.

    Raises:
        Said: it could mean several.
    """
    lines = list(order.items)
    if (exception := excepted(text)) and (kept := mentioned(exception[1], lines)):
        return _all_but(kept, exception[0], order, is_whole=exception[2])
    if exception and exception[2] and not order_ids(exception[1]):
        raise Said(_which(order))
    if by_id := _by_id(text, lines):
        return by_id
    if len(lines) == 2 and _BOTH.search(fold(text)):
        return lines
    first, *others = _BUT.split(fold(text), maxsplit=1)
    if has(first, "which", "every") and others and (kept := mentioned(others[0], lines)):
        return [line for line in lines if line not in kept]
    return _less_spared(text, order)


def _less_spared(text: str, order: Order) -> list[Item]:
    """The lines that are named, without those that are said to stay, or to be fine as they are."""
    lines = list(order.items)
    for key in ("stays", "praise"):
        said = spared(text, key)
        kept = _kept(said, lines)
        open_text = less(text, said)
        if kept and has(open_text, "which", "others"):
            return [line for line in lines if line not in kept]
        if kept and (found := [each for each in _named(open_text, order) if each not in kept]):
            return found
        if key == "stays":
            text = open_text if kept else text
    return _named(text, order)


def _kept(said: Sequence[tuple[int, int, str]], lines: Sequence[Item]) -> list[Item]:
    return [line for *_, words in said for line in mentioned(words, lines)]


def _named(text: str, order: Order) -> list[Item]:
    """The lines of the products that a text names, or of the options alone, or all."""
    lines = list(order.items)
    if names := named([line.name for line in lines], text):
        return [line for name in names for line in _of_name(name, text, lines, order)]
    if has(text, "which", "every") or len(lines) == 1:
        return lines[: part_in(text)] if len({line.item_id for line in lines}) == 1 else lines
    return _by_option(text, lines)


def mentioned(text: str, lines: Sequence[Item]) -> list[Item]:
    """The lines that a text could mean."""
    names = named([line.name for line in lines], text)
    found = _by_id(text, lines) or [line for line in lines if line.name in names]
    return (_by_option(text, found) or found) if found else _by_option(text, lines)


def _by_option(text: str, lines: Sequence[Item]) -> list[Item]:
    """The lines that a text tells from others of the same product by their options."""
    found: list[Item] = []
    for name in dict.fromkeys(line.name for line in lines):
        alike = [line for line in lines if line.name == name]
        if len({line.item_id for line in alike}) > 1:
            options, denied = meant_in(text, [line.options for line in alike], name)
            found += [line for line in alike if (options or denied) and _fits(line, options, denied)]
    return found if len(found) < len(lines) else []


def _fits(line: Item, options: dict[str, set[str]], denied: dict[str, set[str]]) -> bool:
    return all(line.options.get(option) in values for option, values in options.items()) and not any(
        line.options.get(option) in values for option, values in denied.items()
    )


def _all_but(kept: Sequence[Item], wanted: str, order: Order, *, is_whole: bool) -> list[Item]:
    """The lines that are named beside an exception; or all the others, where it is from the whole order."""
    lines = list(order.items)
    named_too = mentioned(wanted, lines)
    if not named_too and not is_whole and not has(wanted, "which", "every"):
        return []
    found = lines_in(wanted, order) if named_too else lines
    if left := [line for line in found if line not in kept]:
        return left
    raise Said(_which(order))


def _by_id(text: str, lines: Sequence[Item]) -> list[Item]:
    known = {line.item_id: line for line in lines}
    return [known[item_id] for item_id in item_ids(text) if item_id in known]


def _of_name(name: str, text: str, lines: Sequence[Item], order: Order) -> list[Item]:
    """The lines of one product that are meant: all of them, so many, or the one whose options are named."""
    found = [line for line in lines if line.name == name]
    found = _by_option(text, found) or found
    number = part_in(text) or _number_of(name, text)
    if number and number <= len(found) and (number > 1 or len({line.item_id for line in found}) == 1):
        return found[:number]
    if number and number < len(found):
        raise Said(_which_of(found, order))
    if len(found) > 2 and any(_VAGUE.search(fold(text[: each.start])) for each in mentions_of(name, text)):
        raise Said(ask(f"How many of the {len(found)} do you mean in order {order.number}?", order.number))
    if is_plural(name, text) or has(text, "which", "every"):
        return found
    if len({line.item_id for line in found}) > 1:
        raise Said(_which_of(found, order))
    return found[:1]


def _which_of(lines: Sequence[Item], order: Order) -> Reply:
    choices = listed(line.label for line in lines)
    return ask(f"Order {order.number} has several of those: {choices}. Which one do you mean?", order.number)


def _number_of(name: str, text: str) -> int | None:
    numbers = (number_before(text, each.start) for each in mentions_of(name, text))
    return next((number for number in numbers if number is not None), None)


def lines_for(request: Request, order: Order) -> list[Item]:
    """The lines that a request is about.

    Raises:
        Said: none is named, or several could be meant.
    """
    told: Said | None = None
    staying = _staying(request, order)
    for words in (*request.words, request.around):
        number = next((part for each in request.words if (part := _part(each))), None)
        try:
            lines = lines_in(less_description(less_order_ids(words), order), order)
        except Said as said:
            told, lines = told or said, _kind_in(words, order) if number else []
        is_alike = len({line.item_id for line in lines}) == 1
        if number and number < len(lines) and not is_alike:
            raise told or Said(_which_of(lines, order))
        if lines := [line for line in lines if line not in staying]:
            return lines[:number] if number and is_alike else lines
    raise told or Said(_which(order))


def _staying(request: Request, order: Order) -> list[Item]:
    """What the answers say to stay, of which what was said before them may speak too."""
    said = [clause for answer in request.words[:-1] for clause in spared(answer, "stays")]
    return _kept(said, order.items)


def _part(text: str) -> int | None:
    """How many of them it is said to be about: `two go back`, `two of them`."""
    back = _BACK.search(fold(text))
    return part_in(text) or pieces_in(text) or (number_before(text, back.start()) if back else None)


def _kind_in(text: str, order: Order) -> list[Item]:
    names = named([line.name for line in order.items], text)
    return [line for line in order.items if line.name in names]


def _which(order: Order) -> Reply:
    choices = listed(f"{line.label}, {priced(line.price, order.currency)}" for line in order.items)
    return ask(f"Which items of order {order.number} do you mean? It holds {choices}.", order.number)
