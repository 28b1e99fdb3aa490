"""What the members of a list are: the items of an order, people, addresses, or values of one kind."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from agents.rules.extraction.finders import candidates
from agents.rules.extraction.mentions import GREETED
from agents.rules.extraction.naming import Wanted, group_of, roles_of, wanted
from agents.rules.extraction.people import Person
from agents.rules.extraction.reader import Reader
from agents.rules.extraction.schema import Shape, split_name
from agents.rules.extraction.scope import Query, Scope, field_score
from agents.rules.extraction.values import Candidate
from agents.rules.text import Span, trimmed

_AND: Final = r"(?:and|und|et|y|e|en|och|og)"
_LISTED: Final = re.compile(rf"[^,;/|]+?(?=\s*(?:[,;/|]|\s{_AND}\s|$))(?:\s{_AND}\s)?")
_LAST: Final = re.compile(rf"\s{_AND}$")
_SUITS: Final = 4


def members(item: Shape, shape: Shape, scope: Scope) -> Iterator[Scope]:
    """For a list of objects: what each of them is about."""
    reader, group = scope.reader, group_of(item.first, " ".join(shape.words), "other")
    if group == "item":
        yield from (
            replace(scope, group=group, row=row, person=None, place=None) for row in reader.order.rows
        )
    elif group == "person":
        people = _people(reader, roles_of(shape.name))
        yield from (replace(scope, group=group, person=each, sole_person=False) for each in people)
    elif group == "address":
        yield from (replace(scope, group=group, place=place) for place in reader.places)


def _people(reader: Reader, roles: frozenset[str]) -> list[Person]:
    named = [person for person in reader.people if person.rank > GREETED]
    return [person for person in named if person.roles & roles] or named


def values(item: Shape, shape: Shape, scope: Scope) -> Iterator[Candidate]:
    """For a list of plain values: each of them."""
    one = Shape(item.variants, item.is_nullable, _singular(shape.name))
    wants = wanted(one, scope.group, scope.roles)
    query = Query(replace(scope, person=None, sole_person=True), wants)
    if wants.meanings & {"item_name", "item_id"}:
        yield from _cells(scope.reader, wants)
    elif wants.meanings & {"full_name"}:
        named = [person.name.span for person in scope.reader.people if person.rank > GREETED]
        yield from (query.candidate(span, 9) for span in named)
    elif wants.meanings & {"email"}:
        yield from (Candidate(email.value, email.span, 5) for email in query.document.emails)
    elif wants.meanings & {"phone", "mobile", "website"}:
        yield from candidates(query)
    else:
        yield from _enumerated(query)


def _cells(reader: Reader, wants: Wanted) -> Iterator[Candidate]:
    for row in reader.order.rows:
        for key in wants.meanings & row.cells.keys():
            raw, span = row.cells[key]
            yield Candidate(raw, span, 9)


def _enumerated(query: Query) -> Iterator[Candidate]:
    """`Tags: red, blue and green`."""
    fields = [field for field in query.document.fields if field_score(query, field) >= _SUITS]
    for field in fields[:1]:
        for match in _LISTED.finditer(field.value.of(query.text)):
            start = field.value.start
            span = trimmed(query.text, start + match.start(), start + match.end())
            words = _LAST.sub("", span.of(query.text))
            if words:
                yield query.candidate(Span(span.start, span.start + len(words)), 8)


def _singular(name: str) -> str:
    words = split_name(name)
    if words and words[-1].endswith("ses"):
        words[-1] = words[-1][:-2]
    elif words and words[-1].endswith("s") and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-1]
    return "_".join(words)
