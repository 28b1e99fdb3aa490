"""Whose an order is: the one whom a label, a shop's greeting, a letter's end or a sheet's head names."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.fields import Field
from agents.rules.extraction.firms import is_company
from agents.rules.extraction.reader import Reader
from agents.rules.extraction.scope import Query
from agents.rules.extraction.values import Candidate
from agents.rules.reading.contacts import Email
from agents.rules.text import Span, fold, lines, trimmed
from agents.rules.vocabulary import folded_words, normal, word_set

_STOP: Final = re.compile(
    r"[(<|;\[/]|\s{2,}|,|\s[-\u2013\u2014·•]\s|\s(?=[\w.+-]+@)|(?<!\w)(?:attn|z\.? ?hd|c/o|att)\b"
    r"|[.!?](?=\s+[^\W\d_]{4})|\d",
    re.IGNORECASE,
)
_NAME: Final = (
    r"[^\W\d_a-zà-ÿ][\w'\u2019.-]*(?:[ -](?:(?:van|von|de|da|di|der|den|del|la|le|el|al"
    r"|bin|af|dos|du|y|e)\s)*[^\W\d_a-zà-ÿ][\w'\u2019.-]*)"
)
_AT_THE_END: Final = re.compile(
    rf"(?:(?<=[.!?])|(?<=[.!?]\s)|(?<=\n)|(?<=,\s)|(?<=[-\u2013\u2014]\s))[ \t]*"
    rf"(?P<name>{_NAME}{{1,3}})[ \t.]*\Z"
)
_HEAD: Final = 8
_LONGEST: Final = 70
_TAIL: Final = 400
_BELOW: Final = re.compile(
    r"(?:\n[^\n]{0,80}(?:@|\d{5}|\+\d)[^\n]{0,80}){1,3}\s{0,9}\Z|[,;]?[ \t]?[^\s@]{1,64}@[^\s@]{3,80}\Z"
)


def customer_names(query: Query) -> list[Candidate]:
    """The plainest way in which the text names the customer."""
    reader = query.reader
    for source in (_labelled, _greeted, _at_the_head, _signed):
        spans = list(source(reader))
        if spans:
            return [query.candidate(span, 9) for span in spans[:1]]
    return []


def customer_emails(query: Query) -> list[Candidate]:
    """Somebody's own mailbox that is the customer's by its name or place, or the only one."""
    emails = [
        email for email in query.document.emails if not email.is_shared and not _is_others(query, email)
    ]
    names = [normal(str(each.raw)) for each in customer_names(query)]
    scored = {email: _nearness(query.document, email, names) for email in emails}
    top = max(scored.values(), default=0)
    values = {email.value for email, score in scored.items() if score == top}
    return [
        Candidate(email.value, email.span, 9)
        for email in emails
        if len(values) == 1 and email.value in values
    ]


def _is_others(query: Query, email: Email) -> bool:
    """Whether a mailbox is the shop's: the recipient of a customer's letter, or the sender of a shop's."""
    is_shops = is_confirmation(query.document)
    return any(
        email.span.within(header.value)
        and (header.is_sender if is_shops else header.is_recipient)
        and not header.is_quoted
        for header in query.document.headers
    )


def _nearness(document: Document, email: Email, names: list[str]) -> int:
    mailbox = normal(email.mailbox.replace("-", " ").replace(".", " "))
    words = {word for name in names for word in name.replace("-", " ").split() if len(word) > 2}
    line = normal(document.line_of(email.span).of(document.text))
    return 2 * any(word in mailbox for word in words) + any(name in line for name in names)


def is_confirmation(document: Document) -> bool:
    """Whether a shop speaks."""
    return bool(_confirming().search(document.folded))


@cache
def _confirming() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded_words('orders', 'customer', 'confirmations')})(?!\w)")


def _labelled(reader: Reader) -> Iterator[Span]:
    labels = word_set("orders", "customer", "labels")
    fields = [
        field
        for field in reader.order.document.fields
        if not field.roles & {"vendor", "billing", "emergency"}
    ]
    ranked = sorted(fields, key=lambda field: _plainness(field, labels))
    for field in ranked:
        if _plainness(field, labels) < len(_PLAIN):
            yield from _cleaned(reader.text, field.value)


_PLAIN: Final = ("whole", "suffix")


def _plainness(field: Field, labels: frozenset[str]) -> int:
    """0 where the label is one of the customer's, 1 where it ends with one, 2 elsewhere."""
    words = normal(field.label).split()
    generic = bool(words) and words[-1] in (
        "name",
        "nom",
        "nombre",
        "nome",
        "naam",
        "namn",
        "navn",
        "nimi",
        "nev",
        "nume",
    )
    if " ".join(words) in labels:
        return 0
    is_ending = any(" ".join(words[-count:]) in labels for count in (1, 2)) and len(words) > 1
    is_others = generic and words[-2:-1] not in (["buyer"], ["customer"], ["client"])
    return 1 if is_ending and not is_others and len(words) <= 4 else 2


def _cleaned(text: str, value: Span) -> Iterator[Span]:
    """A name up to a bracket, a mailbox or an address, without its title."""
    line_end = text.find("\n", value.start, value.end)
    start, end = value.start, line_end if line_end >= 0 else value.end
    while title := re.compile(r"\s*([\w.]{1,9})\s+(?=\S)").match(text, start, end):
        if normal(title[1]) not in word_set("orders", "customer", "titles"):
            break
        start = title.end()
    stop = _STOP.search(text, start, end)
    span = trimmed(text, start, stop.start() if stop else end, strip=" \t\r,;:|*_<>()[]\"'!-\u2013\u2014")
    words = span.of(text).split()
    if (
        words
        and len(words) <= 7
        and sum(map(str.isalpha, span.of(text))) >= 3
        and span.end - span.start <= _LONGEST
    ):
        yield span


def _greeted(reader: Reader) -> Iterator[Span]:
    """A shop greets its customer; the fullest form of the name may stand with the address."""
    document = reader.order.document
    if not is_confirmation(document):
        return
    for greeting in [*document.greetings, *_more_greetings(document)]:
        line = document.line_of(Span(greeting.start, greeting.start))
        end = min(line.end, greeting.start + _LONGEST)
        for span in _cleaned(reader.text, Span(greeting.start, end)):
            if span.of(reader.text)[:1].isupper():
                yield _fullest(reader, span)


def _more_greetings(document: Document) -> Iterator[Span]:
    words = folded_words("orders", "customer", "greetings")
    for match in re.finditer(rf"(?m)^[ >]*(?:{words})(?!\w)[ ,]{{1,2}}", document.folded):
        if re.match(_NAME + r"{1,3} ?[,!]", document.text[match.end() : match.end() + _LONGEST]):
            yield Span(match.end(), match.end() + 1)


def _fullest(reader: Reader, name: Span) -> Span:
    words = set(normal(name.of(reader.text)).split())
    spans = [span for person in reader.people for span in person.spans]
    spans += [span for line in lines(reader.text) for span in _beginning(reader.text, line)]
    spans = [span for span in spans if not span.touches(name) and "\n" not in span.of(reader.text)]
    fuller = [span for span in spans if words < set(normal(span.of(reader.text)).split())]
    return max(fuller, key=lambda span: (span.end - span.start, -span.start), default=name)


def _beginning(text: str, line: Span) -> Iterator[Span]:
    """The name that a line begins with, as above or before an address; also behind a label."""
    match = re.compile(rf"(?:[^:\n]{{0,40}}:\s*)?[\s>]*(?P<name>{_NAME}{{1,3}})(?=\s*(?:,|$|\())").match(
        text, line.start, line.end
    )
    if match:
        yield Span(*match.span("name"))


def _at_the_head(reader: Reader) -> Iterator[Span]:
    """The firm whose name stands above its own purchase order."""
    text = reader.text
    rows = [line for line in lines(text) if re.search(r"[^\W\d_]{2}", line.of(text))][:_HEAD]
    sheets = rf"(?<!\w)(?:{folded_words('orders', 'customer', 'sheets')})(?!\w)"
    heads = [
        row for row in rows if re.search(sheets, fold(row.of(text))) and len(row.of(text).split()) <= _HEAD
    ]
    if not heads or is_confirmation(reader.document):
        return
    for row in rows:
        name = next((part for part in re.split(r"\s{5,}|[,|;]", row.of(text)) if part.strip()), "").strip(
            " *"
        )
        if is_company(name) and ":" not in name:
            start = text.index(name, row.start)
            yield Span(start, start + len(name))


def _signed(reader: Reader) -> Iterator[Span]:
    """A name that ends a customer's letter without a closing, or whose bearer gave the order by telephone."""
    document = reader.order.document
    yield from _calling(document)
    if is_confirmation(document) or document.signatures or any(each.is_sender for each in document.headers):
        return
    text = document.text.rstrip()
    start = max(0, len(text) - _TAIL)
    body = _BELOW.sub("", text[start:])
    for tail in (body, body.rpartition("\n")[0].rstrip()):
        match = _AT_THE_END.search(tail, max(0, len(tail) - _LONGEST))
        if match:
            yield from _without_closing(text, Span(start + match.start("name"), start + match.end("name")))


def _without_closing(text: str, name: Span) -> Iterator[Span]:
    """The name behind `LG` or `Mvh`."""
    closing = re.match(
        rf"(?:{folded_words('people', 'closings', 'closings')}|lg|vg|mvh|mfg|thx)\s+", fold(name.of(text))
    )
    span = Span(name.start + closing.end(), name.end) if closing else name
    if span.start < span.end:
        yield span


@cache
def _callers() -> re.Pattern[str]:
    verbs = folded_words("orders", "customer", "called")
    return re.compile(
        rf"(?m)^[ \t>*-]{{0,10}}(?P<name>[^\W\d_]{{2,20}} [^\W\d_]{{2,20}})"
        rf"(?: \([^)\n]{{0,40}}\))? (?:{verbs})(?!\w)"
    )


def _calling(document: Document) -> Iterator[Span]:
    for match in _callers().finditer(document.folded):
        if not word_set("small", "speech", "within") & set(match["name"].split()):
            yield Span(*match.span("name"))
