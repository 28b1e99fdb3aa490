"""What somebody orders in a sentence: `I'd like two desk lamps and a wall clock at $30 each`."""

import re
from bisect import bisect_left
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.extraction.charges import is_charge
from agents.rules.extraction.lines import Row
from agents.rules.extraction.marks import find_identifier, find_prices, is_each, moved
from agents.rules.reading.dates import is_month
from agents.rules.reading.money import Amount
from agents.rules.reading.numbers import find_counts
from agents.rules.text import Cover, Span, fold, trimmed
from agents.rules.vocabulary import load

_SENTENCE: Final = re.compile(
    r"(?:[^.!?\n]|[.!?](?!\s+[A-ZÀ-Þ\"]|\s*$)|(?<=\b[NnDMSA][ro])\.|(?<=\bMrs)\.|(?<=\bArt)\."
    r"|\n(?![ \t\r]*\n))+"
)
_STOP: Final = re.compile(
    r"[,;:!?()\n\"]|[.](?:\s|$)|\s[-\u2013\u2014]+\s|\s@|\$|€|£"
    r"|\b(?:and|und|et|y|e|en|och|og|oraz|i|ou|or|for|at|to|in|into|from|that|which|please|each"
    r"|by|on|as|if|so|because|but|is|are|was|were|will|would|with|can|could|shipped|delivered"
    r"|sent|before|until|asap|thanks|"
    r"fur|zu|an|nach|bitte|je|mit|als|aus|zum|pour|a|au|chez|avec|s'il|merci|para|por|con|del"
    r"|desde|per|al|alla|da|favore|voor|naar|met|aub|till|til|med|tack|do|na|prosze)\b"
)
_MULTIPLIER: Final = re.compile(r"\d ?(?:[x\u00d7](?!\w)|(?:pcs|stk|stuck|pieces|units)\b)")
_MULTIPLIED: Final = re.compile(r" ?[x\u00d7](?!\w)| ?(?:pcs|stk|stuck|pieces|units)\b")
_AGO: Final = re.compile(
    r"\b(?:\d+|a|an|one|two|three|last|this|next|yesterday|today|tomorrow|vor|il y a|hace) "
    r"?(?:days?|weeks?|months?|tagen?|wochen?|monat|jours?|semaines?|dias?|semanas?|giorni|week"
    r"|month|year)\b|\b(?:yesterday|today|tomorrow|gestern|heute|hier|ayer|ieri)\b"
)
_NOT_THINGS: Final = frozenset(
    [
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "hour",
        "hours",
        "minute",
        "minutes",
        "time",
        "times",
        "o'clock",
        "pm",
        "am",
        "percent",
        "people",
        "persons",
        "order",
        "orders",
        "question",
        "questions",
        "problem",
        "thing",
        "things",
        "business",
        "tag",
        "tage",
        "tagen",
        "woche",
        "wochen",
        "monat",
        "monate",
        "jahr",
        "jahre",
        "stunden",
        "uhr",
        "jours",
        "semaines",
        "mois",
        "ans",
        "heures",
        "dias",
        "semanas",
        "meses",
        "horas",
        "giorni",
        "settimane",
        "mesi",
        "anni",
        "dagen",
        "weken",
        "maanden",
        "jaar",
        "st",
        "nd",
        "rd",
        "th",
        "of",
        "more",
        "other",
        "different",
        "bit",
        "lot",
        "few",
        "couple",
        "number",
        "address",
        "refund",
        "call",
        "email",
        "reply",
        "invoice",
        "receipt",
        "gift",
        "note",
        "copy",
        "friend",
        "colleague",
        "customer",
        "company",
        "hand",
        "favor",
        "favour",
        "look",
        "chance",
        "moment",
        "great",
        "good",
        "nice",
        "quick",
        "new",
        "person",
        "team",
        "member",
        "man",
        "woman",
        "child",
        "kid",
        "wife",
        "husband",
        "house",
        "flat",
        "apartment",
        "office",
        "long",
        "short",
        "simple",
        "little",
    ]
)


@cache
def _wanting() -> re.Pattern[str]:
    cues = sorted((fold(cue) for cue in load("quantities")["wanting"]["cues"]), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, cues))})(?!\w)")


def find_wanted(text: str, language: str) -> list[Row]:
    """The things counted after a word of wanting, sentence by sentence."""
    folded = fold(text)
    rows: list[Row] = []
    for sentence in _SENTENCE.finditer(text):
        cue = _wanting().search(folded, *sentence.span())
        if cue is None and not _MULTIPLIER.search(folded, *sentence.span()):
            continue
        found = _counted(text, folded, Span(cue.end() if cue else sentence.start(), sentence.end()), language)
        rows += (
            found
            if cue
            else [row for row in found if _MULTIPLIED.match(folded, row.cells["quantity"][1].end)]
        )
    return rows


def _counted(text: str, folded: str, scope: Span, language: str) -> list[Row]:
    stretch = folded[scope.start : scope.end]
    amounts = find_prices(text[scope.start : scope.end])
    priced = Cover(amount.span for amount in amounts)
    counts = [each for each in find_counts(stretch, language) if not priced.touches(Span(each[1], each[2]))]
    rows: list[Row] = []
    previous = 0
    for value, start, end, _ in counts:
        name = _thing(text, folded, scope.start + end, scope.end) if start >= previous else None
        if name is None:
            continue
        row = Row()
        row.add("quantity", Decimal(value), Span(scope.start + start, scope.start + end))
        row.add("item_name", name.of(text), name)
        previous = name.end - scope.start
        rows.append(row)
    _add_details(text, rows, [moved(amount, scope.start) for amount in amounts], scope.end)
    return rows


def _add_details(text: str, rows: list[Row], amounts: list[Amount], end: int) -> None:
    """To each thing the first price and the number that stand between it and the next one."""
    starts = [amount.span.start for amount in amounts]
    for row, following in zip(rows, [*rows, None][1:], strict=False):
        start = row.cells["item_name"][1].end
        stop = following.cells["quantity"][1].start if following else end
        index = bisect_left(starts, start)
        if index < len(starts) and starts[index] < stop:
            _add_price(text, row, amounts[index])
        _add_identifier(text, Span(start, stop), row)


def _add_identifier(text: str, rest: Span, row: Row) -> None:
    stretch = rest.of(text)
    found = find_identifier(stretch, fold(stretch), Cover([]))
    if found:
        span = Span(rest.start + found[0].start, rest.start + found[0].end)
        row.add("item_id", span.of(text), span)


def _thing(text: str, folded: str, start: int, end: int) -> Span | None:
    """The noun phrase after a number, up to the next word that can't belong to it."""
    unit = _unit().match(folded, start, end)
    start = unit.end() if unit else start
    stop = _STOP.search(folded, start + 1, min(end, start + 80)) or _AGO.search(
        folded, start + 1, min(end, start + 80)
    )
    name = trimmed(text, start, stop.start() if stop else min(end, start + 80), strip=" \t\r\n,;:|*_-\"“”'.")
    words = fold(name.of(text)).split()
    if (
        not words
        or len(words) > 7
        or not words[0][0].isalpha()
        or words[0] in _NOT_THINGS
        or words[-1] in _NOT_THINGS
        or is_month(words[0])
        or is_charge(text, name)
    ):
        return None
    return name


@cache
def _unit() -> re.Pattern[str]:
    words = {fold(word) for word in load("quantities")["units"]["pieces"]} - {"new", "extra", "more"}
    return re.compile(rf"\s*(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?!\w)\s*")


def _add_price(text: str, row: Row, amount: Amount) -> None:
    row.add("unit_price" if is_each(text, amount) else "price", amount.value, amount.number)
    if amount.currency:
        row.add("currency", amount.currency, amount.span)
