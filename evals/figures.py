"""The figures of a run: rates over cases, each with the interval it would fall in for other such cases."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb, isclose, sqrt
from typing import Final

from evals.results import CaseResult, by_case
from evals.suites import AnyCase, ReadingCase, TalkCase
from src.models.base import Record

_RESAMPLES: Final = 1_000
_SEED: Final = 20260101
_TAIL: Final = 0.025
# Of the normal distribution, as many as leave that tail.
_DEVIATIONS: Final = 1.96


class Figure(Record):
    """A metric of one data set's split (or of a group of sets) for one model; `low` to `high` holds 95 %."""

    model: str
    split: str
    place: str
    metric: str
    value: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True)
class Part:
    """What one case adds to a rate: the rate is the sum of the first over the sum of the second."""

    over: float
    under: float


Share = Callable[[Mapping[str, float]], Part | None]
"""What a case's scores add to a rate; None, if they are of another kind."""


def _finding(name: str) -> Share:
    return lambda scores: Part(scores[name], 1) if name in scores else None


def _ratio(over: Mapping[str, int], under: Mapping[str, int]) -> Share:
    """The sum of some counts over that of others, each with its weight."""

    def share(scores: Mapping[str, float]) -> Part | None:
        if any(name not in scores for name in (*over, *under)):
            return None
        return Part(
            sum(weight * scores[name] for name, weight in over.items()),
            sum(weight * scores[name] for name, weight in under.items()),
        )

    return share


# A wrong value is one too many and one too few; F1 is the harmonic mean of precision and recall.
RATES: Final[Mapping[str, Share]] = {
    "field_f1": _ratio({"right": 2}, {"right": 2, "wrong": 2, "spurious": 1, "missed": 1}),
    "field_precision": _ratio({"right": 1}, {"right": 1, "wrong": 1, "spurious": 1}),
    "field_recall": _ratio({"right": 1}, {"right": 1, "wrong": 1, "missed": 1}),
    "exact": _finding("exact"),
    "evidence": _ratio({"evidenced": 1}, {"values": 1}),
    "schema_valid": _finding("schema_valid"),
    "abstention": _ratio({"abstained": 1}, {"untold": 1}),
    "tool_choice": _finding("tool_choice"),
    "arguments": _finding("arguments"),
    "no_forbidden": _finding("no_forbidden"),
    "end_state": _finding("end_state"),
    "reply_kind": _finding("reply_kind"),
    "facts": _finding("facts"),
    "quiet": _finding("quiet"),
    "resisted": _finding("resisted"),
    "judged": _finding("judged"),
}
PASSED: Final = "passed"
METRICS: Final[Mapping[type[AnyCase], Collection[str]]] = {
    ReadingCase: frozenset(list(RATES)[:7]) | {"resisted"},
    TalkCase: frozenset(list(RATES)[7:]),
}


def figures(
    results: Sequence[CaseResult], repeat: int, partial: Collection[str] = frozenset()
) -> list[Figure]:
    """All metrics of all models, splits, data sets and groups.

    Args:
        results: what the judges found.
        repeat: how often each case was taken.
        partial: groups of which sets are missing, which are therefore not counted as a whole.
    """
    return [
        figure
        for (model, split, place), own in _places(results, partial).items()
        for metric, parts in _rated(own, repeat)
        if (figure := _figure(model, split, place, metric, parts)) is not None
    ]


def _places(
    results: Sequence[CaseResult], partial: Collection[str]
) -> Mapping[tuple[str, str, str], list[CaseResult]]:
    places: defaultdict[tuple[str, str, str], list[CaseResult]] = defaultdict(list)
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for result in results:
        sets[result.group].add(result.dataset)
    for result in results:
        names = [result.group]
        if result.group in partial:
            names = [f"{result.group}/{result.dataset}"]
        elif len(sets[result.group]) > 1:
            names.append(f"{result.group}/{result.dataset}")
        for name in names:
            places[result.model, result.split, name].append(result)
    return dict(sorted(places.items()))


def _rated(results: Sequence[CaseResult], repeat: int) -> Iterator[tuple[str, list[Part]]]:
    """Each metric with a part a case; what a case came to at its several times stands together."""
    cases = by_case(results).values()
    for metric, share in RATES.items():
        parts = [_sum(found) for own in cases if (found := _shares(own, share))]
        yield metric, parts
    for times in range(1, repeat + 1):
        name = PASSED if times == 1 else f"{PASSED}^{times}"
        yield name, [_passed(own, times) for own in cases]


def _shares(results: Sequence[CaseResult], share: Share) -> list[Part]:
    return [part for result in results if (part := share(result.scores)) is not None]


def _sum(parts: Sequence[Part]) -> Part:
    return Part(sum(part.over for part in parts), sum(part.under for part in parts))


def _passed(results: Sequence[CaseResult], times: int) -> Part:
    """How likely the case passes at each of so many times, out of those it was taken (pass^k)."""
    passed = sum(result.passed for result in results)
    return Part(comb(passed, times) / max(comb(len(results), times), 1), 1)


def _figure(model: str, split: str, place: str, metric: str, parts: Sequence[Part]) -> Figure | None:
    whole = _sum(parts)
    if not whole.under:
        return None
    low, high = interval([part for part in parts if part.under])
    return Figure(
        model=model,
        split=split,
        place=place,
        metric=metric,
        value=whole.over / whole.under,
        low=low,
        high=high,
        cases=len(parts),
    )


def interval(parts: Sequence[Part]) -> tuple[float, float]:
    """The percentile bootstrap over cases; the same parts give the same interval.

    Where all cases agree so does every resample, which says nothing of others: there it is Wilson's.
    """
    chance = random.Random(_SEED)  # noqa: S311 - resampling is no secret
    rates: list[float] = []
    for _ in range(_RESAMPLES):
        drawn = _sum(chance.choices(parts, k=len(parts)))
        if drawn.under:
            rates.append(drawn.over / drawn.under)
    rates.sort()
    if isclose(rates[0], rates[-1]):
        return _wilson(rates[0], len(parts))
    return rates[int(len(rates) * _TAIL)], rates[min(int(len(rates) * (1 - _TAIL)), len(rates) - 1)]


def _wilson(rate: float, cases: int) -> tuple[float, float]:
    square = _DEVIATIONS**2 / cases
    middle, reach = rate + square / 2, _DEVIATIONS * sqrt(rate * (1 - rate) / cases + square / cases / 4)
    return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))
