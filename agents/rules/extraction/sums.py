"""The amounts below an order's items: the total, and what else adds to it or is only a part of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.extraction.marks import find_prices, is_negative, moved
from agents.rules.reading.money import Amount
from agents.rules.reading.numbers import find_figures
from agents.rules.text import Cover, Span, fold, lines
from agents.rules.vocabulary import LONGEST_LABEL, Words, load, normal, word_set

_BEFORE: Final = 90
_SHORT: Final = 7
_NEVER: Final = re.compile(r"\([^()\n]*\)")
_CLAUSE: Final = re.compile(
    r"(?<!\bincl)(?<!\binkl)(?<!\binc)(?<!\bsis)(?<!\bexcl)(?<!\bexkl)(?<!\bzzgl)[.!?;](?=\s)|,(?=\s)"
)
_KEY: Final = re.compile(r"[\w\])][._](\w{2,20})\s?[=:]\s?$")
_WORD: Final = re.compile(r"[^\W\d_](?:[\w'&/-]*\w)?")
_AFTER: Final = re.compile(
    r"[ ,)]{0,3}(?:(?:pesos|euros?|kr|kronor|kroner|zl|kc|ft|lei|tl|dollars|pounds|francs) )?"
    r"(?:el |le |il |o )?(?:in total|total|altogether|all in|all told|insgesamt|zusammen|gesamt|au total"
    r"|en total|en tout|in totale"
    r"|totale|no total|totaal|in totaal|totalt|i alt|razem|lacznie|yhteensa|celkem|osszesen"
    r"|for everything|for the lot"
    r"|in all|overall)\b(?! of\b)"
)
_MOST: Final = 6
_KINDS: Final = ("total", "paid", "other", "shipping", "tax", "discount", "subtotal")
_BLURS: Final = str.maketrans("015", "ols")


@dataclass(frozen=True)
class Sum:
    """An amount of the bill, by what it is called; `rank` is how plainly it is the last total."""

    kind: str
    amount: Amount
    rank: float = 0


@cache
def _called() -> Words:
    index: dict[str, set[str]] = {}
    for kind, phrases in load("sums")["called"].items():
        for phrase in phrases:
            index.setdefault(normal(phrase), set()).add(kind)
    return {phrase: frozenset(kinds) for phrase, kinds in index.items()}


@cache
def _beside(key: str) -> frozenset[str]:
    return word_set("sums", "beside", key)


def find_sums(text: str) -> list[Sum]:
    """Every amount that is called something, in order."""
    found: list[Sum] = []
    above = ""
    for line in lines(text):
        content = line.of(text)
        sums = list(_in_line(content, line.start, above)) if any(map(str.isdigit, content)) else []
        found += sums
        above = content if content.strip() and not re.search(r"\d", content) else ""
    return found


def _in_line(line: str, start: int, above: str) -> Iterator[Sum]:
    folded = fold(line)
    previous = 0
    for amount in _amounts(line, folded):
        label = _label(folded, previous, amount.span.start) or (fold(above) if previous == 0 else "")
        previous = amount.span.end
        kind, rank = _kind(label)
        if _AFTER.match(folded, amount.span.end):
            kind, rank = "total", 2
        if kind:
            kind = "discount" if is_negative(line, amount) else kind
            yield Sum(kind, moved(amount, start), rank)


def _amounts(line: str, folded: str) -> Iterable[Amount]:
    """Prices, and a whole number that ends the line."""
    found = find_prices(line)
    last = [Span(begin, end) for _, begin, end in find_figures(line)][-1:]
    if last and not Cover(each.span for each in found).touches(last[0]):
        is_end = re.fullmatch(r"[\s,.|:)-]*(?:[a-z]{3})?[\s.]*", folded[last[0].end :])
        is_after = re.search(r"[:=\s|]\s*(?:[a-z]{3}\s*)?$", folded[: last[0].start])
        if is_end and is_after:
            value = find_figures(last[0].of(line))[0][0]
            found.append(Amount(value, "", last[0], last[0]))
    return found


def _label(folded: str, start: int, end: int) -> str:
    """The words that call an amount: those in its bracket, or all before it without what is in brackets."""
    stretch = folded[max(start, end - _BEFORE) : end]
    if start and ")" in stretch and not _WORD.search(stretch):
        stretch = folded[max(0, end - _BEFORE) : end]
    opened = stretch.rfind("(")
    if opened > stretch.rfind(")"):
        inner = stretch[opened + 1 :]
        return inner if _WORD.search(inner) else " ".join(stretch[:opened].split()[-1:])
    closed = stretch.find(")")
    if "(" not in stretch[:closed] and closed >= 0:
        stretch = stretch[closed + 1 :] if start and _WORD.search(stretch[closed + 1 :]) else stretch
    key = _KEY.search(stretch)
    if key:
        return key[1]
    clauses = [clause for clause in _CLAUSE.split(_NEVER.sub(" ", stretch)) if clause.strip()]
    named = [clause for clause in clauses if not re.fullmatch(r"\s*[a-z]{3}\s*", clause)]
    return (named or clauses or [""])[-1]


def _kind(label: str) -> tuple[str, float]:
    """What a label calls an amount; in a short label the first word decides, in a sentence the last one."""
    words = [normal(word) for word in _WORD.findall(label)] or [normal(label)]
    if (joined := normal(label).replace(" ", "").translate(_BLURS).strip(":.=")) in _called():
        words = [joined]
    found = _phrases(words) or _phrases([word.translate(_BLURS) for word in normal(label).split()])
    if not found:
        return "", 0
    kinds = found[0][1] if len(words) <= _SHORT else found[-1][1]
    kind = next(each for each in _KINDS if each in kinds)
    if kind in ("total", "paid") and _beside("less") & set(words) and not _is_inclusive(words):
        return "subtotal", 0
    others = {name for _, names in found for name in names}
    if kind == "paid":
        return ("other", 0) if "other" in others else ("total", -2)
    return kind, len(_beside("final") & set(words)) * 0.5 if kind == "total" else 0


def _is_inclusive(words: list[str]) -> bool:
    return bool({"incl", "inkl", "ttc", "including", "inclusive", "inc"} & set(words))


def _phrases(words: list[str]) -> list[tuple[int, frozenset[str]]]:
    """The known phrases among the words, the longest at each place."""
    found: list[tuple[int, frozenset[str]]] = []
    index = 0
    while index < len(words):
        for count in range(min(LONGEST_LABEL, len(words) - index), 0, -1):
            kinds = _called().get(" ".join(words[index : index + count]))
            if kinds:
                found.append((index, kinds))
                index += count - 1
                break
        index += 1
    return found


def totals_of(sums: list[Sum]) -> list[Sum]:
    return [each for each in sums if each.kind == "total"]


def explains(values: Decimal, sums: list[Sum]) -> bool:
    """Whether the lines' sum, with some of what is added or taken off, makes one of the totals."""
    known = {each.amount.value for each in sums if each.kind in ("total", "subtotal")}
    if values in known:
        return True
    others = [each for each in sums if each.kind in ("shipping", "tax", "discount", "")][:_MOST]
    reached = {values}
    for each in others:
        value = -abs(each.amount.value) if each.kind == "discount" else each.amount.value
        reached |= {one + value for one in reached}
    return not reached.isdisjoint(known)
