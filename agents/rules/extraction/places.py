"""Addresses as a text gives them: in fields of their own or written out, and whose each of them is."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.choosing import cued_roles, one_place, with_cue
from agents.rules.extraction.countries import country_beside
from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.extraction.place import Place
from agents.rules.extraction.telling import find_told
from agents.rules.reading.addresses import Address, find_addresses
from agents.rules.text import Cover, Span, fold, trimmed
from agents.rules.vocabulary import concept_group, folded_words, normal

_ORDER: Final = ("address1", "address2", "zip", "city", "state", "country")
_IDENTITY: Final = ("address1", "zip", "city")
_ZIP_CITY: Final = re.compile(
    r"(?:[A-Z]{1,2}-)?(?P<zip>\d[\dA-Z -]{2,8}?|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})[ ,]+"
    r"(?P<city>[^\W\d_][^\d,]{1,40})"
)


_CELL: Final = 4
_BEGINS: Final = re.compile(r"(?:^|[\n\t|;*>•-]|  )[\s\"*>]*$")
_INSIDE: Final = 200
_ADDRESSEE: Final = re.compile(r"^(?:To|An|À|A|Al|Alla|Ao|À l'attention de),[ \t]*$", re.MULTILINE)
_EDGES: Final = " .,;\t\r\"'{}"
_NOTHING: Final = re.compile(
    r"\W*(?:n/?a|none|null|nil|undefined|keine?|nessun[oa]?|aucune?|ningun[oa]?|nenhum[a]?|geen|ingen|brak|tbd"
    r"|(?:please |bitte )?(?:select|choose|wahlen|auswahlen|pick)\b.{0,30}|-+.*-+)\W*"
)


def find_places(document: Document) -> list[Place]:
    """Each address once: those in fields of their own first, then those that are written out elsewhere."""
    labelled = _labelled_places(document)
    fields = Cover(span for place in labelled for span in place.parts.values())
    written = [
        place for place in _written_places(document) if not any(map(fields.touches, place.parts.values()))
    ]
    return with_told(document, _corrected(document.text, _distinct(document.text, labelled + written)))


def _written_places(document: Document) -> Iterator[Place]:
    earlier = 0
    for address in document.addresses:
        span = address.span
        anchor = min(address.parts.values())
        beside = any(column.holds(anchor) for column in document.columns)
        cue = frozenset[str]() if beside else cued_roles(document, span, earlier)
        is_quoted = document.is_quoted(span)
        is_aside = (document.is_signed(span) and not is_quoted) or document.is_letterhead(span)
        yield Place(
            _with_country(document, address),
            with_cue(document.roles_at(anchor if beside else span), cue) | _roles_in_letter(document, span),
            is_quoted,
            is_aside,
        )
        earlier = span.end


def _roles_in_letter(document: Document, span: Span) -> frozenset[str]:
    """Whom a letter is written to is not who writes it, and some writers point at their own letterhead."""
    if document.is_letterhead(span) or document.is_signed(span):
        return frozenset({"letterhead"}) if _pointed().search(document.folded) else frozenset()
    before = document.text[max(0, span.start - _INSIDE) : span.start].rpartition("\n\n")[2]
    return frozenset({"addressee"}) if _ADDRESSEE.search(before) else frozenset()


@cache
def _pointed() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded_words('places', 'cues', 'pointed')})")


def _with_country(document: Document, address: Address) -> dict[str, Span]:
    parts = address.parts
    if "country" in parts or not {"address1", "zip"} <= parts.keys():
        return parts
    country = country_beside(document, address.span, parts["zip"].of(document.text))
    return {**parts, "country": country} if country else parts


def _labelled_places(document: Document) -> list[Place]:
    places: list[Place] = []
    last = -1
    for field in document.fields:
        parts = _parts_of(document, field)
        if not parts or _is_code_of(places, field, parts):
            continue
        number = document.paragraph_at(field.start)
        owners = field.roles if document.records.fields else field.roles | document.roles_at(field.value)
        if not places or number > last + 1 or not _continues(places[-1], parts, owners):
            places.append(Place({}, frozenset()))
        places[-1].parts.update(parts)
        places[-1].roles |= owners
        last = number
    return places


def _is_code_of(places: list[Place], field: Field, parts: dict[str, Span]) -> bool:
    """`province_code` beside `province` says the same again."""
    return bool(places) and field.label.endswith(" code") and parts.keys() <= places[-1].parts.keys()


def _continues(place: Place, parts: dict[str, Span], owners: frozenset[str]) -> bool:
    is_others = owners and place.roles and not owners & place.roles
    return not is_others and not parts.keys() & place.parts.keys()


def _parts_of(document: Document, field: Field) -> dict[str, Span]:
    """The parts of an address that a field gives: one, or all that its value holds."""
    keys = field.meanings & concept_group("address")
    if "address2" in keys and not _begins(document.text, field.start):
        return {}
    span = trimmed(document.text, field.value.start, field.value.end, strip=_EDGES)
    value = span.of(document.text)
    if not keys or _says_nothing(field.value.of(document.text)):
        return {}
    if "address" in keys and _is_written_out(document, field):
        return {}
    if "zip_city" in keys:
        return _moved(_zip_and_city(value), span.start)
    inner = find_addresses(value) if keys & {"city", "address1", "address"} else []
    if inner and (len(inner[0].parts) > 1 or "address" in keys):
        return _moved(inner[0].parts, span.start)
    key = next((part for part in _ORDER if part in keys), None)
    return {key: span} if key and _is_plausible(key, value) else {}


def _begins(text: str, start: int) -> bool:
    """Whether a label stands at the beginning of its line or cell, or is a key."""
    return text[start] in "\"'<" or bool(_BEGINS.search(text[max(0, start - _CELL) : start]))


def _is_written_out(document: Document, field: Field) -> bool:
    """Whether the label has a whole address behind it, which is then read as one."""
    return any(
        not address.parts.keys().isdisjoint(("city", "zip"))
        and not any(each.meanings & concept_group("address") for each in document.fields_within(address.span))
        for address in document.addresses_near(field.block)
    )


def _says_nothing(value: str) -> bool:
    """A field left empty: `""`, `n/a`, `-- please select --`."""
    return not re.search(r"\w", value) or bool(_NOTHING.fullmatch(fold(value)))


def _zip_and_city(value: str) -> dict[str, Span]:
    match = _ZIP_CITY.match(value)
    if match is None:
        return {}
    return {key: Span(match.start(key), len(value[: match.end(key)].rstrip())) for key in ("zip", "city")}


def _moved(parts: dict[str, Span], by: int) -> dict[str, Span]:
    return {key: Span(by + span.start, by + span.end) for key, span in parts.items()}


def _is_plausible(key: str, value: str) -> bool:
    if key == "zip":
        return bool(re.fullmatch(r"[\w -]{3,10}", value))
    return len(value) <= 80 and (key.startswith("address") or not re.search(r"\d{2}|@", value))


def _distinct(text: str, places: list[Place]) -> list[Place]:
    kept: dict[tuple[str, ...], Place] = {}
    for place in sorted(places, key=lambda each: -len(each.parts)):
        key = tuple(normal(place.parts[part].of(text)) if part in place.parts else "" for part in _IDENTITY)
        known = next((other for other in kept if _is_same(key, other)), None)
        if known:
            kept[known].roles |= place.roles
        else:
            kept[key] = place
    return list(kept.values())


def _corrected(text: str, places: list[Place]) -> list[Place]:
    """`It's 12 Elm Road, not 21`: the street alone, put right, takes the town of the one that it mends."""
    for place in places:
        if place.is_quoted or not place.parts.keys() <= {"address1", "address2"} or "old" in place.roles:
            continue
        name = _street_name(text, place)
        known = [each for each in places if each is not place and name and _street_name(text, each) == name]
        if known:
            fullest = max(known, key=lambda each: len(each.parts))
            mended = Place({**fullest.parts, **place.parts}, place.roles | (fullest.roles & {"shipping"}))
            return [mended, *(each for each in places if each not in (place, *known))]
    return places


def _street_name(text: str, place: Place) -> str:
    street = place.parts.get("address1")
    return re.sub(r"[^a-z]+", " ", fold(street.of(text))).strip() if street else ""


def _is_same(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    return all(not mine or mine == theirs for mine, theirs in zip(shorter, longer, strict=True))


def with_told(document: Document, places: list[Place]) -> list[Place]:
    """Parts told one by one go to the address that lacks them, or make one of their own."""
    told = find_told(document)
    if all(each.is_aside for each in told) and not any("address1" in place.parts for place in places):
        return places
    spans = Cover(each.span for each in told)
    kept = [
        place
        for place in places
        if "address1" in place.parts or not any(map(spans.touches, place.parts.values()))
    ]
    corrects = any(each.corrects for each in told)
    target = one_place([place for place in kept if corrects or not place.is_quoted], frozenset())
    if target is None:
        if any("address1" in place.parts for place in kept):
            return kept
        target = Place({}, frozenset())
        kept = [target, *kept]
    for each in told:
        if each.corrects or each.kind not in target.parts:
            target.parts[each.kind] = each.span
    return kept
