"""Finding what belongs to an order: its number and day, amounts, the currency, the cells of its items."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.cues import cue
from agents.rules.extraction.scope import Finder, Query, field_score, labelled
from agents.rules.extraction.sums import totals_of
from agents.rules.extraction.values import Candidate
from agents.rules.reading.money import dollar, find_codes, is_bare_dollar, shared_currency
from agents.rules.reading.numbers import find_figures
from agents.rules.text import Cover, Span
from agents.rules.vocabulary import folded_words

DAYS: Final = ("order_date", "invoice_date", "due_date", "delivery_date", "date")
TOTALS: Final = ("total", "subtotal", "tax", "shipping_cost", "discount")
IDS: Final = ("order_id", "invoice_id", "customer_id", "tracking_id")
CELLS: Final = ("item_name", "quantity", "unit_price", "line_total", "item_id")
_PRICES: Final = frozenset({"unit_price", "line_total", "price"})
_OTHER_DAYS: Final = frozenset({*DAYS, "birth_date"}) - {"date"}
_ID: Final = re.compile(
    r"(?<![\w@.,])#?\s?(?P<id>(?=[\w/-]{0,40}\d)[A-Za-z0-9](?:[\w/-]{0,46}[A-Za-z0-9])?)(?![\w@]|[.,]\d)"
)
_TOTALLED: Final = re.compile(
    r" {0,2}(?:in total|total|altogether|all in|insgesamt|gesamt|au total|en total|in totale|totaal"
    r"|in totaal|totalt|i alt|for everything|in all|overall)\b"
)
_GRAND: Final = re.compile(
    r"\b(?:grand|order total|due|ttc|incl\w*|inkl\w*|gesamt\w*|endbetrag|zahlen|payer|pagar|pagare|dovuto"
    r"|betalen|final|to pay|charged|complessivo|iva inc\w*)\b[^\n]{0,24}$"
)
_PAYMENT: Final = re.compile(
    r"(?<!\w)(?:visa|mastercard|master card|amex|american express|paypal|apple pay|google pay|klarna"
    r"|gift card|credit card|debit card|bank transfer|wire transfer|cash on delivery|cash"
    r"|sepa(?:-lastschrift)?|uberweisung|lastschrift|kreditkarte|rechnung|nachnahme|carte bancaire"
    r"|carte bleue|carte de credit|virement(?: bancaire)?|cheque|tarjeta de credito|tarjeta"
    r"|transferencia(?: bancaria)?|bizum|carta di credito|bonifico(?: bancario)?|multibanco|mb way|ideal"
    r"|swish|vipps|mobilepay|blik|invoice)(?!\w)"
    r"(?: ?(?:card )?(?:ending (?:in |with )?|\*{2,}|x{2,}|\.{3,}|-)\s?\d{4})?"
)
_SENTENCE: Final = re.compile(r"[.!?;](?=\s)|\n[ \t]*\n")
_BEFORE: Final = 80
_VAGUE: Final = 4
_PLAIN: Final = 9
_FARTHEST: Final = 12
_PAID: Final = re.compile(
    r"\b(?:with|by|via|using|per|mit|par|con|com|med|met|payment|zahlung|pay|paid)\b[^\n.]{0,20}$"
)


def days(query: Query) -> list[Candidate]:
    """Days that are called so; one that nothing is called counts only where it is the only one."""
    if not is_told(query):
        return []
    heads = Cover(header.value for header in query.document.headers)
    scored = [
        (day, _day_score(query, cue(query.document, day.span), day.span))
        for day in query.document.days
        if not heads.touches(day.span)
    ]
    found = [Candidate(day, day.span, score) for day, score in scored if score]
    return found if len(found) == 1 or any(each.score > 2 for each in found) else []


def _day_score(query: Query, named: frozenset[str], span: Span) -> float:
    if named & query.wanted.meanings:
        return 10
    if named & (_OTHER_DAYS | {*IDS}) or _is_of_something_else(query, span):
        return 0
    return 5 if "date" in named else 2


@cache
def _ordered() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{folded_words('orders', 'order', 'stems')}|placed|kauf|bought|purchas|achet|compr)"
    )


@cache
def _not_ordered() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded_words('orders', 'about', 'days')})")


def _is_of_something_else(query: Query, span: Span) -> bool:
    """Whether the nearest word before a day makes it a delivery's, a quote's or a deadline's."""
    folded = query.document.folded
    before = _SENTENCE.split(folded[max(0, span.start - _BEFORE) : span.start])[-1]
    others = [match.end() for match in _not_ordered().finditer(before)]
    own = [match.end() for match in _ordered().finditer(before)]
    return bool(others) and (not own or own[-1] < others[-1])


def is_told(query: Query) -> bool:
    """Whether a text tells of an order at all: a number, a sum, something ordered, or the word."""
    order = query.reader.order
    return bool(
        order.rows
        or order.document.references
        or totals_of(order.document.sums)
        or _ordered().search(query.document.folded)
    )


def totals(query: Query) -> list[Candidate]:
    """The total by what the amounts of the bill are called; other sums by their labels."""
    return (
        _recorded_total(query) or (query.means("total") and _final_totals(query)) or _labelled_totals(query)
    )


def _recorded_total(query: Query) -> list[Candidate]:
    """The one value of a record that is called its total, and nothing else."""
    called = [each for each in query.document.records.fields if each.meanings == query.wanted.meanings]
    values = {each.value.of(query.text) for each in called}
    is_clear = query.means("total") and len(values) == 1
    return [query.candidate(called[0].value, 10)] if is_clear else []


def _final_totals(query: Query) -> list[Candidate]:
    """The plainest total, the later one of two."""
    prices = Cover(
        span for row in query.reader.rows for key, (_, span) in row.cells.items() if key in _PRICES
    )
    dates = query.document.day_cover
    found = [
        each
        for each in totals_of(query.document.sums)
        if not prices.touches(each.amount.number) and not dates.touches(each.amount.number)
    ]
    return [
        Candidate(each.amount.value, each.amount.span, 10 + each.rank + _lateness(query, each.amount.span))
        for each in found
    ]


def _lateness(query: Query, span: Span) -> float:
    return 0.4 * span.end / (len(query.text) + 1)


def _labelled_totals(query: Query) -> list[Candidate]:
    """Amounts that are called so; an item's price is none, whatever its column is called."""
    document = query.document
    inside = [span for row in query.reader.rows for key, (_, span) in row.cells.items() if key in _PRICES]
    found, priced = list[Candidate](), frozenset(inside)
    for amount in document.amounts:
        is_called = cue(document, amount.span) & query.wanted.meanings
        is_summed = query.means("total") and _TOTALLED.match(document.folded, amount.span.end)
        if (is_called or is_summed) and not (query.means("total") and amount.number in priced):
            found.append(Candidate(amount.value, amount.span, 10 + _finality(query, amount.span)))
    return [*found, *_bare_totals(query, inside)]


def _bare_totals(query: Query, inside: list[Span]) -> Iterator[Candidate]:
    """Figures without a currency."""
    document = query.document
    taken = Cover([*inside, *(each.span for each in [*document.amounts, *document.days])])
    for value, start, end in find_figures(query.text):
        span = Span(start, end)
        if taken.touches(span) or not cue(document, span) & query.wanted.meanings:
            continue
        if re.search(r"[.,]\d{2}$", span.of(query.text)) or document.field_at(span):
            yield Candidate(value, span, 10 + _finality(query, span))


def _finality(query: Query, span: Span) -> float:
    """The grand total before other totals: the plainer name, then the later place."""
    before = query.document.folded[max(0, span.start - 40) : span.start]
    is_grand = query.means("total") and _GRAND.search(before)
    return (1 if is_grand else 0) + _lateness(query, span)


def identifiers(query: Query) -> list[Candidate]:
    """Labelled numbers; those of orders also where the text speaks of an order."""
    reference = query.reader.reference
    if query.means("order_id") and reference:
        return [query.candidate(reference.span, 10)]
    found: list[Candidate] = []
    for field in query.document.fields:
        score = field_score(query, field) - (_VAGUE if "item_id" in field.meanings else 0)
        match = _ID.search(field.value.of(query.text)) if score > 0 else None
        if match and match.start() <= _FARTHEST:
            found.append(_identifier(query, field.value.start, match, score))
    references = query.document.references if query.means("order_id") else []
    if references and all(each.score < _PLAIN for each in found):
        return [query.candidate(each.span, each.score) for each in references]
    return [*found, *_inline_identifiers(query, [each.quote for each in found])]


def _inline_identifiers(query: Query, known: list[Span]) -> Iterator[Candidate]:
    document = query.document
    marked = [*document.days, *document.phones, *document.amounts]
    counts = [row.cells["quantity"][1] for row in query.reader.order.rows if "quantity" in row.cells]
    taken = Cover([*known, *counts, *(each.span for each in marked)])
    for match in _ID.finditer(query.text):
        if taken.touches(Span(*match.span("id"))):
            continue
        if cue(document, Span(*match.span())) & query.wanted.meanings:
            yield _identifier(query, 0, match, 9)
        elif query.means("order_id") and match.group().startswith("#"):
            yield _identifier(query, 0, match, 4)


def _identifier(query: Query, offset: int, match: re.Match[str], score: float) -> Candidate:
    return query.candidate(Span(offset + match.start("id"), offset + match.end("id")), score)


def currencies(query: Query) -> list[Candidate]:
    """The currency of the item or of the total, or the one that all amounts share, or the only one named."""
    row = query.scope.row
    if row and "currency" in row.cells:
        code, span = row.cells["currency"]
        return [Candidate(code, span, 9)]
    codes = [each for each in labelled(query) if re.fullmatch(r"[A-Z]{3}", str(each.raw))]
    amounts = [amount for amount in query.document.amounts if amount.currency]
    final = [amount for amount in amounts if "total" in cue(query.document, amount.span)]
    chosen = final[-1] if final else shared_currency(amounts)
    named = [] if amounts else find_codes(query.text)
    if codes or chosen is None:
        return codes or [Candidate(code, span, 8) for code, span in named]
    code = dollar(query.text) if is_bare_dollar(query.text, chosen) else chosen.currency
    return [Candidate(code, chosen.span, 9)] if code else []


def cell(key: str) -> Finder:
    """A finder of one cell of the item in question, or of the only item there is."""

    def find(query: Query) -> list[Candidate]:
        rows = [query.scope.row] if query.scope.row else query.reader.rows
        if len(rows) == 1 and key in rows[0].cells:
            raw, span = rows[0].cells[key]
            return [Candidate(raw, span, 9)]
        return [] if query.scope.row else labelled(query)

    return find


def payments(query: Query) -> list[Candidate]:
    folded = query.document.folded
    spans = [
        Span(*match.span())
        for match in _PAYMENT.finditer(folded)
        if _PAID.search(folded[max(0, match.start() - 30) : match.start()])
    ]
    return labelled(query) or [query.candidate(span, 6) for span in spans]
