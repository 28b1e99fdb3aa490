"""Parts of an address that are told one by one: `the postcode is 10245`, `City?` with its answer below."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.reading.clearing import cleared
from agents.rules.reading.regions import is_country, is_state
from agents.rules.reading.towns import CITY, city_after
from agents.rules.reading.units import unit_end
from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import alternatives, load

_KINDS: Final = ("zip", "city", "state", "country", "address2")
_AMBIGUOUS: Final = frozenset(
    {
        "by",
        "ort",
        "land",
        "maa",
        "cap",
        "kod",
        "pin code",
        "code",
        "region",
        "county",
        "staat",
        "stato",
        "territory",
    }
)
_IS: Final = (
    r"(?:'s|is|are|was|has|ist|lautet|heisst|bleibt|est|reste|es|sigue siendo|e|resta"
    r"|er|blijft|jest|je|on|to|:|=)"
    r"(?: ?:)?(?: (?:now|actually|still|the same|jetzt|nun|aber|noch|weiterhin|immer noch|ahora|todavia"
    r"|aun"
    r"|maintenant|toujours|encore|ora|sempre|ancora|agora|ainda"
    r"|nu|nog|nog steeds|fortfarande|fortsatt|stadig|na"
    r"|teraz|nadal|ted|stale|nyt|edelleen|mostantol|really|just))?"
)
_WRONG: Final = (
    r"(?:wrong|incorrect|not|off|outdated|a typo|missing"
    r"|falsch|nicht|faux|fausse|errone|incorrect|mal|sbagliat|errad)"
)
_SHOULD: Final = (
    r"(?:(?:should|must|needs to|ought to) (?:be|read|say)|(?:should|must) have been|has changed to"
    r"|changed? (?:it )?to|(?:is|it's) now|correct(?:ed)? (?:one )?(?:is|to)"
    r"|actually is|is actually|right one is|(?:muss|soll(?:te)?)(?: es)?(?: richtig)?(?: heissen| lauten)?"
    r"|richtig ist|devrait etre|c'est plutot|debe(?:ria)? ser|es en realidad"
    r"|dovrebbe essere|deve essere|e invece|deve ser|moet zijn|ska vara|skal v[ae]re"
    r"|powinn[oay]{1,2} byc|ma byt)"
)
_QUESTION: Final = r"(?: code| number)?(?: there| please| again)?\?[^\n]{0,12}\n[ \t]*(?:[^\n:]{1,20}: )?"
_THE: Final = re.compile(r"(?:[ ,:\"'*]|the |das |die |le |la |el |il |o )*")
_ASSENT: Final = re.compile(
    rf"(?:that's|that is|thats|this is|it's|in|yes,?) (?P<state>{CITY}),? (?:right|correct|yes)\?"
)
_LOST: Final = re.compile(r"\b(?:not|was|nicht|war|pas|etait|non|era|nie|inte|ikke|niet)[ ,]*$")
_LIVING: Final = re.compile(
    r"\b(?i:(?:i|we)(?:'m| am|'re| are|'ve)? (?:now |currently )?(?:live|living|based|moved|relocated)"
    r"(?: now)?(?: over| out)? (?:in|to)"
    r"|(?:wohnen?|leben?)(?: [\w']+){0,3} in|(?:umgezogen|gezogen) nach|j'habite(?: [\w']+){0,2} à"
    r"|nous habitons à|vivo(?: ahora)? en|vivimos en"
    r"|abito(?: ora)? a|viviamo a|moro(?: agora)? em|mudei (?:para|pra)|woon(?: nu)? in|wonen in"
    r"|bor(?: nu| nå)? i|mieszkam(?: teraz)? w) (?=[A-ZÀ-Þ])"
)
_FEW: Final = re.compile(r"[^\W_][\w'ºª/-]*(?: [\w'ºª/-]+){0,3}(?=\s*(?:[.,!\n]|$))")
_SHORT: Final = re.compile(r"\d{1,4}[A-Za-z]?(?![\w-])")
_NO: Final = re.compile(
    r"(?:no|nope|none|nein|kein\w*|non|nao|nie|ne|nee|nej|nei|that|what|yes|yeah|si|ja|oui|it)(?!\w)"
)
_FIGURES: Final = re.compile(r"(?<![\w+.-])[A-Za-z]{0,2}\d[\dA-Za-z]{0,6}(?:[ -]\d[\dA-Za-z]{1,3})?(?![\w-])")


@dataclass(frozen=True)
class Told:
    """A part of an address, and whether it puts right what was written before."""

    kind: str
    span: Span
    corrects: bool
    is_aside: bool = False


def find_told(document: Document) -> list[Told]:
    """The parts that are told by their names, in order; the last of each kind counts."""
    text = cleared(document.text)
    folded = fold(text)
    found = [told for match in _named().finditer(folded) if (told := _told(text, folded, match))]
    found += [*_assented(text), *_lived_in(text)]
    return [told for told in found if not document.is_quoted(told.span)]


def _told(text: str, folded: str, match: re.Match[str]) -> Told | None:
    kind = next(kind for kind in _KINDS if match[kind])
    start = _THE.match(folded, match.end())
    at = start.end() if start else match.end()
    is_answer = "?" in match["link"]
    line = folded.find("\n", at) if is_answer else -1
    end = min(len(text), at + 60) if line < 0 else min(line, at + 200)
    span = _value(kind, text, at, end, is_answer=is_answer)
    return Told(kind, span, bool(match["should"])) if span else None


def _value(kind: str, text: str, start: int, end: int, *, is_answer: bool) -> Span | None:
    if kind == "zip":
        return _code(text, start, end, is_answer=is_answer)
    if kind == "address2":
        return _flat(text, start, end, is_answer=is_answer)
    city = city_after(text[:end], start)
    if city is None or "?" in text[start : city.end]:
        return None
    if kind == "city":
        return city
    words = [match.end() for match in re.finditer(r"\S+", city.of(text))]
    for length in reversed(words):
        span = trimmed(text, start, start + length, strip=" .,!?")
        if is_state(span.of(text)) if kind == "state" else is_country(span.of(text)):
            return span
    return None


def _code(text: str, start: int, end: int, *, is_answer: bool) -> Span | None:
    """The code; in an answer that puts itself right, the last one that is not called old."""
    codes = [match for match in _FIGURES.finditer(text, start, end) if match.end() - match.start() >= 4]
    if not codes or (codes[0].start() > start + 2 and not is_answer):
        return None
    kept = (
        [code for code in codes if not _LOST.search(fold(text[start : code.start()]))]
        if is_answer
        else codes[:1]
    )
    last = (kept or codes)[-1] if is_answer else codes[0]
    return Span(*last.span())


def _assented(text: str) -> Iterator[Told]:
    """`And that's Louisiana, right?`"""
    for match in _ASSENT.finditer(text):
        if is_state(match["state"]):
            yield Told("state", Span(*match.span("state")), False)


def _lived_in(text: str) -> Iterator[Told]:
    """`I live in Leeds now`, which makes no address of its own."""
    for match in _LIVING.finditer(text):
        city = city_after(text, match.end())
        if city and not is_country(city.of(text)) and not is_state(city.of(text)):
            yield Told("city", city, corrects=False, is_aside=True)


def _flat(text: str, start: int, end: int, *, is_answer: bool) -> Span | None:
    """`The flat number is 7`, and the answer to a question for the floor."""
    stop = unit_end(text[:end], start)
    if stop > start:
        return Span(start, stop)
    words = _FEW.match(text, start, end) if is_answer else _SHORT.match(text, start, end)
    return None if words is None or _NO.match(fold(words.group())) else Span(*words.span())


@cache
def _named() -> re.Pattern[str]:
    """A part's name with what links it to its value, over folded text."""
    labels = load("labels")["address"]
    names = {
        kind: alternatives({fold(name) for name in labels[kind] if len(name) > 1} - _AMBIGUOUS)
        for kind in _KINDS
    }
    label = "|".join(f"(?P<{kind}>{each})" for kind, each in names.items())
    return re.compile(
        rf"(?<![\w-])(?:{label})(?!\w)"
        rf"(?P<link>(?: code| number)? ?{_IS}(?!\w)(?! ?{_WRONG})"
        rf"|(?P<should>[^\n?]{{0,60}}? {_SHOULD}(?!\w))|{_QUESTION}) ?"
    )
