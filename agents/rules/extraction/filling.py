"""Filling a schema from a text: what the text bears out, each value with its words, and nothing else."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from agents.rules.extraction.choosing import one_place
from agents.rules.extraction.finders import candidates
from agents.rules.extraction.lists import members, values
from agents.rules.extraction.mentions import GREETED
from agents.rules.extraction.naming import group_of, roles_of, wanted
from agents.rules.extraction.reader import Reader
from agents.rules.extraction.schema import Schema, Shape, properties_of, required_of, shape_of
from agents.rules.extraction.scope import Query, Scope, one_person
from agents.rules.extraction.values import Candidate, Scalar, best, choices_of, fitted
from agents.rules.extraction.words import (
    counted_things,
    dated,
    labelled_well,
    mentioned_choices,
    stated_facts,
)
from agents.rules.text import trimmed

Json = Scalar | None | dict[str, "Json"] | list["Json"]
_DEPTH: Final = 12
_LONGEST_LIST: Final = 200
_PLAIN_TEXTS: Final = frozenset({"notes", "subject", "status", "weight"})
_SHORT: Final = 4
_AROUND: Final = 30


@dataclass
class Filled:
    """What was found: the data, and for each value its JSON Pointer and the words of the text."""

    data: Json = None
    evidence: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def fill(schema: Schema, text: str) -> Filled:
    """Fill a JSON Schema with what a text bears out; the rest is left out, or null where it must be there."""
    filler = _Filler(Reader(text), schema)
    shape = shape_of(schema, schema)
    value = filler.value(shape, "", Scope(filler.reader), 0)
    return Filled({} if value is None and shape.kind == "object" else value, filler.evidence)


class _Filler:
    def __init__(self, reader: Reader, root: Schema) -> None:
        self.reader = reader
        self.root = root
        self.evidence: list[tuple[str, str]] = []

    def value(self, shape: Shape, path: str, scope: Scope, depth: int) -> Json:
        """The value of one place of the schema, or None."""
        if depth > _DEPTH:
            return None
        for variant in shape.variants:
            one = replace(shape, variants=(variant,))
            if one.kind not in ("object", "array"):
                return self._leaf(shape, path, scope)
            found = (self._object if one.kind == "object" else self._array)(one, path, scope, depth)
            if found:
                return found
        return None

    def _object(self, shape: Shape, path: str, scope: Scope, depth: int) -> Json:
        data = self._properties(shape, path, self._inner(shape, scope), depth)
        return data if depth == 0 or _says_something(data) else None

    def _properties(self, shape: Shape, path: str, scope: Scope, depth: int) -> dict[str, Json]:
        data: dict[str, Json] = {}
        required = required_of(shape.first)
        for name, child in properties_of(shape.first).items():
            inner = shape_of(child, self.root, name)
            value = self.value(inner, f"{path}/{_escaped(name)}", scope, depth + 1)
            if value is None and name in required:
                value = _empty(inner)
                data |= {name: value} if value is not None or inner.is_nullable else {}
            elif value is not None:
                data[name] = value
        return data

    def _inner(self, shape: Shape, outer: Scope) -> Scope:
        """Who and what an object of this name and shape is about."""
        group = group_of(shape.first, " ".join(shape.words), outer.group)
        named = roles_of(shape.name)
        scope = replace(outer, group=group, roles=named or outer.roles or _roles_described(shape))
        goes_on = outer.person is not None and not named and outer.group != "other"
        scope.person = outer.person if goes_on else one_person(scope)
        scope.sole_person = sum(person.rank > GREETED for person in self.reader.people) <= 1
        roles = scope.roles or (frozenset({"shipping"}) if group == "order" else frozenset[str]())
        scope.place = one_place(self.reader.places, roles)
        return scope

    def _array(self, shape: Shape, path: str, scope: Scope, depth: int) -> Json:
        item = shape_of(shape.first.get("items", {}), self.root, shape.name)
        if item.kind == "object":
            return self._objects(item, shape, path, scope, depth)
        found: list[Json] = []
        for candidate in values(item, shape, scope):
            mark = len(self.evidence)
            value = self._keep(candidate, item, f"{path}/{len(found)}")
            self._append(found, value, mark)
        return found

    def _objects(self, item: Shape, shape: Shape, path: str, scope: Scope, depth: int) -> list[Json]:
        found: list[Json] = []
        for inner in members(item, shape, scope):
            mark = len(self.evidence)
            data = self._properties(item, f"{path}/{len(found)}", inner, depth + 1)
            self._append(found, data if _says_something(data) else None, mark, distinct=inner.row is None)
        return found

    def _append(self, found: list[Json], value: Json, mark: int, *, distinct: bool = True) -> None:
        """Add a member, or forget its evidence where it says nothing, or nothing new."""
        if value is None or len(found) >= _LONGEST_LIST or (distinct and value in found):
            del self.evidence[mark:]
        else:
            found.append(value)

    def _leaf(self, shape: Shape, path: str, scope: Scope) -> Json:
        found = _candidates(shape, Query(scope, wanted(shape, scope.group, scope.roles)))
        while found:
            choice = best(found)
            if choice is None:
                return None
            value = self._keep(choice, shape, path)
            if value is not None:
                return value
            found = [each for each in found if each.raw != choice.raw]
        return None

    def _keep(self, choice: Candidate, shape: Shape, path: str) -> Scalar | None:
        value = fitted(choice.raw, shape, day_first=self.reader.document.day_first)
        if value is not None:
            self.evidence.append((path, self._quote(choice)))
        return value

    def _quote(self, choice: Candidate) -> str:
        """The words themselves; a figure or a sign of a letter or two with what stands beside it."""
        span, text = choice.quote, self.reader.original
        if span.end - span.start >= _SHORT or (isinstance(choice.raw, str) and choice.raw.isalpha()):
            return span.of(text)
        line = self.reader.document.line_of(span)
        start, end = max(line.start, span.start - _AROUND), min(line.end, span.end + _AROUND)
        return trimmed(text, *_whole_words(text, start, end), strip=" \t\r|").of(text)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _candidates(shape: Shape, query: Query) -> list[Candidate]:
    choices = choices_of(shape)
    if choices:
        return mentioned_choices(query, choices)
    if shape.kind == "boolean":
        return stated_facts(query)
    found = candidates(query)
    if found or query.wanted.meanings - _PLAIN_TEXTS:
        return found
    return labelled_well(query) or _by_form(shape, query)


def _by_form(shape: Shape, query: Query) -> list[Candidate]:
    """Without a label, a value can still be known by its form: the only link, a day, a number of things."""
    form = shape.first.get("format")
    if form == "uuid":
        return [query.candidate(span, 3) for span in query.document.uuids]
    if form in ("uri", "url"):
        return [query.candidate(span, 3) for span in query.document.urls]
    if form in ("date", "date-time"):
        return dated(query)
    return counted_things(query) if shape.kind in ("integer", "number") else []


def _says_something(data: dict[str, Json]) -> bool:
    return any(value not in (None, {}, []) for value in data.values())


def _empty(shape: Shape) -> Json:
    """What stands for nothing where the schema wants the property to be there."""
    if shape.is_nullable:
        return None
    return {} if shape.kind == "object" else [] if shape.kind == "array" else None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _roles_described(shape: Shape) -> frozenset[str]:
    described = shape.description.lower()
    is_for_parcels = "address" in described and re.search(r"\b(?:deliver|ship)", described)
    return frozenset({"shipping"}) if is_for_parcels else frozenset()
