"""Rates that are shown beside the run's own figures, with intervals found the same way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from evals.figures import Figure, Part, interval
from evals.results import CaseResult

CaseKey = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Rate:
    value: float
    low: float
    high: float
    cases: int


def rate_of(figure: Figure) -> Rate:
    return Rate(figure.value, figure.low, figure.high, figure.cases)


def rate(parts: Sequence[Part]) -> Rate | None:
    """The rate over these cases' parts; None if they come to nothing."""
    return _rate(tuple(parts))


@cache
def _rate(parts: tuple[Part, ...]) -> Rate | None:
    under = sum(part.under for part in parts)
    if not under:
        return None
    return Rate(sum(part.over for part in parts) / under, *interval(parts), len(parts))


def passed_rate(results: Iterable[CaseResult]) -> Rate | None:
    """How many pass, a case that was taken several times counting once."""
    return rate([Part(_share_passed(trials), 1) for trials in by_case(results).values()])


def _share_passed(trials: Sequence[CaseResult]) -> float:
    return sum(trial.passed for trial in trials) / len(trials)


def by_case(results: Iterable[CaseResult]) -> dict[CaseKey, list[CaseResult]]:
    """The trials of each case by each model."""
    cases: defaultdict[CaseKey, list[CaseResult]] = defaultdict(list)
    for each in results:
        cases[each.model, each.split, each.group, each.dataset, each.case].append(each)
    return dict(cases)
