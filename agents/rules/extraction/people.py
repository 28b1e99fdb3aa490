"""Who a text speaks of, how plainly each of them is named, and which details are whose."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.reading.names import Name, find_names, matches_mailbox, parse_name
from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import load, normal, word_set

LABELLED, PRESENTED, INTRODUCED, SIGNED, ADDRESSED, SENDING, MENTIONED, GREETED = (
    100,
    94,
    90,
    80,
    70,
    60,
    50,
    10,
)
_PRESENTING: Final = re.compile(
    r"(?:new (?:hire|colleague|customer|client|employee|member|contact|starter|account manager"
    r"|team member)|candidate|applicant|on behalf of|behalf of|register|sign up|add|introduc\w+"
    r"|meet|details (?:for|of)|"
    r"(?:please )?(?:update|create|set up) (?:\w+ ){0,4}(?:for|of)|neue[rn]? (?:kolleg\w+"
    r"|kund\w+|mitarbeiter\w*)|im namen von|au nom de|nouve\w+ (?:collegue|client\w*)|nuev[oa] "
    r"(?:cliente|companer\w+)|en nombre de|nuov[oa] (?:cliente|collega)|per conto di|nieuwe "
    r"(?:klant|collega)|namens)"
    r"[\s,:'-]*(?:is |ist |est |es |called |named |namens |is called )?(?:mr\.? |mrs\.? |ms\.? "
    r"|dr\.? |herr |frau )?$"
)


@dataclass
class Person:
    """A person: the fullest form of the name, all its places, and how plainly the text puts them forward."""

    name: Name
    words: frozenset[str]
    rank: int
    roles: frozenset[str] = frozenset()
    spans: list[Span] = field(default_factory=list[Span])
    first: Span | None = None
    last: Span | None = None


def find_people(document: Document) -> list[Person]:
    """Everybody who is named, without repetition, in the order of first mention."""
    people: list[Person] = []
    for name, rank, owners in sorted(
        _mentions(document), key=lambda mention: -len(mention[0].words(document.text))
    ):
        _add(document, people, name, rank, owners)
    return sorted(people, key=lambda person: min(person.spans))


def _add(document: Document, people: list[Person], name: Name, rank: int, owners: frozenset[str]) -> None:
    words = name.words(document.text)
    same = [person for person in people if words <= person.words or person.words <= words]
    if len(same) == 1:
        person = same[0]
        person.rank = max(person.rank, rank)
        person.roles |= owners
        if rank > GREETED:
            person.spans.append(name.span)
    elif not same:
        people.append(Person(name, words, rank, owners, [name.span], name.first, name.last))


def _mentions(document: Document) -> list[tuple[Name, int, frozenset[str]]]:
    found = [
        *_labelled(document),
        *_introduced(document),
        *_signed(document),
        *_in_headers(document),
        *_greeted(document),
    ]
    greeted = document.greetings
    for span in find_names(document.text):
        if (
            any(span.touches(name.span) for name, _, _ in found)
            or _is_company(document, span)
            or _is_in_address(document, span)
        ):
            continue
        name = parse_name(document.text, span.start, span.end, language=document.language)
        if name:
            found.append((name, _rank(document, name.span, greeted), document.roles_at(name.span)))
    return found


def _rank(document: Document, span: Span, greeted: list[Span]) -> int:
    if any(span.touches(each) for each in greeted):
        return GREETED
    before = document.folded[max(0, span.start - 60) : span.start]
    if _PRESENTING.search(before):
        return PRESENTED
    after = document.text[span.end : span.end + 4]
    if re.match(r"\s?[<(\[]", after) and any(
        0 <= email.span.start - span.end <= 4 for email in document.emails
    ):
        return ADDRESSED
    return MENTIONED


def _labelled(document: Document) -> list[tuple[Name, int, frozenset[str]]]:
    found: list[tuple[Name, int, frozenset[str]]] = []
    firsts = [
        each for each in document.fields if "first_name" in each.meanings and "full_name" not in each.meanings
    ]
    lasts = [each for each in document.fields if "last_name" in each.meanings]
    pairs = [
        (first, min(lasts, key=lambda last: abs(last.start - first.start), default=None)) for first in firsts
    ]
    for first, last in pairs:
        if last is not None and abs(last.start - first.start) < 300:
            found += _pair(document, first, last)
    for each in document.fields:
        is_person = "full_name" in each.meanings or (not each.meanings and each.roles)
        if is_person and not any(each.value.touches(name.span) for name, _, _ in found):
            name = _name_in(document, each)
            if name:
                found.append((name, LABELLED, each.roles | document.roles_at(each.value)))
    return found


def _pair(document: Document, first: Field, last: Field) -> list[tuple[Name, int, frozenset[str]]]:
    """First and last name in fields of their own."""
    if not all(re.fullmatch(r"[^\d@:/]{1,40}", part.value.of(document.text)) for part in (first, last)):
        return []
    whole = Span(min(first.value.start, last.value.start), max(first.value.end, last.value.end))
    return [
        (_PairedName(whole, first.value, last.value), LABELLED, first.roles | document.roles_at(first.value))
    ]


class _PairedName(Name):
    def words(self, text: str) -> frozenset[str]:
        return frozenset(
            normal(f"{self.first.of(text) if self.first else ''} {self.last.of(text) if self.last else ''}")
            .replace("-", " ")
            .split()
        )


def _name_in(document: Document, each: Field) -> Name | None:
    """A name that fills the value, up to a comma, a bracket or an address behind it."""
    text = document.text
    end = re.search(
        r"\s*[(<\[|/]|\s[-\u2013]\s|,\s*(?=[\w.+-]+@|\d|\+)|\s+(?=[\w.+-]+@)|\s+\d", each.value.of(text)
    )
    stop = each.value.start + end.start() if end else each.value.end
    span = trimmed(text, each.value.start, stop)
    if _is_company(document, span) or _is_in_address(document, span):
        return None
    comma = text.find(",", span.start, span.end)
    name = parse_name(text, span.start, span.end, language=document.language)
    if comma < 0 or (name and len(span.of(text).split()) <= 4):
        return name
    return parse_name(text, span.start, comma, language=document.language)


@cache
def _introduction() -> re.Pattern[str]:
    words = sorted((fold(each) for each in load("people")["introductions"]["self"]), key=len, reverse=True)
    return re.compile(
        rf"(?<![\w'])(?:{'|'.join(map(re.escape, words))})(?:[:,]? )(?:dr\.? |prof\.? |mr\.? "
        rf"|mrs\.? |ms\.? |die |der |la |el |o |a )?"
    )


def _introduced(document: Document) -> list[tuple[Name, int, frozenset[str]]]:
    found: list[tuple[Name, int, frozenset[str]]] = []
    for match in _introduction().finditer(document.folded):
        run = re.match(r"[^\W\d_](?:[^\W\d_]|['\u2019. -])*", document.text[match.end() : match.end() + 60])
        if run is None or not run.group()[0].isupper():
            continue
        words = _capitals(document.text, match.end(), match.end() + len(run.group().rstrip()))
        name = (
            parse_name(document.text, words.start, words.end, language=document.language) if words else None
        )
        if (
            name
            and not _is_company(document, name.span)
            and (name.first or " " in name.span.of(document.text))
        ):
            found.append((name, INTRODUCED, frozenset()))
    return found


def _capitals(text: str, start: int, end: int) -> Span | None:
    """The run of words with capitals, with the particles inside it."""
    names = list(find_names(text[start:end]))
    if names and names[0].start == 0:
        return Span(start, start + names[0].end)
    stop = start
    for match in re.finditer(r"\S+", text[start:end]):
        word = match.group().strip(",.;:!?")
        if (
            not word
            or not (word[0].isupper() or normal(word) in word_set("people", "names", "particles"))
            or normal(word) in word_set("people", "not_names", "words")
        ):
            break
        stop = start + match.start() + len(word)
        if match.group() != word and match.group()[-1] in ",.;:!?" and len(word) > 1:
            break
    return trimmed(text, start, stop) if stop > start else None


def _signed(document: Document) -> list[tuple[Name, int, frozenset[str]]]:
    found: list[tuple[Name, int, frozenset[str]]] = []
    for signature in document.signatures:
        line = trimmed(document.text, signature.name.start, signature.name.end, strip=" \t\r*_>-\u2013\u2014")
        stop = re.search(r"\s*[,|(<•·]|\s[-\u2013\u2014/]\s", line.of(document.text))
        span = Span(line.start, line.start + stop.start()) if stop and stop.start() else line
        name = parse_name(document.text, span.start, span.end, language=document.language)
        if (
            name
            and len(span.of(document.text).split()) <= 5
            and not _is_company(document, span)
            and not _is_team(span.of(document.text))
        ):
            found.append((name, SIGNED - (25 if signature.is_quoted else 0), frozenset()))
    return found


def _is_team(name: str) -> bool:
    return bool(
        re.search(
            r"\b(?:team|support|service|department|desk|sales|office|abteilung|equipe|equipo)\b", fold(name)
        )
    )


def _in_headers(document: Document) -> list[tuple[Name, int, frozenset[str]]]:
    found: list[tuple[Name, int, frozenset[str]]] = []
    senders = [header for header in document.headers if header.is_sender]
    for header in document.headers:
        if not (header.is_sender or header.is_recipient):
            continue
        stop = re.search(r"\s*[<(\[\"]|\s+\S+@", header.value.of(document.text))
        span = Span(header.value.start, header.value.start + stop.start()) if stop else header.value
        name = (
            None
            if "@" in span.of(document.text) or _is_company(document, span)
            else parse_name(document.text, span.start, span.end, language=document.language)
        )
        if name and name.first and not _is_team(span.of(document.text)):
            found.append(
                (
                    name,
                    SENDING + len(senders[: senders.index(header) + 1]) if header.is_sender else GREETED,
                    frozenset(),
                )
            )
    return found


def _greeted(document: Document) -> list[tuple[Name, int, frozenset[str]]]:
    names = [
        parse_name(document.text, span.start, span.end, language=document.language)
        for span in document.greetings
    ]
    return [
        (name, GREETED, frozenset[str]())
        for name in names
        if name and (name.first or name.span.of(document.text).count(" "))
    ]


@cache
def _company_forms() -> frozenset[str]:
    return word_set("people", "companies", "forms") | word_set("people", "companies", "words")


def _is_company(document: Document, span: Span) -> bool:
    words = normal(span.of(document.text)).split()
    return bool(words) and (words[-1] in _company_forms() or "&" in words)


def _is_in_address(document: Document, span: Span) -> bool:
    return any(span.touches(part) for address in document.addresses for part in address.parts.values())


def owner_of(document: Document, people: list[Person], span: Span) -> Person | None:
    """Whose a detail is: the last one named before it in its paragraph, else the only one anywhere."""
    number = document.paragraph_at(span.start)
    near = [
        (each, person)
        for person in people
        if person.rank > GREETED
        for each in person.spans
        if document.paragraph_at(each.start) == number
    ]
    before = [(each, person) for each, person in near if each.start <= span.start]
    if before:
        return max(before, key=lambda pair: pair[0].start)[1]
    if near:
        return min(near, key=lambda pair: pair[0].start)[1]
    serious = [person for person in people if person.rank > GREETED]
    if len(serious) == 1:
        return serious[0]
    earlier = [
        (each, person)
        for person in serious
        if person.rank >= LABELLED
        for each in person.spans
        if each.start < span.start
    ]
    return max(earlier, key=lambda pair: pair[0].start)[1] if earlier else None


def mailbox_owner(document: Document, people: list[Person], mailbox: str) -> Person | None:
    owners = [person for person in people if matches_mailbox(_plain_name(document, person), mailbox)]
    return owners[0] if len(owners) == 1 else None


def _plain_name(document: Document, person: Person) -> str:
    parts = [part.of(document.text) for part in (person.first, person.last) if part]
    return " ".join(parts)
