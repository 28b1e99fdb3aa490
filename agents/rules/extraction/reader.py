"""A document with the people, places and items found in it, shared by everything that is filled from it."""

from functools import cached_property
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.focus import about_one_order, is_advertising, unblurred, without_older
from agents.rules.extraction.items import find_items
from agents.rules.extraction.lines import Row
from agents.rules.extraction.people import Owners, Person, find_people
from agents.rules.extraction.place import Place
from agents.rules.extraction.places import find_places
from agents.rules.extraction.planted import heard
from agents.rules.extraction.references import Reference
from agents.rules.reading.contacts import Email
from agents.rules.reading.markup import shown
from agents.rules.text import Span

_LONGEST: Final = 100_000


class Reader:
    """Everything that is filled from one text asks here."""

    def __init__(self, text: str, *, is_focused: bool = False, reference: Reference | None = None) -> None:
        self.original = text[:_LONGEST]
        self.document = Document(heard(shown(self.original)))
        self.reference = reference
        self._is_focused = is_focused

    @property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def people(self) -> list[Person]:
        return find_people(self.document)

    @cached_property
    def places(self) -> list[Place]:
        return find_places(self.document)

    @cached_property
    def rows(self) -> list[Row]:
        return find_items(self.document)

    @cached_property
    def order(self) -> "Reader":
        """The same text, with only what tells of the order in question."""
        if self._is_focused:
            return self
        if is_advertising(self.text):
            return Reader("", is_focused=True)
        text = unblurred(self.text)
        own = without_older(text)
        reader = _focused(own)
        is_told = own == text or reader.rows or reader.document.references
        return reader if is_told else _focused(text)

    def owner_of(self, span: Span) -> Person | None:
        """Whose a detail is, by where it stands."""
        return self._owners.of_place(span)

    def owner_of_email(self, email: Email) -> Person | None:
        """Whose a mailbox is, by its name or by where it stands."""
        return self.namesake(email) or self.owner_of(email.span)

    def namesake(self, email: Email) -> Person | None:
        """The one whose name a mailbox is made of."""
        return self._owners.of_mailbox(email.mailbox)

    @cached_property
    def _owners(self) -> Owners:
        return Owners(self.document, self.people)


def _focused(text: str) -> Reader:
    own, reference = about_one_order(text)
    return Reader(own, is_focused=True, reference=reference)
