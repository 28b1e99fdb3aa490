"""What words can be read as: numbers, dates, times of day and currencies, however they are written."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Final, cast

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import get_currency_name, get_currency_symbol

_RUN: Final = re.compile(r"(?:(?<!\w)\.)?\d+(?:[.,'\u2019]\d+)*")
_SPACED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)")
_POINTED: Final = re.compile(r"\d*\.?\d+|\d{1,3}(?:[,'\u2019]\d{2,3})*[,'\u2019]\d{3}(?:\.\d+)?")
_COMMAED: Final = re.compile(r"\d+,\d+|\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_MINUS: Final = re.compile(r"[-\u2212\u2013(]\s?[^\w\s]?\s?$")
_SCALE: Final = re.compile(r"\s?(%|k\b|thousand|million|billion)", re.IGNORECASE)
_SCALES: Final = {
    "%": Decimal("0.01"),
    "k": Decimal(10**3),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
}
_COUNTED: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve",
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "zero um dois três quatro cinco seis sete oito nove dez onze doze",
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
)
_ARTICLES: Final = "a an single ein eine einen une una uma één"

_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "pl")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})(?:[-/.]|年\s?)(\d{1,2})(?:[-/.]|月\s?)(\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_YEAR_LAST: Final = re.compile(r"(?<!\d)(\d{1,2})(?:[-/]|\.\s?)(\d{1,2})(?:[-/]|\.\s?)(\d{4}|\d{2})(?!\d)")
_DAY_NAMED: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:(?:of|de)\s+)?([^\W\d_]+)\.?,?[\s-]+(?:de\s+)?['\u2019]?(\d{4}|\d{2})(?!\d)"
)
_NAMED_DAY: Final = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_HALF_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\b", re.IGNORECASE)
_FULL_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?!\d|\s?[ap]\.?m\b)", re.IGNORECASE)


def number_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each number stands as one whole; a row of values, such as `2,35.00`, is several."""
    for run in _RUN.finditer(text):
        listed = "," in (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1])
        if _values(run[0]) and not (listed and "," in run[0]):
            yield run.span()
        else:
            apart = r"[^,]+" if "," in run[0] else r"\d+"
            yield from (
                (run.start() + part.start(), run.start() + part.end()) for part in re.finditer(apart, run[0])
            )


def numbers(words: str) -> set[Decimal]:
    """Every number that the words may mean, by each reading of their separators."""
    found = {
        _NUMBER_WORDS[word] for word in re.findall(r"[^\W\d_]+", words.casefold()) if word in _NUMBER_WORDS
    }
    spans = [*number_spans(words), *(match.span() for match in _SPACED.finditer(words))]
    for start, end in spans:
        scale = _SCALE.match(words, end)
        for value in _values(re.sub(r"\s", "", words[start:end])):
            found |= {value} | ({value * _SCALES[scale[1].lower()]} if scale else set[Decimal]())
            found |= {-value} if _MINUS.search(words[max(start - 4, 0) : start]) else set()
    return found


def dates(words: str) -> set[date]:
    """Every date that the words may mean: `03/05/2024` is one in March and one in May."""
    parts = [*_YEAR_FIRST.findall(words), *_COMPACT.findall(words)]
    parts += [(y, *order) for a, b, y in _YEAR_LAST.findall(words) for order in ((a, b), (b, a))]
    named = [(y, name, d) for d, name, y in _DAY_NAMED.findall(words)]
    named += [(y, name, d) for name, d, y in _NAMED_DAY.findall(words)]
    parts += [(y, str(month), d) for y, name, d in named for month in _months().get(name.casefold(), ())]
    return {found for y, m, d in parts for year in _years(y) for found in _date(year, int(m), int(d))}


def clocks(words: str) -> set[time]:
    """Every time of day that the words may mean, to the minute."""
    found = [(int(hour), int(minute)) for hour, minute in _FULL_DAY.findall(words)]
    for hour, minute, half in _HALF_DAY.findall(words):
        found.append((int(hour) % 12 + (12 if half.lower() == "p" else 0), int(minute or 0)))
    return {time(hour, minute) for hour, minute in found if hour < 24 and minute < 60}


def names_currency(words: str, code: str) -> bool:
    """Whether a sign or a name of this ISO 4217 currency stands in the words, also as at home: `zł`, `Kč`."""
    if _home_signs(code) and re.search(rf"(?<![^\W\d])(?:{_home_signs(code)})(?!\w)", words):
        return True
    name, sign = get_currency_name(code, locale="en"), get_currency_symbol(code, locale="en")[-1]
    if name == code:
        return False
    return (not sign.isalnum() and sign in words) or name.split()[-1].casefold() in words.casefold()


@cache
def _home_signs(code: str) -> str:
    """A pattern for the letters by which the languages of the desk write a currency."""
    signs = {get_currency_symbol(code, locale=language).rstrip(".") for language in (*_LANGUAGES, "cs", "hu")}
    return "|".join(re.escape(sign) for sign in sorted(signs - {code}) if sign.isalpha())


def names_country(words: str, code: str) -> bool:
    """Whether the English name of this ISO 3166 country stands in the words."""
    name = _territories().get(code)
    return name is not None and len(code) == 2 and name.casefold() in words.casefold()


def _values(run: str) -> set[Decimal]:
    pointed = {Decimal(re.sub(r"[,'\u2019]", "", run))} if _POINTED.fullmatch(run) else set[Decimal]()
    return pointed | ({Decimal(run.replace(".", "").replace(",", "."))} if _COMMAED.fullmatch(run) else set())


_NUMBER_WORDS: Final = {
    **{word: Decimal(1) for word in _ARTICLES.split()},
    **{word: Decimal(number) for row in _COUNTED for number, word in enumerate(row.split())},
    "pair": Decimal(2),
    "dozen": Decimal(12),
}


@cache
def _territories() -> Mapping[str, str]:
    return cast("Mapping[str, str]", Locale("en").territories)  # pyright: ignore[reportUnknownMemberType]


@cache
def _months() -> dict[str, set[int]]:
    months: defaultdict[str, set[int]] = defaultdict(set)
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            names = cast("Mapping[int, str]", get_month_names(width, locale=language))
            for month, name in names.items():
                months[name.rstrip(".").casefold()].add(month)
    return months


def _years(digits: str) -> tuple[int, ...]:
    return (int(digits),) if len(digits) == 4 else (1900 + int(digits), 2000 + int(digits))


def _date(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
