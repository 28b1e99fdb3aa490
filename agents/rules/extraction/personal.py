"""Finding what belongs to a person: names, mailboxes, numbers, the day of birth, work."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final

from agents.rules.extraction.careers import find_companies, find_jobs
from agents.rules.extraction.cues import cue
from agents.rules.extraction.document import Document
from agents.rules.extraction.firms import find_firms
from agents.rules.extraction.people import Person
from agents.rules.extraction.presenting import is_firms, is_now, is_of_kin, is_then
from agents.rules.extraction.scope import Finder, Query, field_score, labelled
from agents.rules.extraction.values import Candidate
from agents.rules.reading.contacts import Email, Phone
from agents.rules.reading.dates import Day
from agents.rules.reading.names import is_given
from agents.rules.text import Span

_LEFT: Final = re.compile(r"\b(?:from|von|de|da|van|fran|fra|z)\s+[<(]?$")
_RIGHT: Final = re.compile(r"[>)]?\s+(?:to|zu|auf|a|naar|till|til|na|into)\b")
_FORMER: Final = re.compile(
    r"\b(?:old|former|previous|alte[rn]?|bisherige[rn]?|ancien\w*|antigu[oa]|vecchi[oa]|antig[oa]|oude"
    r"|not|no longer|nicht mehr|instead of|statt)\b[^.\n]{0,24}$"
)
_BIRTH: Final = re.compile(
    r"\b(?:nat[oa]|born|birth\w*|geb(?:oren|urtig|urts\w*)?|ne\(e\)|nee?|naissance|nacid[oa]|naci|nacimiento|nascita"
    r"|nasc(?:i|id[oa]|imento)|fodt|fodd|fodels\w*|fodsels\w*|geboorte\w*|urodz\w*|ur|naroz\w*|nar|synt\w*|dogum\w*|d\.t"
    r"|szul\w*|nascut\w*|nasterii)(?:\b|\.)[^.\n;]{0,34}$"
)
_CALL: Final = re.compile(
    r"\b(?:call|ring|phone|reach|ruf\w*|anruf\w*|rappel\w*|appel\w*|joindre|llam\w*|chiam\w*|richiam\w*|lig\w+|bel"
    r"|bellen|terugbel\w*|ringa?|ringe|zadzwon\w*|oddzwon\w*|soita\w*|zavol\w*|arayin\w*|hivj\w*|number|numero)\b"
)
_OWN: Final = re.compile(
    r"\b(?:i|i'm|my|mine|ich|mein\w*|je|mon|ma|yo|mi|naci|soy|io|sono|mio|mia|eu|meu|minha|nasci|ik|mijn|jag|jeg|min"
    r"|mitt|jestem|moj\w*|olen|ben)\b"
)
_OTHERS: Final = re.compile(
    r"\b(?:he|she|it|they|his|her|er|sie|il est|elle|ella|lui|ele|ela|hij|zij|han|hon|hun|ona|hanen)\b"
)
_TO_US: Final = re.compile(
    r"\b(?:us|uns|nous|nos|contactanos|escribenos|noi|scrivici|contattaci|nos|ons|oss|nas|nam|meille|bize|nekunk|noua)\b"
    r"[^.\n]{0,20}$"
)
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_BORN: Final = re.compile(r"\s?,?\s?(?:geboren|born|naissance|nacimiento|nascita)")


def emails(query: Query) -> list[Candidate]:
    found: list[Candidate] = []
    for email in query.document.emails:
        field = query.document.field_at(email.span)
        label = field_score(query, field) if field else 0
        score = _owned(query, query.reader.owner_of_email(email), label) if _is_said(query, email.span) else 0
        if score and not _is_former(query, email.span) and _is_wanted(query, email, label):
            bonus = 1 if query.reader.namesake(email) else 0
            bonus += 2 * is_now(query.document.folded, email.span)
            found.append(Candidate(email.value, email.span, score + bonus))
    return found


def _is_wanted(query: Query, email: Email, label: float) -> bool:
    """A desk's mailbox counts only where it is called so; several people's are nobody's in particular."""
    is_theirs = bool(query.scope.roles & query.document.roles_at(email.span))
    if email.is_shared:
        return bool(label) or is_theirs
    before = query.document.folded[max(0, email.span.start - 40) : email.span.start]
    if not label and _TO_US.search(before) and not query.reader.namesake(email):
        return False
    is_only = len(query.document.personal_mailboxes) == 1 and _is_somebodys(query, email)
    return bool(query.scope.person or label or is_theirs) or is_only


def _is_somebodys(query: Query, email: Email) -> bool:
    """A mailbox with a given name in it, or one in a text that somebody writes of themselves."""
    pieces = re.findall(r"[^\W\d_]{3,}", email.mailbox)
    return any(is_given(piece) for piece in pieces) or _is_of_the_writer(query.document.folded)


@lru_cache(maxsize=8)
def _is_of_the_writer(folded: str) -> bool:
    return bool(_OWN.search(folded))


def phones(query: Query) -> list[Candidate]:
    found: list[Candidate] = []
    for phone in query.document.phones:
        label = _phone_label(query, phone)
        if label is None or _is_former(query, phone.span) or not _is_said(query, phone.span):
            continue
        score = _owned(query, query.reader.owner_of(phone.span), label)
        if score:
            score += 2 * is_now(query.document.folded, phone.span)
            found.append(Candidate(phone.value, phone.span, score))
    return _first_called(query, found)


def _first_called(query: Query, found: list[Candidate]) -> list[Candidate]:
    """Of a card's numbers, each with its label, the first."""
    document = query.document
    called = [each for each in found if document.field_at(each.quote) or cue(document, each.quote)]
    is_card = bool(query.scope.person) or (called and len(called) == len(found))
    return [max(called or found, key=lambda each: each.score)] if found and is_card else found


def _is_said(query: Query, span: Span) -> bool:
    """What stands in an answered message is told of those whom that one names."""
    person, document = query.scope.person, query.document
    return (
        person is None
        or not document.is_quoted(span)
        or any(document.is_quoted(each) for each in person.spans)
    )


def _phone_label(query: Query, phone: Phone) -> float | None:
    """How well a number's label suits; None where it is another's, or nothing makes it a person's."""
    field = query.document.field_at(phone.span)
    named = field.meanings if field else cue(query.document, phone.span)
    if "fax" in named or (query.wanted.meanings == frozenset({"mobile"}) and "mobile" not in named):
        return None
    if field and field.roles and query.wanted.roles and not query.wanted.roles & field.roles:
        return None
    if is_firms(query.document.folded, phone.span):
        return None
    if not (query.scope.person or field or query.document.personal_mailboxes or _is_only(query, phone)):
        return None
    return 10 if named & query.wanted.meanings else 8 if named & {"phone", "mobile"} else 0


def _is_only(query: Query, phone: Phone) -> bool:
    """The one number to call, of somebody who gives no name."""
    before = query.document.folded[max(0, phone.span.start - 80) : phone.span.start]
    return len(query.document.phones) == 1 and bool(_CALL.search(before))


def births(query: Query) -> list[Candidate]:
    document = query.document
    days = [day for day in document.days if is_birth(document, day.span)] + _compact(document)
    scored = [(day, _owned(query, query.reader.owner_of(day.span), 10) + _told(query, day)) for day in days]
    return [Candidate(day, day.span, score) for day, score in scored if score > 0]


def _compact(document: Document) -> list[Day]:
    """`BDAY:19850612`."""
    found: list[Day] = []
    for field in document.fields:
        if "birth_date" in field.meanings and (match := _COMPACT.fullmatch(field.value.of(document.text))):
            with suppress(ValueError):
                found.append(Day(field.value, date(*map(int, match.groups()))))
    return found


def _told(query: Query, day: Day) -> float:
    """`I was born ...` is the writer's day, `he was born ...` somebody else's."""
    if query.scope.person is None or not query.scope.person.writes:
        return 0
    clause = re.split(r"[.;!?:](?=\s)", query.document.folded[max(0, day.span.start - 60) : day.span.start])[
        -1
    ]
    if is_of_kin(clause):
        return -20
    return 2 if _OWN.search(clause) else -20 if _OTHERS.search(clause) else 0


def is_birth(document: Document, span: Span) -> bool:
    """Whether a day is called somebody's birth: `Born: ...`, `nato a Napoli il ...`, `am ... geboren`."""
    folded = document.folded
    is_called = "birth_date" in cue(document, span) or _BORN.match(folded, span.end)
    return bool(is_called or _BIRTH.search(folded[max(0, span.start - 45) : span.start]))


def _owned(query: Query, owner: Person | None, label: float) -> float:
    """Details of the person in question count, those of others don't."""
    scope = query.scope
    if scope.person is None:
        return 2 + label / 2 if owner is None or scope.sole_person else 0
    if owner is scope.person:
        return 5 + label / 2
    return 1 + label / 2 if owner is None else 0


def _is_former(query: Query, span: Span) -> bool:
    """`from a@b.c to d@e.f`, `my old number`: no longer true."""
    folded = query.document.folded
    before = folded[max(0, span.start - 40) : span.start]
    is_left = _LEFT.search(before) and _RIGHT.match(folded, span.end)
    return bool(is_left or _FORMER.search(before)) or is_then(folded, span)


def name_part(part: Callable[[Person], Span | None], meaning: str) -> Finder:
    """A finder of the first or the last name."""

    def find(query: Query) -> list[Candidate]:
        if query.scope.person:
            span = part(query.scope.person)
            return [query.candidate(span, 9)] if span else []
        fields = [
            field
            for field in query.document.fields
            if meaning in field.meanings and "full_name" not in field.meanings
        ]
        return [query.candidate(fields[0].value, 8)] if len(fields) == 1 else []

    return find


def full_names(query: Query) -> list[Candidate]:
    if query.scope.person is None:
        return _organisations(query)
    whole = [span for span in query.scope.person.spans if "\n" not in span.of(query.text)]
    return [query.candidate(max(whole, key=lambda span: span.end - span.start), 9)] if whole else []


def _organisations(query: Query) -> list[Candidate]:
    """The name of a firm where a role names one: `From: Pixel Forge Ltd`."""
    text, roles = query.text, query.scope.roles
    spans = [span for span in find_firms(query.text) if query.document.roles_at(span) & roles]
    for field in query.document.fields:
        value = field.value.of(text)
        if field.roles & roles and value[:1].isupper() and not field.meanings - {"full_name", "company"}:
            name = re.split(r"[,;(|\n]|\s[-\u2013]\s", value)[0].rstrip()
            spans.append(Span(field.value.start, field.value.start + len(name)))
    return [query.candidate(span, 8) for span in spans if not re.search(r"\d{3}|@|^$", span.of(text))]


def companies(query: Query) -> list[Candidate]:
    return _theirs(query) or find_companies(query.reader, query.scope.person)


def jobs(query: Query) -> list[Candidate]:
    return _theirs(query) or find_jobs(query.reader, query.scope.person)


def _theirs(query: Query) -> list[Candidate]:
    """Labelled values that are not somebody else's."""
    owners = (None, query.scope.person)
    return [
        each
        for each in labelled(query)
        if query.scope.person is None or query.reader.owner_of(each.quote) in owners
    ]


def websites(query: Query) -> list[Candidate]:
    return [query.candidate(span, 6) for span in query.document.urls]
