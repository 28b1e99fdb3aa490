"""Sums that a customer asks for, as expressions."""

import re
from functools import cache
from typing import Final

from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.slots import numbers
from agents.rules.text import fold

_LONGEST: Final = 200
_NUMBER: Final = r"\d{1,12}(?:\.\d{1,6})?"
_WORDS: Final = {
    "multiplied by": "*",
    "divided by": "/",
    "plus": "+",
    "minus": "-",
    "times": "*",
    "geteilt durch": "/",
    "durch": "/",
    "divise par": "/",
    "dividido por": "/",
    "dividido entre": "/",
    "entre": "/",
    "diviso": "/",
    "diviso per": "/",
    "gedeeld door": "/",
    "podzielone przez": "/",
    "przez": "/",
    "deleno": "/",
    "delat med": "/",
    "delt pa": "/",
    "delt med": "/",
    "jaettuna": "/",
    "bolu": "/",
    "osztva": "/",
    "impartit la": "/",
    "mas": "+",
    "piu": "+",
    "mais": "+",
    "moins": "-",
    "menos": "-",
    "meno": "-",
    "keer": "*",
    "razy": "*",
    "krat": "*",
    "ganger": "*",
    "gange": "*",
    "kertaa": "*",
    "carpi": "*",
    "szor": "*",
    "ori": "*",
    "mal": "*",
    "fois": "*",
    "por": "*",
    "x": "*",
    "\u00d7": "*",
    "\u00f7": "/",
    ":": "/",
}
_WORD: Final = re.compile(rf"(?<=[\d)])\s{{0,3}}({'|'.join(map(re.escape, _WORDS))})\s{{0,3}}(?=[\d(])")
_NAMED: Final = re.compile(rf"\b({'|'.join(map(re.escape, _WORDS))}) ([a-z]{{3,8}})\b")
_EXPRESSION: Final = re.compile(r"[-+]?[\d(][\d.()+\-*/ ]{1,300}[\d)]")
_ASKED: Final = re.compile(
    r"\b(?:calculat(?:e|ion)|compute|work out|evaluate|sum|add(?: up)?|multiply|divide|subtract|how much"
    r"|what(?:'?s| is)?|equals?|result|total|difference|rechne\w*|berechne\w*|wie ?viel|was ist|combien"
    r"|calcule\w*|cuanto|calcula\w*)\b|="
)
_PERCENT: Final = re.compile(rf"({_NUMBER}) ?(?:%|percent|prozent) (?:of|off|von|de) ?({_NUMBER})")
_LISTED: Final = re.compile(
    rf"\b(?:sum|add(?: up)?|total|summe)\b\D{{0,20}}"
    rf"({_NUMBER}(?:(?:, ?(?:and )?| and | & | und ){_NUMBER}){{1,40}})(?![\w-])"
)


@cache
def _sharers() -> re.Pattern[str]:
    count = rf"(\d{{1,3}}|{'|'.join(numbers())})"
    return re.compile(rf"\b{count}(?: \w+)? {phrases('slots', 'shared', 'sharers').pattern}")


@cache
def _amounts() -> re.Pattern[str]:
    less = phrases("slots", "shared", "less").pattern
    return re.compile(rf"(?P<less>{less}[^\d]{{0,25}})?(?<![\w#.])(?P<number>\d{{1,12}}\.\d{{1,6}})(?!\w)")


def _shared_in(folded: str) -> str | None:
    """What each of several pays: all amounts together, divided by those who share them."""
    sharers = _sharers().search(folded)
    if not sharers or not phrases("slots", "shared", "verbs").search(folded):
        return None
    rest = folded[: sharers.start()] + " " + folded[sharers.end() :]
    told = [f"{'-' if match['less'] else '+'} {match['number']}" for match in _amounts().finditer(rest)]
    count = numbers().get(sharers[1], sharers[1])
    return f"({' '.join(told).removeprefix('+ ')}) / {count}" if told else None


def expression_in(text: str) -> str | None:
    """The expression that a text asks the value of, or None where it asks for none."""
    folded = re.sub(
        r"(?<=\d),(?=\d{3}(?!\d))|[$\u20ac\u00a3]|\b(?:usd|eur|gbp|euros?|dollars?)\b", "", fold(text)
    )
    folded = re.sub(r"(?<=\d),(?=\d{2}(?!\d))", ".", folded)
    if shared := _shared_in(folded):
        return shared
    if (percent := _PERCENT.search(folded)) and _ASKED.search(folded):
        return f"{percent[2]} * {percent[1]} / 100"
    if listed := _LISTED.search(folded):
        return " + ".join(re.findall(_NUMBER, listed[1]))
    folded = _NAMED.sub(lambda match: f"{match[1]} {numbers().get(match[2], match[2])}", folded)
    written = _WORD.sub(lambda match: f" {_WORDS[match[1]]} ", folded)
    for match in _EXPRESSION.finditer(written):
        if _is_sum(match.group(), written, match) and len(match.group()) <= _LONGEST:
            return " ".join(match.group().split())
    return None


def _is_sum(expression: str, text: str, match: re.Match[str]) -> bool:
    """Dates, telephone numbers and ids look like sums; one is only where it is asked for or stands alone."""
    if expression.count("(") != expression.count(")") or not re.search(r"[\d)] ?[-+*/] ?[\d(]", expression):
        return False
    before, after = text[: match.start()], text[match.end() :]
    if (
        re.search(r"[\w#-]$", before)
        or re.match(r"[\w-]", after)
        or re.fullmatch(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}", expression)
    ):
        return False
    return bool(_ASKED.search(before) or _ASKED.search(after[:20])) or not (before + after).strip(" ?.!=")
