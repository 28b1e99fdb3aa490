"""Who a text speaks of, and which details are whose."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.mentions import GREETED, LABELLED, PRESENTED, Mention, find_mentions
from agents.rules.extraction.presenting import is_writers
from agents.rules.reading.names import Name, matches_mailbox
from agents.rules.text import Span

_MOST_PEOPLE: Final = 200
_CLAUSE: Final = 60
_FIRST_NAME: Final = re.compile(
    r"(?i:(?<!\w)(?:1st name|first name|given name|forename|vorname|pr[ée]nom|nombre de pila"
    r"|nome di battesimo"
    r"|primeiro nome|voornaam|f[öo]rnamn|fornavn|imi[ęe]|jm[ée]no|etunimi|ad\w|ut[óo]n[ée]v|prenume)"
    r"(?: is| ist| est| es| [èé]| jest| je| [äæ]r"
    r"| er)?[ :=]{1,3})(?P<name>[^\W\d_a-zà-ÿ][^\W\d_]{1,30}(?:-[^\W\d_]{2,30})?)(?!\w)"
)


@dataclass
class Person:
    """A person: the fullest form of the name, all its places, and how plainly the text puts them forward."""

    name: Name
    words: frozenset[str]
    rank: int
    roles: frozenset[str]
    spans: list[Span] = field(default_factory=list[Span])
    writes: bool = False

    def plain_name(self, text: str) -> str:
        return " ".join(part.of(text) for part in (self.name.first, self.name.last) if part)


def find_people(document: Document) -> list[Person]:
    """Everybody who is named, without repetition, in the order of first mention."""
    people: list[Person] = []
    for mention in sorted(find_mentions(document), key=lambda each: -_fullness(each)):
        _add(people, mention)
    _complete(document, people)
    return sorted(people, key=lambda person: min(person.spans))


def _complete(document: Document, people: list[Person]) -> None:
    """`Mrs Berg (first name Ann)`: a first name that is told beside the only one who lacks it."""
    lacking = [person for person in people if person.rank > GREETED and person.name.first is None]
    told = [Span(*match.span("name")) for match in _FIRST_NAME.finditer(document.text)]
    if len(lacking) == len(told) == 1 and lacking[0].spans[0].gap(told[0]) <= _CLAUSE:
        lacking[0].name = replace(lacking[0].name, first=told[0])


def _fullness(mention: Mention) -> int:
    """An initial counts less than the name that it stands for."""
    return sum(2 if len(word) > 1 else 1 for word in mention.words)


def _add(people: list[Person], mention: Mention) -> None:
    """The same person again, where one name is a part of the other and of no third one."""
    words = mention.words
    same = [person for person in people if words <= person.words or person.words <= words]
    same = same or [person for person in people if _is_initialled(words, person.words)]
    if len(same) == 1:
        person = same[0]
        person.rank = max(person.rank, mention.rank)
        person.roles |= mention.roles
        person.writes = person.writes or mention.writes
        if mention.rank > GREETED:
            person.spans.append(mention.name.span)
    elif not same and len(people) < _MOST_PEOPLE:
        spans = [mention.name.span]
        people.append(Person(mention.name, words, mention.rank, mention.roles, spans, mention.writes))


def _is_initialled(short: frozenset[str], full: frozenset[str]) -> bool:
    """Whether `J. Berg` is the Jane Berg of another place."""
    initials = {word for word in short if len(word) == 1}
    rest = full - short
    is_part = bool(initials) and initials < short and (short - initials) <= full
    return is_part and all(any(word[0] == initial for word in rest) for initial in initials)


class Owners:
    """Whose details are, by where they stand among the names."""

    def __init__(self, document: Document, people: list[Person]) -> None:
        self._document = document
        self._people = people
        self._mailboxes: dict[str, Person | None] = {}

    @cached_property
    def _named(self) -> list[Person]:
        return [person for person in self._people if person.rank > GREETED]

    @cached_property
    def _places(self) -> list[tuple[int, Person]]:
        places = [(span.start, person) for person in self._named for span in person.spans]
        return sorted(places, key=lambda place: place[0])

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._places]

    @cached_property
    def _labelled(self) -> list[tuple[int, Person]]:
        return [place for place in self._places if place[1].rank >= LABELLED]

    def of_place(self, span: Span) -> Person | None:
        """The writer where it is called so; else the last one named before it in its paragraph, the first one
        there, whom the text puts forward, or the only one."""
        writer = self._writer_at(span)
        if writer:
            return writer
        paragraph = self._document.paragraphs[self._document.paragraph_at(span.start)]
        before = self._before(span.start)
        if before >= 0 and self._starts[before] >= paragraph.start:
            return self._form_owner(span, paragraph.start, before) or self._places[before][1]
        after = bisect_left(self._starts, span.start)
        if after < len(self._starts) and self._starts[after] < paragraph.end:
            return self._places[after][1]
        if len(self._named) == 1:
            return self._named[0]
        return self._last_labelled(span) or self._presented

    def _before(self, position: int) -> int:
        """The last name before a place; one in brackets that are closed again is an aside."""
        index = bisect_right(self._starts, position) - 1
        while index > 0 and self._document.bracket_end(self._starts[index]) in range(1, position + 1):
            index -= 1
        return index

    def _form_owner(self, span: Span, start: int, before: int) -> Person | None:
        """In a form, a labelled detail is the labelled person's, though somebody is mentioned in between."""
        line = self._document.line_of(span).start
        if self._document.field_at(span) is None or self._starts[before] >= line:
            return None
        owner = self._last_labelled(span)
        return owner if owner and any(start <= place.start for place in owner.spans) else None

    def _writer_at(self, span: Span) -> Person | None:
        """Who writes, where a detail is `my number`, and nobody is named between the two."""
        writers = [person for person in self._named if person.writes]
        if len(writers) != 1 or len(self._named) == 1:
            return None
        folded, start = self._document.folded, max(0, span.start - _CLAUSE)
        before = bisect_left(self._starts, span.start) - 1
        start = max(start, self._starts[before]) if before >= 0 else start
        clause = re.split(r"[.;!?](?=\s)|\n", folded[start : span.start])[-1]
        return writers[0] if is_writers(clause) else None

    @cached_property
    def _presented(self) -> Person | None:
        found = [person for person in self._named if person.rank >= PRESENTED and not person.writes]
        return found[0] if len(found) == 1 else None

    def _last_labelled(self, span: Span) -> Person | None:
        before = bisect_left(self._labelled, span.start, key=lambda place: place[0])
        return self._labelled[before - 1][1] if before else None

    def of_mailbox(self, mailbox: str) -> Person | None:
        """The one whose name a mailbox is made of."""
        if mailbox not in self._mailboxes:
            text = self._document.text
            owners = [each for each in self._people if matches_mailbox(each.plain_name(text), mailbox)]
            self._mailboxes[mailbox] = owners[0] if len(owners) == 1 else None
        return self._mailboxes[mailbox]
