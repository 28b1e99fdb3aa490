"""Values in data that a program wrote into a text: JSON, vCards, `key=value`."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.fields import Field, is_empty
from agents.rules.extraction.schema import split_name
from agents.rules.text import Cover, Span, trimmed
from agents.rules.vocabulary import Words, index_of, load, meanings, roles

_PAIR: Final = re.compile(
    r"[\"'](?P<key>[\w .-]{1,40})[\"']\s{0,20}:\s{0,20}"
    r"(?:\"(?P<value>(?:[^\"\\\n]|\\.){0,400})\"|(?P<bare>[\w.+-]{1,60}))"
)
_ASSIGNED: Final = re.compile(
    r"^[ \t>]*(?P<key>[a-zA-Z][\w.-]{0,30})[ \t]?=[ \t]?(?P<value>[^\n=]{0,200})$", re.MULTILINE
)
_ELEMENT: Final = re.compile(r"<(?P<key>[a-zA-Z][\w.-]{1,30})>(?P<value>[^<>\n]{1,200})</(?P=key)>")
_CARD: Final = re.compile(r"^begin:vcard\b.{0,8000}?^end:vcard", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_CARD_LINE: Final = re.compile(
    r"^(?:item\d\.)?(?P<key>N|FN|ORG|TITLE|ROLE|TEL|EMAIL|BDAY)(?P<kind>;[^:\n]{0,80})?:(?P<value>[^\n]{1,300})$",
    re.MULTILINE | re.IGNORECASE,
)
_CARD_MEANINGS: Final = {
    "fn": "full_name",
    "org": "company",
    "title": "job_title",
    "role": "job_title",
    "tel": "phone",
    "email": "email",
    "bday": "birth_date",
}
_BRACE: Final = re.compile(r"(?:[\"'](?P<key>[\w .-]{1,40})[\"']\s{0,8}:\s{0,8})?\{|\}")
_FIRMS: Final = frozenset(
    {"employer", "company", "organisation", "organization", "firm", "org", "account", "workplace"}
)
_STAFF: Final = frozenset(
    {"owner", "created by", "updated by", "assignee", "assigned to", "agent", "manager", "supervisor"}
)
_FEWEST, _MOST_OBJECTS = 3, 200


def find_structured(text: str, *, is_nested: bool = False) -> list[Field]:
    """Every value with its key, in order; what nests is read elsewhere."""
    found = [field for match in _CARD.finditer(text) for field in _card(text, Span(*match.span()))]
    for pattern in (_ASSIGNED,) if is_nested else (_PAIR, _ASSIGNED, _ELEMENT):
        matches = [*pattern.finditer(text)]
        if len(matches) >= _FEWEST:
            found += _keyed(text, matches)
    return sorted(found, key=lambda field: field.start)


def structured_lines(text: str, fields: list[Field]) -> Cover:
    """The lines that hold such values: there, nothing else is a label."""
    ends = (text.find("\n", field.start) for field in fields)
    return Cover(
        Span(text.rfind("\n", 0, field.start) + 1, end if end >= 0 else len(text))
        for field, end in zip(fields, ends, strict=True)
    )


def _keyed(text: str, matches: list[re.Match[str]]) -> Iterator[Field]:
    owners = _objects(text) if matches[0].re is _PAIR else []
    for match in matches:
        if _is_staffs(owners, match.start()):
            continue
        group = "bare" if match.groupdict().get("bare") else "value"
        span = trimmed(text, *match.span(group))
        words = split_name(match["key"])
        owner = _owner(owners, match.start())
        if words == ["name"] and owner in _FIRMS:
            words = ["company"]
        if span.start < span.end and not is_empty(span.of(text)):
            yield _field(" ".join(words), key_meanings(words), _roles(words), span, match.start("key"))


def key_meanings(words: list[str]) -> frozenset[str]:
    """What a program's name for a value stands for."""
    phrase = " ".join(words)
    return _keys().get(phrase) or meanings().get(phrase) or frozenset()


def _roles(words: list[str]) -> frozenset[str]:
    return roles().get(" ".join(words), frozenset())


_Objects = list[tuple[Span, str]]


def _objects(text: str) -> _Objects:
    """The objects of a JSON text with the keys that they stand under, inner ones first."""
    found: _Objects = []
    open_ones: list[tuple[int, str]] = []
    for match in _BRACE.finditer(text):
        if match.group() != "}":
            open_ones.append((match.end(), " ".join(split_name(match["key"] or ""))))
        elif open_ones:
            start, key = open_ones.pop()
            found.append((Span(start, match.end()), key))
    return found[:_MOST_OBJECTS]


def _owner(objects: _Objects, position: int) -> str:
    """The key of the innermost object around a place."""
    return next((key for span, key in objects if span.start <= position < span.end), "")


def _is_staffs(objects: _Objects, position: int) -> bool:
    """Whether a value belongs to whoever keeps the record."""
    return any(span.start <= position < span.end and key in _STAFF for span, key in objects)


@cache
def _keys() -> Words:
    return index_of(load("keys")["keys"])


def _card(text: str, card: Span) -> Iterator[Field]:
    for match in _CARD_LINE.finditer(text, card.start, card.end):
        key, start = match["key"].lower(), match.start("value")
        parts = [
            Span(start + part.start(), start + part.end())
            for part in re.finditer(r"[^;\n\r]+", match["value"])
        ]
        if key == "n" and len(parts) > 1:
            yield _field("last name", frozenset({"last_name"}), frozenset(), parts[0], match.start())
            yield _field("first name", frozenset({"first_name"}), frozenset(), parts[1], parts[1].start)
        elif key in _CARD_MEANINGS and parts:
            is_cell = key == "tel" and "cell" in (match["kind"] or "").lower()
            meaning = "mobile" if is_cell else _CARD_MEANINGS[key]
            yield _field(meaning, frozenset({meaning}), frozenset(), parts[0], match.start())


def _field(label: str, found: frozenset[str], owners: frozenset[str], value: Span, start: int) -> Field:
    return Field(label, found, owners, value, value, start)
