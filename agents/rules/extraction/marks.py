"""What stands in a line of an order beside the name: prices, a quantity, the thing's own number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.reading.money import Amount, find_amounts
from agents.rules.reading.numbers import find_figures, number_words
from agents.rules.text import Cover, Span, fold
from agents.rules.vocabulary import folded_words, word_set

_TIMES: Final = r"(?:x|\u00d7|mal)"
_NUMBERED: Final = re.compile(
    r"[(\[]?(?<!\w)(?:(?:ihre|unsere|your|our|votre|notre|vs|ns|vostro|su|uw) )?"
    r"(?:sku|item(?: (?:no|id|number|nr|code))?|art(?:icle|ikel|iculo|icolo|igo)?\.?(?:-| )?(?:nr"
    r"|no|num|kod|code)?"
    r"|artnr|artikelnummer|ref(?:erence|erencia|erenz)?|rif|code|product (?:id|no|code)|prod\.? ?(?:id|no)"
    r"|p/n|pn|mpn|part(?: (?:no|number|nr))?|id|model|best\.-nr|bestellnr|cod(?:igo|ice|e)?|kod"
    r"|kat\.? ?(?:nr|c)"
    r"|indeks|varenr|varenummer|vnr|tuotenro|tuotenumero|tuotekoodi|cikkszam|urun kodu|ean|isbn)\b"
    r"[.:#\u00b0\s]{0,5}(?:(?:no|nr|n)\b[.:#\u00b0\s]{0,4})?(?P<id>#?(?:(?=[\w./-]{0,30}\d)[a-z0-9][\w./-]{0,40}\w|[a-z]{2,4}-[a-z]{1,3}(?![\w-])))[)\]]?"
)
_HASH: Final = re.compile(r"[(\[]?(?<!\w)#(?P<id>(?=[\w-]{0,40}\d)[a-z0-9][\w-]{2,40})[)\]]?")
_CODE: Final = (
    r"(?P<id>(?=[A-Z0-9/.-]{4})(?=[0-9/.-]{0,20}[A-Z])(?=[A-Z/.-]{0,20}\d)(?!\d+[A-Z]{1,3}(?![A-Z0-9/-]))"
    r"[A-Z0-9]{1,12}(?:[-/.][A-Z0-9]{1,10}){0,5})"
)
_BRACKETED: Final = re.compile(
    rf"[(\[]\s?{_CODE}\s?[)\]]|[(\[]\s?(?P<letters>[A-Z]{{2,6}}(?:-[A-Z0-9]{{1,6}}){{1,3}})\s?[)\]]|\[\s?(?P<digits>\d{{4,13}})\s?\]"
)
_COLUMN: Final = re.compile(rf"(?:(?<=\s\s)|(?<=\t)|(?<=[|;]\s)){_CODE}(?=\s\s|\t|\s[|;]|\s*$)")
_FIRST: Final = re.compile(rf"\s*(?:[*•·+-]\s)?{_CODE}(?=\s\s|\t|\s[|;]|:\s|\s[-\u2013\u2014]\s)")
_PAGE: Final = re.compile(
    r"[,(]?\s*(?<!\w)(?:pages?|pg|pp|p|seite|s|pag|pagina|page|sida|side|strona|str|strana|sivu"
    r"|oldal)\.? ?\d{1,4}\)?(?=\s*(?:[,;(]|$|\s[-\u2013\u2014]|\s\s))"
)
_PRICE: Final = re.compile(r"[\d.,'\u2019 \u00a0\u202f]*\d[.,]\d{2}")


@dataclass(frozen=True)
class Marks:
    """The marks of a line; `covers` is all that they and their labels take."""

    prices: list[Amount]
    quantity: tuple[Decimal, Span] | None
    identifier: Span | None
    covers: list[Span]
    is_reduced: bool = False


def moved(amount: Amount, by: int) -> Amount:
    """The amount, found in a part of a text that begins so much later."""
    return Amount(
        amount.value,
        amount.currency,
        Span(amount.span.start + by, amount.span.end + by),
        Span(amount.number.start + by, amount.number.end + by),
    )


def find_prices(text: str, *, is_table: bool = False) -> list[Amount]:
    """Amounts with a currency, and figures that look like prices."""
    found = find_amounts(text)
    taken = Cover(amount.span for amount in found)
    for value, start, end in find_figures(text):
        span = Span(start, end)
        if not taken.touches(span) and _is_price(text, span, is_table=is_table):
            found.append(Amount(value, "", span, span))
    return sorted(found, key=lambda amount: amount.span)


def _is_price(text: str, span: Span, *, is_table: bool) -> bool:
    after = fold(text[span.end : span.end + 12])
    if _measure().match(after) or (text[span.start - 1 : span.start] in tuple(".,/-") and span.start):
        return False
    if _PRICE.fullmatch(span.of(text)):
        return not re.match(r"[\w-]|/\d", after)
    is_announced = re.search(r"@ ?$|(?<![\w-])[àá] $", text[max(0, span.start - 3) : span.start].lower())
    return bool(is_announced) or (is_table and not text[span.end :].strip())


@cache
def _measure() -> re.Pattern[str]:
    return re.compile(rf"[ -]?(?:{folded_words('quantities', 'units', 'measures')})(?!\w)")


def is_measured(folded: str, end: int) -> bool:
    """Whether a figure that ends here measures something: `750 ml`."""
    return bool(_measure().match(folded, end))


@cache
def _former() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded_words('quantities', 'each', 'former')})[:\s~]{{0,3}}$")


def is_former(folded: str, start: int) -> tuple[bool, int]:
    """Whether the words before a price say that it holds no longer, and where they begin."""
    match = _former().search(folded, max(0, start - 24), start)
    return bool(match), match.start() if match else start


@cache
def _each() -> tuple[re.Pattern[str], re.Pattern[str]]:
    after, before = (folded_words("quantities", "each", key) for key in ("each", "before"))
    return re.compile(rf"[\s,(]{{0,2}}(?:{after})(?!\w)"), re.compile(
        rf"(?:(?<!\w)(?:{before})|@)[:\s]{{0,4}}$"
    )


def is_each(text: str, amount: Amount) -> bool:
    """Whether the words beside an amount make it the price of one piece."""
    after, before = _each()
    rest = fold(text[amount.span.end : amount.span.end + 24])
    return bool(
        after.match(rest)
        or _per(rest)
        or before.search(fold(text[max(0, amount.span.start - 20) : amount.span.start]))
    )


_PER: Final = re.compile(r"\.? ?(?:a|an|per|pro|pr\.?|je|za|/) ?(?P<piece>[^\W\d_]{2,14})(?!\w)")


def _per(rest: str) -> bool:
    """`a loaf`, `pr. kasse`, `/box`; but no `a week`."""
    match = _PER.match(rest)
    return bool(match) and match["piece"] not in word_set("quantities", "nothing", "words")


def find_marks(text: str, language: str, *, is_table: bool = False, is_column: bool = False) -> Marks:
    """The marks of a line, or of any other short stretch."""
    folded = fold(text)
    prices, covers = list[Amount](), list[Span]()
    is_reduced = False
    for amount in find_prices(text, is_table=is_table):
        is_over, start = is_former(folded, amount.span.start)
        announced = _each()[1].search(folded, max(0, start - 20), start)
        covers.append(Span(announced.start() if announced else start, amount.span.end))
        is_reduced = is_reduced or is_negative(text, amount)
        if not is_over:
            prices.append(amount)
    page = _PAGE.search(folded)
    covers += [Span(*page.span())] if page else []
    identifier = find_identifier(text, folded, Cover(covers))
    covers += [identifier[1]] if identifier else []
    quantity = _quantity(
        folded, Cover(covers), [each.span.start for each in prices], language, is_column=is_column
    )
    covers += [quantity[2]] if quantity else []
    return Marks(
        prices,
        (quantity[0], quantity[1]) if quantity else None,
        identifier and identifier[0],
        covers,
        is_reduced,
    )


def is_negative(text: str, amount: Amount) -> bool:
    """`-$20.00`, `: - R$ 5`: a discount."""
    before = text[max(0, amount.span.start - 4) : amount.span.start]
    return bool(re.search(r"(?:^|[\s:(.])[-\u2212\u2013]$|[:=]\s*[-\u2212\u2013]\s$", before))


def find_identifier(text: str, folded: str, taken: Cover) -> tuple[Span, Span] | None:
    """The thing's own number and all that belongs to it: `SKU: 4711`, `(WB-22)`, `#123`, a column."""
    for pattern, within in (
        (_NUMBERED, folded), (_HASH, folded), (_BRACKETED, text), (_FIRST, text), (_COLUMN, text)
    ):  # fmt: skip
        for match in pattern.finditer(within):
            group = next(name for name, value in match.groupdict().items() if value)
            span = Span(*match.span(group))
            if not taken.touches(span):
                shift = len(span.of(text)) - len(span.of(text).lstrip("#"))
                return Span(span.start + shift, span.end), Span(*match.span())
    return None


def _quantity(
    folded: str, taken: Cover, prices: list[int], language: str, *, is_column: bool
) -> tuple[Decimal, Span, Span] | None:
    """How many, with the figure's place and all that belongs to it; the plainest way of telling it first."""
    for match in _told(folded, prices, language, is_column=is_column):
        group = "words" if match.groupdict().get("words") else "n"
        span = Span(*match.span(group))
        value = number_words(language).get(match[group]) if group == "words" else int(match[group])
        if value and not taken.touches(span):
            return Decimal(value), span, Span(*match.span())
    return None


def _told(folded: str, prices: list[int], language: str, *, is_column: bool) -> Iterator[re.Match[str]]:
    for pattern in _patterns():
        yield from (match for match in pattern.finditer(folded) if not is_measured(folded, match.end("n")))
    for match in _multiplied().finditer(folded):
        following = len(folded) - len(folded[match.end() :].lstrip())
        if (
            following in prices
            or not folded[following : following + 1].isdigit()
            or not folded[: match.start()].strip()
        ):
            yield match
    leading = _leading(language).match(folded)
    if leading and (is_column or leading["words"] or not is_measured(folded, leading.end("n"))):
        yield leading
    if prices:
        yield from _ALONE.finditer(folded, 0, prices[-1])
    yield from _LISTED.finditer(folded)


_LISTED: Final = re.compile(r"(?<=[^\W\d_])\s?:\s{0,9}(?P<n>\d{1,4})(?=\s*(?:$|\())")
_ALONE: Final = re.compile(r"(?:(?<=\s\s)|(?<=\t)|(?<=[|;]\s))(?P<n>\d{1,4})(?=\s\s|\t|\s[|;]|\s?[$€£])")


@cache
def _patterns() -> list[re.Pattern[str]]:
    labels = folded_words("labels", "item", "quantity")
    counters = folded_words("quantities", "units", "counters")
    number = r"(?P<n>\d{1,5})(?![\w.,]*\d)"
    return [
        re.compile(rf"[(\[]?(?<![\w.])(?:{labels})(?!\w)\.?\s{{0,4}}[:=]?\s{{0,4}}0{{0,4}}{number}[)\]]?"),
        re.compile(rf"(?<![\w.])n\.\s{{1,4}}{number}(?=\s\s|\s*$)"),
        re.compile(rf"[(\[]\s?{_TIMES} ?{number}\s?[)\]]"),
        re.compile(rf"[(\[]\s?(?P<n>\d{{1,5}}) ?(?:{counters})\.?\s?[)\]]"),
        re.compile(rf"(?<!\w)(?:{_TIMES}|\*) ?{number}(?!\s?[x\u00d7])"),
        re.compile(rf"(?<![\w.,/-])(?P<n>\d{{1,5}}) ?(?:{counters})(?<![x\u00d7])(?![\w/])\.?"),
    ]


@cache
def _multiplied() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,/-])(?P<n>\d{{1,5}}) ?(?:{_TIMES}|\*)(?!\w)")


@cache
def _leading(language: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(number_words(language), key=len, reverse=True))
    return re.compile(rf"\s*(?:(?P<n>[1-9]\d{{0,4}})(?=\s+[^\W\d_]|\s+[\"'(«])|(?P<words>{words})(?=\s))")
