"""What a request needs besides ids: reasons, ways to pay, statuses, numbers, addresses."""

import re
from functools import cache
from typing import Final

from agents.rules.conversation.destinations import told_in_pieces
from agents.rules.conversation.phrases import keys_of, phrases, words_of
from agents.rules.extraction.filling import fill
from agents.rules.reading.addresses import find_addresses
from agents.rules.text import fold

MISTAKE: Final = "ordered by mistake"
UNNEEDED: Final = "no longer needed"

_LAST_FOUR: Final = re.compile(
    r"(?:end(?:s|ing|et|end)|final|termin\w*|acab\w*|konc\w*|eindig\w*|last four|last 4|\*{1,12}|x{2,12}|card"
    r"|visa|mastercard"
    r"|amex|karte|carte|tarjeta|carta|cartao|kaart|kart\w)"
    r"\D{0,20}(?<!\d)(\d{4})(?!\d)"
)
_NUMBER_AFTER: Final = re.compile(
    r"[\s,(]{0,3}(?:x|\u00d7|\*|times|quantity:?|qty:?|menge:?|quantite:?|cantidad:?) ?(\d{1,12})(?!\d)"
    r"|\s?\((\d{1,12})(?: ?(?:x|pcs?|pieces))?\)"
)
# A number that belongs to what something is, and does not count it: `a 4-piece set`, `the 600 lm lamp`.
_MEASURED: Final = re.compile(
    r"\b\d{1,5}(?:-\w+| ?(?:piece|person|cup|season|part|ml|cl|l|lm|lux|g|kg|cm|mm|w|gb"
    r"|teilig\w*|tlg|personen?|man|pers)\b)"
)
# Where a number no longer counts what follows: `two lamps and the white mugs`.
_PHRASE_END: Final = re.compile(
    r"[;!?\n]|[.:,](?=\s)|\b(?:and|und|et|y|e|en|i|a|och|og|ja|ve|es|si|plus|with|mit|avec|con|com|met)\b(?=\s)"
)
_ARTICLES: Final = frozenset({"a", "an", "un", "una", "ein", "eine", "einen", "une", "uno"})
_POLITE: Final = re.compile(
    r"(?i)[ ,]{1,3}(?:instead|please|thanks|thank you|rather|bitte|merci|now|asap|andern|umleiten"
    r"|and(?= (?:pay|use|charge|then|also|refund|put|bill)\b))\b"
)
_OLD: Final = re.compile(r"\b(?:from|instead of|old|not|rather than|statt|previous)\b[^.]{0,30}$")
_SIGNATURE: Final = re.compile(r"^-- ?$", re.MULTILINE)
_LABELLED: Final = re.compile(r"^[^\W\d][\w ./-]{1,30}: *\S", re.MULTILINE)
_CODE: Final = re.compile(
    r"(?i)\b(?:post ?codes?|postal code|zip(?: code)?|plz|cap|c\.p\.|c[oó]digo postal|code postal"
    r"|kod(?: pocztowy)?)"
    r"[:\s]{1,3}(?:is |ist |es )?((?=[A-Z0-9 -]{0,8}\d)[A-Z0-9]{1,5}"
    r"(?:[ -](?=[A-Z0-9]{0,3}\d)[A-Z0-9]{2,5}){0,2})\b"
)
_FORM: Final = {
    "type": "object",
    "properties": {
        name: {"type": "string"} for name in ("address1", "address2", "city", "state", "country", "zip")
    },
}
_ORDER_NEXT: Final = re.compile(
    r"\W{1,3}(?:\w+\W{1,3})?(?:orders?|ones?|bestellung(?:en)?|commandes?|pedidos?|encomendas?|ordin[ei]|bestelling(?:en)?|zamowieni\w+)\b"
)


def has(text: str, section: str, key: str) -> bool:
    """Whether a text holds one of the phrases of an entry of the slots' words."""
    return bool(phrases("slots", section, key).search(fold(text)))


def agrees(text: str) -> bool:
    """Whether a text says yes and nothing else."""
    words = " ".join(re.findall(r"[\w']+", fold(text[:200])))
    return len(text) < 150 and bool(phrases("requests", "yes", "whole").fullmatch(words))


def reason_in(text: str) -> str | None:
    """Why an order is to be cancelled, where it is one of the two reasons that there are."""
    if has(text, "reason", "mistake"):
        return MISTAKE
    return UNNEEDED if has(text, "reason", "unneeded") else None


def kinds_in(text: str) -> set[str]:
    """The kinds of payment methods that a text names."""
    return {kind for kind in ("credit_card", "gift_card", "paypal") if has(text, "payment", kind)}


def brands_in(text: str) -> set[str]:
    return {brand for brand in keys_of("slots", "brand") if has(text, "brand", brand)}


def last_four_in(text: str) -> list[str]:
    """The last figures of a card: `ending in 4242`, `(4242)`, `*4242`."""
    return _LAST_FOUR.findall(fold(text))


def statuses_in(text: str) -> set[str]:
    return {status for status in keys_of("slots", "status") if has(text, "status", status)}


def stated_statuses(text: str) -> set[str]:
    """The statuses that are said of orders: `my pending order`, and not `when will it be delivered`."""
    folded = fold(text)
    beside = {
        status
        for status in keys_of("slots", "status")
        for match in phrases("slots", "status", status).finditer(folded)
        if _ORDER_NEXT.match(folded, match.end())
    }
    return beside or {key for key in keys_of("slots", "stated") if has(text, "stated", key)}


def ordinal_in(text: str) -> int | None:
    """Which of several is meant: 0 for the first, -1 for the last."""
    return next((int(key) for key in keys_of("slots", "ordinals") if has(text, "ordinals", key)), None)


def number_before(text: str, end: int) -> int | None:
    """The number of things that is said right before a place of a text."""
    stretch = _MEASURED.sub(" ", fold(text[max(0, end - 80) : end]))
    phrase = _PHRASE_END.split(stretch)[-1]
    for word in reversed(re.findall(r"[\w.]+", phrase)[-8:]):
        if re.fullmatch(r"\d{1,12}x?", word):
            return int(word.rstrip("x"))
        if word in _ARTICLES:
            return None
        if (number := numbers().get(word)) is not None:
            return number
    return None


def pieces_in(text: str) -> int | None:
    """How many pieces a text tells without saying of what: `2 pcs`, `only two`, `make it three`."""
    for match in phrases("slots", "which", "pieces").finditer(fold(text)):
        for word in re.findall(r"\w+", match.group()):
            number = numbers().get(word) if not word.isdigit() else int(word)
            if number is not None:
                return number
    return None


def part_in(text: str) -> int | None:
    """How many of several are meant: `two of them`, `only one`."""
    for match in phrases("slots", "which", "part").finditer(fold(text)):
        for word in match.group().split():
            if word.isdigit() or word in numbers():
                return int(word) if word.isdigit() else numbers()[word]
    return None


def number_after(text: str, start: int) -> int | None:
    """The number in `... x 2`, `..., quantity 2` and `... (2 pieces)` right behind a place of a text."""
    match = _NUMBER_AFTER.match(fold(text[start : start + 40]))
    return int(match[1] or match[2]) if match else None


@cache
def numbers() -> dict[str, int]:
    return {
        word: int(key) for key in keys_of("slots", "numbers") for word in words_of("slots", "numbers", key)
    }


def address_in(text: str) -> dict[str, str]:
    """The parts of the last new address in a text, before its signature; empty where it names no street."""
    signed = _SIGNATURE.search(text)
    parts = _address_in(text[: signed.start()]) if signed else {}
    return parts or _address_in(text)


def _address_in(text: str) -> dict[str, str]:
    text = _POLITE.sub(lambda match: "," + " " * (len(match.group()) - 1), text)
    found = [each for each in find_addresses(text) if "address1" in each.parts]
    new = [
        each for each in found if not _OLD.search(fold(text[max(0, each.span.start - 60) : each.span.start]))
    ]
    parts = (new or found)[-1].parts if found else {}
    told = {name: span.of(text) for name, span in parts.items()}
    if len(_LABELLED.findall(text)) > 2 and (labelled := _labelled(text)).get("address1"):
        told = labelled
    if not {"city", "zip"} <= told.keys():
        told = told_in_pieces(text) or told
    code = _CODE.search(text) if told else None
    is_longer = code is not None and told.get("zip", "") in code[1]
    return {**told, "zip": code[1]} if code and is_longer else told


def _labelled(text: str) -> dict[str, str]:
    """An address as a form has it, one part in a line."""
    data = fill(_FORM, text).data
    return {name: str(value) for name, value in data.items() if value} if isinstance(data, dict) else {}
