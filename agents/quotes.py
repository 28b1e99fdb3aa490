"""Whether a quotation bears a value out."""

import re
import unicodedata
from datetime import datetime, time
from decimal import Decimal
from typing import Final

from pydantic import JsonValue

from agents.passage import Passage
from agents.readings import clocks, dates, names_country, names_currency, numbers

_PLAIN_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK: Final = re.compile(r"\d{2}:\d{2}(?::00)?")
_EMAIL: Final = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_CODE: Final = re.compile(r"[A-Z]{2,3}")
_PHONE: Final = re.compile(r"\+?(?:\(?\d[\s()./-]{0,3}){6,15}")


def bears_out(quote: str, value: JsonValue) -> bool:
    """Whether the words say the value: literally, or as the same number, date, phone, currency or country."""
    match value:
        case bool():
            return True
        case int() | float():
            return Decimal(str(value)) in numbers(quote)
        case str():
            return _says(unicodedata.normalize("NFC", quote), unicodedata.normalize("NFC", value.strip()))
        case _:
            return False


def _says(quote: str, value: str) -> bool:
    if _EMAIL.fullmatch(value):
        return value.casefold() in (found.casefold() for found in _EMAIL.findall(quote))
    literal = Passage(quote.casefold()).occurrences(value.removeprefix("#").casefold())
    return any(literal) or _means(quote, value)


def _means(quote: str, value: str) -> bool:
    """The readings of a value that is written in its normal form."""
    if _PLAIN_NUMBER.fullmatch(value):
        return Decimal(value) in numbers(quote)
    if _CLOCK.fullmatch(value):
        return time.fromisoformat(value) in clocks(quote)
    if _CODE.fullmatch(value):
        return names_currency(quote, value) or names_country(quote, value)
    if _PHONE.fullmatch(value) and _digits(value) in (_digits(found) for found in _PHONE.findall(quote)):
        return True
    moment = _moment(value)
    at_midnight = moment is None or moment.time() == time()
    return (
        moment is not None
        and moment.date() in dates(quote)
        and (at_midnight or _minute(moment) in clocks(quote))
    )


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if _DATE.match(value) else None
    except ValueError:
        return None


def _minute(moment: datetime) -> time:
    return time(moment.hour, moment.minute)


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words)
