"""Postal addresses in the styles of Europe, the Americas and Australia."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from agents.rules.reading.parts import (
    CITY,
    Part,
    city_at_end,
    city_at_start,
    is_country,
    is_state,
    is_unit,
    split_parts,
)
from agents.rules.reading.streets import find_street
from agents.rules.text import Span, trimmed

_UK: Final = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[AC-FHKNPRTV-Y]\d[\dW] ?[\dA-Z]{4})"
_CANADA: Final = r"[A-CEGHJ-NPR-TVXY]\d[A-Z][ -]?\d[A-Z]\d"
_EURO: Final = r"(?:\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Z]{2}(?![a-z])|\d{4,5}(?!-?\d))"
_ZIP_CITY: Final = re.compile(
    rf"(?<![\w#/.,-])(?:[A-Z]{{1,2}}-)?(?P<zip>{_EURO}),? +(?P<city>{CITY})(?: *\((?P<state>[A-Z]{{2}})\)| +(?P<province>[A-Z]{{2}})(?![\w]))?"
)
_STATE_ZIP: Final = re.compile(
    rf"(?:^|(?<=[ ]))(?P<state>[A-Za-z][A-Za-z. ]{{1,24}}?),? +(?P<zip>\d{{5}}(?:-\d{{4}})?|\d{{5}}-\d{{3}}|{_CANADA}|\d{{4}}(?= *$)|\d{{6}})(?!\w)"
)
_BRITISH: Final = re.compile(rf"(?<!\w)(?P<zip>{_UK}|{_CANADA})(?!\w)")
_CITY_ZIP: Final = re.compile(
    rf"(?P<city>{CITY})[ -]+(?P<zip>\d{{5}}(?:-\d{{3,4}})?|\d{{6}}|\d{{4}})(?= *(?:$|[A-Z]))"
)
_ZIP_ALONE: Final = re.compile(
    r"(?:[A-Z]{1,2}-)?(?:(?:C\.?P|CEP|PLZ|ZIP|CAP|Postcode|zip)\.?:? ?)?(?P<zip>\d{5}(?:-\d{3,4})?|\d{6}|\d{4}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Z]{2})"
)


_FIGURE: Final = re.compile(r"\d[\dA-Z]")


@dataclass
class Address:
    """An address; `parts` names where each of its parts stands in the text."""

    parts: dict[str, Span] = field(default_factory=dict[str, Span])

    @property
    def span(self) -> Span:
        return Span(
            min(span.start for span in self.parts.values()), max(span.end for span in self.parts.values())
        )


@dataclass(frozen=True)
class _Tail:
    """The line with the town: what it names, the parts that it takes, and the text before it in its first part."""

    found: dict[str, Span]
    first: int
    last: int
    lead: Span | None


def find_addresses(text: str) -> list[Address]:
    """Every address with a street, and every town with its postal code."""
    parts = split_parts(text)
    found: list[Address] = []
    taken = -1
    for index in range(len(parts)):
        if index <= taken:
            continue
        tail = _tail(parts, index, taken)
        address = _with_street(parts, tail, taken) if tail else _without_code(parts, index)
        if address and (not found or address.span.start >= found[-1].span.end):
            found.append(address)
            taken = tail.last if tail else index
            while taken + 1 < len(parts) and parts[taken].span.end < address.span.end:
                taken += 1
    return found


def _tail(parts: list[Part], index: int, taken: int) -> _Tail | None:
    part = parts[index]
    if not _FIGURE.search(part.text):
        return None
    for reader in (_state_and_code, _code_and_city, _british, _city_and_code, _code_alone):
        tail = reader(parts, index, taken, part)
        if tail:
            return _onwards(parts, tail)
    return None


def _before(parts: list[Part], index: int, taken: int) -> Part | None:
    """The part before, where it can belong to the same address."""
    return parts[index - 1] if index - 1 > taken and index > 0 and not parts[index].after_gap else None


def _state_and_code(parts: list[Part], index: int, taken: int, part: Part) -> _Tail | None:
    """Springfield, IL 62704 and Sydney NSW 2000."""
    for match in _STATE_ZIP.finditer(part.text):
        words = match["state"].split()
        for length in (1, 2, 3):
            state = " ".join(words[-length:])
            if length > len(words) or not (
                is_state(state)
                or (
                    is_state(state.upper())
                    and len(match["zip"]) >= 5
                    and len(state) == 2
                    and part.text.islower()
                )
            ):
                continue
            start = match.end("state") - len(state)
            found = {
                "state": part.at(Span(start, match.end("state"))),
                "zip": part.at(Span(*match.span("zip"))),
            }
            return _city_before(parts, index, taken, found, part.inner(0, start))
    return None


def _city_before(
    parts: list[Part], index: int, taken: int, found: dict[str, Span], lead: Span
) -> _Tail | None:
    """The town stands before the state or the code: in the same part, or as the part before."""
    part = parts[index]
    before = _before(parts, index, taken)
    if lead.start < lead.end:
        return _city_in_lead(part, index, found, lead)
    if before is None or len(before.text) > 80:
        return None
    street = find_street(before.text)
    if street and street.end < len(before.text):
        city = before.inner(street.end, len(before.text))
        return _Tail({**found, "city": before.at(city)}, index - 1, index, before.at(street))
    if is_unit(before.text):
        return _Tail(found, index, index, None)
    city = city_at_end(before.text) or (
        Span(0, len(before.text))
        if len(before.text.split()) <= 3 and not street and not is_unit(before.text)
        else None
    )
    return (
        _Tail({**found, "city": before.at(city)}, index - 1, index, before.at(before.inner(0, city.start)))
        if city
        else None
    )


def _city_in_lead(part: Part, index: int, found: dict[str, Span], lead: Span) -> _Tail | None:
    street = find_street(lead.of(part.text))
    start = lead.start + street.end if street else lead.start
    rest = part.inner(start, lead.end)
    city = city_at_end(rest.of(part.text)) if rest.start < rest.end else None
    if city and "state" not in found and is_state(rest.of(part.text)) and not street:
        return None
    if city is None:
        return _Tail(found, index, index, part.at(lead)) if street else None
    place = Span(rest.start + city.start, rest.start + city.end)
    return _Tail({**found, "city": part.at(place)}, index, index, part.at(part.inner(0, place.start)))


def _code_and_city(parts: list[Part], index: int, taken: int, part: Part) -> _Tail | None:
    """75002 Paris, D-10115 Berlin, 00184 Roma (RM)."""
    for match in _ZIP_CITY.finditer(part.text):
        city = city_at_start(match["city"])
        lead = part.inner(0, match.start())
        if city is None or not _is_believable(parts, index, taken, match["zip"], lead):
            continue
        place = Span(match.start("city") + city.start, match.start("city") + city.end)
        found = {"zip": part.at(Span(*match.span("zip"))), "city": part.at(place)}
        group = "state" if match["state"] else "province"
        if (
            match[group]
            and place.end <= match.start(group)
            and (group == "state" or not is_country(match[group]))
        ):
            found["state"] = part.at(Span(*match.span(group)))
        return _Tail(
            _less_region(part, _less_country(part, found)),
            index,
            index,
            part.at(lead) if lead.start < lead.end else None,
        )
    return None


def _is_believable(parts: list[Part], index: int, taken: int, code: str, lead: Span) -> bool:
    """Four figures before a capital may be a year or a number of things; a street beside them settles it."""
    if len(code) >= 5 and not lead.of(parts[index].text):
        return True
    if lead.start < lead.end and find_street(lead.of(parts[index].text)):
        return True
    if len(code) >= 5 and lead.of(parts[index].text).lower().endswith(
        (" in", " to", " à", " nach", " aus", " en", " a", " te", " i")
    ):
        return True
    before = _before(parts, index, taken)
    return (
        not lead.of(parts[index].text)
        and before is not None
        and bool(find_street(before.text) or is_unit(before.text))
    )


def _less_country(part: Part, found: dict[str, Span]) -> dict[str, Span]:
    """`Paris France` without a comma: the country leaves the town's name."""
    city = found["city"]
    words = city.of(" " * part.span.start + part.text).split()
    for length in range(1, len(words)):
        country = " ".join(words[-length:])
        if is_country(country):
            start = city.end - len(country)
            return {
                **found,
                "city": Span(city.start, city.start + len(" ".join(words[:-length]))),
                "country": Span(start, city.end),
            }
    return found


def _less_region(part: Part, found: dict[str, Span]) -> dict[str, Span]:
    """`Napoli NA`: the province's letters leave the town's name."""
    city = found["city"]
    words = city.of(" " * part.span.start + part.text).split()
    if "state" in found or len(words) < 2 or not re.fullmatch(r"[A-Z]{2}", words[-1]) or words[0].isupper():
        return found
    return {**found, "city": Span(city.start, city.end - 3), "state": Span(city.end - 2, city.end)}


def _british(parts: list[Part], index: int, taken: int, part: Part) -> _Tail | None:
    """London SW1A 2AA, Ottawa K1A 0B1."""
    match = _BRITISH.search(part.text)
    if match is None:
        return None
    found = {"zip": part.at(Span(*match.span("zip")))}
    lead = part.inner(0, match.start())
    if lead.start < lead.end and not is_state(lead.of(part.text)):
        return _city_in_lead(part, index, found, lead)
    before = _before(parts, index, taken)
    if lead.start < lead.end and before:
        return _city_before(parts, index, taken, {**found, "state": part.at(lead)}, Span(0, 0))
    if before and is_state(before.text) and index - 2 > taken:
        found["state"] = before.span
        return _through(_city_before(parts, index - 1, taken, found, Span(0, 0)), index)
    return _city_before(parts, index, taken, found, lead)


def _through(tail: _Tail | None, last: int) -> _Tail | None:
    return replace(tail, last=last) if tail else None


def _city_and_code(parts: list[Part], index: int, taken: int, part: Part) -> _Tail | None:
    """New York 10001, Bengaluru 560001; after a street only."""
    match = _CITY_ZIP.search(part.text)
    before = _before(parts, index, taken)
    if match is None or match.start() > 0 or before is None:
        return None
    if not (find_street(before.text) or is_unit(before.text)):
        return None
    city = city_at_start(match["city"])
    return (
        _Tail({"city": part.at(city), "zip": part.at(Span(*match.span("zip")))}, index, index, None)
        if city
        else None
    )


def _code_alone(parts: list[Part], index: int, taken: int, part: Part) -> _Tail | None:
    """The code as a part of its own, after the state or the town, or before the town."""
    match = _ZIP_ALONE.fullmatch(part.text)
    before = _before(parts, index, taken)
    if match is None or before is None:
        return None
    found = {"zip": part.at(Span(*match.span("zip")))}
    if is_state(before.text) and index >= 2 and not find_street(parts[index - 2].text):
        return _through(
            _city_before(parts, index - 1, taken, {**found, "state": before.span}, Span(0, 0)), index
        )
    if find_street(before.text):
        after = parts[index + 1] if index + 1 < len(parts) else None
        city = city_at_start(after.text) if after and not after.after_gap else None
        return _Tail({**found, "city": after.at(city)}, index, index + 1, None) if after and city else None
    two_before = parts[index - 2] if index >= 2 and index - 2 > taken else None
    is_after_street = two_before is not None and (find_street(two_before.text) or is_unit(two_before.text))
    return _city_before(parts, index, taken, found, Span(0, 0)) if is_after_street else None


def _onwards(parts: list[Part], tail: _Tail) -> _Tail:
    """State and country may follow the town."""
    found, last = dict(tail.found), tail.last
    end = max(span.end for span in found.values())
    rest = parts[last].span.end - end
    if "country" not in found and rest > 1:
        span = trimmed(parts[last].text, end - parts[last].span.start, len(parts[last].text), strip=" ,.()")
        if is_country(span.of(parts[last].text)):
            found["country"] = parts[last].at(span)
    for part in parts[last + 1 : last + 3]:
        if part.after_gap:
            break
        kind = (
            "state"
            if "state" not in found and is_state(part.text)
            else "country"
            if is_country(part.text)
            else None
        )
        if kind is None or kind in found:
            break
        found[kind] = Span(
            part.span.start,
            part.span.start + len(part.text if re.search(r"\.\w\.$", part.text) else part.text.rstrip(". ")),
        )
        last += 1
    return _Tail(found, tail.first, last, tail.lead)


def _with_street(parts: list[Part], tail: _Tail, taken: int) -> Address:
    found = dict(tail.found)
    if tail.lead:
        part = parts[tail.first]
        _add_street(found, part.text[: tail.lead.end - part.span.start], part.span.start)
    index, skipped = tail.first - 1, 0
    gap = parts[tail.first].after_gap
    while "address1" not in found and index > taken and not gap and skipped < 3 and tail.first - index <= 4:
        part = parts[index]
        if not _add_street(found, part.text, part.span.start):
            skipped += 1
        elif (
            "address1" in found
            and index - 1 > taken
            and "address2" not in found
            and not part.after_gap
            and is_unit(parts[index - 1].text)
        ):
            found["address2"] = parts[index - 1].span
        gap = part.after_gap
        index -= 1
    if "address1" not in found:
        found.pop("address2", None)
    found.pop("number", None)
    return Address(found)


def _add_street(found: dict[str, Span], text: str, offset: int) -> bool:
    """Read a street or a flat from a part; whether there was one."""
    street = find_street(text)
    if street is None:
        number = re.fullmatch(r"\d{1,5} ?[a-zA-Z]?", text)
        if number and "number" not in found:
            found["number"] = Span(offset, offset + len(text))
            return True
        if is_unit(text):
            known = found.get("address2")
            found["address2"] = Span(offset, known.end if known else offset + len(text))
            return True
        return _add_numbered(found, text, offset)
    found.pop("number", None)
    found["address1"] = Span(offset + street.start, offset + street.end)
    rest = trimmed(text, street.end, len(text))
    if rest.start < rest.end and is_unit(rest.of(text)) and "address2" not in found:
        found["address2"] = Span(offset + rest.start, offset + rest.end)
    return True


def _add_numbered(found: dict[str, Span], text: str, offset: int) -> bool:
    """`Via Roma, 12`: the number stood in the part behind."""
    number = found.pop("number", None)
    if number is None:
        return False
    street = find_street(f"{text} 1")
    if street is None:
        return False
    found["address1"] = Span(offset + street.start, number.end)
    return True


def _without_code(parts: list[Part], index: int) -> Address | None:
    """A street whose town has no code: 12 Baker Street, London, or the street alone."""
    part = parts[index]
    found: dict[str, Span] = {}
    following = parts[index + 1 : index + 6]
    text = part.text
    if following and re.fullmatch(r"\d{1,5} ?[a-zA-Z]?", following[0].text) and not find_street(text):
        _add_street(found, following[0].text, following[0].span.start)
        following = following[1:]
    if not _add_street(found, text, part.span.start) or "address1" not in found or _has_code_ahead(following):
        return None
    inside = (
        re.match(rf" (?:in|à|a|en|te|em|i) ({CITY})", text[found["address1"].end - part.span.start :])
        if found["address1"].end <= part.span.end
        else None
    )
    if inside:
        start = found["address1"].end + inside.start(1)
        found["city"] = Span(start, start + len(inside[1]))
    for each in following:
        if each.after_gap or not _add_place(found, each):
            break
    return Address(found)


def _has_code_ahead(following: list[Part]) -> bool:
    """Leave the street to the line with the code, which comes a little later."""
    return any(
        _ZIP_CITY.search(part.text)
        or _STATE_ZIP.search(part.text)
        or _BRITISH.search(part.text)
        or _ZIP_ALONE.fullmatch(part.text)
        for part in following
        if not part.after_gap
    )


def _add_place(found: dict[str, Span], part: Part) -> bool:
    city = city_at_start(part.text)
    if "city" in found and is_country(part.text) and "country" not in found:
        found["country"] = part.span
    elif "city" in found and is_state(part.text) and "state" not in found:
        found["state"] = part.span
    elif "address2" not in found and "city" not in found and is_unit(part.text):
        found["address2"] = part.span
    elif "city" not in found and city and len(part.text.split()) <= 4 and not is_country(part.text):
        found["city"] = part.at(city)
    else:
        return False
    return True
