"""When two values are the same: money as money, dates as dates, names whatever their case."""

import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import JsonValue

_QUOTES_AND_DASHES: Final = "\u2013\u2014\u201e\u201c\u201d\u201a\u2018\u2019\u00ab\u00bb"
_EDGES: Final = string.punctuation + string.whitespace + _QUOTES_AND_DASHES
_SPACE: Final = re.compile(r"\s+")
_NOT_DIGITS: Final = re.compile(r"\D")


def plain_text(value: JsonValue) -> str:
    """In small letters, one space between words, without punctuation at the ends."""
    text = unicodedata.normalize("NFC", str(value)).translate(_ALIKE)
    bare = text.strip(_EDGES)
    before = text[: text.find(bare)]
    # A minus before a number is the number's.
    is_negative = before.endswith("-") and bare[:1].isdigit()
    return _SPACE.sub(" ", f"-{bare}" if is_negative else bare).casefold()


_ALIKE: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u2011": "-", "\u2013": "-"})


def _amount(value: JsonValue) -> object:
    with suppress(ArithmeticError):
        return Decimal(str(value)).normalize()
    return plain_text(value)


def _day(value: JsonValue) -> object:
    with suppress(ValueError):
        return date.fromisoformat(str(value))
    return plain_text(value)


def _phone(value: JsonValue) -> object:
    text = str(value).strip()
    digits = _NOT_DIGITS.sub("", text)
    return digits[2:] if digits.startswith("00") else digits


_KINDS: Final[Mapping[str, Callable[[JsonValue], object]]] = {
    "unit_price": _amount,
    "total_amount": _amount,
    "price": _amount,
    "amount": _amount,
    "balance": _amount,
    "exchange_price_difference": _amount,
    "handovers": _amount,
    "quantity": _amount,
    "order_date": _day,
    "birth_date": _day,
    "phone": _phone,
}


def same_value(field: str, one: JsonValue, other: JsonValue) -> bool:
    """Whether both say the same; `field` is what the value is called, which tells its type."""
    of = _KINDS.get(field, _general)
    return of(one) == of(other)


def tells(text: str, fact: str) -> bool:
    """Whether the text holds the fact; a number stands there as itself, not within another or an id."""
    fact = plain_text(fact)
    before = r"(?<![\w])(?<!\d[.,])" if fact[:1].isdigit() else ""
    after = r"(?!\d)" if fact[-1:].isdigit() and not re.search(r"\d[.,]\d", fact) else ""
    return re.search(before + re.escape(fact) + after, plain_text(text)) is not None


def _general(value: JsonValue) -> object:
    return _amount(value) if isinstance(value, int | float) else plain_text(value)
