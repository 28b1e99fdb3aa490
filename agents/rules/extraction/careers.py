"""Where somebody works and as what, from the words around a name and the lines below a signature."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.firms import find_firms, form, is_company
from agents.rules.extraction.people import Person
from agents.rules.extraction.presenting import begins_former, is_former_post, is_held, without_titles
from agents.rules.extraction.reader import Reader
from agents.rules.extraction.titles import find_titles, is_head, is_job
from agents.rules.extraction.values import Candidate
from agents.rules.reading.language import language_of
from agents.rules.reading.names import find_names
from agents.rules.text import Cover, Span, fold, lines, trimmed
from agents.rules.vocabulary import alternatives, load, normal

_CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀČĐĘŁŃŐŘŚŠŤŮŰŹŻŽ"
_COMPANY: Final = re.compile(
    rf"[{_CAPITAL}0-9][\w&.'\u2019+-]{{0,30}}(?: (?:[{_CAPITAL}0-9&][\w&.'\u2019+/-]{{0,30}}"
    r"|de|la|du|des|und|and|of|y|e|et|der|van|für|the|for)){0,6}"
)
_OWNERS: Final = re.compile(
    r"(?:co-?)?(?:founder|owner|ceo|cto|cfo|president|partner|inhaber\w*|fondat\w+|fundador\w*"
    r"|titolare)\b(?= (?:of|von|de|di|der)\b)",
    re.IGNORECASE,
)
_TITLE_END: Final = re.compile(
    r"[,;|\n()•·]|(?<! ds)\.(?:\s|$)|\s[-\u2013\u2014/@]\s|\s(?:at|à|bei|chez|en|presso|bij|hos|på|da"
    r"|do|na|no"
    r"|w|we|u|v|ve|ved|til|till|with|for|von|la(?=\s[A-ZÀ-ÞȘȚ])|and i|und ich|et je|since|seit|here"
    r"|,? reporting|olarak|in the|who|is|are|was|will|has|ist|wird|war|est|sera|es|è|é|er|är|wordt"
    r"|jest|je|bude)\s"
    r"|\s(?:ernannt|befördert|benannt|benoemd|mianowan\w|jmenován\w?)(?!\w)|$",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"(?:who )?(?:is|works?|working|arbeitet|travaille|trabaja|lavora|werkt)? ?(?:currently )?"
    r"(?:as |als |comme |como |come )?(?:an? |the |our |your |their |eine? |unsere? )?"
)
_BESIDE: Final = re.compile(r"(?:\s*[,(|/\u2013\u2014-]\s*|[^\w\n,.(]{0,40}\r?\n[ >\t*_]*)")
_NO_TITLE: Final = re.compile(r"[:@]|\d{2}")
_OUR: Final = re.compile(
    r"(?<!\w)(?:our|my|the|an?|unsere?[nmr]?|der|die|dem|den|eine?[nmr]?|notre|l[ea]|un|une"
    r"|nuestr[oa]|el|del|al|una"
    r"|nostr[oa]|il|lo|noss[oa]|[oa]|d[oa]|onze|de|een|vår|vores|en|ett|et)\s+"
    r"(?:new\s+|neue[rn]?\s+|nouve\w+\s|nuev[oa]\s|nuov[oa]\s|nov[oa]\s|nieuwe\s)?"
    r"([^\W\d_][\w -]{2,40}?)(?:\s(?:q|que|qui|che|who|that)\s[^.:\n]{1,40})?[,:]?\s+$",
    re.IGNORECASE,
)
_EMPLOYED: Final = re.compile(
    r"[^\n.;:]{0,60}?(?:\bat|@|\bfrom|\bof|\bbei|\bchez|\bvon(?: der)?(?: firma)?|\bde chez|\bde"
    r"|\bpresso|\bbij|\bvan|\bhos|\bdella?|\bdo|\bda)\s+(?:the\s+)?(?=[A-ZÀ-Þ0-9])"
)
_AT: Final = re.compile(
    r",?\s(?:at|@|for|with|bei(?: der)?|von|chez|à(?: la)?|en|presso|per|da|do|na|no|bij|van|hos|på|i|w|v)\s"
    r"(?=[A-ZÀ-Þ])"
)
_OF_FIRM: Final = re.compile(
    r",?\s(?:at|@|of|for|with|bei(?: der)?|der|von|chez|à(?: la)?|de(?: la)?|du|d['\u2019]|en|presso"
    r"|di|del(?:la)?|da"
    r"|do|na|no|bij|van|hos|på|i|av"
    r"|af|ved|w|we|v|ve|u|la)\s(?:the |la |le |el |il |o |a |de |den |det )?(?=[A-ZÀ-ÞČŘŠŽŁŚ])"
)
_COLLEAGUES: Final = re.compile(
    r"\b(?:colleag|kolleg|collegu|collegh|companer|coleg|collega|kolega|team|belegschaft|mitarbeit)"
)
_INSIDE: Final = re.compile(
    rf"(?<!\w)(?P<name>[{_CAPITAL}İŞĞ](?:[\w&-]|\.(?=\w)){{1,30}}(?: [{_CAPITAL}İŞĞ](?:[\w&-]"
    rf"|\.(?=\w)){{1,30}}){{0,4}})"
    r"(?:['\u2019]n?[dt][ae]|:(?:ssa|ssä|lla|llä)|-(?:nál|nél|ban|ben))(?!\w)"
)
_FIRST_PERSON: Final = re.compile(
    r"\b(?:i|i'm|ich|je|soy|trabajo|sono|lavoro|sou|trabalho|ik|jag|jeg|jestem|pracuje|jsem|pracuji"
    r"|olen|tyoskentelen"
    r"|toimin|vagyok|dolgozom|sunt|lucrez|calisiyorum)\b"
)
_ELSEWHERE: Final = re.compile(r"\b(?:order|live|born|moved|ship|deliver|wohn|hab)")
_ALIKE: Final = str.maketrans("l10", "iio")
_NEARBY: Final = 1000
_SHORT_LINK, _LINES_BELOW, _SHORTEST, _CERTAIN = 9, 3, 6, 6.5


@cache
def _cue(key: str) -> re.Pattern[str]:
    phrases = alternatives(fold(each) for each in load("people")["jobs"][key])
    articles = r"(?:the |an? |der |die |das |einem? |einer? |la |le |l'|el |il |lo |uma? |um )?"
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)\s+{articles}")


def find_jobs(reader: Reader, person: Person | None) -> list[Candidate]:
    """Titles beside this person's name, those that the writer claims, and those told of them in prose."""
    found = [Candidate(post.title.of(reader.text), post.title, 9) for post in reader.document.posts[:1]]
    found += _beside_name(reader, person) if person else []
    for match in _cue("work_as").finditer(reader.document.folded):
        if person and person.writes and match.group().startswith(("he", "she", "they")):
            continue
        span = _title(reader.text, match.end())
        is_theirs = span and (_is_theirs(reader, person, span) or _is_claimed(reader, person, match))
        if span and is_theirs and is_job(span.of(reader.text)):
            found.append(Candidate(span.of(reader.text), span, 6))
    found += [Candidate(span.of(reader.text), span, 4) for span in _told(reader, person)]
    return _plainest(reader, found)


def _is_claimed(reader: Reader, person: Person | None, cue: re.Match[str]) -> bool:
    """`I work as ...` is the writer's, whoever was named before."""
    clause = re.split(r"[.;!?](?=\s)|\n", reader.document.folded[max(0, cue.start() - 40) : cue.end()])[-1]
    return person is not None and person.writes and bool(_FIRST_PERSON.search(clause))


def _told(reader: Reader, person: Person | None) -> Iterator[Span]:
    """Titles in sentences about somebody."""
    names = Cover(span for each in reader.people for span in each.spans)
    for span in find_titles(reader.text, reader.document.language):
        is_name = names.touches(span) or reader.text[span.end : span.end + 2].lstrip().startswith(":")
        if is_name or not is_held(reader.document.folded, span):
            continue
        if _is_theirs(reader, person, span):
            yield span


def _plainest(reader: Reader, found: list[Candidate]) -> list[Candidate]:
    """The first of the plainest, posts that are over set aside."""
    folded = reader.document.folded
    found = [each for each in found if not begins_former(fold(each.quote.of(reader.text)))]
    current = [each for each in found if each.score >= _CERTAIN or not is_former_post(folded, each.quote)]
    return [max(current, key=lambda each: each.score)] if current else []


def _is_theirs(reader: Reader, person: Person | None, span: Span) -> bool:
    return person is None or reader.owner_of(span) is person


def _title(text: str, start: int) -> Span | None:
    lead = _LEAD.match(text, start)
    start = lead.end() if lead else start
    stop = _TITLE_END.search(text, start, min(len(text), start + 80))
    span = trimmed(text, start, stop.start() if stop else start)
    owner = _OWNERS.search(text, span.start, span.end)
    span = Span(span.start, owner.end()) if owner else _before_firm(text, span)
    return span if span.start < span.end and not _NO_TITLE.search(span.of(text)) else None


def _before_firm(text: str, title: Span) -> Span:
    """`seller Harrow Stores`, in languages where an ending says `at`."""
    content = title.of(text)
    if (
        content[:1].islower()
        and language_of(text[max(0, title.start - _NEARBY) : title.end + _NEARBY]) != "de"
    ):
        for match in re.finditer(rf"(?<=[\w]{{4}}) (?=[{_CAPITAL}][^\W\d_]+(?:\s|$))", content):
            if is_head(fold(content[: match.start()]).split()[-1]):
                return Span(title.start, title.start + match.start())
    return title


def _beside_name(reader: Reader, person: Person) -> Iterator[Candidate]:
    """`Anna Berg, Head of Sales`, `our accountant Anna Berg`, or the line below the name."""
    text = reader.text
    for name in person.spans:
        match = _BESIDE.match(text, name.end)
        start = match.end() if match else name.end
        claim = _cue("work_as").search(fold(text[start : start + 50]))
        is_claimed = claim is not None and not re.search(r"[.,;\n]", text[start : start + claim.end()])
        start += claim.end() if claim and is_claimed else 0
        span = _title(text, start) if match or is_claimed else None
        if span and is_job(span.of(text)):
            yield Candidate(span.of(text), span, 8 if _signature(reader, name) else 7)
        before = _OUR.search(without_titles(text[max(0, name.start - 80) : name.start]))
        if before and is_job(before[1]):
            start = max(0, name.start - 80) + before.start(1)
            yield Candidate(before[1], Span(start, start + len(before[1])), 6)


def _signature(reader: Reader, name: Span) -> Span | None:
    """The lines of the signature that a name stands in."""
    for signature in reader.document.signatures_near(name.start):
        if name.within(signature.block):
            return signature.block
    return None


def find_companies(reader: Reader, person: Person | None) -> list[Candidate]:
    """Employers: after `work at`, behind a title, below a name, and firms that the text names elsewhere."""
    posts = [post.firm for post in reader.document.posts[:1] if post.firm]
    found = [Candidate(firm.of(reader.text), firm, 9) for firm in posts]
    found += [*_after_cues(reader, person), *_behind_claim(reader, person)]
    found += _behind_titles(reader, person)
    if person:
        found += _beside_person(reader, person)
    found += [*_by_name(reader, person), *_by_ending(reader, person)]
    return _plainest(reader, found) or list(_by_domain(reader, person))


def _by_name(reader: Reader, person: Person | None) -> Iterator[Candidate]:
    """Firms known by their names; the nearer to the person and the liker their mailbox, the better."""
    document = reader.document
    if person is None and reader.people:
        return
    owned = [email.value for email in document.emails if person and reader.owner_of_email(email) is person]
    domains = {_letters(value.partition("@")[2].split(".")[0]) for value in owned}
    for span in find_firms(reader.text):
        score = 3.0 + 2 * any(_is_alike(_letters(span.of(reader.text)), domain) for domain in domains)
        score += 0.5 * bool(form().search(span.of(reader.text)))
        score += person is not None and reader.owner_of(span) is person
        score += document.paragraph_at(span.start) == 0 and not document.greetings
        is_addressees = any(_addresses(document.folded, greeting, span) for greeting in document.greetings)
        if not is_addressees and not document.address_cover.touches(span):
            yield Candidate(span.of(reader.text), span, score)


def _addresses(folded: str, greeting: Span, span: Span) -> bool:
    """Whether a firm is greeted: `Dear Acme Ltd`; `Dear colleagues of Acme` are the writer's own."""
    line = folded[greeting.start : span.start]
    return greeting.start <= span.start <= greeting.end and not _COLLEAGUES.search(line)


def _by_ending(reader: Reader, person: Person | None) -> Iterator[Candidate]:
    """`Köşk Mobilya'da`, `a Kék Dunánál`, `Kaarna Oy:ssä`: languages that say `at` by an ending."""
    names = Cover(name for each in reader.people for name in each.spans)
    score = 5 if reader.document.language in ("tr", "fi", "hu") else 2
    for match in _INSIDE.finditer(reader.text):
        span = Span(*match.span("name"))
        if _is_theirs(reader, person, span) and not names.touches(span):
            yield Candidate(span.of(reader.text), span, score)


def _is_alike(name: str, domain: str) -> bool:
    size = min(len(name), len(domain), _SHORTEST)
    return size >= 4 and (name[:size] == domain[:size] or domain in name or name in domain)


def _by_domain(reader: Reader, person: Person | None) -> Iterator[Candidate]:
    """The line that a mailbox's domain is made of: `anna@kite-works.example` and `KITE WORKS`."""
    document = reader.document
    owned = [email for email in document.emails if person and reader.owner_of_email(email) is person]
    for email in owned[:_LINES_BELOW]:
        domain = _letters(email.value.partition("@")[2].split(".")[0])
        for row in lines(reader.text):
            span = trimmed(reader.text, row.start, row.end, strip=" >\t\r*_|-,.\u00a6~")
            squeezed = _letters(span.of(reader.text))
            if (
                len(squeezed) >= _SHORTEST
                and squeezed[:_SHORTEST] == domain[:_SHORTEST]
                and "@" not in span.of(reader.text)
            ):
                yield Candidate(span.of(reader.text), span, 4)
                return


def _letters(text: str) -> str:
    """Letters alone, those that a scanner mixes up made equal."""
    return re.sub(r"[^a-z]", "", fold(text).translate(_ALIKE))


def _after_cues(reader: Reader, person: Person | None) -> Iterator[Candidate]:
    for match in _cue("work_at").finditer(reader.document.folded):
        span = _company_at(reader.text, match.end())
        if span and _is_theirs(reader, person, span):
            yield Candidate(span.of(reader.text), span, 7)


def _company_at(text: str, start: int) -> Span | None:
    """The company whose name begins here: up to its form, or as far as the capitals go."""
    match = _COMPANY.match(text, start)
    if match is None:
        return None
    words = match.group().split()
    while words and (words[-1].islower() or normal(words[-1]) in {"i", "we", "my", "hi", "the"}):
        words.pop()
    end = start + len(" ".join(words))
    legal = form().search(text, start, end)
    stop = re.search(r"\.(?=\s)", text[start:end])
    end = legal.end() if legal else start + stop.start() if stop else end
    span = trimmed(text, start, end, strip=" .,;:!?\n")
    return span if span.start < span.end and not is_job(span.of(text)) else None


def _beside_person(reader: Reader, person: Person) -> Iterator[Candidate]:
    for name in person.spans:
        yield from _employed(reader, name)
        block = _signature(reader, name)
        if block:
            yield from _below_name(reader, name, block)


def _employed(reader: Reader, name: Span) -> Iterator[Candidate]:
    """`Anna Berg from Acme Ltd`, `Anna Berg, buyer at Acme`."""
    text = reader.text
    link = _EMPLOYED.match(text[name.end : name.end + 90])
    if link is None or _ELSEWHERE.search(fold(link.group())):
        return
    span = _company_at(text, name.end + link.end())
    if span is None or reader.document.address_cover.touches(span):
        return
    is_named_so = is_company(span.of(text)) or form().search(span.of(text))
    if len(link.group()) <= _SHORT_LINK or is_job(link.group()) or is_named_so:
        yield Candidate(span.of(text), span, 6)


def _below_name(reader: Reader, name: Span, block: Span) -> Iterator[Candidate]:
    """The line of a signature that is neither name nor title, number, address or link."""
    text = reader.text
    start = text.find("\n", name.end, block.end)
    bounds = re.finditer(r"[^\n]+", text[start : block.end]) if start >= 0 else ()
    rows = [trimmed(text, start + row.start(), start + row.end(), strip=" >\t\r*_|-,") for row in bounds]
    for row in [row for row in rows if row.start < row.end][:_LINES_BELOW]:
        if is_job(row.of(text)):
            yield from _behind_title(text, row)
        elif _is_plain_name(reader, row):
            yield Candidate(row.of(text), row, 5.6 if is_company(row.of(text)) else 4)
            return


def _behind_title(text: str, row: Span) -> Iterator[Candidate]:
    """`Senior Data Scientist | Quantum Analytics Ltd`."""
    content = row.of(text)
    mark = re.search(r"(?:,| at | bei | - | \| | @ )\s*", content)
    if mark and is_job(content[: mark.start()]) and not is_job(content[mark.end() :]):
        span = _company_at(text, row.start + mark.end())
        if span:
            yield Candidate(span.of(text), span, 6.4)


def _behind_titles(reader: Reader, person: Person | None) -> Iterator[Candidate]:
    """`CTO of Looptide`, `dyrektor w Acme`: what stands behind a title that is said of somebody."""
    text = reader.text
    for title in find_titles(text, reader.document.language):
        link = _OF_FIRM.match(text, title.end)
        if link and is_held(reader.document.folded, title) and _is_theirs(reader, person, title):
            span = _company_at(text, link.end())
            if span:
                yield Candidate(span.of(text), span, 5.8)


def _behind_claim(reader: Reader, person: Person | None) -> Iterator[Candidate]:
    """`works as a plumber at Acme`, `assume como gerente da Acme`."""
    text = reader.text
    for match in _cue("work_as").finditer(reader.document.folded):
        title = _title(text, match.end())
        if title and is_job(title.of(text)) and _is_theirs(reader, person, title):
            link = _AT.match(text, title.end)
            span = _company_at(text, link.end()) if link else None
            if span:
                yield Candidate(span.of(text), span, 6.2)


def _is_plain_name(reader: Reader, row: Span) -> bool:
    content, document = row.of(reader.text), reader.document
    if re.search(r"\d{3}|[@:?!]", content) or len(content.split()) > 6 or content.endswith("."):
        return False
    marked = Cover([*(each.span for each in [*document.emails, *document.phones]), *document.urls])
    if marked.touches(row) or document.address_cover.touches(row) or document.field_cover.touches(row):
        return False
    return content.lstrip("\"\u201e\u201c'")[:1].isupper() and not any(
        span.start == 0 for span in find_names(content)
    )
