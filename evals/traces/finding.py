"""Finding personal data: in records by their fields, in free text by its looks."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from pydantic import JsonValue

from evals.traces.kinds import PLAIN, Kind, walk
from evals.traces.spelling import cleaned, composed, fold, signs_of

_UUID: Final = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[\w.+%'-]*[\w+%]@[\w-]+(?:\.[\w-]+)*\.\w{2,}")
_LOGIN: Final = re.compile(r"(?<=://)[^\s/@]+(?=@)")
_IBAN: Final = re.compile(r"\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?\b", re.IGNORECASE)
_IP: Final = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?![\w:]|\.\d)",
    re.IGNORECASE,
)
_CARD: Final = re.compile(r"(?<![\w.,])(?:\d[ -]?){12,18}\d(?!\w)")
_PHONE: Final = re.compile(
    r"(?<![\w.,])(?:\+[1-9][\d ()./-]{1,8}\n[\d(][\d ()./-]{3,}\d"
    r"|(?:\+|00)[1-9][\d ()./-]{6,}\d|\(?0\d[\d ()/.-]{5,}\d"
    r"|(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})(?!\w)"
)
# Such as W1735415, TW-208817, 1Z999AA10123456784: five digits at least, for years and most sums have fewer.
_NUMBER: Final = re.compile(r"(?<![\w.,])[^\W_]+(?:[-_][^\W_]+)*(?!\w|[.,]\d)")
_LEAST_DIGITS: Final = 5
_SECRET: Final = re.compile(
    r"(?<![\w.+/=-])(?:eyJ[\w-]{8,}(?:\.[\w-]*){1,4}|[A-Za-z0-9+/_-]{32,}={0,2})(?![\w+/=])"
)
_MIXED: Final = re.compile(r"(?=.*[a-z])(?=.*[A-Z]).*\d")
DATE: Final = re.compile(
    r"(?<![\d.])(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d))(?!\d|[.-]\d)"
)
_IBAN_DIGITS: Final = 10


class Findings:
    """What was found of each kind, in the spelling it was first met in.

    Args:
        kept: what is nobody's, whatever it looks like: the catalogue's numbers and names.
    """

    def __init__(self, kept: Iterable[str] = ()) -> None:
        self.kept = frozenset(kept)
        self._found: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}

    def learn(self, kind: Kind, value: str) -> None:
        self._found[kind].setdefault(fold(value), value)

    def learn_from(self, value: JsonValue, plain: frozenset[str] = PLAIN) -> None:
        """All that stands in records or cases."""
        walk(value, self._see, plain)

    def __contains__(self, found: tuple[Kind, str]) -> bool:
        kind, value = found
        return fold(value) in self._found[kind]

    def __iter__(self) -> Iterator[tuple[Kind, str]]:
        return ((kind, value) for kind, values in self._found.items() for value in values.values())

    def _see(self, kind: Kind | None, value: str) -> str:
        if kind is None and value not in self.kept:
            clean = cleaned(value)
            for found in (found for text in {clean, unquote(clean)} for found in _in_text(text)):
                if found[1] not in self.kept:
                    self.learn(*found)
        elif kind is not None:
            self.learn(kind, value)
        return value


def _in_text(text: str) -> Iterator[tuple[Kind, str]]:
    """What looks like personal data; what was taken for one kind is not looked at for the next."""
    left = composed(text)
    for kind, pattern in _LOOKS:
        for found in pattern.finditer(left):
            if _is(kind, found[0]):
                yield kind, found[0]
        left = pattern.sub(lambda found, kind=kind: " " if _is(kind, found[0]) else found[0], left)
        if kind is Kind.IP:
            left = DATE.sub(" ", left)


_LOOKS: Final = (
    (Kind.ID, _UUID),
    (Kind.KEY, _SECRET),
    (Kind.LOGIN, _LOGIN),
    (Kind.EMAIL, _EMAIL),
    (Kind.IP, _IP),
    (Kind.IBAN, _IBAN),
    (Kind.CARD, _CARD),
    (Kind.PHONE, _PHONE),
    (Kind.NUMBER, _NUMBER),
)


def _is(kind: Kind, found: str) -> bool:
    digits = sum(sign.isdigit() for sign in signs_of(found))
    match kind:
        case Kind.IBAN:
            return digits >= _IBAN_DIGITS
        case Kind.KEY:
            return _MIXED.match(found) is not None
        case Kind.NUMBER:
            return digits >= _LEAST_DIGITS
        case Kind.IP:
            return "." in found or (digits > 0 and found.count(":") > 2)
        case _:
            return True
