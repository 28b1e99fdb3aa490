"""Where somebody works and as what, from the words around a name and the lines below a signature."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.people import SIGNED, Person, owner_of
from agents.rules.extraction.values import Candidate
from agents.rules.reading.names import find_names
from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import load, normal, word_set

_CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀČĐĘŁŃŐŘŚŠŤŮŰŹŻŽ"
_RUN: Final = (
    rf"[{_CAPITAL}0-9][\w&.'\u2019+-]{{0,30}}(?: (?:[{_CAPITAL}0-9&][\w&.'\u2019+/-]{{0,30}}|de|la"
    rf"|du|des|und|and|of|y|e|et|der|van|für|the|for){{1}}){{0,6}}"
)
_COMPANY: Final = re.compile(_RUN)
_NOT_TITLES: Final = frozenset(
    {
        "who",
        "i",
        "we",
        "and",
        "is",
        "was",
        "has",
        "which",
        "he",
        "she",
        "please",
        "my",
        "thank",
        "thanks",
        "joins",
        "joined",
        "wrote",
        "called",
        "said",
        "will",
        "would",
        "can",
    }
)
_OWNERS: Final = re.compile(
    r"(?:co-?)?(?:founder|owner|ceo|cto|cfo|president|partner|inhaber\w*|fondat\w+|fundador\w*"
    r"|gerente|titolare)\b(?= (?:of|von|de|di|der)\b)",
    re.IGNORECASE,
)
_TITLE_END: Final = re.compile(
    r"[,;|\n(•·]|\.(?:\s|$)|\s[-\u2013\u2014/@]\s|\s(?:at|bei|chez|en|presso|bij|hos|på|w|with"
    r"|for|von|and i|und ich|et je|since|seit|here|,? reporting|in the|who)\s|$",
    re.IGNORECASE,
)


@cache
def _heads() -> frozenset[str]:
    return word_set("people", "jobs", "heads")


@cache
def _cue(key: str) -> re.Pattern[str]:
    words = sorted((fold(each) for each in load("people")["jobs"][key]), key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)\s+(?:the |an? |der |die |das "
        rf"|einem? |einer? |la |le |l'|el |il |lo |uma? |um )?"
    )


@cache
def _form() -> re.Pattern[str]:
    forms = sorted(load("people")["companies"]["forms"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?![\w])", re.IGNORECASE)


def is_job(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", fold(text))
    return (
        0 < len(words) <= 7
        and words[0] not in _NOT_TITLES
        and any(word in _heads() or word.split("-")[-1] in _heads() for word in words)
    )


def find_jobs(document: Document, people: list[Person], person: Person | None) -> list[Candidate]:
    """Titles beside this person's name, and those that the writer claims."""
    found = list(_beside_name(document, person)) if person else []
    for match in _cue("work_as").finditer(document.folded):
        span = _title(document.text, match.end())
        if (
            span
            and is_job(span.of(document.text))
            and (person is None or owner_of(document, people, span) is person)
        ):
            found.append(Candidate(span.of(document.text), span, 6))
    return found


def _title(text: str, start: int) -> Span | None:
    lead = re.match(
        r"(?:who )?(?:is|works?|working|arbeitet|travaille|trabaja|lavora|werkt)? ?(?:currently "
        r")?(?:as |als |comme |como |come )?(?:an? |the |our |your |their |eine? |unsere? )?",
        text[start : start + 40],
    )
    start += lead.end() if lead else 0
    stop = _TITLE_END.search(text, start, min(len(text), start + 80))
    span = trimmed(text, start, stop.start() if stop else start)
    owner = _OWNERS.search(text, span.start, span.end)
    span = Span(span.start, owner.end()) if owner else span
    return span if span.start < span.end else None


def _beside_name(document: Document, person: Person) -> Iterator[Candidate]:
    """`Anna Berg, Head of Sales`, `Anna Berg (CEO)`, or the line below the name."""
    text = document.text
    for name in person.spans:
        match = re.match(
            r"(?:\s*[,(|/\u2013\u2014-]\s*|[ \t]*\r?\n[ >\t*_]*)", text[name.end : name.end + 12]
        )
        if match:
            span = _title(text, name.end + match.end())
            if span and is_job(span.of(text)):
                yield Candidate(span.of(text), span, 8 if _is_below_signature(document, name) else 7)
        before = re.search(
            r"(?:our|my|the|unsere?|notre|nuestr[oa]|nostr[oa]|onze|vår|vores)\s+(?:new\s+"
            r"|neue[rn]?\s+)?([^\W\d_][\w -]{2,40}?),?\s+$",
            text[max(0, name.start - 60) : name.start],
            re.IGNORECASE,
        )
        if before and is_job(before[1]):
            start = max(0, name.start - 60) + before.start(1)
            yield Candidate(before[1], Span(start, start + len(before[1])), 6)


def _is_below_signature(document: Document, name: Span) -> bool:
    return any(name.within(signature.block) for signature in document.signatures)


def find_companies(document: Document, people: list[Person], person: Person | None) -> list[Candidate]:
    """Employers: after `work at`, behind a title, below a name, and names with a company's form."""
    found = [*_after_cues(document, people, person)]
    if person:
        found += _beside_person(document, person)
    for span in company_names(document):
        owner = owner_of(document, people, span)
        is_near = person is not None and owner is person and (person.rank >= SIGNED or len(people) == 1)
        if is_near or (person is None and not people):
            found.append(Candidate(span.of(document.text), span, 3 if is_near else 2))
    return found


def company_names(document: Document) -> list[Span]:
    """Names that end in a form such as GmbH, Ltd or S.A."""
    found: list[Span] = []
    for match in _form().finditer(document.text):
        if not match.group()[0].isupper() and match.group() not in ("plc", "e.V.", "mbH"):
            continue
        line = document.text.rfind("\n", 0, match.start()) + 1
        run = re.search(
            rf"(?:[{_CAPITAL}0-9&][\w&.'\u2019+-]{{0,30}},? ){{1,5}}$",
            document.text[max(line, match.start() - 80) : match.start()],
        )
        if run:
            span = trimmed(document.text, match.start() - len(run.group()), match.end(), strip=" ,;:")
            if not found or span.start >= found[-1].end:
                found.append(span)
    return found


def _after_cues(document: Document, people: list[Person], person: Person | None) -> Iterator[Candidate]:
    for match in _cue("work_at").finditer(document.folded):
        span = _company_at(document.text, match.end())
        if span and (person is None or owner_of(document, people, span) is person):
            yield Candidate(span.of(document.text), span, 7)


def _company_at(text: str, start: int) -> Span | None:
    match = _COMPANY.match(text, start)
    if match is None:
        return None
    words = match.group().split()
    while words and (words[-1].islower() or normal(words[-1]) in {"i", "we", "my", "hi", "the"}):
        words.pop()
    end = start + len(" ".join(words))
    stop = _form().search(text, start, end) or re.search(r"\.(?=\s)", text[start:end])
    if stop:
        end = stop.end() if stop.string is text else start + stop.start()
    span = trimmed(text, start, end, strip=" .,;:!?\n")
    return span if span.start < span.end and not is_job(span.of(text)) else None


def _beside_person(document: Document, person: Person) -> Iterator[Candidate]:
    text = document.text
    for name in person.spans:
        inline = re.match(
            r"[^\n.;:]{0,60}?(?:\bat|@|\bfrom|\bof|\bbei|\bchez|\bvon(?: der)?(?: firma)?|\bde "
            r"chez|\bde|\bpresso|\bbij|\bvan|\bhos|\bdella?|\bdo"
            r"|\bda)\s+(?:the\s+)?(?=[A-ZÀ-Þ0-9])",
            text[name.end : name.end + 90],
        )
        if inline and not re.search(
            r"\b(?:order|live|born|moved|ship|deliver|wohn|hab)", fold(inline.group())
        ):
            span = _company_at(text, name.end + inline.end())
            if (
                span
                and not _is_place(document, span)
                and (is_job(inline.group()) or _form().search(span.of(text)) or len(inline.group()) <= 9)
            ):
                yield Candidate(span.of(text), span, 6)
        if _is_below_signature(document, name):
            yield from _below_name(document, name)


def _is_place(document: Document, span: Span) -> bool:
    return any(span.touches(address.span) for address in document.addresses)


def _below_name(document: Document, name: Span) -> Iterator[Candidate]:
    """The line of a signature that is neither name nor title, number, address or link."""
    text = document.text
    block = next(signature.block for signature in document.signatures if name.within(signature.block))
    start = text.find("\n", name.end, block.end)
    seen = 0
    for match in re.finditer(r"[^\n]+", text[start : block.end]) if start >= 0 else ():
        line = trimmed(text, start + match.start(), start + match.end(), strip=" >\t\r*_|-,")
        content = line.of(text)
        if not content or seen >= 3:
            continue
        seen += 1
        shared = re.search(r"(?:,| at | bei | - | \| | @ )\s*", content)
        if is_job(content):
            if shared and is_job(content[: shared.start()]) and not is_job(content[shared.end() :]):
                span = _company_at(text, line.start + shared.end())
                if span:
                    yield Candidate(span.of(text), span, 6.4)
            continue
        if _is_plain_name(document, line):
            yield Candidate(
                content,
                line,
                5.6
                if _form().search(content)
                or normal(content).split()[-1] in word_set("people", "companies", "words")
                else 4,
            )
            return


def _is_plain_name(document: Document, line: Span) -> bool:
    content = line.of(document.text)
    taken = (
        [email.span for email in document.emails]
        + [phone.span for phone in document.phones]
        + document.urls
        + [address.span for address in document.addresses]
        + [field.value for field in document.fields]
    )
    if (
        re.search(r"\d{3}|[@:?!]", content)
        or any(line.touches(span) for span in taken)
        or len(content.split()) > 6
    ):
        return False
    return (
        content[0].isupper()
        and not any(span.start == 0 for span in find_names(content))
        and not content.endswith(".")
    )
