"""Where in a schema a value is wanted, and how well a labelled value of the text suits that place."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.rules.extraction.cues import cue
from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.extraction.lines import Row
from agents.rules.extraction.mentions import GREETED
from agents.rules.extraction.naming import Wanted, overlap
from agents.rules.extraction.people import Person
from agents.rules.extraction.place import Place
from agents.rules.extraction.reader import Reader
from agents.rules.extraction.values import Candidate
from agents.rules.text import Span

_OTHERS = frozenset({"vendor", "emergency", "manager"})
_BREATH = 12


@dataclass
class Scope:
    """An object of the schema: its kind, whose it is, and the person, place or item that it is about."""

    reader: Reader
    group: str = "other"
    roles: frozenset[str] = frozenset()
    person: Person | None = None
    place: Place | None = None
    row: Row | None = None
    sole_person: bool = True


@dataclass(frozen=True)
class Query:
    """A value that is wanted: the object that it belongs to, and what it means."""

    scope: Scope
    wanted: Wanted

    @property
    def reader(self) -> Reader:
        return self.scope.reader

    @property
    def document(self) -> Document:
        return self.scope.reader.document

    @property
    def text(self) -> str:
        return self.scope.reader.text

    def means(self, *meanings: str) -> bool:
        return not self.wanted.meanings.isdisjoint(meanings)

    def candidate(self, span: Span, score: float) -> Candidate:
        """The words of a span as they stand."""
        return Candidate(span.of(self.text), span, score)


Finder = Callable[[Query], list[Candidate]]


def field_score(query: Query, field: Field) -> float:
    """How well a labelled value suits: by meaning or by words, and by whose it is; 0 where it does not."""
    wanted = query.wanted
    by_meaning = 10.0 if field.meanings & wanted.meanings else 0
    score = by_meaning if wanted.meanings else 8 * overlap(wanted.words, field.label)
    if not score:
        return 0
    owners = field.roles | query.document.roles_at(field.value)
    if wanted.roles and owners:
        return max(score + (3 if wanted.roles & owners else -6), 0)
    return score - (0.6 if owners & (_OTHERS | {"old"}) else 0)


def labelled(query: Query) -> list[Candidate]:
    """Values of fields that suit, as they stand."""
    scored = [(field, field_score(query, field)) for field in query.document.fields]
    return [query.candidate(field.value, score) for field, score in scored if score]


def one_person(scope: Scope) -> Person | None:
    """The person that a role wants, or whom the text puts forward most plainly, unless two are as plain."""
    people = scope.reader.people
    named = [person for person in people if person.rank > GREETED]
    wanted = [person for person in named if person.roles & scope.roles]
    if wanted or scope.roles & (_OTHERS | {"billing"}):
        named = wanted
    else:
        named = [person for person in named if not person.roles & _OTHERS]
    if not named:
        return _only_greeted(scope)
    ranked = sorted(named, key=lambda person: -_plainness(scope.reader, person))
    is_clear = len(ranked) == 1 or not _are_alike(scope.reader, ranked[0], ranked[1])
    return ranked[0] if is_clear else None


def _are_alike(reader: Reader, one: Person, other: Person) -> bool:
    """Whether two are put forward equally, in one breath; else the first one named counts."""
    if _plainness(reader, one) > _plainness(reader, other):
        return False
    return any(first.gap(second) <= _BREATH for first in one.spans[:3] for second in other.spans[:3])


def _only_greeted(scope: Scope) -> Person | None:
    """A shop's letter names its customer in the greeting alone."""
    greeted = [person for person in scope.reader.people if person.rank <= GREETED]
    is_customers = scope.group == "order" or "customer" in scope.roles
    return greeted[0] if is_customers and len(greeted) == 1 else None


def _plainness(reader: Reader, person: Person) -> int:
    """How plainly somebody is put forward: by how they are named, and by how much is told of them."""
    document = reader.document
    emails = [email for email in document.emails if not email.is_shared]
    births = [day for day in document.days if "birth_date" in cue(document, day.span)]
    has_email = any(reader.owner_of_email(email) is person for email in emails)
    has_phone = any(reader.owner_of(phone.span) is person for phone in document.phones)
    has_birth = any(reader.owner_of(day.span) is person for day in births)
    is_first = document.is_about_first and person is reader.people[0]
    return person.rank + 40 * is_first + 3 * (has_email + has_phone + 2 * has_birth)
