"""What each part of a text names by itself of an address: a street, a flat, a town with its code."""

import re
from dataclasses import dataclass
from typing import Final

from agents.rules.reading.parts import Part, ends_in_number, is_number, split_parts
from agents.rules.reading.streets import find_street
from agents.rules.reading.towns import read_town
from agents.rules.reading.units import unit_before, unit_end
from agents.rules.text import Span, trimmed

_UNIT_WORD: Final = re.compile(r"(?:unit|flat|apt|suite|shop|villa|apartment)\.? ?$", re.IGNORECASE)
_SHARED: Final = re.compile(r"\d{1,4}[a-z]?/(?=\d)", re.IGNORECASE)
_TYPED: Final = re.compile(
    r"(?i:\b(?:street|st|road|rd|avenue|ave|lane|drive|crescent|close|way)\.?$|^(?:rue|route|avenue|boulevard|calle|via|rua|av)\b)"
)
_DUTCH_TOWN: Final = re.compile(r"\d{4} ?[A-Z]{2} (?:'s-)?[A-Z][\w' -]+$")


@dataclass(frozen=True)
class Reading:
    """What a part names by itself, and the words of it before and behind."""

    part: Part
    found: dict[str, Span]
    lead: str = ""
    tail: str = ""
    is_sure: bool = False

    def has(self, *kinds: str) -> bool:
        return any(kind in self.found for kind in kinds)


def read_parts(text: str) -> list[Reading]:
    """The parts of a text in their order, each with what it names."""
    return _with_named_streets([_read(part) for part in _joined(text)])


def _with_named_streets(readings: list[Reading]) -> list[Reading]:
    """`Plot 45, Adeola Odeku Street`: behind a flat or a house, a street needs no number."""
    for index in range(1, len(readings)):
        before, reading = readings[index - 1], readings[index]
        is_behind = before.has("address2") and not before.tail and not reading.part.after_gap
        if is_behind and not reading.found and reading.part.after_comma and "address1" not in before.found:
            street = find_street(reading.part.text, is_weak=True)
            if (
                street
                and _TYPED.search(reading.part.text[: street.end])
                and street.end == len(reading.part.text)
            ):
                readings[index] = Reading(reading.part, {"address1": reading.part.at(street)})
    return readings


def _joined(text: str) -> list[Part]:
    """The parts, a house number behind or before a comma laid together with its street."""
    parts: list[Part] = []
    for part in split_parts(text):
        if (
            parts
            and part.after_comma
            and not part.after_gap
            and (is_number(part) or ends_in_number(parts[-1]))
        ):
            whole = Span(parts[-1].span.start, part.span.end)
            street = find_street(whole.of(text)) if find_street(parts[-1].text) is None else None
            crosses = street and street.start + whole.start < part.span.start < street.end + whole.start
            if crosses and not unit_before(parts[-1].text, len(parts[-1].text)):
                parts[-1] = Part(whole, whole.of(text), parts[-1].after_gap, parts[-1].after_comma)
                continue
        parts.append(part)
    return parts


def _read(part: Part) -> Reading:
    street = None if _DUTCH_TOWN.match(part.text) else find_street(part.text)
    if street:
        return _read_street(part, street)
    end = unit_end(part.text)
    town = read_town(part.text[end:]) if end < len(part.text) else None
    found = {"address2": part.at(Span(0, end))} if end else {}
    if town is None:
        return Reading(part, found, "", part.text[end:].strip(" ,.;"))
    found |= {kind: part.at(Span(end + span.start, end + span.end)) for kind, span in town.found.items()}
    lead = part.text[end : end + town.start].strip(" ,-")
    return Reading(part, found, lead, part.text[end + town.end :].strip(" .,;!?"), town.is_sure)


def _read_street(part: Part, street: Span) -> Reading:
    """The street, a flat before or behind it, and the town in the same part."""
    text = part.text
    shared = _SHARED.match(text[street.start :]) if _UNIT_WORD.search(text[: street.start]) else None
    if shared:
        street = Span(street.start + shared.end(), street.end)
        text = f"{text[: street.start - 1]} {text[street.start :]}"
    found = {"address1": part.at(street)}
    before = unit_before(text, street.start)
    lead = text[: before.start if before else street.start].strip(" ,")
    if before and before.of(text).lower() not in ("house", "the house"):
        found["address2"] = part.at(before)
    start = trimmed(text, street.end, len(text), strip=" ,./-").start
    end = unit_end(text, start)
    if end > start and "address2" not in found:
        found["address2"] = part.at(Span(start, end))
    end = max(end, street.end)
    town = read_town(text[end:], is_after_street=True)
    if town and (town.start <= 3 or "zip" in town.found):
        found |= {kind: part.at(Span(end + span.start, end + span.end)) for kind, span in town.found.items()}
        end += town.end
    return Reading(part, found, lead, text[end:].strip(" .,;!?)"), bool(town and town.is_sure))
