"""Postal addresses in the styles of Europe, the Americas and Australia."""

import re
from dataclasses import dataclass, field
from typing import Final

from agents.rules.reading.parts import CITY, Part, city_at_start, is_country, is_state, is_unit, split_parts
from agents.rules.reading.streets import find_street
from agents.rules.reading.towns import Town, has_code, read_town
from agents.rules.text import Span, trimmed

_NUMBER: Final = re.compile(r"\d{1,5} ?[a-zA-Z]?")
_IN_TOWN: Final = re.compile(rf" (?:in|à|a|en|te|em|i) ({CITY})")
_FARTHEST, _MOST_SKIPPED, _AHEAD = 4, 3, 5


@dataclass
class Address:
    """An address; `parts` names where each of its parts stands in the text."""

    parts: dict[str, Span] = field(default_factory=dict[str, Span])

    @property
    def span(self) -> Span:
        return Span(
            min(span.start for span in self.parts.values()), max(span.end for span in self.parts.values())
        )


def find_addresses(text: str) -> list[Address]:
    """Every address with a street, and every town with its postal code."""
    parts = split_parts(text)
    found: list[Address] = []
    taken = -1
    for index in range(len(parts)):
        if index <= taken:
            continue
        town = read_town(parts, index, taken)
        address = _with_street(parts, town, taken) if town else _without_code(parts, index)
        if address and (not found or address.span.start >= found[-1].span.end):
            found.append(address)
            taken = town.last if town else index
            while taken + 1 < len(parts) and parts[taken].span.end < address.span.end:
                taken += 1
    return found


def _with_street(parts: list[Part], town: Town, taken: int) -> Address:
    """The street stands before the town: in its line, or a few parts back."""
    found = dict(town.found)
    first = parts[town.first]
    if town.lead:
        _add_street(found, first.text[: town.lead.end - first.span.start], first.span.start)
    index, skipped, is_apart = town.first - 1, 0, first.after_gap
    while "address1" not in found and index > taken and not is_apart and skipped < _MOST_SKIPPED:
        part = parts[index]
        skipped += not _add_street(found, part.text, part.span.start)
        is_apart = part.after_gap or town.first - index >= _FARTHEST
        index -= 1
    if "address1" in found and "address2" not in found and index > taken and not is_apart:
        _add_unit(found, parts[index])
    if "address1" not in found:
        found.pop("address2", None)
    found.pop("number", None)
    return Address(found)


def _add_unit(found: dict[str, Span], part: Part) -> None:
    """`Flat 2, 10 High Street`."""
    if is_unit(part.text):
        found["address2"] = part.span


def _add_street(found: dict[str, Span], text: str, offset: int) -> bool:
    """Read a street or a flat from a part; whether there was one."""
    street = find_street(text)
    if street is None:
        return _add_other(found, text, offset)
    found.pop("number", None)
    found["address1"] = Span(offset + street.start, offset + street.end)
    rest = trimmed(text, street.end, len(text))
    if rest.start < rest.end and is_unit(rest.of(text)) and "address2" not in found:
        found["address2"] = Span(offset + rest.start, offset + rest.end)
    return True


def _add_other(found: dict[str, Span], text: str, offset: int) -> bool:
    """A number alone, a flat or a floor, or a street whose number stood in the part behind."""
    if _NUMBER.fullmatch(text) and "number" not in found:
        found["number"] = Span(offset, offset + len(text))
        return True
    if is_unit(text):
        known = found.get("address2")
        found["address2"] = Span(offset, known.end if known else offset + len(text))
        return True
    number = found.pop("number", None)
    street = find_street(f"{text} 1") if number else None
    if number is None or street is None:
        return False
    found["address1"] = Span(offset + street.start, number.end)
    return True


def _without_code(parts: list[Part], index: int) -> Address | None:
    """A street whose town has no code: 12 Baker Street, London, or the street alone."""
    part, following = parts[index], parts[index + 1 : index + 1 + _AHEAD]
    found: dict[str, Span] = {}
    if following and _NUMBER.fullmatch(following[0].text) and not find_street(part.text):
        _add_street(found, following[0].text, following[0].span.start)
        following = following[1:]
    is_street = _add_street(found, part.text, part.span.start) and "address1" in found
    if not is_street or any(has_code(each) for each in following if not each.after_gap):
        return None
    inside = _IN_TOWN.match(part.text, found["address1"].end - part.span.start)
    if inside:
        found["city"] = part.at(Span(*inside.span(1)))
    for each in following:
        if each.after_gap or not _add_place(found, each):
            break
    return Address(found)


def _add_place(found: dict[str, Span], part: Part) -> bool:
    """The town, the state or the country behind a street."""
    kind = _kind(found, part)
    city = city_at_start(part.text) if kind == "city" else None
    if kind is None or (kind == "city" and city is None):
        return False
    found[kind] = part.at(city) if city else part.span
    return True


def _kind(found: dict[str, Span], part: Part) -> str | None:
    if "city" not in found:
        if is_unit(part.text):
            return None if "address2" in found else "address2"
        return "city" if len(part.text.split()) <= 4 and not is_country(part.text) else None
    kind = "country" if is_country(part.text) else "state" if is_state(part.text) else None
    return None if kind in found else kind
