"""Postal addresses in the styles of many countries."""

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from agents.rules.reading.clearing import cleared
from agents.rules.reading.names import is_nobody
from agents.rules.reading.part_readings import Reading, read_parts
from agents.rules.reading.parts import Part
from agents.rules.reading.regions import is_country, is_region, is_state, is_state_code
from agents.rules.reading.streets import find_street
from agents.rules.reading.towns import city_after, is_place_name
from agents.rules.reading.units import house_at_end, is_unit, unit_before
from agents.rules.text import Span, trimmed
from agents.rules.vocabulary import normal, word_set

_AHEAD, _BACK, _MOST_SKIPPED = 7, 5, 3
_TOWARDS: Final = re.compile(
    r"(?:^|[ '])(?:in|to|à|nach|aus|en|a|te|i|is|w|do|em|für|for|at)$", re.IGNORECASE
)
_CAPITALS: Final = re.compile(r"(?:[A-ZÀ-Þ][\w'\u2019-]+ ){0,3}[A-ZÀ-Þ][\w'\u2019-]+$")
_UNKNOWN_HOUSE: Final = re.compile(r"(?:The|Le|La|Das|Casa|Villa|Haus) [A-ZÀ-Þ][\w' -]{2,30}")


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
    readings = read_parts(cleared(text))
    found: list[Address] = []
    taken = -1
    for index in range(len(readings)):
        if index <= taken:
            continue
        parts, last = _assembled(readings, index, taken)
        if parts:
            found.append(Address(parts))
            taken = last
    return found


def _assembled(readings: list[Reading], index: int, taken: int) -> tuple[dict[str, Span], int]:
    """The address that has its street or, failing that, its town here; with the last part that it takes."""
    reading = readings[index]
    if reading.has("address1"):
        found, last = _forward(readings, index)
        if not reading.lead and "address2" not in found:
            found |= _units_before(readings, index, taken)
        return found, last
    if reading.has("zip"):
        return _from_town(readings, index, taken)
    return {}, index


def _forward(readings: list[Reading], index: int) -> tuple[dict[str, Span], int]:
    """From the street on: flats, quarters, the town with its code, the state and the country."""
    found, last = dict(readings[index].found), index
    between: list[Reading] = []
    has_tail = bool(readings[index].tail)
    for number in range(index + 1, min(index + 1 + _AHEAD, len(readings))):
        reading = readings[number]
        if not _goes_on(found, readings, number):
            break
        if reading.found:
            between = _take(found, reading, between)
            has_tail = has_tail or bool(reading.tail)
        elif not _add_behind(found, reading, has_code="zip" in found):
            between.append(reading)
            if not _may_stand_between(reading) or len(between) > _MOST_SKIPPED:
                break
            continue
        last = number
    if "city" not in found and not has_tail:
        last = max(last, _add_places(found, readings, index, between))
    return found, last


def _take(found: dict[str, Span], reading: Reading, between: list[Reading]) -> list[Reading]:
    """Add what a part names, with the town that stood before its code; what is left between."""
    has_town = reading.has("zip", "city")
    if has_town and "city" not in found:
        found |= _city_among(between, reading)
    found |= _merged(found, reading)
    return [] if has_town else between


def _goes_on(found: dict[str, Span], readings: list[Reading], number: int) -> bool:
    """Whether a part can belong to what was found so far."""
    reading = readings[number]
    if reading.part.after_gap or reading.has("address1"):
        return False
    if "city" in found and reading.has("address2") and _is_next_ones(readings, number):
        return False
    if reading.lead and reading.found and not ("zip" in reading.found and len(reading.lead.split()) <= 2):
        return False
    return not any(kind in found for kind in reading.found if kind not in ("address2", "city", "state"))


def _is_next_ones(readings: list[Reading], number: int) -> bool:
    """Whether the street of another address follows a flat."""
    following = readings[number + 1] if number + 1 < len(readings) else None
    return following is not None and following.has("address1") and not following.part.after_stop


def _merged(found: dict[str, Span], reading: Reading) -> dict[str, Span]:
    merged = {kind: span for kind, span in reading.found.items() if kind not in found}
    known, more = found.get("address2"), reading.found.get("address2")
    if known and more and more.start - known.end <= 4 and known.end < more.start:
        merged["address2"] = Span(known.start, more.end)
    return merged


def _may_stand_between(reading: Reading) -> bool:
    text = reading.part.text
    return len(text) <= 50 and not is_nobody(text) and not re.search(r"@|\d{6}", text)


def _city_among(between: list[Reading], reading: Reading) -> dict[str, Span]:
    """The town, and perhaps its state, as parts of their own before the code."""
    names = [each for each in between if _is_town_name(each)]
    if reading.has("city") or not names:
        return {}
    *earlier, last = names
    if earlier and is_state(last.part.text) and not reading.has("state"):
        return {"city": earlier[-1].part.span, "state": last.part.span}
    town = _less_stop(last.part)
    bracket = re.search(r" \(([^()]{2,30})\)$", last.part.text)
    if bracket and is_state(bracket[1]) and not reading.has("state"):
        return {
            "city": last.part.at(Span(0, bracket.start())),
            "state": last.part.at(Span(*bracket.span(1))),
        }
    return {"city": town}


def _is_town_name(reading: Reading) -> bool:
    text = reading.part.text
    is_small = re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){0,2}", text) and not any(map(is_nobody, text.split()))
    bracket = re.search(r" \([^\W\d_][^()\d]{1,20}\)$", text)
    is_name = is_place_name(text[: bracket.start()] if bracket else text) or (
        text.islower() and bool(is_small) and not reading.part.after_stop
    )
    return is_name and not is_country(text) and not _is_quarter(text)


def _less_stop(part: Part) -> Span:
    return trimmed(" " * part.span.start + part.text, part.span.start, part.span.end, strip=" .,!?")


def _add_behind(found: dict[str, Span], reading: Reading, *, has_code: bool) -> bool:
    """The town, the state or the country as a part behind the code."""
    text = reading.part.text
    kind = None
    if is_country(text):
        kind = "country"
    elif has_code and "city" not in found and _is_town_name(reading):
        kind = "city"
    elif "city" in found and not found.keys() & {"state", "country"} and is_region(text):
        kind = "state"
    if kind is None or kind in found or ("city" not in found and kind == "country" and not has_code):
        return False
    found[kind] = (
        reading.part.span
        if kind == "state" and re.search(r"[.]\w{0,2}[.]$", text)
        else _less_stop(reading.part)
    )
    return True


def _add_places(found: dict[str, Span], readings: list[Reading], index: int, between: list[Reading]) -> int:
    """Without a code: the town behind the street, then the state and the country."""
    names = list(takewhile(lambda each: is_place_name(each.part.text) or _is_town_name(each), between))
    names = [each for each in names if not _is_quarter(each.part.text)]
    towns = list(takewhile(lambda each: not is_country(each.part.text), names))
    if not towns or is_state_code(towns[0].part.text) or not _is_town_name(towns[0]):
        return index
    town = next((each for each in towns[1:3] if _is_large(each.part.text)), towns[0])
    city = city_after(town.part.text, 0)
    found["city"] = town.part.at(city) if city else town.part.span
    last = readings.index(town)
    for reading in names[names.index(town) + 1 :]:
        if not _add_behind(found, reading, has_code=False):
            continue
        last = readings.index(reading)
    return last


def _is_large(town: str) -> bool:
    return normal(town) in word_set("places", "towns", "large")


def _is_quarter(text: str) -> bool:
    return normal(text.split()[0]) in word_set("places", "units", "quarters")


def _from_town(readings: list[Reading], index: int, taken: int) -> tuple[dict[str, Span], int]:
    """From the town with its code back to its street, and on to the state and the country."""
    reading = readings[index]
    found, first = dict(reading.found), index
    if reading.lead:
        found |= _weak_lead(reading)
    else:
        found, first = _with_city(readings, index, taken, found)
    if "address1" not in found and not reading.lead:
        found |= _street_before(readings, first, taken) or _house_before(readings, first, taken, found)
    if "address1" not in found and not reading.lead and (street := _street_behind(readings, index)):
        return found | street, index + 1
    is_settled = "address1" in found or (reading.is_sure and "city" in found) or _is_code_in_words(reading)
    if not is_settled:
        return {}, index
    last = index
    for number in range(index + 1, min(index + 3, len(readings))):
        behind = readings[number]
        if behind.part.after_gap or behind.found or not _add_behind(found, behind, has_code=True):
            break
        last = number
    if "address1" not in found:
        found.pop("address2", None)
    return found, last


def _is_code_in_words(reading: Reading) -> bool:
    """`I live in 75002 Paris`: five figures or more, and nothing else or a word of place before them."""
    code, lead = reading.found["zip"], reading.lead
    is_long = code.end - code.start >= 5 and reading.has("city")
    return is_long and (not lead or bool(_TOWARDS.search(lead)))


def _weak_lead(reading: Reading) -> dict[str, Span]:
    street = find_street(reading.lead, is_weak=True)
    if street is None:
        return {}
    start = reading.part.text.find(reading.lead)
    return {"address1": reading.part.at(Span(start + street.start, start + street.end))}


def _with_city(
    readings: list[Reading], index: int, taken: int, found: dict[str, Span]
) -> tuple[dict[str, Span], int]:
    """The town as a part before the code, or before the state that stands before the code."""
    if "city" in found:
        return found, index
    for number in range(index - 1, max(taken, index - 3), -1):
        before = readings[number]
        if readings[number + 1].part.after_gap or (before.found and not before.has("city")):
            break
        if before.has("city"):
            return {**before.found, **found}, number
        if (
            "state" not in found
            and is_state(before.part.text)
            and number - 1 > taken
            and not before.part.after_gap
            and _is_town_name(readings[number - 1])
        ):
            found = {**found, "state": before.part.span}
        elif _is_town_name(before):
            city = before.part.span
            return {**found, "city": city}, number
        else:
            break
    return found, index


def _street_before(readings: list[Reading], first: int, taken: int) -> dict[str, Span]:
    """A street that only its place before the town gives away, and the flats around it."""
    found: dict[str, Span] = {}
    for number in range(first - 1, max(taken, first - 1 - _BACK), -1):
        if readings[number + 1].part.after_gap:
            break
        reading = readings[number]
        street = find_street(reading.part.text, is_weak=True)
        if street:
            found["address1"] = reading.part.at(street)
            rest = trimmed(reading.part.text, street.end, len(reading.part.text), strip=" ,/-")
            if rest.start < rest.end and is_unit(rest.of(reading.part.text)):
                found["address2"] = reading.part.at(rest)
            return found | ({} if "address2" in found else _units_before(readings, number, taken))
        if reading.has("address2") and not reading.tail:
            known = found.get("address2")
            found["address2"] = (
                Span(reading.found["address2"].start, known.end) if known else reading.found["address2"]
            )
        elif first - number > _MOST_SKIPPED:
            break
    return {}


def _house_before(readings: list[Reading], first: int, taken: int, found: dict[str, Span]) -> dict[str, Span]:
    """`Gortnalee, Ballyduff, Co. Kerry, V92 X4T7`: where houses have names, one before the town will do."""
    number = first - 1
    is_apart = number > taken and readings[first].part.after_comma and not readings[first].part.after_gap
    if not is_apart or first == number + 2 or "city" not in found or not readings[first].part.text:
        return {}
    text = readings[number].part.text
    name = _CAPITALS.search(text)
    if name is None or is_nobody(name.group()) or not _has_sure_code(readings, first):
        return {}
    return {"address1": readings[number].part.at(Span(*name.span()))}


def _street_behind(readings: list[Reading], index: int) -> dict[str, Span]:
    """`1132 Budapest, Váci út 18`: a street that has no town of its own belongs to the town before it."""
    behind = readings[index + 1] if index + 1 < len(readings) else None
    if behind is None or not behind.has("address1") or behind.has("zip", "city") or behind.lead:
        return {}
    own = _forward(readings, index + 1)[0]
    is_near = behind.part.after_comma and not behind.part.after_gap
    return own if is_near and not own.keys() & {"zip", "city"} else {}


def _has_sure_code(readings: list[Reading], first: int) -> bool:
    return any(each.is_sure and each.has("zip") for each in readings[first : first + 3])


def _units_before(readings: list[Reading], index: int, taken: int) -> dict[str, Span]:
    """The flats and houses in the parts right before the street."""
    unit: Span | None = None
    for number in range(index - 1, max(taken, index - 5), -1):
        reading = readings[number]
        if readings[number + 1].part.after_gap:
            break
        span = _unit_of(reading)
        if (
            span is None
            and unit is None
            and number - 1 > taken
            and _is_named_house(reading, readings[number - 1])
        ):
            span = reading.part.span
        if span is None:
            break
        unit = Span(span.start, unit.end if unit else span.end)
        if span.start > reading.part.span.start:
            break
    return {"address2": unit} if unit else {}


def _is_named_house(reading: Reading, before: Reading) -> bool:
    """`Apt 14, Old Granary, 20 Long Street`: a name between a flat and the street is the house's."""
    is_near = not reading.part.after_gap and unit_before(before.part.text, len(before.part.text)) is not None
    return is_near and not reading.found and is_place_name(reading.part.text)


def _unit_of(reading: Reading) -> Span | None:
    text = reading.part.text
    if is_unit(text) or _UNKNOWN_HOUSE.fullmatch(text):
        return reading.part.span
    house = house_at_end(text) or unit_before(text, len(text))
    return reading.part.at(house) if house else None
