"""Amounts of money with their currencies."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from babel.numbers import get_currency_precision, list_currencies

from agents.rules.reading.numbers import FIGURES, parse_number
from agents.rules.text import Span

_SYMBOLS: Final = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND",
    "₱": "PHP", "zł": "PLN", "zl": "PLN", "Kč": "CZK", "Ft": "HUF", "R$": "BRL", "US$": "USD", "C$": "CAD", "CA$": "CAD",
    "CAD$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "MX$": "MXN", "SFr.": "CHF", "Fr.": "CHF",
    "sFr.": "CHF", "lei": "RON", "Rs.": "INR", "Rs": "INR", "$": "USD", "¥": "JPY", "￥": "JPY", "kr": "", "kr.": "", "Kr": "", "Kr.": "", ":-": "",
}  # fmt: skip
_WORDS: Final = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "eur": "EUR", "gbp": "GBP", "chf": "CHF",
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "yen": "JPY", "francs": "CHF", "franken": "CHF", "rupees": "INR", "zloty": "PLN",
    "złoty": "PLN", "złotych": "PLN", "kronor": "SEK", "kroner": "", "libras": "GBP", "dólares": "USD", "dolares": "USD", "dollari": "USD",
    "reais": "BRL", "sterling": "GBP", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "jpy": "JPY", "cad": "CAD", "aud": "AUD",
}  # fmt: skip
_CROWNS: Final = (
    (
        "SEK",
        re.compile(
            r"\b(?:och|är|inte|beställning\w*|moms|frakt|totalt|tack|hej|antal|summa)\b", re.IGNORECASE
        ),
    ),
    ("DKK", re.compile(r"\b(?:og|ikke|bestilling\w*|fragt|beløb|hilsen|tak|stk|i alt)\b", re.IGNORECASE)),
    ("NOK", re.compile(r"\b(?:og|ikke|mva|beløp|hilsen|takk|totalt|frakt|ordre\w*)\b", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Amount:
    """An amount; `currency` is a code, or empty where the sign could be several currencies'."""

    value: Decimal
    currency: str
    span: Span
    number: Span


@cache
def currency_codes() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def _pattern() -> re.Pattern[str]:
    signs = "|".join(re.escape(sign) for sign in sorted(_SYMBOLS, key=len, reverse=True))
    words = "|".join(sorted(_WORDS, key=len, reverse=True))
    before = rf"(?<![A-Za-z])(?P<sign>{signs}|[A-Z]{{3}})[ \u00a0]{{0,2}}(?P<first>{FIGURES})(?:[.,]?-{{1,2}}(?![\w-]))?"
    after = rf"(?<![\w.,])(?P<second>{FIGURES})(?:[.,]-{{1,2}})?[ \u00a0\u202f]?(?P<after>{signs}|[A-Z]{{3}}(?![A-Za-z])|(?i:{words})(?!\w))"
    return re.compile(f"{before}|{after}")


def find_amounts(text: str) -> list[Amount]:
    """Every number that carries a currency's sign, code or name."""
    found = [amount for match in _pattern().finditer(text) if (amount := _amount(match))]
    return _with_crowns(found, text) if any(not amount.currency for amount in found) else found


def _amount(match: re.Match[str]) -> Amount | None:
    sign, group = (match["sign"], "first") if match["sign"] else (match["after"], "second")
    currency = _currency(sign)
    if currency is None:
        return None
    decimals = get_currency_precision(currency) if currency else 2
    value = parse_number(match[group], decimals=decimals)
    if value is None:
        return None
    return Amount(value, currency, Span(*match.span()), Span(*match.span(group)))


def _currency(sign: str) -> str | None:
    if sign in _SYMBOLS:
        return _SYMBOLS[sign]
    if sign in currency_codes():
        return sign
    return _WORDS.get(sign.lower())


def _with_crowns(amounts: list[Amount], text: str) -> list[Amount]:
    """Sweden, Denmark and Norway all write `kr`: a code elsewhere or the language tells which is meant."""
    codes = {code for code in ("SEK", "DKK", "NOK") if re.search(rf"\b{code}\b", text)}
    scores = Counter({code: len(pattern.findall(text[:20000])) for code, pattern in _CROWNS})
    (first, top), (_, second) = scores.most_common(2)
    crown = codes.pop() if len(codes) == 1 else first if top > second else ""
    return [Amount(each.value, each.currency or crown, each.span, each.number) for each in amounts]


def shared_currency(amounts: list[Amount]) -> Amount | None:
    """An amount whose currency all the others share, or None where they differ or none is known."""
    known = [amount for amount in amounts if amount.currency]
    return known[0] if known and len({amount.currency for amount in known}) == 1 else None
