"""A document together with the people, addresses and items found in it, shared by everything that is filled from it."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.extraction.items import find_items
from agents.rules.extraction.lines import Row
from agents.rules.extraction.people import Person, find_people
from agents.rules.reading.addresses import find_addresses
from agents.rules.text import Span, trimmed
from agents.rules.vocabulary import concept_group, longest_suffix, normal, roles

PARTS: Final = ("address1", "address2", "city", "state", "country", "zip")
_ZIP_CITY: Final = re.compile(
    r"(?:[A-Z]{1,2}-)?(?P<zip>\d[\dA-Z -]{2,8}?|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})[ ,]+(?P<city>[^\W\d_][^\d,]{1,40})"
)


@dataclass
class Place:
    """An address with the roles that the text gives it."""

    parts: dict[str, Span]
    roles: frozenset[str]

    @property
    def span(self) -> Span:
        return Span(
            min(span.start for span in self.parts.values()), max(span.end for span in self.parts.values())
        )


class Reader:
    """Everything that is filled from one text asks here."""

    def __init__(self, text: str) -> None:
        self.document = Document(text)

    @property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def people(self) -> list[Person]:
        return find_people(self.document)

    @cached_property
    def rows(self) -> list[Row]:
        return find_items(self.document)

    @cached_property
    def places(self) -> list[Place]:
        """Addresses: those in fields of their own first, then those that are written out elsewhere."""
        labelled = self._labelled_places()
        found = [
            Place(
                address.parts,
                self.document.roles_at(address.span) | roles_before(self.document, address.span),
            )
            for address in self.document.addresses
        ]
        return labelled + [place for place in found if not any(_shares(place, other) for other in labelled)]

    def _labelled_places(self) -> list[Place]:
        places: list[Place] = []
        last = -1
        for field in self.document.fields:
            keys = field.meanings & (concept_group("address"))
            if not keys or ("address" in keys and self._is_whole(field)):
                continue
            parts = self._parts_of(field, keys)
            number = self.document.paragraph_at(field.start)
            owners = field.roles | self.document.roles_at(field.value)
            if not parts:
                continue
            if (
                not places
                or parts.keys() & places[-1].parts.keys()
                or number > last + 1
                or (owners and places[-1].roles and not owners & places[-1].roles)
            ):
                places.append(Place({}, frozenset()))
            places[-1].parts.update(parts)
            places[-1].roles |= owners
            last = number
        return [place for place in places if place.parts]

    def _is_whole(self, field: Field) -> bool:
        return any(
            address.span.touches(field.block) and len(address.parts) > 1
            for address in self.document.addresses
        )

    def _parts_of(self, field: Field, keys: frozenset[str]) -> dict[str, Span]:
        value = field.value.of(self.text)
        if "zip_city" in keys:
            match = _ZIP_CITY.match(value)
            return (
                {
                    key: Span(
                        field.value.start + match.start(key),
                        field.value.start + len(value[: match.end(key)].rstrip()),
                    )
                    for key in ("zip", "city")
                }
                if match
                else {}
            )
        inner = find_addresses(value) if "city" in keys or "address1" in keys else []
        if inner and len(inner[0].parts) > 1:
            return {
                key: Span(field.value.start + span.start, field.value.start + span.end)
                for key, span in inner[0].parts.items()
            }
        key = next(
            (part for part in ("address1", "address2", "zip", "city", "state", "country") if part in keys),
            None,
        )
        if (
            key is None
            or len(value) > 80
            or (key == "zip" and not re.fullmatch(r"[\w -]{3,10}", value))
            or (key in ("city", "state", "country") and re.search(r"\d{2}|@", value))
        ):
            return {}
        return {key: trimmed(self.text, field.value.start, field.value.end, strip=" .,;\t\r")}


def _shares(place: Place, other: Place) -> bool:
    return any(span.touches(there) for span in place.parts.values() for there in other.parts.values())


def roles_before(document: Document, span: Span) -> frozenset[str]:
    """The role that the words before a span give it: `deliver it to`, `my new address is`, `moved from`."""
    start = max(document.text.rfind("\n\n", 0, span.start) + 1, span.start - 70)
    stretch = re.split(r"[.!?](?=\s)", document.folded[start : span.start])[-1]
    words = [normal(word) for word in re.findall(r"[^\W\d_](?:[\w'-]*\w)?", stretch)]
    if re.search(r"\b(?:moved|moving|umgezogen|relocat\w+)\b[^.]{0,30}\bfrom\s+$", stretch):
        return frozenset({"old"})
    for end in range(len(words), max(0, len(words) - 8), -1):
        count, found = longest_suffix(words[:end], roles())
        if count and words[end - count : end] not in (["old"], ["not"], ["previous"], ["new"]):
            return found
    return frozenset()
