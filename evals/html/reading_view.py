"""A reading: its text, and each value that was wanted or got."""

import json
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from evals.cases import ExpectedReading
from evals.comparing.fields import Field
from evals.html.markup import Html, Node, chip, either, element, joined, listed, table
from evals.html.readings import compared
from evals.html.wording import NOTHING, code
from evals.outcomes import ReadingOutcome
from evals.results import CaseResult
from src.models.extraction import Evidence

_MANNER = {"right": "good", "wrong": "bad", "missed": "bad", "spurious": "bad"}


def reading_view(result: CaseResult) -> Html:
    expected = ExpectedReading.model_validate(result.expected)
    evidence = result.outcome.evidence if isinstance(result.outcome, ReadingOutcome) else []
    text = element("pre", _marked(str(result.given), evidence), dir="auto", class_="given")
    never = [code(str(each)) for each in expected.never]
    return joined(
        element("h4", "Text"),
        text,
        element("p", "Marked: the words that bear a value out.", class_="muted") if evidence else None,
        _values(result, expected),
        (element("h4", "No value may hold"), listed(never)) if never else None,
    )


def _marked(text: str, evidence: Sequence[Evidence]) -> Iterator[Node]:
    """The text with the quoted words marked; of overlapping quotes, the first."""
    done = 0
    for each in sorted(evidence, key=lambda each: each.start):
        if done <= each.start < each.end <= len(text):
            yield text[done : each.start]
            yield element("mark", text[each.start : each.end], title=each.path)
            done = each.end
    yield text[done:]


def _values(result: CaseResult, expected: ExpectedReading) -> Html:
    if result.outcome is None:
        told = json.dumps(expected.data, ensure_ascii=False, indent=1)
        return joined(element("h4", "Expected"), element("pre", told, dir="auto"))
    fields = compared(result)
    if not fields:
        return element("p", "No value was expected, and none was got.")
    heads = ("Field", "Expected", "Got", "Verdict")
    rows = (_row(each, expected) for each in fields)
    return table("Values", heads, rows, within=result.case)


def _row(field: Field, expected: ExpectedReading) -> Sequence[Node]:
    also = [_value(each) if each is not None else "nothing" for each in expected.also.get(field.path, [])]
    others = element("small", " or ", either(also)) if also else None
    return (
        field.path.removeprefix("/"),
        (_value(field.wanted), others),
        _value(field.got),
        chip(field.verdict.value, _MANNER.get(field.verdict.value, "")),
    )


def _value(value: JsonValue) -> Node:
    if value is None:
        return element("span", NOTHING, class_="muted")
    return code(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
