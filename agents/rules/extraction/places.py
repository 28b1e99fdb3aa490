"""Addresses as a text gives them: in fields of their own or written out, and whose each of them is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.rules.extraction.choosing import cued_roles, with_cue
from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.reading.addresses import find_addresses
from agents.rules.text import Cover, Span, trimmed
from agents.rules.vocabulary import concept_group, normal

_ORDER: Final = ("address1", "address2", "zip", "city", "state", "country")
_IDENTITY: Final = ("address1", "zip", "city")
_ZIP_CITY: Final = re.compile(
    r"(?:[A-Z]{1,2}-)?(?P<zip>\d[\dA-Z -]{2,8}?|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})[ ,]+"
    r"(?P<city>[^\W\d_][^\d,]{1,40})"
)


@dataclass
class Place:
    """An address with the roles that the text gives it."""

    parts: dict[str, Span]
    roles: frozenset[str]
    is_quoted: bool = False
    is_aside: bool = False

    @property
    def span(self) -> Span:
        return Span(
            min(span.start for span in self.parts.values()), max(span.end for span in self.parts.values())
        )


def find_places(document: Document) -> list[Place]:
    """Each address once: those in fields of their own first, then those that are written out elsewhere."""
    labelled = _labelled_places(document)
    fields = Cover(span for place in labelled for span in place.parts.values())
    written = [
        place for place in _written_places(document) if not any(map(fields.touches, place.parts.values()))
    ]
    return _distinct(document.text, labelled + written)


def _written_places(document: Document) -> Iterator[Place]:
    earlier = 0
    for address in document.addresses:
        span = address.span
        cue = cued_roles(document, span, earlier)
        is_aside = document.is_signed(span) or document.is_letterhead(span)
        yield Place(address.parts, with_cue(document.roles_at(span), cue), document.is_quoted(span), is_aside)
        earlier = span.end


def _labelled_places(document: Document) -> list[Place]:
    places: list[Place] = []
    last = -1
    for field in document.fields:
        parts = _parts_of(document, field)
        if not parts:
            continue
        number = document.paragraph_at(field.start)
        owners = field.roles | document.roles_at(field.value)
        if not places or number > last + 1 or not _continues(places[-1], parts, owners):
            places.append(Place({}, frozenset()))
        places[-1].parts.update(parts)
        places[-1].roles |= owners
        last = number
    return places


def _continues(place: Place, parts: dict[str, Span], owners: frozenset[str]) -> bool:
    is_others = owners and place.roles and not owners & place.roles
    return not is_others and not parts.keys() & place.parts.keys()


def _parts_of(document: Document, field: Field) -> dict[str, Span]:
    """The parts of an address that a field gives: one, or all that its value holds."""
    keys = field.meanings & concept_group("address")
    if not keys or ("address" in keys and _is_written_out(document, field)):
        return {}
    value = field.value.of(document.text)
    if "zip_city" in keys:
        return _moved(_zip_and_city(value), field.value.start)
    inner = find_addresses(value) if keys & {"city", "address1"} else []
    if inner and len(inner[0].parts) > 1:
        return _moved(inner[0].parts, field.value.start)
    key = next((part for part in _ORDER if part in keys), None)
    if key is None or not _is_plausible(key, value):
        return {}
    return {key: trimmed(document.text, field.value.start, field.value.end, strip=" .,;\t\r")}


def _is_written_out(document: Document, field: Field) -> bool:
    return document.written_addresses.touches(field.block)


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


def _is_same(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    return all(not mine or mine == theirs for mine, theirs in zip(shorter, longer, strict=True))
