"""Where people are named, and how plainly: by a label, by themselves, below a letter, in its head."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.extraction.firms import is_company, is_firm_at
from agents.rules.extraction.messages import depth
from agents.rules.extraction.presenting import is_apposed, is_aside, is_presented
from agents.rules.extraction.unlisted import find_stacked, find_unlisted, is_addressed, is_heading
from agents.rules.reading.names import Name, find_names, is_given, is_nobody, parse_name
from agents.rules.text import Cover, Span, fold, trimmed
from agents.rules.vocabulary import alternatives, load, normal, word_set

LABELLED, PRESENTED, INTRODUCED, APPOSED, SIGNED, ADDRESSED, SENDING, MENTIONED, GREETED = (
    100,
    98,
    90,
    82,
    80,
    70,
    60,
    50,
    10,
)
UNLISTED: Final = -4
_PARTS: Final = frozenset({"first_name", "last_name"})
_SURNAME_FIRST: Final = re.compile(
    r"(?:surnames?|last name|family name|(?:nach|familien|zu)name|nom|apellidos?|cognome|apelidos?"
    r"|sobrenome|(?:achter|familie)naam"
    r"|naam|efternamn|ef?ter?navn|etternavn|nazwisko|prijmeni|sukunimi|soyad\w*|vezeteknev|csaladi nev"
    r"|nume(?:le)?)\W{1,4}(?:(?:and|und|et|y"
    r"|e|en|och|og|i|a|ja|ve|es|si)\W{1,2})?(?:first|given|fore|name|vorname|prenom|nombre|nome|voor"
    r"|for|imi|jmen|etu|ad|kereszt|uto"
    r"|prenume)"
)
_MOST_SENDERS: Final = 9
_LONGEST_REST: Final = 160
_THEIRS: Final = re.compile(r"\b(?:her|his|its|their|ihr|sein|son|sa|su|suo|sua|haar|zijn|hans|hennes)\s$")
_TEAM: Final = re.compile(
    r"\b(?:team|support|service|department|desk|sales|office|abteilung|equipe|equipo)\b"
)
_TURN: Final = re.compile(
    r"^[ \t]*(?:\[?\d{1,2}[:.]\d\d(?:[:.]\d\d)?\]?[ \t]+)?(?P<speaker>[^\W\d_][\w ]{0,20}?)"
    r"(?::|[ \t]{2,}|\t)[ \t]*(?P<words>[^\n]{1,300})$",
    re.MULTILINE,
)
_ASKING: Final = re.compile(
    r"\b(?:name|names|naam|namn|navn|nom|nombre|nome|imie|nazwisko|nimi|jmeno|nev|ad|isim)\w{0,3}\b.*\?"
)
_AFTER_NAME: Final = re.compile(r"\s*[(<\[|/]|\s[-\u2013]\s|,\s*(?=[\w.+-]+@|\d|\+)|\s+(?=[\w.+-]+@)|\s+\d")
_SMALL_NAME: Final = re.compile(
    r"([^\W\d_]{3,20})(?:\.|\s*$| (?:again|here|from|at|el|la|de|del|da|do|du|from|aus|vom|von|van"
    r"|uit|fra|fran|z|ze"
    r"|the|den|det|che|che|und|and|y|et|e|i|og|och|en) )"
)
_AFTER_SIGNED: Final = re.compile(r"\s*[,|(<•·]|\s[-\u2013\u2014/]\s")
_AFTER_SENDER: Final = re.compile(r"\s*[<(\[\"]|\s+\S+@")


@dataclass(frozen=True)
class Mention:
    """A place where somebody is named: how plainly the text puts them forward there, and in which role."""

    name: Name
    words: frozenset[str]
    rank: int
    roles: frozenset[str] = frozenset()
    writes: bool = False


def find_mentions(document: Document) -> list[Mention]:
    found = [*_in_pairs(document)]
    found += _labelled(document, Cover(mention.name.span for mention in found))
    found += [
        *_answered(document),
        *_introduced(document),
        *_signed(document),
        *_in_headers(document),
        *_greeted(document),
        *_stacked(document),
    ]
    taken = Cover([*(mention.name.span for mention in found), *_address_parts(document)])
    found += _free(document, taken)
    return found


def _mention(
    document: Document,
    span: Span,
    rank: int,
    roles: frozenset[str] = frozenset(),
    *,
    writes: bool = False,
    surname_first: bool = False,
) -> Iterator[Mention]:
    """The mention of somebody whose name fills a span, if it is a person's name."""
    if is_company(span.of(document.text)) or is_firm_at(document.text, span):
        return
    text, language = document.text, "hu" if document.is_hungarian else document.language
    name = parse_name(text, span.start, span.end, language=language, surname_first=surname_first)
    if name:
        yield Mention(name, _words(name.span.of(document.text)), rank, roles, writes)


def _words(name: str) -> frozenset[str]:
    return frozenset(normal(name).replace("-", " ").split())


def _in_pairs(document: Document) -> Iterator[Mention]:
    """First and last name in fields of their own, close to each other."""
    pair: dict[str, Field] = {}
    for field, before, behind in _with_neighbours(document.fields):
        keys = _name_keys(field, before, behind)
        if not keys or not _is_bare(document, field):
            continue
        pair[_key(keys, pair)] = field
        if len(pair) == 2:
            yield from _paired(document, pair["first_name"], pair["last_name"])
            pair = {}


def _with_neighbours(fields: list[Field]) -> Iterator[tuple[Field, Field | None, Field | None]]:
    padded = [None, *fields, None]
    for before, field, behind in zip(padded, fields, padded[2:], strict=False):
        yield field, before, behind


def _name_keys(field: Field, before: Field | None, behind: Field | None) -> frozenset[str]:
    """Which part of a name a field holds: `Name` beside `Vorname` is the last name."""
    keys = field.meanings & _PARTS
    if "full_name" not in field.meanings:
        return keys
    for other in (before, behind):
        others = other.meanings if other else frozenset[str]()
        if "full_name" not in others and len(others & _PARTS) == 1:
            return _PARTS - others
    return frozenset()


def _key(keys: frozenset[str], pair: dict[str, Field]) -> str:
    """`nom` beside `prénom` is the last name; where a label could be either, it is what is still missing."""
    if len(keys) == 1:
        return next(iter(keys))
    return "last_name" if "first_name" in pair else "first_name"


def _is_bare(document: Document, field: Field) -> bool:
    return bool(re.fullmatch(r"[^\d@:/]{1,40}", field.value.of(document.text)))


def _paired(document: Document, first: Field, last: Field) -> Iterator[Mention]:
    if abs(first.start - last.start) > 300:
        return
    whole = Span(min(first.value.start, last.value.start), max(first.value.end, last.value.end))
    words = _words(f"{first.value.of(document.text)} {last.value.of(document.text)}")
    roles = first.roles | document.roles_at(first.value)
    yield Mention(Name(whole, first.value, last.value), words, LABELLED, roles)


def _labelled(document: Document, taken: Cover) -> Iterator[Mention]:
    for field in document.fields:
        is_person = "full_name" in field.meanings or (not field.meanings and field.roles)
        if is_person and not taken.touches(field.value):
            yield from _in_field(document, field)


def _in_field(document: Document, field: Field) -> Iterator[Mention]:
    """A name that fills the value, up to a bracket, a mailbox or an address behind it."""
    text = document.text
    stop = _AFTER_NAME.search(field.value.of(text))
    end = field.value.start + stop.start() if stop else field.value.end
    span = trimmed(text, field.value.start, end)
    if document.address_cover.touches(span):
        return
    roles = field.roles | document.roles_at(field.value)
    comma = text.find(",", span.start, span.end)
    turned = _SURNAME_FIRST.search(fold(field.label)) is not None
    whole = list(_mention(document, span, LABELLED, roles, surname_first=turned))
    if comma < 0 or (whole and len(span.of(text).split()) <= 4):
        yield from whole
    else:
        yield from _mention(document, Span(span.start, comma), LABELLED, roles)


@cache
def _introduction() -> re.Pattern[str]:
    phrases = alternatives(fold(each) for each in load("people")["introductions"]["self"])
    titles = r"(?:dr\.? |prof\.? |mr\.? |mrs\.? |ms\.? |die |der |la |el |o |a )?"
    return re.compile(rf"(?<![\w'])(?:{phrases})(?:[:,]? ){titles}")


def _introduced(document: Document) -> Iterator[Mention]:
    text = document.text
    for match in _introduction().finditer(document.folded):
        is_self = not _THEIRS.search(document.folded, max(0, match.start() - 8), match.start())
        run = re.match(r"[^\W\d_](?:[^\W\d_]|['\u2019. -])*", text[match.end() : match.end() + 60])
        if run and run.group()[0].islower():
            yield from _small(match, run.group(), is_self=is_self)
        if run is None or not run.group()[0].isupper():
            continue
        span = _capitals(text, match.end(), match.end() + len(run.group().rstrip()))
        rank = INTRODUCED + (depth(document, span) if span else 0)
        for mention in _mention(document, span, rank, writes=is_self) if span else ():
            if (mention.name.first and is_self) or " " in mention.name.span.of(text):
                yield mention


def _small(match: re.Match[str], words: str, *, is_self: bool) -> Iterator[Mention]:
    """`my name is sarah connolly,`: without capitals a known first name and a comma or an end must tell."""
    only = _SMALL_NAME.match(words)
    if only and is_self and is_given(only[1]):
        span = Span(match.end(), match.end() + len(only[1]))
        yield Mention(Name(span, span, None), _words(only[1]), INTRODUCED, writes=True)
        return
    name = re.match(r"([^\W\d_]+) ([^\W\d_]{2,})(?=$|\.)", words.rstrip())
    if name is None or "name" not in match.group() or not is_given(name[1]) or is_nobody(name[2]):
        return
    start = match.end()
    first, last = Span(start, start + len(name[1])), Span(start + name.start(2), start + name.end(2))
    yield Mention(Name(Span(first.start, last.end), first, last), _words(name[0]), INTRODUCED)


def _capitals(text: str, start: int, end: int) -> Span | None:
    """The run of words with capitals, with the particles inside it."""
    names = list(find_names(text[start:end]))
    if names and names[0].start == 0:
        return Span(start, start + names[0].end)
    particles, stop = word_set("people", "names", "particles"), start
    for match in re.finditer(r"\S+", text[start:end]):
        word = match.group().strip(",.;:!?")
        if not word or is_nobody(word) or not (word[0].isupper() or normal(word) in particles):
            break
        stop = start + match.start() + len(word)
        if match.group()[-1] in ",.;:!?" and len(word) > 1:
            break
    return trimmed(text, start, stop) if stop > start else None


def _signed(document: Document) -> Iterator[Mention]:
    text = document.text
    for signature in document.signatures:
        line = trimmed(text, signature.name.start, signature.name.end, strip=" \t\r*_>-\u2013\u2014")
        stop = _AFTER_SIGNED.search(line.of(text))
        span = Span(line.start, line.start + stop.start()) if stop and stop.start() else line
        if len(span.of(text).split()) <= 5 and not _TEAM.search(fold(span.of(text))):
            yield from _mention(document, span, SIGNED + depth(document, span), writes=True)


def _in_headers(document: Document) -> Iterator[Mention]:
    text, senders = document.text, 0
    for header in document.headers:
        stop = _AFTER_SENDER.search(header.value.of(text))
        end = header.value.start + stop.start() if stop else header.value.end
        span = Span(header.value.start, end)
        senders += header.is_sender
        rank = SENDING + min(senders, _MOST_SENDERS) if header.is_sender else GREETED
        is_name = (header.is_sender or header.is_recipient) and "@" not in span.of(text)
        if is_name and not _TEAM.search(fold(span.of(text))):
            yield from (mention for mention in _mention(document, span, rank) if mention.name.first)


def _answered(document: Document) -> Iterator[Mention]:
    """In a conversation, what is said after a question for the name; capitals are not needed there."""
    text, turns = document.text, [*_TURN.finditer(document.text)]
    for question, answer in pairwise(turns):
        asks = _ASKING.search(fold(question["words"])) and question["speaker"] != answer["speaker"]
        words = [*re.finditer(r"[^\W\d_][\w.'\u2019-]*", answer["words"])]
        if not asks or not 2 <= len(words) <= 4 or re.search(r"[\d@?]", answer["words"]):
            continue
        start = answer.start("words")
        first = Span(start + words[0].start(), start + words[-2].end())
        last = Span(start + words[-1].start(), start + words[-1].end())
        whole = Span(first.start, last.end)
        if not any(is_nobody(word.group()) for word in words):
            yield Mention(Name(whole, first, last), _words(whole.of(text)), LABELLED, writes=True)


def _greeted(document: Document) -> Iterator[Mention]:
    for span in document.greetings:
        for mention in _mention(document, span, GREETED):
            if mention.name.first or " " in mention.name.span.of(document.text):
                yield mention


def _stacked(document: Document) -> Iterator[Mention]:
    for name in find_stacked(document):
        yield Mention(name, _words(name.span.of(document.text)), SIGNED)


def _free(document: Document, taken: Cover) -> Iterator[Mention]:
    """Names in running text that begin with a given name."""
    greeted = Cover(document.greetings)
    known = list(find_names(document.text))
    unlisted = [(span, UNLISTED) for span in find_unlisted(document, Cover(known))]
    for span, less in [*((span, 0) for span in known), *unlisted]:
        if not taken.touches(span):
            rank = GREETED if greeted.touches(span) else _plainness(document, span) + less
            writes = _is_last(document, span)
            rank = max(rank, SIGNED + depth(document, span)) if writes else rank
            yield from _mention(document, span, rank, document.roles_at(span), writes=writes)


def _plainness(document: Document, span: Span) -> int:
    text, folded = document.text, document.folded
    if is_aside(folded, span) or document.is_referee(span):
        return GREETED
    if is_presented(folded, span):
        return PRESENTED + depth(document, span)
    if is_heading(document, span):
        return SIGNED + depth(document, span)
    if is_apposed(folded, span):
        return APPOSED + depth(document, span)
    if fold(span.of(text).split()[0]) in document.presented_later:
        return PRESENTED + depth(document, span)
    if is_addressed(text, span):
        return ADDRESSED
    return MENTIONED


def _is_last(document: Document, span: Span) -> bool:
    """A name alone on its line at the end of a letter."""
    line = document.line_of(span)
    if not document.greetings or line.of(document.text).strip(" \t\r-") != span.of(document.text):
        return False
    return span.start > document.greetings[0].end and not document.text[line.end :].strip()[_LONGEST_REST:]


def _address_parts(document: Document) -> Iterator[Span]:
    for address in document.addresses:
        yield from address.parts.values()
