"""Firms: names that end in a legal form or a word such as `Bakery`, or begin with one such as `Metallbau`."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.reading.names import is_given
from agents.rules.text import Cover, Span, trimmed
from agents.rules.vocabulary import alternatives, load, normal, word_set

CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀČĐĘŁŃŐŘŚŠŤŮŰŹŻŽŽĞİŞȘȚĂ"
_WORD: Final = rf"(?:[{CAPITAL}0-9&](?:[\w&'\u2019+-]|\.(?=\w)){{1,30}}|[{CAPITAL}&]\.?)"
_SMALL: Final = (
    r"(?:de|la|du|des|und|and|of|y|e|et|der|van|für|the|for|i|og|och|do|da|del|della|di|dos|den|ve|a|en|sur"
    r"|am|im|an)"
)
_RUN: Final = re.compile(
    rf"(?<![\w@.])[\"„“]?{_WORD}(?:[ \u00a0](?:(?:{_SMALL} ){{0,2}}{_WORD}|\"?{_WORD})[\"”“]?){{0,6}}"
)
_BEFORE_FORM: Final = re.compile(
    rf"(?:[\"„“]?[{CAPITAL}0-9&][\w&.'\u2019+-]{{0,30}}[\"”“]?,? (?:{_SMALL} )?){{1,6}}$"
)
_STRIP: Final = " \t\r,;:"


@cache
def _ends() -> frozenset[str]:
    return word_set("people", "companies", "forms") | word_set("people", "companies", "words")


@cache
def _kinds() -> frozenset[str]:
    return word_set("people", "companies", "kinds")


def is_company(name: str) -> bool:
    words = normal(name).split()
    if len(words) == 2 and is_given(words[0]) and words[1] in word_set("people", "companies", "surnames"):
        return False
    ends = (" ".join(words[-count:]) for count in (1, 2, 3, 4) if count <= len(words))
    return "&" in words or (len(words) > 1 and words[0] in _kinds()) or any(end in _ends() for end in ends)


@cache
def form() -> re.Pattern[str]:
    """A company's legal form, wherever it stands."""
    forms = alternatives(load("people")["companies"]["forms"])
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


def is_firm_at(text: str, span: Span) -> bool:
    """Whether a run of capitals goes on with a legal form: `Brenholt Saw Systems` before `A/S`."""
    match = form().search(text, max(span.start, span.end - 2), min(len(text), span.end + 16))
    return (
        match is not None and not text[span.end : match.start()].strip(" ,&") and match.group()[:1].isupper()
    )


def find_firms(text: str) -> list[Span]:
    """Every firm that is known by a form or by a word of its name, in order."""
    formed = list(_formed(text))
    taken = Cover(formed)
    found = formed + [span for span in _worded(text) if not taken.touches(span)]
    return sorted(_balanced(text, span) for span in found)


def _balanced(text: str, span: Span) -> Span:
    """Without a quotation mark that has no counterpart."""
    return trimmed(text, span.start, span.end, strip='"') if span.of(text).count('"') % 2 else span


def _formed(text: str) -> Iterator[Span]:
    """Names that end in a form such as GmbH, Ltd or S.A."""
    last = 0
    for match in form().finditer(text):
        if not _is_form(match.group()):
            continue
        line = max(last, text.rfind("\n", max(0, match.start() - 80), match.start()) + 1)
        run = _BEFORE_FORM.search(text[max(line, match.start() - 80) : match.start()])
        if run is None:
            continue
        end = match.end() + (text[match.end() : match.end() + 1] == "." and "." in match.group())
        more = form().match(text, end + 1) if text[end : end + 1] in (" ", ",") else None
        more = more if more and _is_form(more.group()) else None
        yield _without_lead(
            text, trimmed(text, match.start() - len(run.group()), more.end() if more else end, strip=_STRIP)
        )
        last = more.end() if more else end


def _is_form(written: str) -> bool:
    """In small letters, only what is no word otherwise: `plc`, `s.r.o.`, `& sons`."""
    return written[0].isupper() or written[0] == "&" or "." in written or written in ("plc", "mbH", "kft")


def _without_lead(text: str, span: Span) -> Span:
    """Without a title or a name before the firm: `Managing Director, Bramble Works Ltd`."""
    name = span.of(text)
    for match in reversed([*re.finditer(r",\s+", name)]):
        before, behind = name[: match.start()], name[match.end() :]
        is_listed = "&" in behind and len(before.split()) == 1
        if len(behind.split()) > 1 and not is_listed and not form().match(behind):
            return Span(span.start + match.end(), span.end)
    first = re.match(r"\S+\s+", name)
    if first and len(name.split()) > 2 and normal(first.group()) in word_set("people", "companies", "before"):
        return Span(span.start + first.end(), span.end)
    return span


def _worded(text: str) -> Iterator[Span]:
    for match in _RUN.finditer(text):
        span = trimmed(text, *match.span(), strip=_STRIP + ".")
        words = [
            Span(span.start + each.start(), span.start + each.end())
            for each in re.finditer(r"\S+", span.of(text))
        ]
        normals = [normal(word.of(text).strip('"„“”,.')) for word in words]
        if len(words) < 2:
            continue
        first = next((index for index, word in enumerate(normals[:-1]) if word in _kinds()), None)
        lasts = [index for index, word in enumerate(normals) if index and word in _ends()]
        if first is not None:
            yield Span(words[first].start, words[-1].end)
        elif "&" in normals[1:-1] and not is_given(normals[0]):
            yield Span(words[0].start, words[-1].end)
        elif lasts and is_company(" ".join(normals[: lasts[-1] + 1])):
            yield Span(words[0].start, words[lasts[-1]].end)
