"""Cases without anybody's data: what is personal in them is found, and has a pseudonym instead."""

import secrets
from collections.abc import Iterator
from functools import cache
from typing import Final, TypeVar, cast

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from evals.suites import AnyCase, ReadingCase, TalkCase, demo
from evals.traces.finding import Findings
from evals.traces.gathering import Gathered
from evals.traces.kinds import PLAIN
from evals.traces.pseudonyms import Pseudonyms
from src.models.base import Record
from src.models.json_schema import JsonObject

R = TypeVar("R", bound=Record)
# A text that is read from is free text throughout, and what was read must be found in it again.
_PLAIN_IN_READINGS: Final = frozenset({"target", "tags", "language"})
_NUMBERS: Final = frozenset({"product_id", "item_id"})


def find(gathered: Gathered) -> Findings:
    """What is personal in the cases, and in all records that their conversations met with."""
    findings = Findings(text for value in (*gathered.catalogue, demo()) for text in _catalogue(value))
    for value in gathered.records:
        findings.learn_from(value)
    for case in gathered.cases:
        findings.learn_from(_dumped(case), _plain(case))
    return findings


def pseudonyms_for(findings: Findings, key: bytes | None = None) -> Pseudonyms:
    """A pseudonym for each finding; without a key, by one that nobody ever learns."""
    return Pseudonyms(findings, key or secrets.token_bytes(32), _demo_values())


def masked(case: AnyCase, pseudonyms: Pseudonyms) -> AnyCase:
    """The case with pseudonyms for all that is personal in it."""

    def without(record: R) -> R:
        fields = cast("JsonObject", record.model_dump(mode="json", exclude_unset=True))
        return record.model_validate(pseudonyms.applied(fields, _plain(case)))

    if isinstance(case, ReadingCase):
        return ReadingCase(case.name, without(case.inputs), without(case.expected), without(case.meta))
    return TalkCase(case.name, without(case.inputs), without(case.expected), without(case.meta))


def _plain(case: AnyCase) -> frozenset[str]:
    return _PLAIN_IN_READINGS if isinstance(case, ReadingCase) else PLAIN


def _dumped(case: AnyCase) -> JsonValue:
    return to_jsonable_python({"inputs": case.inputs, "expected": case.expected, "meta": case.meta})


def _catalogue(value: JsonValue, field: str = "") -> Iterator[str]:
    """The numbers and names of products, which are nobody's."""
    match value:
        case dict():
            if {"product_id", "variants"} & value.keys() and isinstance(name := value.get("name"), str):
                yield name
            if field in ("products", "variants"):
                yield from value
            for key, part in value.items():
                yield from _catalogue(part, key)
        case list():
            for part in value:
                yield from _catalogue(part, field)
        case str() if field in _NUMBERS:
            yield value
        case _:
            return


@cache
def _demo_values() -> frozenset[str]:
    """Whose data the cases are added to: nobody is to have the same."""
    findings = Findings()
    findings.learn_from(demo())
    return frozenset(value for _, value in findings)
