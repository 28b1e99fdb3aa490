"""The checks of what a model says to have read: nothing is believed without the text's own words."""

from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from pydantic import Field

from agents.passage import Passage, Span
from agents.pruning import Leaf, Pruned, leaves_of, lost_places, pruned
from agents.quotes import bears_out
from src.models.base import Record
from src.models.extraction import Evidence, Extraction
from src.models.json_schema import JsonObject, relaxed
from src.models.pointer import is_within, lineage, parent
from src.models.schema_places import absent_places, is_choice
from src.models.schema_validator import Validator, misfits, validator_of


class Claim(Record):
    """Which words of the document say the value at one place of `data`."""

    path: str = Field(description="JSON Pointer to the value within `data`, such as /items/0/quantity.")
    quote: str = Field(description="The document's own words, copied exactly: as few as show the value.")


@dataclass(frozen=True)
class Document:
    """A text, and the schema (as the guard writes it) of what is to be read out of it."""

    text: str
    schema: JsonObject

    @cached_property
    def partial_schema(self) -> JsonObject:
        return relaxed(self.schema)

    @cached_property
    def validator(self) -> Validator:
        return validator_of(self.partial_schema)

    @cached_property
    def passage(self) -> Passage:
        return Passage(self.text)


@dataclass(frozen=True)
class Checked:
    """What is left of an answer, and what was wrong with it, in sentences that its model can act on."""

    extraction: Extraction
    problems: list[str]


def checked(document: Document, data: JsonObject, claims: Sequence[Claim]) -> Checked:
    """Keep the values that the schema allows and the text bears out; the others are missing."""
    leaves = {leaf.path: leaf for leaf in leaves_of(data)}
    whole = pruned(data, leaves)
    problems = [f"{place or 'data'} {reason}." for place, reason in misfits(document.validator, whole.data)]
    quotes = _quotes(document.passage, claims)
    found: dict[str, list[Span]] = {}
    for leaf in leaves.values():
        spans, problem = _spans(document, leaf, quotes)
        found |= {leaf.path: spans} if spans else {}
        problems += [f"{leaf.path} {problem}"] if problem else []
    left = _fitting(document, data, found)
    chosen = _nearest({path: spans for path, spans in found.items() if path in left.moved})
    evidence = [
        Evidence(path=left.moved[path], quote=document.text[start:end], start=start, end=end)
        for path, (start, end) in chosen.items()
    ]
    missing = [*absent_places(document.partial_schema, left.data), *lost_places(leaves, left)]
    return Checked(
        Extraction(data=left.data, evidence=evidence, missing=list(dict.fromkeys(missing))), problems
    )


def _fitting(document: Document, data: JsonObject, kept: Collection[str]) -> Pruned:
    """What is kept, less what breaks the schema; by the guard's word, nothing at all always fits."""
    left = pruned(data, kept)
    while places := [place for place, _ in misfits(document.validator, left.data)]:
        kept = [path for path in kept if not any(is_within(left.moved[path], place) for place in places)]
        left = pruned(data, kept)
    return left


def _quotes(passage: Passage, claims: Sequence[Claim]) -> Mapping[str, list[list[Span]]]:
    """Where the quotes stand, by the place that they speak for, as models variously write it."""
    standing = {quote: passage.stretches(quote) for quote in {claim.quote for claim in claims}}
    quotes: defaultdict[str, list[list[Span]]] = defaultdict(list)
    for claim in claims:
        path = claim.path.strip().removeprefix("#")
        path = path if path[:1] in ("", "/") else f"/{path}"
        for place in dict.fromkeys((path, path.removeprefix("/data"))):
            quotes[place].append(standing[claim.quote])
    return quotes


def _spans(
    document: Document, leaf: Leaf, quotes: Mapping[str, list[list[Span]]]
) -> tuple[list[Span], str | None]:
    """Where the words stand that bear the value out: its own, or those given for the whole it is part of."""
    given = [spans for place in lineage(leaf.path) for spans in quotes.get(place, ())]
    if not given:
        return [], "has no evidence; quote the words of the document that say it, or leave it out."
    if not any(given):
        return [], "has a quote that does not stand in the document; copy its words exactly, or leave it out."
    for spans in filter(None, given):
        start, end = spans[0]
        if bears_out(document.text[start:end], leaf.value) or is_choice(document.schema, leaf.steps):
            return spans, None
    return [], "is not what its quote says; use the document's own words and numbers, or leave it out."


def _nearest(found: Mapping[str, list[Span]]) -> dict[str, Span]:
    """One span each: of words that stand several times, those nearest to what belongs together with them."""
    anchors: defaultdict[str, list[int]] = defaultdict(list)
    chosen: dict[str, Span] = {}
    for path, spans in sorted(found.items(), key=lambda item: len(item[1])):
        near = next((anchors[place] for place in lineage(parent(path)) if anchors[place]), [0])
        chosen[path] = span = min(spans, key=partial(_distance, near))
        for place in lineage(parent(path)):
            insort(anchors[place], span[0])
    return {path: chosen[path] for path in found}


def _distance(anchors: list[int], span: Span) -> int:
    at = bisect(anchors, span[0])
    return min(abs(span[0] - anchor) for anchor in anchors[max(at - 1, 0) : at + 1])
