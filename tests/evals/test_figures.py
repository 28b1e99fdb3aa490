"""Figures and their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.figures import Figure, Part, figures, interval
from evals.results import CaseResult
from tests.fixtures.results import a_result


def figure_of(results: list[CaseResult], metric: str, place: str = "extraction", repeat: int = 1) -> Figure:
    [found] = [each for each in figures(results, repeat) if (each.metric, each.place) == (metric, place)]
    return found


def reading(case: str, right: int, wrong: int = 0, missed: int = 0, spurious: int = 0) -> CaseResult:
    counts = {"right": right, "wrong": wrong, "missed": missed, "spurious": spurious}
    return a_result(case, scores={**counts, "exact": float(not wrong + missed + spurious)})


def test_f1_counts_values_and_not_cases() -> None:
    results = [reading("long", right=8, missed=1), reading("short", right=0, spurious=1)]
    assert figure_of(results, "field_precision").value == pytest.approx(8 / 9)
    assert figure_of(results, "field_recall").value == pytest.approx(8 / 9)
    assert figure_of(results, "field_f1").value == pytest.approx(16 / 18)


def test_a_wrong_value_is_one_too_many_and_one_too_few() -> None:
    results = [reading("one", right=1, wrong=1)]
    assert figure_of(results, "field_precision").value == 0.5
    assert figure_of(results, "field_recall").value == 0.5


def test_sets_of_a_group_are_counted_alone_and_together() -> None:
    results = [a_result("a", dataset="persons"), a_result("b", dataset="orders")]
    places = {figure.place for figure in figures(results, 1)}
    assert places == {"extraction/persons", "extraction/orders", "extraction"}


def test_a_group_of_which_sets_are_missing_is_not_counted_as_a_whole() -> None:
    found = figures([a_result("a", dataset="persons")], 1, {"extraction"})
    assert {figure.place for figure in found} == {"extraction/persons"}


def test_a_metric_that_no_case_has_is_no_figure() -> None:
    assert {figure.metric for figure in figures([a_result("a", scores={"exact": 1})], 1)} == {
        "exact",
        "passed",
    }


def test_passing_every_time_is_harder_than_passing_once() -> None:
    taken = [a_result("case", ordinal=n, scores={"exact": float(n > 1)}) for n in (1, 2, 3)]
    assert figure_of(taken, "passed", repeat=3).value == pytest.approx(2 / 3)
    assert figure_of(taken, "passed^2", repeat=3).value == pytest.approx(1 / 3)
    assert figure_of(taken, "passed^3", repeat=3).value == 0


def test_a_case_that_failed_did_not_pass_and_counts_in_nothing_else() -> None:
    results = [a_result("good", scores={"exact": 1}), a_result("bad", scores={}, failure="timed out")]
    assert figure_of(results, "passed").value == 0.5
    assert figure_of(results, "exact").value == 1


def _part(under: int, share: float) -> Part:
    return Part(share * under, under)


parts = st.lists(st.builds(_part, st.integers(1, 9), st.floats(0, 1)), min_size=1)


@given(parts)
def test_the_interval_lies_around_what_was_measured(drawn: list[Part]) -> None:
    low, high = interval(drawn)
    rates = [part.over / part.under for part in drawn]
    assert low - 1e-9 <= max(rates)
    assert min(rates) <= high + 1e-9
    assert 0 <= low < high <= 1
    assert interval(drawn) == (low, high)


@pytest.mark.parametrize(("cases", "low"), [(3, 0.44), (10, 0.72), (40, 0.91)])
def test_few_cases_that_all_agree_leave_room_for_others(cases: int, low: float) -> None:
    assert interval([Part(1, 1)] * cases) == pytest.approx((low, 1), abs=0.01)
    assert interval([Part(0, 1)] * cases) == pytest.approx((0, 1 - low), abs=0.01)
