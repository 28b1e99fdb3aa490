"""Amounts of money with their currencies."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from babel.numbers import get_currency_precision, list_currencies

from agents.rules.reading.numbers import FIGURES, parse_number
from agents.rules.text import Span, fold
from agents.rules.vocabulary import alternatives, load, word_set

_SEVERAL: Final = "several"
_CROWNS: Final = ("SEK", "DKK", "NOK")
_READ_FOR_LANGUAGE: Final = 20_000


_PRICED: Final = re.compile(
    r"\b(?:price|pris|preis|prix|preci|prezz|prec|prij|cen[ay]|hin(?:ta|nat)|currency|wahrung|amount)"
)
_DOLLARS: Final = {
    "USD": re.compile(r"\bUSD?\b|\bUSA\b|\bU\.S\.|\bUnited States\b|\b[A-Z]{2},? +\d{5}(?:-\d{4})?\b"),
    "CAD": re.compile(r"\bCAD?\b|\bCanada\b|\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b|\bQu[ée]bec\b|\bTVQ\b"),
    "AUD": re.compile(r"\bAUD?\b|\bAustralia\b|\b(?:NSW|VIC|QLD|TAS|ACT)\b"),
    "NZD": re.compile(r"\bNZD?\b|\bNew Zealand\b|\bAotearoa\b|\bAuckland\b|\bWellington\b|\bChristchurch\b"),
    "SGD": re.compile(r"\bSGD\b|\bSingapore\b"),
    "HKD": re.compile(r"\bHKD\b|\bHong Kong\b|\bKowloon\b"),
    "MXN": re.compile(r"\bMXN\b|\bM[ée]xico\b|\bCDMX\b|\bpesos\b"),
}


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
def _named(section: str) -> Mapping[str, str]:
    """The currency of each sign, or of each word; empty where it could be several."""
    named = load("currencies")[section]
    return {name: "" if code == _SEVERAL else code for code, names in named.items() for name in names}


@cache
def _pattern() -> re.Pattern[str]:
    signs, words = alternatives(_named("signs")), alternatives(_named("words"))
    before = rf"(?<![A-Za-z])(?P<sign>{signs}|[A-Z]{{3}})[ \u00a0]{{0,2}}(?P<first>{FIGURES})"
    after = rf"(?<![\w.,])(?P<second>{FIGURES})(?:[.,]-{{1,2}})?[ \u00a0\u202f]?"
    behind = rf"(?P<after>{signs}|[A-Z]{{3}}(?![A-Za-z])|(?i:{words})(?!\w))"
    return re.compile(rf"{before}(?:[.,]?-{{1,2}}(?![\w-]))?|{after}{behind}")


def find_amounts(text: str) -> list[Amount]:
    """Every number that carries a currency's sign, code or name."""
    found = [amount for match in _pattern().finditer(text) if (amount := _amount(match))]
    return found if all(amount.currency for amount in found) else _with_crowns(found, text)


def _amount(match: re.Match[str]) -> Amount | None:
    sign, group = (match["sign"], "first") if match["sign"] else (match["after"], "second")
    currency = _currency(sign)
    if currency is None:
        return None
    value = parse_number(match[group], decimals=get_currency_precision(currency) if currency else 2)
    if value is None:
        return None
    return Amount(value, currency, Span(*match.span()), Span(*match.span(group)))


def _currency(sign: str) -> str | None:
    if sign in currency_codes():
        return sign
    return _named("signs").get(sign, _named("words").get(sign.lower()))


def _with_crowns(amounts: list[Amount], text: str) -> list[Amount]:
    """Sweden, Denmark and Norway all write `kr`: a code elsewhere or the language tells which is meant."""
    codes = [code for code in _CROWNS if re.search(rf"\b{code}\b", text)]
    words = Counter(re.findall(r"\w+", fold(text[:_READ_FOR_LANGUAGE])))
    scores = {code: sum(words[word] for word in word_set("currencies", "crowns", code)) for code in _CROWNS}
    first, second, _ = sorted(scores, key=lambda code: -scores[code])
    spoken = first if scores[first] > scores[second] else ""
    crown = codes[0] if len(codes) == 1 else spoken
    return [replace(amount, currency=amount.currency or crown) for amount in amounts]


def shared_currency(amounts: list[Amount]) -> Amount | None:
    """An amount whose currency all the others share, or None where they differ or none is known."""
    known = [amount for amount in amounts if amount.currency]
    return known[0] if known and len({amount.currency for amount in known}) == 1 else None


def find_codes(text: str) -> list[tuple[str, Span]]:
    """Currencies named by code or in words, on lines with figures or about prices."""
    found: list[tuple[str, Span]] = []
    for match in _code_pattern().finditer(text):
        end = text.find("\n", match.end())
        line = text[text.rfind("\n", 0, match.start()) + 1 : end if end >= 0 else len(text)]
        if re.search(r"\d", line) or _PRICED.search(fold(line)):
            word = match.group()
            code = word if word in currency_codes() else _named("words").get(word.lower(), "")
            found += [(code, Span(*match.span()))] if code else []
    return found


@cache
def _code_pattern() -> re.Pattern[str]:
    codes = "|".join(sorted(word_set("currencies", "common", "codes"))).upper()
    return re.compile(rf"(?<![\w-])(?:{codes}|(?i:{alternatives(_named('words'))}))(?![\w-])")


def is_bare_dollar(text: str, amount: Amount) -> bool:
    """Whether nothing but `$` says what an amount is in."""
    signs = amount.span.of(text).replace(amount.number.of(text), "").strip(" \u00a0-")
    return signs == "$"


def dollar(text: str) -> str:
    """Which country's dollars a text means, by a code or by its addresses; empty where it names several."""
    named = {code for code, pattern in _DOLLARS.items() if pattern.search(text)}
    return "USD" if not named else named.pop() if len(named) == 1 else ""
