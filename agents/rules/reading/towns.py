"""The line of an address that names the town: with its postal code, before or after it, and its state."""

import re
from dataclasses import dataclass, replace
from typing import Final

from agents.rules.reading.parts import CITY, Part, city_at_end, city_at_start, is_country, is_state, is_unit
from agents.rules.reading.streets import find_street
from agents.rules.text import Span, trimmed

_UK: Final = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[AC-FHKNPRTV-Y]\d[\dW] ?[\dA-Z]{4})"
_CANADA: Final = r"[A-CEGHJ-NPR-TVXY]\d[A-Z][ -]?\d[A-Z]\d"
_EURO: Final = r"(?:\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Z]{2}(?![a-z])|\d{4,5}(?!-?\d))"
_COUNTRY_MARK: Final = r"(?:[A-Z]{1,2}-)?"
_CODE_CITY: Final = re.compile(
    rf"(?<![\w#/.,-]){_COUNTRY_MARK}(?P<zip>{_EURO}),? +(?P<city>{CITY})"
    r"(?: *\((?P<state>[A-Z]{2})\)| +(?P<province>[A-Z]{2})(?!\w))?"
)
_STATE_CODE: Final = re.compile(
    r"(?:^|(?<= ))(?P<state>[A-Za-z][A-Za-z. ]{1,24}?),? +"
    rf"(?P<zip>\d{{5}}(?:-\d{{4}})?|\d{{5}}-\d{{3}}|{_CANADA}|\d{{4}}(?= *$)|\d{{6}})(?!\w)"
)
_BRITISH: Final = re.compile(rf"(?<!\w)(?P<zip>{_UK}|{_CANADA})(?!\w)")
_CITY_CODE: Final = re.compile(
    rf"(?P<city>{CITY})[ -]+(?P<zip>\d{{5}}(?:-\d{{3,4}})?|\d{{6}}|\d{{4}})(?= *(?:$|[A-Z]))"
)
_CODE_ALONE: Final = re.compile(
    rf"{_COUNTRY_MARK}(?:(?:C\.?P|CEP|PLZ|ZIP|CAP|Postcode|zip)\.?:? ?)?"
    r"(?P<zip>\d{5}(?:-\d{3,4})?|\d{6}|\d{4}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Z]{2})"
)
_FIGURE: Final = re.compile(r"\d[\dA-Z]")
_TOWARDS: Final = (" in", " to", " à", " nach", " aus", " en", " a", " te", " i")
_NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True)
class Town:
    """What the line names, the parts of the text that it takes, and the words before it in its first part."""

    found: dict[str, Span]
    first: int
    last: int
    lead: Span | None


@dataclass(frozen=True)
class _Spot:
    """A part among the others; those up to `taken` belong to an earlier address."""

    parts: list[Part]
    index: int
    taken: int

    @property
    def part(self) -> Part:
        return self.parts[self.index]

    @property
    def before(self) -> Part | None:
        """The part before, where it can belong to the same address."""
        is_apart = self.index - 1 <= self.taken or self.index == 0 or self.part.after_gap
        return None if is_apart else self.parts[self.index - 1]

    def back(self) -> "_Spot":
        return replace(self, index=self.index - 1)

    def code(self, match: re.Match[str]) -> dict[str, Span]:
        return {"zip": self.part.at(Span(*match.span("zip")))}


def read_town(parts: list[Part], index: int, taken: int) -> Town | None:
    """The town that a part names with its code, with the state and the country behind it."""
    spot = _Spot(parts, index, taken)
    if not _FIGURE.search(spot.part.text):
        return None
    for reader in (_state_and_code, _code_and_city, _british, _city_and_code, _code_alone):
        town = reader(spot)
        if town:
            return _onwards(parts, town)
    return None


def has_code(part: Part) -> bool:
    patterns = (_CODE_CITY, _STATE_CODE, _BRITISH)
    return any(pattern.search(part.text) for pattern in patterns) or bool(_CODE_ALONE.fullmatch(part.text))


def _state_and_code(spot: _Spot) -> Town | None:
    """Springfield, IL 62704 and Sydney NSW 2000."""
    part = spot.part
    for match in _STATE_CODE.finditer(part.text):
        words = match["state"].split()
        for length in range(1, min(len(words), 3) + 1):
            state = " ".join(words[-length:])
            if not (is_state(state) or _is_small_state(part, state, match["zip"])):
                continue
            start = match.end("state") - len(state)
            found = {**spot.code(match), "state": part.at(Span(start, match.end("state")))}
            return _city_before(spot, found, part.inner(0, start))
    return None


def _is_small_state(part: Part, state: str, code: str) -> bool:
    """`springfield il 62704`, in a text that has no capitals."""
    return part.text.islower() and len(state) == 2 and len(code) >= 5 and is_state(state.upper())


def _city_before(spot: _Spot, found: dict[str, Span], lead: Span) -> Town | None:
    """The town stands before the state or the code: in the same part, or as the part before."""
    if lead.start < lead.end:
        return _city_in_lead(spot, found, lead)
    before, last = spot.before, spot.index
    if before is None or len(before.text) > 80:
        return None
    if is_unit(before.text):
        return Town(found, last, last, None)
    street = find_street(before.text)
    if street and street.end < len(before.text):
        city = before.inner(street.end, len(before.text))
        return Town({**found, "city": before.at(city)}, last - 1, last, before.at(street))
    city = city_at_end(before.text)
    if city is None and not street and len(before.text.split()) <= 3:
        city = Span(0, len(before.text))
    if city is None:
        return None
    return Town({**found, "city": before.at(city)}, last - 1, last, before.at(before.inner(0, city.start)))


def _city_in_lead(spot: _Spot, found: dict[str, Span], lead: Span) -> Town | None:
    """The town's name, and perhaps the street, before the state or the code in one part."""
    part = spot.part
    street = find_street(lead.of(part.text))
    rest = part.inner(lead.start + street.end if street else lead.start, lead.end)
    city = city_at_end(rest.of(part.text)) if rest.start < rest.end else None
    if city is None:
        return Town(found, spot.index, spot.index, part.at(lead)) if street else None
    place = Span(rest.start + city.start, rest.start + city.end)
    found = {**found, "city": part.at(place)}
    return Town(found, spot.index, spot.index, part.at(part.inner(0, place.start)))


def _code_and_city(spot: _Spot) -> Town | None:
    """75002 Paris, D-10115 Berlin, 00184 Roma (RM)."""
    part = spot.part
    for match in _CODE_CITY.finditer(part.text):
        city, lead = city_at_start(match["city"]), part.inner(0, match.start())
        if city is None or not _is_believable(spot, match["zip"], lead):
            continue
        place = Span(match.start("city") + city.start, match.start("city") + city.end)
        found = {**spot.code(match), "city": part.at(place), **_province(part, match, place)}
        before = part.at(lead) if lead.start < lead.end else None
        return Town(_less_region(part, _less_country(part, found)), spot.index, spot.index, before)
    return None


def _province(part: Part, match: re.Match[str], city: Span) -> dict[str, Span]:
    for group in ("state", "province"):
        if match[group] and city.end <= match.start(group) and not is_country(match[group]):
            return {"state": part.at(Span(*match.span(group)))}
    return {}


def _is_believable(spot: _Spot, code: str, lead: Span) -> bool:
    """Figures before a capital may be a year or a number of things; a street beside them settles it."""
    words = lead.of(spot.part.text)
    if words:
        return bool(find_street(words)) or (len(code) >= 5 and words.lower().endswith(_TOWARDS))
    before = spot.before
    return len(code) >= 5 or bool(before and (find_street(before.text) or is_unit(before.text)))


def _less_country(part: Part, found: dict[str, Span]) -> dict[str, Span]:
    """`Paris France` without a comma: the country leaves the town's name."""
    city = found["city"]
    words = city.of(" " * part.span.start + part.text).split()
    for length in range(1, len(words)):
        country, town = " ".join(words[-length:]), " ".join(words[:-length])
        if is_country(country):
            split = city.start + len(town)
            return {**found, "city": Span(city.start, split), "country": Span(split + 1, city.end)}
    return found


def _less_region(part: Part, found: dict[str, Span]) -> dict[str, Span]:
    """`Napoli NA`: the province's letters leave the town's name."""
    city = found["city"]
    words = city.of(" " * part.span.start + part.text).split()
    is_province = len(words) > 1 and re.fullmatch(r"[A-Z]{2}", words[-1]) and not words[0].isupper()
    if "state" in found or not is_province:
        return found
    return {**found, "city": Span(city.start, city.end - 3), "state": Span(city.end - 2, city.end)}


def _british(spot: _Spot) -> Town | None:
    """London SW1A 2AA, Ottawa K1A 0B1, with the county before the code or not."""
    match = _BRITISH.search(spot.part.text)
    if match is None:
        return None
    found, lead = spot.code(match), spot.part.inner(0, match.start())
    if lead.start == lead.end:
        return _after_state(spot, found) or _city_before(spot, found, lead)
    if is_state(lead.of(spot.part.text)) and spot.before:
        return _city_before(spot, {**found, "state": spot.part.at(lead)}, _NOWHERE)
    return _city_in_lead(spot, found, lead)


def _after_state(spot: _Spot, found: dict[str, Span]) -> Town | None:
    """The state as a part of its own between the town and the code."""
    before = spot.before
    if before is None or not is_state(before.text) or spot.back().before is None:
        return None
    if find_street(spot.parts[spot.index - 2].text):
        return None
    town = _city_before(spot.back(), {**found, "state": before.span}, _NOWHERE)
    return replace(town, last=spot.index) if town else None


def _city_and_code(spot: _Spot) -> Town | None:
    """New York 10001, Bengaluru 560001; after a street only."""
    match, before = _CITY_CODE.match(spot.part.text), spot.before
    if match is None or before is None or not (find_street(before.text) or is_unit(before.text)):
        return None
    city = city_at_start(match["city"])
    found = {**spot.code(match), "city": spot.part.at(city)} if city else {}
    return Town(found, spot.index, spot.index, None) if city else None


def _code_alone(spot: _Spot) -> Town | None:
    """The code as a part of its own, after the state or the town, or before the town."""
    match, before = _CODE_ALONE.fullmatch(spot.part.text), spot.before
    if match is None or before is None:
        return None
    found = spot.code(match)
    if find_street(before.text):
        return _city_after(spot, found)
    town = _after_state(spot, found)
    if town:
        return town
    earlier = spot.back().before
    is_after_street = earlier is not None and (find_street(earlier.text) or is_unit(earlier.text))
    return _city_before(spot, found, _NOWHERE) if is_after_street else None


def _city_after(spot: _Spot, found: dict[str, Span]) -> Town | None:
    after = spot.parts[spot.index + 1] if spot.index + 1 < len(spot.parts) else None
    city = city_at_start(after.text) if after and not after.after_gap else None
    if after is None or city is None:
        return None
    return Town({**found, "city": after.at(city)}, spot.index, spot.index + 1, None)


def _onwards(parts: list[Part], town: Town) -> Town:
    """State and country may follow the town."""
    found, last = dict(town.found), town.last
    found |= _country_behind(parts[last], found)
    for part in parts[last + 1 : last + 3]:
        kind = "state" if "state" not in found and is_state(part.text) else "country"
        if part.after_gap or kind in found or not (kind == "state" or is_country(part.text)):
            break
        is_abbreviated = re.search(r"\.\w\.$", part.text)
        words = part.text if is_abbreviated else part.text.rstrip(". ")
        found[kind] = Span(part.span.start, part.span.start + len(words))
        last += 1
    return replace(town, found=found, last=last)


def _country_behind(part: Part, found: dict[str, Span]) -> dict[str, Span]:
    """The country in the same part as the town."""
    end = max(span.end for span in found.values())
    if "country" in found or part.span.end - end <= 1:
        return {}
    span = trimmed(part.text, end - part.span.start, len(part.text), strip=" ,.()")
    return {"country": part.at(span)} if is_country(span.of(part.text)) else {}
