"""People's names: where one stands, and which part is the first name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import normal, word_set

_UPPER: Final = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ]"
_WORD: Final = rf"(?:d'|D'|O'|Mc|Mac|al-|Al-|El-)?{_UPPER}(?:[^\W\d_]|['\u2019-](?=[^\W\d_])){{0,30}}"
_INITIAL: Final = rf"{_UPPER}\."
_PARTICLE: Final = (
    r"(?:van|von|de|der|den|da|dos|das|do|del|della|di|la|le|du|des|zu|zur|zum|ten|ter|te|in|op|bin|ibn|ben|af|av|y|e|i"
    r"|vom|auf|'t|\u2019t|v\.d\.|v\.)"
)
_NAME: Final = re.compile(
    rf"(?<![\w@.-])(?<!\w['\u2019]){_WORD}(?:[ \u00a0](?:{_PARTICLE}[ "
    rf"\u00a0]){{0,3}}(?:{_INITIAL}|{_WORD})){{1,4}}(?![\w@])"
)
_DOTLESS: Final = "\u0131"
_ENDING: Final = re.compile(
    rf"['\u2019](?:s|S|[dt][i{_DOTLESS}u\u00fc]r|n?[i{_DOTLESS}u\u00fc]n|n?[dt][ae]n?|[yl]?[ae]|y?l[ae]|[yn]?[i{_DOTLESS}u\u00fc])$"
)
_TOKEN: Final = re.compile(r"[^\s,]+")


@dataclass(frozen=True)
class Name:
    """A person's name; either part may be missing."""

    span: Span
    first: Span | None
    last: Span | None

    def words(self, text: str) -> frozenset[str]:
        return frozenset(normal(self.span.of(text)).replace("-", " ").split())


@cache
def given_names() -> frozenset[str]:
    return frozenset(
        files("agents.rules").joinpath("words/given_names.txt").read_text(encoding="utf-8").split()
    )


def is_given(word: str) -> bool:
    return any(part in given_names() for part in (normal(word), *normal(word).split("-")))


@cache
def _never() -> frozenset[str]:
    return word_set("people", "not_names", "words")


def is_nobody(word: str) -> bool:
    """A word that begins with a capital, but in no name."""
    return normal(word) in _never()


def find_names(text: str) -> Iterator[Span]:
    """Runs of capitalised words that begin with a given name, or with a title."""
    for match in _NAME.finditer(text):
        span = _shortened(text, Span(*match.span()))
        if span and _is_likely(span.of(text)):
            yield span


def find_runs(text: str) -> Iterator[Span]:
    """Runs of capitalised words that could be a name, whether or not a given name is known in them."""
    for match in _NAME.finditer(text):
        span = _shortened(text, Span(*match.span()))
        if span:
            yield span


def _shortened(text: str, span: Span) -> Span | None:
    """Without the words at either end that are nobody's name, such as a greeting."""
    tokens = [
        Span(span.start + each.start(), span.start + each.end()) for each in _TOKEN.finditer(span.of(text))
    ]
    while tokens and is_nobody(tokens[0].of(text)):
        tokens.pop(0)
    for index, token in enumerate(tokens):
        if index and normal(token.of(text)) in word_set("people", "companies", "kinds"):
            tokens = tokens[:index]
            break
        is_particle = 0 < index < len(tokens) - 1 and normal(token.of(text)) in _particles()
        if is_nobody(token.of(text)) and token.of(text)[0].isupper() and not is_particle:
            tokens = tokens[:index]
            break
    while tokens and not re.match(rf"(?:\w['\u2019])?{_UPPER}", tokens[-1].of(text)):
        tokens.pop()
    if len(tokens) < 2:
        return None
    return Span(tokens[0].start, tokens[-1].end - len(_possessive(tokens[-1].of(text))))


def _possessive(word: str) -> str:
    """The `'s` of a name, and what Turkish adds behind it."""
    ending = _ENDING.search(word)
    return ending.group() if ending else ""


def _is_likely(name: str) -> bool:
    words = name.split()
    is_titled_name = normal(words[0]) in _titles() and normal(words[-1]) not in _titles()
    return is_given(words[0]) or is_titled_name


@cache
def _titles() -> frozenset[str]:
    return word_set("people", "names", "titles")


@cache
def _suffixes() -> frozenset[str]:
    return word_set("people", "names", "suffixes")


@cache
def _particles() -> frozenset[str]:
    return word_set("people", "names", "particles")


def parse_name(
    text: str, start: int, end: int, *, language: str = "en", surname_first: bool = False
) -> Name | None:
    """The name that stands in a stretch of text, or None where none does.

    Args:
        text: The whole text.
        start: Where the stretch begins in it.
        end: Where it ends.
        language: Whose habits of naming count where a name could be read in two ways.
        surname_first: Whether a label such as `Surname and name` says so.
    """
    span = trimmed(text, start, end)
    if re.search(r"\w{3}\.$", span.of(text)):
        span = Span(span.start, span.end - 1)
    tokens = [
        Span(span.start + each.start(), span.start + each.end()) for each in _TOKEN.finditer(span.of(text))
    ]
    comma = _comma(text, span)
    count = len(tokens)
    tokens = _without_titles(text, tokens)
    has_title = len(tokens) < count or is_titled(text, span.start)
    if not tokens or len(tokens) > 6 or not all(_is_name_word(token.of(text)) for token in tokens):
        return None
    whole = Span(tokens[0].start, tokens[-1].end)
    if comma is not None and tokens[0].end <= comma < tokens[-1].start:
        last = [token for token in tokens if token.end <= comma]
        first = [token for token in tokens if token.start > comma]
        return Name(whole, _joined(_without_initials(text, first)), _joined(last))
    if len(tokens) == 1 and has_title:
        return Name(whole, None, tokens[0])
    return _in_order(text, tokens, whole, language, surname_first=surname_first or language == "hu")


def is_titled(text: str, start: int) -> bool:
    """Whether a title such as `Mr` stands before a place."""
    before = re.search(r"([^\W\d_]+)\.? ?$", text[max(0, start - 12) : start])
    return before is not None and normal(before[1]) in _titles()


def _comma(text: str, span: Span) -> int | None:
    position = text.find(",", span.start, span.end)
    return None if position < 0 or text.find(",", position + 1, span.end) >= 0 else position


def _without_titles(text: str, tokens: list[Span]) -> list[Span]:
    while tokens and normal(tokens[0].of(text)) in _titles() and (len(tokens) > 1):
        tokens = tokens[1:]
    while len(tokens) > 2 and normal(tokens[-1].of(text)) in _suffixes():
        tokens = tokens[:-1]
    return tokens


def _is_name_word(word: str) -> bool:
    return (
        bool(re.fullmatch(r"(?:[^\W\d_]|['\u2019.-])+", word))
        and word[0] not in ".-"
        and (word[0].isupper() or normal(word) in _particles() or word.istitle() or "'" in word[:2])
    )


def _in_order(
    text: str, tokens: list[Span], whole: Span, language: str, *, surname_first: bool
) -> Name | None:
    words = [token.of(text) for token in tokens]
    if len(tokens) == 1:
        return Name(whole, tokens[0], None) if is_given(words[0]) else Name(whole, None, tokens[0])
    if _is_surname_first(words) or (surname_first and not (is_given(words[0]) and not is_given(words[-1]))):
        return _turned(text, tokens, whole)
    split = _split(words, language)
    first = _without_initials(text, tokens[:split])
    if language == "en" and len(first) > 1 and not _doubles(words):
        first = first[:1]
    return Name(whole, _joined(first), _joined(tokens[split:]))


def _turned(text: str, tokens: list[Span], whole: Span) -> Name:
    """A name that begins with the surname: its particles belong to it, the given names follow."""
    end = 1
    while end < len(tokens) - 1 and normal(tokens[end - 1].of(text)) in _particles():
        end += 1
    while end < len(tokens) - 1 and tokens[end].of(text).isupper() and not tokens[-1].of(text).isupper():
        end += 1
    return Name(whole, _joined(tokens[end:]), _joined(tokens[:end]))


def _without_initials(text: str, tokens: list[Span]) -> list[Span]:
    return [token for token in tokens if not re.fullmatch(r"\w\.?", token.of(text))] or tokens[:1]


def _doubles(words: list[str]) -> bool:
    """First names that belong together: María José, Anna Maria, Jean Pierre."""
    return normal(words[0]) in {
        "maria",
        "jose",
        "jean",
        "anna",
        "ana",
        "juan",
        "luis",
        "mary",
        "hans",
        "karl",
        "marie",
        "joao",
        "pedro",
        "gian",
    }


def _is_surname_first(words: list[str]) -> bool:
    return (
        len(words) >= 2
        and len(words[0]) > 2
        and words[0].isupper()
        and not words[-1].isupper()
        and len(words[-1].rstrip(".")) > 1
        and not is_given(words[0])
    )


def _split(words: list[str], language: str) -> int:
    """How many of the words are first names and initials."""
    for index in range(1, len(words) - 1):
        if normal(words[index]) in _particles():
            return index
    if len(words) == 2:
        return 1
    if language in ("es", "pt") or (words[1].endswith(("ez", "és", "ía")) and not is_given(words[1])):
        return 2 if is_given(words[1]) else 1
    return len(words) - 1


def _joined(tokens: list[Span]) -> Span | None:
    return Span(tokens[0].start, tokens[-1].end) if tokens else None


def matches_mailbox(name: str, mailbox: str) -> bool:
    """Whether a mailbox is made of this name: jane.doe, jdoe, doe.jane, janed ... for Jane Doe."""
    parts = [part for part in normal(name).replace("-", " ").replace("'", "").split() if len(part) > 1]
    if not parts:
        return False
    letters = re.sub(r"[^a-z]", "", fold(mailbox.partition("+")[0]))
    first, last = parts[0], parts[-1]
    whole = {first + last, last + first, first[0] + last, last + first[0], first + last[0], "".join(parts)}
    return (
        letters in whole
        or (len(parts) == 1 and letters.startswith(first))
        or (len(first) > 2 and letters == first)
        or (len(last) > 3 and letters == last)
    )
