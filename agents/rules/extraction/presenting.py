"""Whom a text puts forward by its words around a name, and who is only mentioned in passing."""

import re
from functools import cache
from typing import Final

from agents.rules.extraction.titles import find_titles, is_claimed, is_head, is_job
from agents.rules.text import Span, fold
from agents.rules.vocabulary import load, normal, word_set

_WINDOW, _CAREER, _TITLES = 80, 120, 48
_SENTENCE: Final = re.compile(
    r"(?<=[^\W_]{4})[.!?](?=\s)|[!?](?=\s)|\n\s*\n|\n(?=[ \t]*(?:[-*\u2022\u00b7]|\d{1,2}[.)])\s)"
)
_STOP: Final = re.compile(r"[.!?;\n](?=\s|$)|@|\d{4}")
_LAST_WORDS: Final = re.compile(r"(?:[^\W\d_][\w'-]* ?){1,3}$")
_YOURS: Final = re.compile(r"\b(?:your|ihre?[mnr]?|votre|vos|vostr[oa]|seu|sua|jullie|uw)\b[^.]{0,30}$")
_COPULA: Final = re.compile(
    r"[\s,:]{1,3}(?:(?:is|will be|shall be|ist|wird|heisst|est|sera|es|sera|e|sara|sera|is|wordt|ar|er|blir"
    r"|bliver"
    r"|jest|bedzie|je|bude|on|lesz|este|va fi|olacak|called|named|namens|genannt|appele|llamad[oa]|de heer"
    r"|geheten)\s)?$"
)
_OURS: Final = re.compile(
    r"\b(?:our|my|new|unser\w*|mein\w*|neue\w*|notre|nos|mon|ma|nouve\w+|nuestr\w+|mi|nuev[oa]|nostr[oa]|mi[oa]|nuov[oa]"
    r"|noss[oa]|meu|minha|nov[oa]|onze|mijn|nieuwe|var|vart|vara|vores|min|mitt|ny[ae]?|nasz\w?|moj\w?|now[yae]|nas[ei]?|muj|ma"
    r"|uusi|uuden|yeni|uj|noul|noua|nostru|noastra|their|successor)\b"
)
_OTHERS_JOB: Final = re.compile(
    r"\b(?:her|his|seine?[mnrs]?|ihre[mnrs]|son|sa|haar|zijn|hans|hendes|hennes|jego|jej"
    r"|jeho|jeji)\s((?:[^\W\d_][\w'-]*\s?){1,3})(?:[,:]\s?)?$"
)
_HELD_BEHIND: Final = re.compile(r"(?:kent)?\s(?:olarak|olan|vagyok|lesz|lett|dolgoz\w+|calis\w+)\b|kent\b")
_APPOSITION: Final = re.compile(
    r"\s?(?:,|\(|\s?[-\u2013\u2014|\u00b7\u2022/])\s?(?:who is |who's |our |the |your |new |an? |als "
    r"|unsere? |neue[rn]? "
    r"|die |der |notre |votre |l[ae] |l'|nuestr[oa] |nostr[oa] |noss[oa] |onze |de |var |vores |nasz[a]? "
    r"|nas[ea]? )*"
    r"([^,.;()|\n]{3,40})"
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
        rf"(?:, [^,.;\n]{{1,50}},|,)?\s?(?:(?:who|die|der|qui|que|che|som|ktor[ay]|joka) )?"
        rf"{any_of('after', 'verbs')}(?!\w)"
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


def is_presented(folded: str, span: Span) -> bool:
    """`my successor is ...`, `our technician ...`, `your new account manager is ...`, `... takes over`."""
    before = lead(folded, span.start)
    copula = _COPULA.search(before)
    named = before[: copula.start()] if copula else before
    is_told = copula is not None and copula.group().strip(" ,:") != ""
    if _YOURS.search(before) and not is_told:
        return False
    if (
        _before("passive", 1).search(before)
        or _before("presenting", 2).search(before)
        or _after().match(folded, span.end)
    ):
        return True
    is_new = bool(_OURS.search(named))
    words = re.findall(r"[\w-]{3,}", named)
    if is_told and is_new and (any(is_head(word) for word in words) or _counterpart().search(named)):
        return True
    return (is_told or is_new) and _ends_in_job(named)


@cache
def _counterpart() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('before', 'counterparts')}(?![\w-])")


def _ends_in_job(before: str) -> bool:
    """`our technician` before a name."""
    before = before.rstrip(" ,:")[-_TITLES:]
    return not _OTHERS_JOB.search(before + " ") and any(
        span.end == len(before) for span in find_titles(before, "")
    )


def is_apposed(folded: str, span: Span) -> bool:
    """`Ann Lee, buyer at ...`, `Ann Lee (our buyer)`, `the buyer Ann Lee`."""
    if _ends_in_job(lead(folded, span.start)):
        return True
    apposition = _APPOSITION.match(folded[span.end : span.end + 80])
    return bool(apposition and is_job(apposition[1]))


def presented_later(folded: str) -> frozenset[str]:
    """The words before a verb of presenting: `Ann joins us`, where the full name stands elsewhere."""
    return frozenset(match[1] for match in _named_after().finditer(folded))


@cache
def _named_after() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])([^\W\d_][\w-]{{1,30}}){_after().pattern}")


def is_aside(folded: str, span: Span) -> bool:
    """`my husband ...`, `her assistant ...`, `instead of ...`: somebody whom the text is not about."""
    before = lead(folded, span.start)
    job = _OTHERS_JOB.search(before)
    if _before("passive", 1).search(before) or (job and is_job(job[1])):
        return not _before("passive", 1).search(before)
    return bool(_before("kin", 1).search(before) or _before("replaced", 1).search(before))


def is_of_kin(clause: str) -> bool:
    """`my daughter was born`: words about one of the writer's own people."""
    return bool(_kin().search(clause))


@cache
def _kin() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('before', 'kin')}(?![\w-])")


def is_announced(folded: str, span: Span) -> bool:
    """Whether a phrase stands before a place that a name is to follow."""
    before = lead(folded, span.start)
    return bool(_before("presenting", 1).search(before) or _before("passive", 1).search(before))


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
    stop = _STOP.search(folded, span.end, span.end + 60)
    return bool(_then("after").search(folded, span.end, stop.start() if stop else span.end + 60))


def is_now(folded: str, span: Span) -> bool:
    """A value that is called the new one."""
    before = folded[max(folded.rfind("\n", 0, span.start) + 1, span.start - 40) : span.start]
    return bool(_then("now").search(_without_mailboxes(re.split(r"[.;!?](?=\s)", before)[-1])))


def _without_mailboxes(clause: str) -> str:
    return re.sub(r"\S*@\S*", "", clause)


@cache
def _posts(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('posts', key)}(?![\w-])")


def is_former_post(folded: str, span: Span) -> bool:
    """Whether a post or a firm is left: `earlier ...`, `came to us from ...`, and not `today ...`."""
    start = max(0, span.start - _CAREER)
    before = _SENTENCE.split(folded[start : span.start])[-1]
    former = [*_posts("former").finditer(before.replace("first name", " " * len("first name")))]
    return bool(former) and not _posts("now").search(before, former[-1].end())


def begins_former(title: str) -> bool:
    """`until now Deputy Controller`: a post that its own first words call over."""
    return bool(_posts("former").match(title))


@cache
def _role() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of('posts', 'held')}(?:[\s,]+[\w'.&-]+){{0,3}}[\s,'(]*$")


def is_held(folded: str, span: Span) -> bool:
    """Whether a title is said of somebody who holds it: `is today ...`, `as ...`, and not `her boss`."""
    before = _SENTENCE.split(folded[max(0, span.start - _WINDOW) : span.start])[-1]
    if is_of_kin(before) or _OTHERS_JOB.search(before + "chief "):
        return False
    is_alone = not before.strip() and re.match(r"\s*[,.;|\n]", folded[span.end : span.end + 3])
    is_first_person = is_claimed(folded[span.start : span.end].rpartition(" ")[2])
    return bool(is_alone or is_first_person or _role().search(before) or _HELD_BEHIND.match(folded, span.end))
