"""JSON and XML: values with the names of all that they stand in, which tell whose and what they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Final

from agents.rules.text import Span, trimmed

_JSON: Final = re.compile(r"\"(?:[^\"\\\n]|\\.){0,400}\"|[{}\[\]:,]|[\w.+-]{1,60}")
_XML: Final = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]{0,40})(?P<rest>\s[^<>]{0,300})?(?<!/)(?P<empty>/?)>(?P<text>[^<>]{0,400})"
)
_ATTRIBUTE: Final = re.compile(r"(?P<key>[\w:.-]{1,40})\s?=\s?[\"'](?P<value>[^\"'<>]{0,200})[\"']")
_KEYED: Final = re.compile(r"\"[\w .-]{1,40}\"\s?:")
_CLOSED: Final = re.compile(r"</[A-Za-z_][\w:.-]{0,40}>")
_FEWEST: Final = 3
_DEEPEST: Final = 40


@dataclass(frozen=True)
class Frame:
    """An object, a list or an element that is open, with its name and a number of its own."""

    name: str
    number: int


@dataclass(frozen=True)
class Entry:
    """A value, its name, and what it stands in, from outside to inside."""

    key: str
    value: Span
    frames: tuple[Frame, ...]
    start: int


def find_entries_nested(text: str) -> list[Entry]:
    """Every value of JSON, or else of XML; none where a text holds hardly any of it."""
    if len(_KEYED.findall(text[: 1 << 16])) >= _FEWEST:
        return list(_json(text))
    if len(_CLOSED.findall(text[: 1 << 16])) >= _FEWEST and not _is_page(text):
        return list(_xml(text))
    return []


@cache
def _page() -> re.Pattern[str]:
    return re.compile(r"<(?:html|body|div|p|br|table|span|td|a|li)\b", re.IGNORECASE)


def _is_page(text: str) -> bool:
    return bool(_page().search(text))


def _json(text: str) -> Iterator[Entry]:
    reading = _Json(text)
    for match in _JSON.finditer(text):
        entry = reading.read(match.group(), Span(*match.span()))
        if entry:
            yield entry


class _Json:
    """JSON, mark by mark, however torn: what is open, and the key that a value is awaited for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._numbers = count()
        self._frames: list[Frame] = []
        self._key: Span | None = None
        self._last = Span(0, 0)

    def read(self, mark: str, span: Span) -> Entry | None:
        """The value that a mark is, if it is one and has a key."""
        if mark in "{[":
            self._open(mark)
        elif mark in "}]":
            self._frames, self._key = self._frames[:-1], None
        elif not self._frames or len(self._frames) > _DEEPEST:
            return None
        elif mark == ":":
            self._key = self._last
        elif mark != ",":
            self._last = span
            return self._value(span)
        return None

    def _open(self, mark: str) -> None:
        if mark == "{" or self._frames:
            self._frames = [*self._frames, Frame(self._name(), next(self._numbers))]
        self._key = None

    def _name(self) -> str:
        return self._key.of(self._text).strip('"') if self._key else ""

    def _value(self, span: Span) -> Entry | None:
        key = self._key
        if key is None or self._text[span.end : span.end + 3].lstrip().startswith(":"):
            return None
        inner = trimmed(self._text, span.start, span.end, strip='" ')
        name, self._key = self._name(), None
        return Entry(name, inner, tuple(self._frames), key.start)


def _xml(text: str) -> Iterator[Entry]:
    numbers, frames = count(), list[Frame]()
    for match in _XML.finditer(text):
        name = match["name"].rpartition(":")[2]
        if match["end"]:
            names = [frame.name for frame in frames]
            frames = frames[: len(names) - 1 - names[::-1].index(name)] if name in names else frames
            continue
        inside = (*frames, Frame(name, next(numbers)))
        for attribute in _ATTRIBUTE.finditer(text, *match.span("rest")) if match["rest"] else ():
            yield Entry(attribute["key"], Span(*attribute.span("value")), inside, attribute.start())
        value = trimmed(text, *match.span("text"), strip=" \t\r\n")
        if value.start < value.end:
            yield Entry(name, value, tuple(frames), match.start())
        if not match["empty"] and len(frames) < _DEEPEST:
            frames = list(inside)
