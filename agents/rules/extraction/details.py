"""Candidates for one value of a schema: every place of the text that may hold it, with how plainly it does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from agents.rules.extraction.careers import company_names, find_companies, find_jobs
from agents.rules.extraction.cues import cue
from agents.rules.extraction.fields import Field
from agents.rules.extraction.lines import Row
from agents.rules.extraction.naming import Wanted, overlap
from agents.rules.extraction.people import Person, mailbox_owner, owner_of
from agents.rules.extraction.reader import Place, Reader
from agents.rules.extraction.values import Candidate
from agents.rules.reading.money import Amount, shared_currency
from agents.rules.reading.numbers import find_figures
from agents.rules.text import Span, trimmed
from agents.rules.vocabulary import normal

DAYS: Final = frozenset({"birth_date", "order_date", "invoice_date", "due_date", "delivery_date", "date"})
MONEY: Final = frozenset(
    {"total", "subtotal", "tax", "shipping_cost", "discount", "unit_price", "line_total"}
)
IDS: Final = frozenset({"order_id", "invoice_id", "customer_id", "tracking_id", "item_id"})
_ID: Final = re.compile(
    r"(?<![\w@.])#?\s?(?P<id>(?=[\w/-]{0,40}\d)[A-Za-z0-9](?:[\w/-]{0,46}[A-Za-z0-9])?)(?![\w@])"
)
_TOTALLED: Final = re.compile(
    r" {0,2}(?:in total|total|altogether|all in|insgesamt|gesamt|au total|en total|in totale|totaal|in totaal|totalt|i alt|for everything|in all|overall)\b"
)
_ORDER_NUMBER: Final = re.compile(
    r"\b(?:order|commande|bestell\w*|pedido|ordine|encomenda|zamowieni\w*)\b[^.\n#]{0,40}?\b(?:number|no|id|ref|reference|nummer|nr|numero|n)\b\.?(?: is| was|:| ist| est| es| e)? ?#?(?P<id>[a-z0-9][\w/-]{2,40})"
)
_PAYMENT: Final = re.compile(
    r"(?<!\w)(?:visa|mastercard|master card|amex|american express|paypal|apple pay|google pay|klarna|gift card|credit card|debit card|bank transfer|wire transfer|cash on delivery|cash|sepa(?:-lastschrift)?|"
    r"uberweisung|lastschrift|kreditkarte|rechnung|nachnahme|carte bancaire|carte bleue|carte de credit|virement(?: bancaire)?|cheque|tarjeta de credito|tarjeta|transferencia(?: bancaria)?|bizum|carta di credito|bonifico(?: bancario)?|"
    r"multibanco|mb way|ideal|swish|vipps|mobilepay|blik|invoice)(?!\w)(?: ?(?:card )?(?:ending (?:in |with )?|\*{2,}|x{2,}|\.{3,}|-)\s?\d{4})?"
)


@dataclass
class Scope:
    """Where in the schema a value is wanted: the kind of object, whose it is, and who or what it is about."""

    reader: Reader
    group: str = "other"
    roles: frozenset[str] = frozenset()
    person: Person | None = None
    place: Place | None = None
    row: Row | None = None
    sole_person: bool = field(default=True)


def candidates(scope: Scope, wanted: Wanted) -> list[Candidate]:
    """What may be the value of a property with this meaning."""
    found: list[Candidate] = []
    for meaning in wanted.meanings:
        finder = _FINDERS.get(meaning)
        found += finder(scope, wanted) if finder else list(_texts(scope, wanted))
    return found


def field_score(scope: Scope, wanted: Wanted, each: Field) -> float:
    """How well a labelled value suits: by meaning or by words, and by whose it is; 0 where it does not."""
    if wanted.meanings:
        score = 10.0 if each.meanings & wanted.meanings else 0
    else:
        score = 8 * overlap(wanted.words, each.label)
    if not score:
        return 0
    owners = each.roles | scope.reader.document.roles_at(each.value)
    if wanted.roles and owners:
        score += 3 if wanted.roles & owners else -6
    return max(
        score - (0.6 if not wanted.roles and owners & {"old", "vendor", "emergency", "manager"} else 0), 0
    )


def _texts(scope: Scope, wanted: Wanted) -> Iterator[Candidate]:
    for each in scope.reader.document.fields:
        score = field_score(scope, wanted, each)
        if score:
            yield Candidate(each.value.of(scope.reader.text), each.value, score)


def _emails(scope: Scope, wanted: Wanted) -> list[Candidate]:
    reader, found = scope.reader, list[Candidate]()
    personal = [email for email in reader.document.emails if not email.is_shared]
    for email in reader.document.emails:
        each = reader.document.field_at(email.span)
        labelled = field_score(scope, wanted, each) if each else 0
        owner = mailbox_owner(reader.document, reader.people, email.mailbox) or owner_of(
            reader.document, reader.people, email.span
        )
        if email.is_shared and not labelled and not scope.roles & reader.document.roles_at(email.span):
            continue
        score = _owned(scope, owner, labelled) + (
            1 if owner and mailbox_owner(reader.document, reader.people, email.mailbox) else 0
        )
        if _is_former(reader, email.span):
            continue
        is_theirs = bool(scope.roles & reader.document.roles_at(email.span))
        if score > 0 and (
            scope.person or labelled or is_theirs or len({item.value for item in personal}) == 1
        ):
            found.append(Candidate(email.value, email.span, score))
    return found


def _is_former(reader: Reader, span: Span) -> bool:
    """`from a@b.c to d@e.f`, `my old number`: no longer true."""
    before, after = (
        reader.document.folded[max(0, span.start - 40) : span.start],
        reader.document.folded[span.end : span.end + 12],
    )
    is_left = re.search(r"\b(?:from|von|de|da|van|fran|fra|z)\s+[<(]?$", before) and re.match(
        r"[>)]?\s+(?:to|zu|auf|a|à|naar|till|til|na|into)\b", after
    )
    return bool(
        is_left
        or re.search(
            r"\b(?:old|former|previous|alte[rn]?|bisherige[rn]?|ancien\w*|antigu[oa]|vecchi[oa]|antig[oa]|oude|not|no longer|nicht mehr|instead of|statt)\b[^.\n]{0,24}$",
            before,
        )
    )


def _owned(scope: Scope, owner: Person | None, labelled: float) -> float:
    """Details of the person in question count, those of others don't."""
    if scope.person is None:
        return 2 + labelled / 2 if owner is None or scope.sole_person else 0
    if owner is scope.person:
        return 5 + labelled / 2
    return 1 + labelled / 2 if owner is None else 0


def _phones(scope: Scope, wanted: Wanted) -> list[Candidate]:
    reader, found = scope.reader, list[Candidate]()
    for phone in reader.document.phones:
        each = reader.document.field_at(phone.span)
        named = each.meanings if each else cue(reader.document, phone.span)
        if "fax" in named or (
            "mobile" in wanted.meanings and "phone" not in wanted.meanings and "mobile" not in named
        ):
            continue
        labelled = 10.0 if named & wanted.meanings else 8.0 if named & {"phone", "mobile"} else 0
        if each and labelled and wanted.roles and each.roles and not wanted.roles & each.roles:
            continue
        score = _owned(scope, owner_of(reader.document, reader.people, phone.span), labelled)
        is_somebodys = scope.person or each or any(not email.is_shared for email in reader.document.emails)
        if score > 0 and is_somebodys and not _is_former(reader, phone.span):
            found.append(Candidate(phone.value, phone.span, score))
    return found


def _birth_dates(scope: Scope, wanted: Wanted) -> list[Candidate]:
    reader = scope.reader
    days = [
        day
        for day in reader.document.days
        if "birth_date" in cue(reader.document, day.span)
        or _follows(reader.document.folded, day.span, r"(?:geboren|born|naissance|nacimiento|nascita)")
    ]
    return [
        Candidate(day, day.span, score)
        for day in days
        if (score := _owned(scope, owner_of(reader.document, reader.people, day.span), 10)) > 0
    ]


def _follows(folded: str, span: Span, pattern: str) -> bool:
    return bool(re.match(rf"\s?,?\s?{pattern}", folded[span.end : span.end + 14]))


def _days(scope: Scope, wanted: Wanted) -> list[Candidate]:
    document = scope.reader.document
    heads = [header.value for header in document.headers]
    found: list[Candidate] = []
    for day in document.days:
        named = cue(document, day.span)
        if any(day.span.touches(head) for head in heads) or named & IDS:
            continue
        score = (
            10.0
            if named & wanted.meanings
            else 0
            if named & (DAYS - {"date"})
            else 5
            if "date" in named
            else 2
        )
        found += [Candidate(day, day.span, score)] if score else []
    top = max((candidate.score for candidate in found), default=0)
    return found if top > 2 or len(found) == 1 or not found else []


def _money(scope: Scope, wanted: Wanted) -> list[Candidate]:
    document = scope.reader.document
    inside = [
        span
        for row in scope.reader.rows
        for key, (_, span) in row.cells.items()
        if key in MONEY or key == "price"
    ]
    found: list[Candidate] = []
    for amount in document.amounts:
        named = cue(document, amount.span)
        is_row = any(amount.number == span for span in inside)
        is_total = "total" in wanted.meanings and _TOTALLED.match(document.folded, amount.span.end)
        if (named & wanted.meanings or is_total) and not (is_row and "total" in wanted.meanings):
            found.append(Candidate(amount.value, amount.span, 10 + _finality(scope, wanted, amount.span)))
    for value, start, end in find_figures(scope.reader.text):
        span = Span(start, end)
        if any(span.touches(each) for each in inside) or any(
            span.touches(amount.span) for amount in document.amounts
        ):
            continue
        if any(span.touches(day.span) for day in document.days) or not cue(document, span) & wanted.meanings:
            continue
        if re.search(r"[.,]\d{2}$", span.of(scope.reader.text)) or document.field_at(span):
            found.append(Candidate(value, span, 10 + _finality(scope, wanted, span)))
    return found


def _finality(scope: Scope, wanted: Wanted, span: Span) -> float:
    """The grand total before other totals: the plainer name, then the later place."""
    before = scope.reader.document.folded[max(0, span.start - 40) : span.start]
    is_grand = re.search(
        r"\b(?:grand|order total|due|ttc|incl\w*|inkl\w*|gesamt\w*|endbetrag|zahlen|payer|pagar|pagare|dovuto|betalen|final|to pay|charged|complessivo|iva inc\w*|incl)\b[^\n]{0,24}$",
        before,
    )
    return (1 if is_grand and "total" in wanted.meanings else 0) + 0.4 * span.end / (
        len(scope.reader.text) + 1
    )


def _ids(scope: Scope, wanted: Wanted) -> list[Candidate]:
    document, found = scope.reader.document, list[Candidate]()
    for each in document.fields:
        score = field_score(scope, wanted, each)
        match = _ID.search(each.value.of(scope.reader.text)) if score else None
        if match and match.start() <= 12:
            found.append(_identifier(each.value.start, match, score))
    if "order_id" in wanted.meanings and not found:
        spelled = [
            Span(*match.span("id"))
            for match in _ORDER_NUMBER.finditer(document.folded)
            if any(character.isdigit() for character in match["id"])
        ]
        found += [Candidate(span.of(scope.reader.text), span, 8) for span in spelled]
    taken = (
        [day.span for day in document.days]
        + [phone.span for phone in document.phones]
        + [amount.span for amount in document.amounts]
    )
    for match in _ID.finditer(scope.reader.text):
        span = Span(*match.span("id"))
        if any(span.touches(candidate.quote) for candidate in found) or any(
            span.touches(each) for each in taken
        ):
            continue
        if cue(document, Span(*match.span())) & wanted.meanings:
            found.append(_identifier(0, match, 9))
        elif "order_id" in wanted.meanings and match.group().startswith("#"):
            found.append(_identifier(0, match, 4))
    return found


def _identifier(offset: int, match: re.Match[str], score: float) -> Candidate:
    return Candidate(match["id"], Span(offset + match.start("id"), offset + match.end("id")), score)


def _name_part(
    part: Callable[[Person], Span | None], meaning: str
) -> Callable[[Scope, Wanted], list[Candidate]]:
    def find(scope: Scope, wanted: Wanted) -> list[Candidate]:
        span = part(scope.person) if scope.person else None
        if span:
            return [Candidate(span.of(scope.reader.text), span, 9)]
        fields = [
            each
            for each in scope.reader.document.fields
            if meaning in each.meanings and "full_name" not in each.meanings
        ]
        return [
            Candidate(each.value.of(scope.reader.text), each.value, 8)
            for each in fields
            if len(fields) == 1 and not scope.person
        ]

    return find


def _full_names(scope: Scope, wanted: Wanted) -> list[Candidate]:
    if scope.person is None:
        return _organisations(scope)
    span = max(
        scope.person.spans,
        key=lambda each: (
            len(each.of(scope.reader.text)) if each.of(scope.reader.text).count("\n") == 0 else 0
        ),
    )
    return [Candidate(span.of(scope.reader.text), span, 9)]


def _organisations(scope: Scope) -> list[Candidate]:
    """The name of a firm where a role names one: `From: Pixel Forge Ltd`."""
    text = scope.reader.text
    if not scope.roles:
        return []
    labelled = [
        each
        for each in scope.reader.document.fields
        if each.roles & scope.roles
        and each.value.of(text)[:1].isupper()
        and not each.meanings - {"full_name", "company"}
    ]
    spans = [
        Span(
            each.value.start,
            each.value.start + len(re.split(r"[,;(|\n]|\s[-–]\s", each.value.of(text))[0].rstrip()),
        )
        for each in labelled
    ]
    spans += [
        span
        for span in company_names(scope.reader.document)
        if scope.reader.document.roles_at(span) & scope.roles
    ]
    return [
        Candidate(span.of(text), span, 8)
        for span in spans
        if span.start < span.end and not re.search(r"\d{3}|@", span.of(text))
    ]


def _place_part(part: str) -> Callable[[Scope, Wanted], list[Candidate]]:
    def find(scope: Scope, wanted: Wanted) -> list[Candidate]:
        span = scope.place.parts.get(part) if scope.place else None
        return [Candidate(span.of(scope.reader.text), span, 9)] if span else []

    return find


def _whole_places(scope: Scope, wanted: Wanted) -> list[Candidate]:
    if scope.place is None or not {"address1", "city", "zip"} & scope.place.parts.keys():
        return []
    span = trimmed(scope.reader.text, scope.place.span.start, scope.place.span.end)
    return [Candidate(re.sub(r"\s*\n[\s>]*", ", ", span.of(scope.reader.text)), span, 9)]


def _companies(scope: Scope, wanted: Wanted) -> list[Candidate]:
    reader = scope.reader
    labelled = [
        Candidate(each.raw, each.quote, each.score + 10)
        for each in _texts(scope, wanted)
        if _is_theirs(scope, each.quote)
    ]
    return labelled or find_companies(reader.document, reader.people, scope.person)


def _jobs(scope: Scope, wanted: Wanted) -> list[Candidate]:
    labelled = [
        Candidate(each.raw, each.quote, each.score + 10)
        for each in _texts(scope, wanted)
        if _is_theirs(scope, each.quote)
    ]
    return labelled or find_jobs(scope.reader.document, scope.reader.people, scope.person)


def _is_theirs(scope: Scope, span: Span) -> bool:
    return scope.person is None or owner_of(scope.reader.document, scope.reader.people, span) in (
        scope.person,
        None,
    )


def _currencies(scope: Scope, wanted: Wanted) -> list[Candidate]:
    document = scope.reader.document
    if scope.row and "currency" in scope.row.cells:
        code, span = scope.row.cells["currency"]
        return [Candidate(code, span, 9)]
    shared = shared_currency(document.amounts)
    totals = [
        amount for amount in document.amounts if amount.currency and "total" in cue(document, amount.span)
    ]
    chosen: Amount | None = totals[-1] if totals else shared
    labelled = [
        Candidate(each.raw, each.quote, 8)
        for each in _texts(scope, wanted)
        if isinstance(each.raw, str) and re.fullmatch(r"[A-Z]{3}", each.raw)
    ]
    return labelled or ([Candidate(chosen.currency, chosen.span, 9)] if chosen and (shared or totals) else [])


def _row_cell(key: str) -> Callable[[Scope, Wanted], list[Candidate]]:
    def find(scope: Scope, wanted: Wanted) -> list[Candidate]:
        row = scope.row or (scope.reader.rows[0] if len(scope.reader.rows) == 1 else None)
        if row and key in row.cells:
            raw, span = row.cells[key]
            return [Candidate(raw, span, 9)]
        if scope.row:
            return []
        return (
            _money(scope, wanted)
            if key in MONEY
            else _ids(scope, wanted)
            if key in IDS
            else list(_texts(scope, wanted))
        )

    return find


def _payments(scope: Scope, wanted: Wanted) -> list[Candidate]:
    labelled = list(_texts(scope, wanted))
    spans = [Span(*match.span()) for match in _PAYMENT.finditer(scope.reader.document.folded)]
    cued = [
        span
        for span in spans
        if re.search(
            r"\b(?:with|by|via|using|per|mit|par|con|com|med|met|payment|zahlung|pay|paid)\b[^\n.]{0,20}$",
            scope.reader.document.folded[max(0, span.start - 30) : span.start],
        )
    ]
    return labelled or [Candidate(span.of(scope.reader.text), span, 6) for span in cued]


def _websites(scope: Scope, wanted: Wanted) -> list[Candidate]:
    return [Candidate(span.of(scope.reader.text), span, 6) for span in scope.reader.document.urls]


_FINDERS: Final[dict[str, Callable[[Scope, Wanted], list[Candidate]]]] = {
    "email": _emails,
    "phone": _phones,
    "mobile": _phones,
    "birth_date": _birth_dates,
    "full_name": _full_names,
    "first_name": _name_part(lambda person: person.first, "first_name"),
    "last_name": _name_part(lambda person: person.last, "last_name"),
    "company": _companies,
    "job_title": _jobs,
    "website": _websites,
    "address": _whole_places,
    "payment_method": _payments,
    "currency": _currencies,
    **dict.fromkeys(("order_date", "invoice_date", "due_date", "delivery_date", "date"), _days),
    **dict.fromkeys(("total", "subtotal", "tax", "shipping_cost", "discount"), _money),
    **dict.fromkeys(("order_id", "invoice_id", "customer_id", "tracking_id"), _ids),
    **{part: _place_part(part) for part in ("address1", "address2", "city", "state", "country", "zip")},
    **{key: _row_cell(key) for key in ("item_name", "quantity", "unit_price", "line_total", "item_id")},
}


def one_place(places: list[Place], roles: frozenset[str]) -> Place | None:
    """The address that a role wants; without one, the only address there is."""
    special = {"old", "vendor", "emergency"}
    if roles & {"billing", "vendor", "old", "emergency"}:
        places = [place for place in places if place.roles & roles]
    elif "shipping" in roles and any("shipping" in place.roles for place in places):
        places = [place for place in places if "shipping" in place.roles]
    elif roles:
        own = [place for place in places if place.roles & roles]
        places = own or [place for place in places if not place.roles & (special | {"billing"})]
    else:
        places = [place for place in places if not place.roles & special]
    return _fullest(places)


def _fullest(places: list[Place]) -> Place | None:
    """One of several only where the others say the same or less."""
    if not places:
        return None
    top = max(places, key=lambda place: len(place.parts))
    return top if all(place is top or len(place.parts) <= 1 < len(top.parts) for place in places) else None


def same_place(text: str, places: list[Place]) -> list[Place]:
    """Places without repetitions of the same address."""
    kept: dict[tuple[str, ...], Place] = {}
    for place in sorted(places, key=lambda each: -len(each.parts)):
        key = tuple(
            normal(place.parts[part].of(text)) if part in place.parts else ""
            for part in ("address1", "zip", "city")
        )
        known = next(
            (
                each
                for each in kept
                if all(not mine or mine == theirs for mine, theirs in zip(key, each, strict=True))
            ),
            None,
        )
        if known:
            kept[known].roles |= place.roles
        else:
            kept[key] = place
    return list(kept.values())


def one_person(scope: Scope, people: list[Person]) -> Person | None:
    """The person that a role wants, or whom the text puts forward most plainly."""
    named = [person for person in people if person.rank > 10]
    special = {"vendor", "emergency", "manager"}
    if (
        scope.roles & special
        or scope.roles & {"billing"}
        or (scope.roles and any(person.roles & scope.roles for person in named))
    ):
        named = [person for person in named if person.roles & scope.roles]
    else:
        named = [person for person in named if not person.roles & special]
        greeted = [person for person in people if person.rank <= 10]
        if not named and len(greeted) == 1 and (scope.group == "order" or "customer" in scope.roles):
            return greeted[0]
    if not named:
        return None
    scores = {id(person): person.rank + _completeness(scope, person) for person in named}
    top = max(named, key=lambda person: scores[id(person)])
    return (
        None
        if any(person is not top and scores[id(person)] > scores[id(top)] - 4 for person in named)
        else top
    )


def _completeness(scope: Scope, person: Person) -> int:
    """How many kinds of details the text gives of somebody."""
    document, people = scope.reader.document, scope.reader.people
    has_email = any(
        not email.is_shared
        and (mailbox_owner(document, people, email.mailbox) or owner_of(document, people, email.span))
        is person
        for email in document.emails
    )
    has_phone = any(owner_of(document, people, phone.span) is person for phone in document.phones)
    has_birth = any(
        owner_of(document, people, day.span) is person and "birth_date" in cue(document, day.span)
        for day in document.days
    )
    return 3 * (has_email + has_phone + 2 * has_birth)
