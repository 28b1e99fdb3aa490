"""Numbers in figures and words, in the styles of several countries."""

import re
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.text import fold
from agents.rules.vocabulary import load

FIGURES: Final = (
    r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d)|\d{1,3}(?:[\u00a0\u202f]\d{3})+(?:\.\d{1,2})(?!\d)|"
    r"\d{1,3}(?:[.,'\u2019]\d{3})+(?:[.,]\d{1,2})?(?![\d])|\d{1,3}(?:[ "
    r"\u00a0\u202f]\d{3})+(?:,\d{1,2})?(?![.\d])|\d{1,15}(?:[.,]\d{1,4})?(?!\d)"
)
_FIGURES: Final = re.compile(FIGURES)


def parse_number(raw: str, *, decimals: int = 2) -> Decimal | None:
    """The number that some figures stand for; a lone separator before three digits groups thousands.

    Args:
        raw: Figures with points, commas, apostrophes or blanks between them.
        decimals: How many decimals are usual here (none for yen).
    """
    figures = re.sub(r"[ '\u2019\u00a0\u202f]", "", raw)
    if not re.fullmatch(r"\d[\d.,]*", figures):
        return None
    last = max(figures.rfind("."), figures.rfind(","))
    if last < 0:
        return Decimal(figures)
    whole, mark, fraction = figures[:last], figures[last], figures[last + 1 :]
    is_grouping = (
        len(fraction) == 3
        and decimals < 3
        and whole not in ("", "0")
        and whole.count("." if mark == "," else ",") == 0
    )
    if is_grouping or figures.count(mark) > 1:
        whole, fraction = figures, ""
    digits = re.sub(r"[.,]", "", whole) or "0"
    return Decimal(f"{digits}.{fraction}") if fraction else Decimal(digits)


@cache
def number_words(language: str) -> dict[str, int]:
    spelled = enumerate(load("numbers")["spelled"].get(language, []), start=1)
    pairs = (word.rsplit(":", 1) for word in load("quantities")["numbers"].get(language, []))
    return {fold(word): value for value, word in spelled} | {fold(word): int(value) for word, value in pairs}


@cache
def _number_pattern(language: str) -> re.Pattern[str]:
    words = sorted(number_words(language), key=len, reverse=True)
    return re.compile(
        rf"(?<![\w.,/#-])(?:(?P<figures>[1-9]\d{{0,5}})(?![\w.,/]*\d)(?![a-wyz]|-\w)"
        rf"|(?P<words>{'|'.join(map(re.escape, words))})(?![\w'-]))"
    )


def find_counts(text: str, language: str) -> list[tuple[int, int, int, bool]]:
    """Whole numbers as (value, start, end, in figures)."""
    words = number_words(language)
    return [
        (
            int(match["figures"]) if match["figures"] else words[match["words"]],
            *match.span(),
            bool(match["figures"]),
        )
        for match in _number_pattern(language).finditer(fold(text))
    ]


def find_figures(text: str) -> list[tuple[Decimal, int, int]]:
    """Every number written in figures as (value, start, end)."""
    found: list[tuple[Decimal, int, int]] = []
    for match in _FIGURES.finditer(text):
        value = parse_number(match.group())
        if value is not None:
            found.append((value, *match.span()))
    return found
