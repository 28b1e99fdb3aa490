"""A text and all that is read from it, each thing once and only when it is asked for."""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import pairwise
from typing import Final

from agents.rules.extraction.fields import Field, find_fields
from agents.rules.extraction.letters import Header, Signature, find_greetings, find_headers, find_signatures
from agents.rules.extraction.tables import Table, find_tables
from agents.rules.reading.addresses import Address, find_addresses
from agents.rules.reading.contacts import Email, Phone, find_emails, find_phones, find_urls, find_uuids
from agents.rules.reading.dates import Day, find_days, reads_day_first
from agents.rules.reading.language import language_of
from agents.rules.reading.money import Amount, find_amounts
from agents.rules.text import Span, fold

_NUMBERED: Final = frozenset(
    {
        "order_id",
        "invoice_id",
        "customer_id",
        "tracking_id",
        "item_id",
        "zip",
        "total",
        "date",
        "order_date",
        "birth_date",
        "fax",
        "quantity",
    }
)
_GAP: Final = re.compile(r"\n[ \t\r>]*\n")


class Document:
    """What stands in a text, with its place in it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def language(self) -> str:
        return language_of(self.text)

    @cached_property
    def fields(self) -> list[Field]:
        heads = [header.value for header in self.headers]
        return [
            field for field in find_fields(self.text) if not any(field.value.touches(head) for head in heads)
        ]

    @cached_property
    def headers(self) -> list[Header]:
        return find_headers(self.text)

    @cached_property
    def signatures(self) -> list[Signature]:
        return find_signatures(self.text)

    @cached_property
    def greetings(self) -> list[Span]:
        return find_greetings(self.text)

    @cached_property
    def tables(self) -> list[Table]:
        return find_tables(self.text)

    @cached_property
    def emails(self) -> list[Email]:
        return find_emails(self.text)

    @cached_property
    def urls(self) -> list[Span]:
        return [
            span
            for span in find_urls(self.text)
            if not any(span.touches(email.span) for email in self.emails)
        ]

    @cached_property
    def uuids(self) -> list[Span]:
        return find_uuids(self.text)

    @cached_property
    def days(self) -> list[Day]:
        return find_days(self.text)

    @cached_property
    def day_first(self) -> bool | None:
        return reads_day_first(self.text, self.days)

    @cached_property
    def amounts(self) -> list[Amount]:
        return find_amounts(self.text)

    @cached_property
    def addresses(self) -> list[Address]:
        return find_addresses(self.text)

    @cached_property
    def phones(self) -> list[Phone]:
        """Numbers that are called telephone numbers, or look dialled and are called nothing else."""
        taken = (
            [day.span for day in self.days]
            + [amount.span for amount in self.amounts]
            + self.uuids
            + self.urls
        )
        taken += [email.span for email in self.emails] + [
            address.parts["zip"] for address in self.addresses if "zip" in address.parts
        ]
        return [
            phone
            for phone in find_phones(self.text)
            if not any(phone.span.touches(span) for span in taken) and self._is_phone(phone)
        ]

    def _is_phone(self, phone: Phone) -> bool:
        field = self.field_at(phone.span)
        named: frozenset[str] = field.meanings if field else frozenset()
        if named & {"phone", "mobile"}:
            return True
        return not phone.is_plain and not (named & _NUMBERED)

    def field_at(self, span: Span) -> Field | None:
        """The labelled value that a span stands in."""
        index = bisect_right(self._field_starts, span.start) - 1
        while index >= 0 and index >= 0:
            field = self.fields[index]
            if span.start < field.value.end and field.value.start <= span.start:
                return field
            if self.fields[index].start < span.start - 500:
                break
            index -= 1
        return None

    @cached_property
    def _field_starts(self) -> list[int]:
        return [field.start for field in self.fields]

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The stretches between empty lines."""
        bounds = [0, *(match.end() for match in _GAP.finditer(self.text)), len(self.text)]
        return [Span(start, end) for start, end in pairwise(bounds)]

    def paragraph_at(self, position: int) -> int:
        return max(0, bisect_right([span.start for span in self.paragraphs], position) - 1)

    @cached_property
    def regions(self) -> list[tuple[Span, frozenset[str]]]:
        """What belongs to a role: from a label such as `Ship to:` to the next one, or to an empty line."""
        marked = [field for field in self.fields if field.roles]
        found: list[tuple[Span, frozenset[str]]] = []
        for index, field in enumerate(marked):
            end = self.paragraphs[self.paragraph_at(field.value.start)].end
            following = marked[index + 1].start if index + 1 < len(marked) else len(self.text)
            found.append((Span(field.start, min(end, following)), field.roles))
        return found

    def roles_at(self, span: Span) -> frozenset[str]:
        return frozenset[str]().union(*(roles for region, roles in self.regions if span.within(region)))

    def line_of(self, span: Span) -> Span:
        """The whole line that a span stands in."""
        start = self.text.rfind("\n", 0, span.start) + 1
        end = self.text.find("\n", span.end)
        return Span(start, end if end >= 0 else len(self.text))
