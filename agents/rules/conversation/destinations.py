"""An address told piece by piece, whatever its street is called: a house number, a town, a postcode."""

import re
from collections.abc import Sequence
from typing import Final

from agents.rules.reading.regions import is_country, is_state, is_state_code
from agents.rules.reading.units import is_unit

_MOST_PIECES: Final = 6
_PIECE: Final = re.compile(r"[^,\n;|]{1,120}")
_END: Final = re.compile(r"(?<=[^\W\d]{3}|\d{3})[.!?](?=\s|$)|[!?(]|\s[-\u2013\u2014:]\s?")
_HOUSE_FIRST: Final = re.compile(
    r"(?<![\w#.-])\d{1,5}[A-Za-z]?(?:[-/]\d{1,5})? [^\W\d_a-z][\w.'\u2019-]*(?: [\w.'\u2019-]+){0,5}$"
)
_HOUSE_LAST: Final = re.compile(
    r"(?<![\w#.-])[^\W\d_a-z][\w.'\u2019-]*(?: [\w.'\u2019-]+){0,4}"
    r" (?:[Nn]o?[.\u00ba:]{0,2} ?)?\d{1,5}(?: ?[a-zA-Z])?(?:[/-]\d{1,4})?$"
)
_CODE: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{2}-\d{3}-\d{4}"
    r"|\d{5}-\d{3,4}|\d{3}-\d{4}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} [A-Z]{2}"
    r"|(?:[A-Z]{1,2}-)?\d{4,6})(?![\w-])"
)

_TO_BE: Final = (
    r"[^.!?\n]{0,80}?\b(?:is|be|to|ist|sein|auf|est|etre|es|ser|e|sia|essere|jest|na|je|ar|er|on)(?: now)?:? "
)
_NEW_CODE: Final = re.compile(
    rf"(?i:\b(?:zip(?:[ -]?code)?|post ?code|postal code|plz|postleitzahl|code postal|c[o\u00f3]digo postal"
    rf"|cap|kod pocztowy|psc|postnummer|postnumero|irsz)\b{_TO_BE})(?P<new>{_CODE.pattern})"
)
_NEW_FLAT: Final = re.compile(
    r"(?P<new>\b(?i:apt|apartment|unit|flat|suite|room)\.? ?#?\d{1,5}[A-Za-z]?)\b"
    r"(?=(?: now)?[,.!]| now| instead| not\b)"
)


def parts_told_in(text: str) -> dict[str, str]:
    """A new postcode or flat of an address that stays the same otherwise: `the zip should be 97215`."""
    found: dict[str, str] = {}
    for name, pattern in (("zip", _NEW_CODE), ("address2", _NEW_FLAT)):
        if match := pattern.search(text):
            found[name] = match["new"].strip()
    return found


def told_in_pieces(text: str) -> dict[str, str]:
    """The parts of the last such address of a text; empty where none has both a town and a postcode."""
    pieces = [match.group().strip() for match in _PIECE.finditer(text)]
    for index in range(len(pieces) - 1, -1, -1):
        house = _house_in(pieces[index])
        if house and (parts := _rest(pieces[index + 1 : index + 1 + _MOST_PIECES])):
            return {"address1": house, **parts}
    return {}


def _house_in(piece: str) -> str:
    found = _HOUSE_FIRST.search(piece) or _HOUSE_LAST.search(piece)
    return found.group() if found and not _CODE.fullmatch(found.group()) else ""


def _rest(pieces: Sequence[str]) -> dict[str, str]:
    """What the pieces behind a house number tell, up to the end of the sentence."""
    parts: dict[str, str] = {}
    for piece in pieces:
        end = _END.search(piece)
        _take((piece[: end.start()] if end else piece).strip(" ."), parts)
        if end or {"country", "zip"} <= parts.keys():
            break
    return parts if {"city", "zip"} <= parts.keys() else {}


def _take(piece: str, parts: dict[str, str]) -> None:
    """What one piece tells, added to the parts."""
    code = None if "zip" in parts else _CODE.search(piece)
    if code:
        parts["zip"] = code.group()
        piece = f"{piece[: code.start()]} {piece[code.end() :]}".strip()
    *names, last = piece.split() or [""]
    if code and is_state_code(last):
        parts["state"], piece = last, " ".join(names)
    if not piece or len(piece) > 40:
        return
    if is_country(piece):
        parts.setdefault("country", piece)
    elif not code and (is_unit(piece) or any(character.isdigit() for character in piece)):
        parts.setdefault("address2", piece)
    elif "city" in parts:
        if is_state(piece) or is_state_code(piece):
            parts.setdefault("state", piece)
    else:
        parts["city"] = piece
