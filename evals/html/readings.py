"""What readings came to, value by value."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from evals.cases import ExpectedReading
from evals.comparing.fields import Field, Verdict, compare
from evals.figures import RATES, Part
from evals.html.rates import Rate, rate
from evals.outcomes import ReadingOutcome
from evals.results import CaseResult, by_case

VERDICTS: Final = (Verdict.RIGHT, Verdict.WRONG, Verdict.MISSED, Verdict.SPURIOUS)
_F1: Final = RATES["field_f1"]


@dataclass(frozen=True)
class FieldRate:
    """F1 of a field by one model over a data set, and how often its values were what."""

    model: str
    place: str
    name: str
    f1: Rate
    count: Mapping[Verdict, int]


def compared(result: CaseResult) -> list[Field]:
    """The verdicts on a reading, none on what is no reading; one that came to nothing missed all."""
    if not isinstance(result.given, str):
        return []
    got = result.outcome.data if isinstance(result.outcome, ReadingOutcome) else {}
    return compare(ExpectedReading.model_validate(result.expected), got)


def field_rates(results: Iterable[CaseResult]) -> list[FieldRate]:
    """For each field of each data set, the fields that are read worst first."""
    found: defaultdict[tuple[str, str, str], list[Counter[Verdict]]] = defaultdict(list)
    for (model, split, group, dataset, _), trials in by_case(results).items():
        for name, count in _counts(trials).items():
            found[model, f"{group}/{dataset} ({split})", name].append(count)
    rates = [
        FieldRate(model, place, name, f1, sum(counts, Counter[Verdict]()))
        for (model, place, name), counts in found.items()
        if (f1 := rate([part for count in counts if (part := _part(count))])) is not None
    ]
    return sorted(rates, key=lambda each: each.f1.value)


def _counts(trials: Iterable[CaseResult]) -> dict[str, Counter[Verdict]]:
    """The verdicts on a case's fields, all times it was taken together."""
    counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter[Verdict])
    for field in chain.from_iterable(map(compared, trials)):
        counts[field.name][field.verdict] += 1
    return dict(counts)


def _part(count: Counter[Verdict]) -> Part | None:
    return _F1({verdict.value: count[verdict] for verdict in VERDICTS})
