"""Whom a text puts forward by its words around a name, and who is only mentioned in passing."""

import re
from functools import cache
from typing import Final

from agents.rules.extraction.titles import is_job
from agents.rules.text import Span, fold
from agents.rules.vocabulary import load, normal, word_set

_WINDOW: Final = 80
_SENTENCE: Final = re.compile(r"[.!?](?=\s)(?<!\bmr\.)(?<!\bmrs\.)(?<!\bms\.)(?<!\bdr\.)(?<!\bm\.)|\n\s*\n")
_LAST_WORDS: Final = re.compile(r"(?:[^\W\d_][\w'-]* ?){1,3}$")
_YOURS: Final = re.compile(r"\b(?:your|ihre?[mnr]?|votre|vos|vostr[oa]|seu|sua|jullie|uw)\b[^.]{0,30}$")
_APPOSITION: Final = re.compile(
    r"\s?(?:,|\(|-)\s(?:our |the |unsere? |notre |nuestr[oa] |nostr[oa] )?([^,.;()\n]{3,40})"
)


def any_of(section: str, key: str) -> str:
    """A pattern for any of the phrases of a list; a `*` in them stands for any ending."""
    phrases = sorted(load("presenting")[section][key], key=len, reverse=True)
    return "(?:" + "|".join(re.escape(phrase).replace(r"\*", r"[\w'-]*") for phrase in phrases) + ")"


@cache
def _before(key: str, between: int) -> re.Pattern[str]:
    """A phrase that stands before a name, with no more than some words between the two."""
    return re.compile(
        rf"(?<![\w-]){any_of('before', key)}(?:[\s,:'\"(-]{{1,3}}[\w'.]+){{0,{between}}}[\s,:'\"(-]*$"
    )


@cache
def _after() -> re.Pattern[str]:
    return re.compile(
        rf",?\s?(?:(?:who|die|der|qui|que|che|som|ktor[ay]|joka) )?{any_of('after', 'verbs')}(?!\w)"
    )


def lead(folded: str, start: int) -> str:
    """What stands before a place in its sentence, without the titles just before it."""
    return without_titles(_SENTENCE.split(folded[max(0, start - _WINDOW) : start])[-1])


def without_titles(stretch: str) -> str:
    """The words before a name, without `Mr`, `Frau Dr.` at their end."""
    titles = word_set("people", "names", "titles")
    while (words := stretch.split()) and normal(words[-1]) in titles:
        stretch = stretch.rstrip()[: -len(words[-1])]
    return stretch


def is_presented(text: str, folded: str, span: Span) -> bool:
    """`my successor is ...`, `our technician ...`, `..., buyer at ...`, `... takes over`."""
    before = lead(folded, span.start)
    if _YOURS.search(before):
        return False
    if _before("presenting", 2).search(before) or _after().match(folded, span.end):
        return True
    words, apposition = _LAST_WORDS.search(before.rstrip(" ,:")), _APPOSITION.match(text, span.end)
    return bool((words and is_job(words.group())) or (apposition and is_job(apposition[1])))


def is_aside(folded: str, span: Span) -> bool:
    """`my husband ...`, `instead of ...`: somebody whom the text is not about."""
    before = lead(folded, span.start)
    return bool(_before("kin", 1).search(before) or _before("replaced", 1).search(before))


def is_of_kin(clause: str) -> bool:
    """`my daughter was born`: words about one of the writer's own people."""
    return bool(_kin().search(clause))


@cache
def _kin() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('before', 'kin')}(?![\w-])")


def is_announced(folded: str, span: Span) -> bool:
    """Whether a phrase stands before a place that a name is to follow."""
    return bool(_before("presenting", 1).search(lead(folded, span.start)))


@cache
def _first_person() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('first_person', 'words')}(?![\w-])")


def is_writers(clause: str) -> bool:
    """Whether a detail behind these words is the writer's own: `my number is`, `reach me at`."""
    return bool(_first_person().search(fold(clause)))


@cache
def _firm() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('firm', 'numbers')}(?![\w-])[^\n]{{0,24}}$")


def is_firms(folded: str, span: Span) -> bool:
    """A number that is called the switchboard's, the reception's, a hotline."""
    line = max(folded.rfind("\n", 0, span.start) + 1, span.start - 60)
    return bool(_firm().search(folded[line : span.start]))


@cache
def _then(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('then', key)}(?![\w-])")


def is_then(folded: str, span: Span) -> bool:
    """A value that is no longer true: `it was ...`, `... no longer works`."""
    before = folded[max(folded.rfind("\n", 0, span.start) + 1, span.start - 40) : span.start]
    before = _without_mailboxes(re.split(r"[.;!?](?=\s)|,", before)[-1])
    found = [*_then("before").finditer(before)]
    if found and not _then("now").search(before, found[-1].end()):
        return True
    stop = re.compile(r"[.!?;\n](?=\s|$)|@|\d{4}").search(folded, span.end, span.end + 60)
    return bool(_then("after").search(folded, span.end, stop.start() if stop else span.end + 60))


def is_now(folded: str, span: Span) -> bool:
    """A value that is called the new one."""
    before = folded[max(folded.rfind("\n", 0, span.start) + 1, span.start - 40) : span.start]
    return bool(_then("now").search(_without_mailboxes(re.split(r"[.;!?](?=\s)", before)[-1])))


def _without_mailboxes(clause: str) -> str:
    return re.sub(r"\S*@\S*", "", clause)
