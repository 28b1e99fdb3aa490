"""A text and all that is read from it, each thing once and only when it is asked for."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Final

from agents.rules.extraction.columns import Column, addresses_in, find_columns
from agents.rules.extraction.fields import Field, find_fields
from agents.rules.extraction.letters import Header, Signature, find_greetings, find_headers, find_signatures
from agents.rules.extraction.outlines import ABOUT_FIRST, find_referees, is_sent_on
from agents.rules.extraction.posts import Post, find_posts
from agents.rules.extraction.presenting import presented_later
from agents.rules.extraction.record_rows import find_record_rows
from agents.rules.extraction.records import Records, find_records
from agents.rules.extraction.references import Reference, find_references
from agents.rules.extraction.structured import find_structured, structured_lines
from agents.rules.extraction.sums import Sum, find_sums
from agents.rules.extraction.tables import ITEM, Table, find_tables
from agents.rules.reading.addresses import Address, find_addresses
from agents.rules.reading.calling import CALLED, REGISTERED
from agents.rules.reading.contacts import Email, Phone, find_emails, find_phones, find_urls, find_uuids
from agents.rules.reading.dates import Day, find_days, reads_day_first
from agents.rules.reading.language import language_of
from agents.rules.reading.money import Amount, find_amounts
from agents.rules.text import Cover, Span, blanked, fold, forward_start, original_start, reply_start
from agents.rules.vocabulary import roles

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
_NEAR, _CLOSE = 4, 40
_STAFF: Final = frozenset({"manager"})
_BRACKETS: Final = re.compile(r"\([^()\n]{1,200}\)")
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
    def is_hungarian(self) -> bool:
        """Hungarian names begin with the surname; its long umlauts give the language away in a short text."""
        return self.language == "hu" or len(re.findall("[őűŐŰ]", self.text)) > 1

    @cached_property
    def fields(self) -> list[Field]:
        heads = Cover(header.value for header in self.headers)
        nested = self.records.fields
        keyed = [
            *find_structured(self.text, is_nested=bool(nested)),
            *nested,
            *find_record_rows(self.text),
        ]
        items = [cell for cells in self.records.items for cell in cells]
        lines = structured_lines(self.text, [*keyed, *items])
        plain = (field for field in find_fields(self.text) if not lines.touches(field.value))
        beside = Cover(span for column in self.columns for span in (column.head, *column.cells))
        plain = (field for field in plain if not beside.touches(Span(field.start, field.value.end)))
        fields = [*keyed, *(field for field in plain if not heads.touches(field.value))]
        fields += [*self._column_fields(), *self._table_fields()]
        return sorted(fields, key=lambda field: field.start)

    def _column_fields(self) -> Iterator[Field]:
        for column in self.columns:
            if column.cells:
                first = column.cells[0]
                yield Field(column.label, frozenset(), column.roles, first, first, column.head.start)

    def _table_fields(self) -> Iterator[Field]:
        """What the rows of a table tell of their whole order: its number, its day, its customer."""
        for table in self.tables:
            for index, name in enumerate(table.names if table.is_about_items else []):
                owners, cell = roles().get(name, frozenset[str]()), table.rows[0][index]
                told = {row[index].of(self.text) for row in table.rows} - {""}
                found = table.meanings[index]
                if (found or owners) and not found & ITEM and len(told) == 1 and cell.start < cell.end:
                    yield Field(name, found, owners, cell, cell, cell.start)

    @cached_property
    def records(self) -> Records:
        return find_records(self.text)

    @cached_property
    def headers(self) -> list[Header]:
        return find_headers(self.text)

    @cached_property
    def signatures(self) -> list[Signature]:
        return find_signatures(self.text)

    @cached_property
    def posts(self) -> list[Post]:
        return find_posts(self.text)

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
        return reads_day_first(self.text, self.days, self.language)

    @cached_property
    def amounts(self) -> list[Amount]:
        return find_amounts(self.text)

    @cached_property
    def sums(self) -> list[Sum]:
        return find_sums(self.text)

    @cached_property
    def references(self) -> list[Reference]:
        return find_references(self.text)

    @cached_property
    def addresses(self) -> list[Address]:
        found = find_addresses(blanked(self.text, [cell for column in self.columns for cell in column.cells]))
        beside = [each for column in self.columns for each in addresses_in(self.text, column)]
        return sorted([*found, *beside], key=lambda address: address.span)

    @cached_property
    def columns(self) -> list[Column]:
        return find_columns(self.text)

    @cached_property
    def field_cover(self) -> Cover:
        return Cover(field.value for field in self.fields)

    def signatures_near(self, position: int) -> list[Signature]:
        """The signatures that begin shortly before a place."""
        index = bisect_right(self._signature_starts, position)
        return self.signatures[max(0, index - _NEAR) : index]

    @cached_property
    def _signature_starts(self) -> list[int]:
        return [signature.block.start for signature in self.signatures]

    @cached_property
    def personal_mailboxes(self) -> frozenset[str]:
        """The mailboxes that are somebody's own."""
        return frozenset(email.value for email in self.emails if not email.is_shared)

    @cached_property
    def day_cover(self) -> Cover:
        return Cover(day.span for day in self.days)

    @cached_property
    def address_cover(self) -> Cover:
        return Cover(address.span for address in self.addresses)

    @cached_property
    def written_addresses(self) -> Cover:
        """The addresses that name more than one part."""
        return Cover(address.span for address in self.addresses if len(address.parts) > 1)

    def addresses_near(self, span: Span) -> list[Address]:
        """The addresses that begin within a stretch."""
        first = bisect_right(self._address_starts, span.start - 1)
        return self.addresses[first : bisect_right(self._address_starts, span.end)]

    @cached_property
    def _address_starts(self) -> list[int]:
        return [address.span.start for address in self.addresses]

    def is_quoted(self, span: Span) -> bool:
        """Whether a place belongs to the message that this one answers."""
        if self._has_marks and self.line_of(span).of(self.text).lstrip().startswith(">"):
            return True
        return self._reply_start is not None and span.start > self._reply_start

    def is_signed(self, span: Span) -> bool:
        """Whether a place belongs to the lines below the writer's name."""
        return any(span.within(signature.block) for signature in self.signatures_near(span.start))

    def is_letterhead(self, span: Span) -> bool:
        """Whether a place stands at the top of a letter, above the greeting."""
        first = self.greetings[0].start if self.greetings else 0
        return span.end < first and self.paragraph_at(span.start) == 0

    @cached_property
    def is_about_first(self) -> bool:
        """Whether a text is about the first one named: a career, or what an employer certifies."""
        return bool(ABOUT_FIRST.search(self.folded))

    @cached_property
    def presented_later(self) -> frozenset[str]:
        return presented_later(self.folded)

    @cached_property
    def is_sent_on(self) -> bool:
        return is_sent_on(self.text)

    @cached_property
    def sender_starts(self) -> list[int]:
        return [header.value.start for header in self.headers if header.is_sender]

    def is_referee(self, span: Span) -> bool:
        """Whether a place stands below a heading such as `References`, up to the next heading."""
        return self._referees.touches(span)

    @cached_property
    def _referees(self) -> Cover:
        return Cover(find_referees(self.text, self.folded))

    @cached_property
    def _has_marks(self) -> bool:
        return bool(re.search(r"^[ \t]*>", self.text, re.MULTILINE))

    @cached_property
    def _reply_start(self) -> int | None:
        starts = (reply_start(self.folded), original_start(self.folded))
        return min((start for start in starts if start is not None), default=None)

    @cached_property
    def forward_start(self) -> int | None:
        return forward_start(self.folded)

    @cached_property
    def phones(self) -> list[Phone]:
        """Numbers that are called telephone numbers, or look dialled and are called nothing else."""
        marked = [each.span for each in [*self.days, *self.amounts, *self.emails]]
        codes = [each.parts["zip"] for each in self.addresses if "zip" in each.parts and len(each.parts) > 2]
        taken = Cover([*marked, *codes, *self.uuids, *self.urls])
        found = find_phones(self.text)
        return [phone for phone in found if not taken.touches(phone.span) and self._is_phone(phone)]

    def _is_phone(self, phone: Phone) -> bool:
        field = self.field_at(phone.span)
        named: frozenset[str] = field.meanings if field else frozenset()
        if named & {"phone", "mobile"}:
            return True
        line = max(self.folded.rfind("\n", 0, phone.span.start) + 1, phone.span.start - _CLOSE)
        before = self.folded[line : phone.span.start]
        if named & _NUMBERED or REGISTERED.search(before):
            return False
        return not phone.is_plain or bool(CALLED.search(before))

    def field_at(self, span: Span) -> Field | None:
        """The labelled value that a span stands in."""
        index = bisect_right(self._field_starts, span.start) - 1
        for field in reversed(self.fields[max(0, index - _NEAR) : index + 1]):
            if field.value.start <= span.start < field.value.end:
                return field
        return None

    def fields_within(self, span: Span) -> list[Field]:
        """The fields whose labels stand inside a stretch."""
        return self.fields[
            bisect_right(self._field_starts, span.start) : bisect_right(self._field_starts, span.end)
        ]

    @cached_property
    def _field_starts(self) -> list[int]:
        return [field.start for field in self.fields]

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The stretches between empty lines."""
        bounds = [0, *(match.end() for match in _GAP.finditer(self.text)), len(self.text)]
        return [Span(start, end) for start, end in pairwise(bounds)]

    def paragraph_at(self, position: int) -> int:
        return max(0, bisect_right(self._paragraph_starts, position) - 1)

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [span.start for span in self.paragraphs]

    @cached_property
    def regions(self) -> list[tuple[Span, frozenset[str]]]:
        """What belongs to a role: from a label such as `Ship to:` to the next one, or to an empty line."""
        marked = [field for field in self.fields if field.roles]
        found: list[tuple[Span, frozenset[str]]] = []
        for index, field in enumerate(marked):
            end = self.paragraphs[self.paragraph_at(field.value.start)].end
            if field.roles <= _STAFF:
                end = min(end, self.line_of(field.value).end)
            following = marked[index + 1].start if index + 1 < len(marked) else len(self.text)
            found.append((Span(field.start, min(end, following)), field.roles))
        return found

    def bracket_end(self, position: int) -> int:
        """Where the brackets close that a place stands in; 0 where it stands in none."""
        index = bisect_right(self._bracket_starts, position) - 1
        bracket = self._brackets[index] if index >= 0 else Span(0, 0)
        return bracket.end if position < bracket.end else 0

    @cached_property
    def _brackets(self) -> list[Span]:
        return [Span(*match.span()) for match in _BRACKETS.finditer(self.text)]

    @cached_property
    def _bracket_starts(self) -> list[int]:
        return [span.start for span in self._brackets]

    def roles_at(self, span: Span) -> frozenset[str]:
        column = next((column for column in self.columns if column.holds(span)), None)
        if column:
            return column.roles
        index = bisect_right(self._region_starts, span.start) - 1
        region, roles = self.regions[index] if index >= 0 else (Span(0, 0), frozenset[str]())
        return roles if span.within(region) else frozenset()

    @cached_property
    def _region_starts(self) -> list[int]:
        return [region.start for region, _ in self.regions]

    def line_of(self, span: Span) -> Span:
        """The whole line that a span stands in."""
        start = self.text.rfind("\n", 0, span.start) + 1
        end = self.text.find("\n", span.end)
        return Span(start, end if end >= 0 else len(self.text))
