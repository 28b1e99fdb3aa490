"""Rates that are shown beside the run's own figures, with intervals found the same way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from evals.figures import Figure, Part, interval
from evals.results import CaseResult, by_case


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
    return rate([Part(share, 1) for share in _shares_passed(results)])


def share_passed(results: Iterable[CaseResult]) -> float:
    """The same without its interval, which takes a while to find; of no cases, 0."""
    shares = _shares_passed(results)
    return sum(shares) / max(len(shares), 1)


def _shares_passed(results: Iterable[CaseResult]) -> list[float]:
    return [sum(trial.passed for trial in trials) / len(trials) for trials in by_case(results).values()]
