"""Filling a schema from a text: what the text bears out, each value with the words that do, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from agents.rules.extraction.details import Scope, candidates, field_score, one_person, one_place, same_place
from agents.rules.extraction.naming import Wanted, group_of, roles_of, wanted
from agents.rules.extraction.people import GREETED
from agents.rules.extraction.reader import Reader
from agents.rules.extraction.schema import Schema, Shape, properties_of, required_of, shape_of, split_name
from agents.rules.extraction.values import Candidate, Raw, Scalar, best, choices_of, fitted
from agents.rules.extraction.words import counted_things, mentioned_choices, stated_facts
from agents.rules.text import Span, trimmed

Json = Scalar | None | dict[str, "Json"] | list["Json"]
_DEPTH: Final = 12
_LONGEST_LIST: Final = 200
_SHORT: Final = 4


@dataclass
class Filled:
    """What was found: the data, and for each value its JSON Pointer and the words of the text."""

    data: Json = None
    evidence: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def fill(schema: Schema, text: str) -> Filled:
    """Fill a JSON Schema with what a text bears out; what it does not is left out, or null where it must be there."""
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
            if one.kind == "object":
                found = self._object(one, path, scope, depth)
            elif one.kind == "array":
                found = self._array(one, path, scope, depth)
            else:
                return self._leaf(shape, path, scope)
            if found:
                return found
        return None

    def _object(self, shape: Shape, path: str, scope: Scope, depth: int) -> Json:
        schema = shape.first
        inner = self._scope(schema, shape, scope)
        data: dict[str, Json] = {}
        required = required_of(schema)
        for name, child in properties_of(schema).items():
            child_shape = shape_of(child, self.root, name)
            value = self.value(child_shape, f"{path}/{_escaped(name)}", inner, depth + 1)
            if value is not None:
                data[name] = value
            elif name in required:
                empty = _empty(child_shape)
                data |= {name: empty} if empty is not None or child_shape.is_nullable else {}
        return data if depth == 0 or any(value not in (None, {}, []) for value in data.values()) else None

    def _scope(self, schema: Schema, shape: Shape, outer: Scope) -> Scope:
        """Who and what an object of this name and shape is about."""
        group = group_of(schema, " ".join(shape.words), outer.group)
        roles = roles_of(shape.name) or outer.roles or _roles_described(shape)
        scope = replace(outer, group=group, roles=roles)
        is_same = outer.person is not None and not roles_of(shape.name) and outer.group != "other"
        scope.person = outer.person if is_same else one_person(scope, self.reader.people)
        scope.sole_person = sum(person.rank > GREETED for person in self.reader.people) <= 1
        if outer.place is None or outer.row is None:
            scope.place = one_place(
                same_place(self.reader.text, self.reader.places), _place_roles(group, roles)
            )
        return scope

    def _array(self, shape: Shape, path: str, scope: Scope, depth: int) -> Json:
        item = shape_of(shape.first.get("items", {}), self.root, shape.name)
        values: list[Json] = []
        for inner in self._members(item, shape, scope):
            mark = len(self.evidence)
            value = (
                inner
                if isinstance(inner, Candidate)
                else self._member(item, f"{path}/{len(values)}", inner, depth)
            )
            if isinstance(value, Candidate):
                value = self._keep(value, item, f"{path}/{len(values)}")
            if value in (None, {}) or len(values) >= _LONGEST_LIST:
                del self.evidence[mark:]
            elif value not in values:
                values.append(value)
            else:
                del self.evidence[mark:]
        return values

    def _member(self, item: Shape, path: str, scope: Scope, depth: int) -> Json:
        data: dict[str, Json] = {}
        schema = item.first
        for name, child in properties_of(schema).items():
            shape = shape_of(child, self.root, name)
            value = self.value(shape, f"{path}/{_escaped(name)}", scope, depth + 2)
            if value is not None:
                data[name] = value
            elif name in required_of(schema) and shape.is_nullable:
                data[name] = None
        return data if any(value is not None for value in data.values()) else None

    def _members(self, item: Shape, shape: Shape, scope: Scope) -> Iterator[Scope | Candidate]:
        """What a list is made of: the order's items, people, addresses, or values of one kind."""
        if item.kind == "object":
            group = group_of(item.first, " ".join(shape.words), "other")
            if group == "item":
                yield from (
                    replace(scope, group="item", row=row, person=None, place=None) for row in self.reader.rows
                )
            elif group == "person":
                people = [
                    person
                    for person in self.reader.people
                    if person.rank > GREETED
                    and (
                        not roles_of(shape.name)
                        or person.roles & roles_of(shape.name)
                        or not any(each.roles for each in self.reader.people)
                    )
                ]
                yield from (
                    replace(scope, group="person", person=person, sole_person=False) for person in people
                )
            elif group == "address":
                yield from (
                    replace(scope, group="address", place=place)
                    for place in same_place(self.reader.text, self.reader.places)
                )
            return
        yield from self._scalars(item, shape, scope)

    def _scalars(self, item: Shape, shape: Shape, scope: Scope) -> Iterator[Candidate]:
        one = Shape(item.variants, item.is_nullable, _singular(shape.name))
        wants = wanted(one, scope.group, scope.roles)
        if wants.meanings & {"item_name", "item_id"}:
            key = next(iter(wants.meanings & {"item_name", "item_id"}))
            yield from (
                Candidate(row.cells[key][0], row.cells[key][1], 9)
                for row in self.reader.rows
                if key in row.cells
            )
        elif wants.meanings & {"full_name"}:
            yield from (
                Candidate(person.name.span.of(self.reader.text), person.name.span, 9)
                for person in self.reader.people
                if person.rank > GREETED
            )
        elif wants.meanings & {"email", "phone", "mobile", "website"} or item.first.get("format") == "email":
            everyone = replace(scope, person=None, sole_person=True)
            yield from (
                candidates(everyone, wants)
                if "email" not in wants.meanings
                else (Candidate(email.value, email.span, 5) for email in self.reader.document.emails)
            )
        else:
            yield from self._listed(wants, scope)

    def _listed(self, wants: Wanted, scope: Scope) -> Iterator[Candidate]:
        """`Tags: red, blue and green`."""
        text = self.reader.text
        for each in self.reader.document.fields:
            if field_score(scope, wants, each) >= 4 and wants.words:
                start = each.value.start
                for match in re.finditer(
                    r"[^,;/|]+?(?=\s*(?:[,;/|]|\s(?:and|und|et|y|e|en|och|og)\s|$))(?:\s(?:and|und|et|y|e|en|och|og)\s)?",
                    each.value.of(text),
                ):
                    span = trimmed(text, start + match.start(), start + match.end())
                    span = Span(
                        span.start,
                        span.start + len(re.sub(r"\s(?:and|und|et|y|e|en|och|og)$", "", span.of(text))),
                    )
                    if span.start < span.end:
                        yield Candidate(span.of(text), span, 8)
                return

    def _leaf(self, shape: Shape, path: str, scope: Scope) -> Json:
        wants = wanted(shape, scope.group, scope.roles)
        found = self._candidates(shape, wants, scope)
        while found:
            choice = best(found)
            if choice is None:
                return None
            value = self._keep(choice, shape, path)
            if value is not None:
                return value
            found = [each for each in found if each.raw != choice.raw]
        return None

    def _candidates(self, shape: Shape, wants: Wanted, scope: Scope) -> list[Candidate]:
        text = self.reader.text
        choices = choices_of(shape)
        if choices:
            return mentioned_choices(scope, wants, choices)
        if shape.kind == "boolean":
            return stated_facts(scope, wants)
        found = candidates(scope, wants)
        if found or wants.meanings - {"notes", "subject", "status", "weight"}:
            return found
        labelled = [
            Candidate(each.value.of(text), each.value, score)
            for each in self.reader.document.fields
            if (score := field_score(scope, wants, each)) >= 4
        ]
        return labelled or self._by_form(shape, wants)

    def _by_form(self, shape: Shape, wants: Wanted) -> list[Candidate]:
        """Without a label, a value can still be known by its form: the only address, date or number of things."""
        document, form = self.reader.document, shape.first.get("format")
        if form == "uuid":
            return [Candidate(span.of(self.reader.text), span, 3) for span in document.uuids]
        if form in ("uri", "url"):
            return [Candidate(span.of(self.reader.text), span, 3) for span in document.urls]
        if form in ("date", "date-time"):
            return dated(self.reader, wants)
        if shape.kind in ("integer", "number"):
            return counted_things(self.reader.document, wants)
        return []

    def _keep(self, choice: Candidate, shape: Shape, path: str) -> Scalar | None:
        value = fitted(choice.raw, shape, day_first=self.reader.document.day_first)
        if value is not None:
            self.evidence.append((path, self._quote(choice.quote, choice.raw)))
        return value

    def _quote(self, span: Span, raw: Raw) -> str:
        """The words themselves; a figure or a sign of one or two letters with what stands beside it."""
        text = self.reader.text
        if span.end - span.start >= _SHORT or (isinstance(raw, str) and raw.isalpha()):
            return span.of(text)
        line = self.reader.document.line_of(span)
        return (
            trimmed(text, max(line.start, span.start - 30), min(line.end, span.end + 30), strip=" \t\r|").of(
                text
            )
            if line.end - line.start > 70
            else trimmed(text, line.start, line.end, strip=" \t\r|").of(text)
        )


def dated(reader: Reader, wants: Wanted) -> list[Candidate]:
    """Days with a property's words shortly before them in the same sentence."""
    document, found = reader.document, list[Candidate]()
    words = [word for word in wants.words if word not in ("date", "on", "at", "day", "datum")]
    phrase = re.compile(rf"(?<!\w){'[ -]?'.join(re.escape(word) for word in words)}") if words else None
    for day in document.days:
        before = re.split(r"[.!?\n](?=\s|$)", document.folded[max(0, day.span.start - 60) : day.span.start])[
            -1
        ]
        ends = [match.end() for match in phrase.finditer(before)] if phrase else []
        if ends:
            found.append(Candidate(day, day.span, 6 - 0.1 * (len(before) - ends[-1])))
    return found


def _empty(shape: Shape) -> Json:
    """What stands for nothing where the schema wants the property to be there."""
    return (
        None if shape.is_nullable else {} if shape.kind == "object" else [] if shape.kind == "array" else None
    )


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _singular(name: str) -> str:
    words = split_name(name)
    if words and words[-1].endswith("ses"):
        words[-1] = words[-1][:-2]
    elif words and words[-1].endswith("s") and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-1]
    return "_".join(words)


def _roles_described(shape: Shape) -> frozenset[str]:
    described = shape.description.lower()
    return (
        frozenset({"shipping"})
        if re.search(r"\b(?:deliver|ship)", described) and "address" in described
        else frozenset()
    )


def _place_roles(group: str, roles: frozenset[str]) -> frozenset[str]:
    return roles or (frozenset({"shipping"}) if group == "order" else frozenset())
