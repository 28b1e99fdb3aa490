"""The gate: bars, and an earlier run that must not be fallen behind."""

from pathlib import Path

import pytest

from evals.gate import (
    UnknownBar,
    below,
    read_bar,
    read_bars,
    uncompared,
    unmeasurable,
    unmeasured,
    worse,
)
from evals.report import Report
from evals.suites import load_suites
from tests.fixtures.results import a_report, a_result


def passing(share: int, *, model: str = "rules") -> Report:
    """Ten cases, of which so many passed."""
    results = [a_result(f"case-{n}", model=model, scores={"exact": float(n < share)}) for n in range(10)]
    return a_report(*results)


def test_a_figure_under_its_bar_is_named() -> None:
    [sentence] = below([read_bar("exact=0.9")], passing(8))
    assert "exact of extraction (open) is 0.800; the bar is 0.9" in sentence


@pytest.mark.parametrize("bar", ["exact=0.8", "extraction.exact=0.8", "tools.exact=0.9", "tool_choice=0.9"])
def test_a_bar_that_is_reached_or_is_for_something_else_lets_pass(bar: str) -> None:
    assert below([read_bar(bar)], passing(8)) == []


def test_a_bar_that_nothing_is_measured_by_is_known() -> None:
    persons = load_suites(["persons"])
    good = [read_bar("exact=0.1"), read_bar("extraction/persons.exact=0.1"), read_bar("passed=0.1")]
    bad = [read_bar(text) for text in ("tool_choice=0.1", "extraction.exact=0.1", "passed^2=0.1")]
    assert unmeasurable([*good, *bad], persons, 1) == bad


def test_a_bar_that_nothing_came_under_is_not_reached() -> None:
    assert unmeasured([read_bar("exact=0.1"), read_bar("extraction.exact=0.1")], passing(8)) == []
    [sentence] = unmeasured([read_bar("resisted=0.1")], passing(8))
    assert "nothing was measured that resisted >= 0.1 is about" in sentence


def test_a_file_holds_bars_for_each_split(tmp_path: Path) -> None:
    path = tmp_path / "bars.toml"
    path.write_text('[open]\n"extraction.exact" = 0.9\n[held]\n"extraction.exact" = 0.95\n')
    assert len(below(read_bars(path), passing(8))) == 1


@pytest.mark.parametrize("text", ["exakt=0.9", "exact", "exact=high", "=1", ""])
def test_what_is_no_bar_is_refused(text: str) -> None:
    with pytest.raises(UnknownBar):
        read_bar(text)


@pytest.mark.parametrize("content", ["exact = 0.9 0.8", "[open]\nexakt = 1", "[open]\nexact = 'high'"])
def test_a_file_that_holds_no_bars_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bars.toml"
    path.write_text(content)
    with pytest.raises(UnknownBar):
        read_bars(path)


def test_falling_out_of_the_interval_is_worse_and_within_it_is_not() -> None:
    before = passing(8)
    assert worse(passing(2), before) != []
    assert worse(passing(7), before) == []
    assert worse(passing(10), before) == []


def test_one_case_out_of_ten_that_fails_where_none_did_may_be_chance() -> None:
    before = passing(10)
    assert worse(passing(9), before) == []
    assert worse(passing(7), before) != []


def test_places_with_other_cases_are_named_and_not_compared() -> None:
    before = passing(8)
    fewer = a_report(*before.results[:9])
    assert uncompared(before, before) == []
    assert uncompared(fewer, before) == ["extraction (open)"]


def test_one_model_is_held_against_one_other_by_whatever_name() -> None:
    assert worse(passing(2, model="new"), passing(8, model="old")) != []
