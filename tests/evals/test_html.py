"""`report.html`: what a person sees of a run, in one file that loads nothing and runs no case's text."""

import re
from pathlib import Path
from typing import Final

import pytest
from pydantic import JsonValue

from evals.cases import Call, Changed, ExpectedReading, ExpectedTalk
from evals.figures import PASSED, RATES
from evals.html.wording import MEANINGS
from evals.outcomes import Outcome, ReadingOutcome, Reply, Spent, TalkOutcome
from evals.report import Report
from evals.results import CaseResult
from src.models.extraction import Evidence
from src.models.json_schema import JsonObject
from tests.fixtures.report_pages import RIGHT, WRONG, reading, run_of, shown, talk

HOSTILE: Final = (
    "</script></style></title>--><script>alert(1)</script><img src=https://evil.example/x onerror=y>\"'"
)
FIELDS: Final = (
    *("model", "split", "group", "dataset", "case", "language", "failure", "tags"),
    *("reasons' names", "reasons", "given", "expected", "also", "never", "data"),
    *("customer", "errand", "records", "said", "reply", "changed", "says", "never_says"),
    *("made tool", "proposed tool", "carried out arguments", "wanted arguments", "forbidden tool"),
)
LOADING: Final = ("src", "href", "srcset", "data", "action", "poster", "background", "xlink:href")


def hostile(result: CaseResult, outcome: Outcome | None, **fields: JsonValue) -> CaseResult:
    """Hostile text in each field of a result that may hold any, with the field's name behind it."""
    names = ("model", "split", "group", "dataset", "case", "language", "failure")
    texts: dict[str, object] = {name: f"{HOSTILE} {name}" for name in names}
    return result.model_copy(
        update={
            **texts,
            "tags": [f"{HOSTILE} tags"],
            "scores": {**result.scores, HOSTILE: 0},
            "reasons": {f"{HOSTILE} reasons' names": f"{HOSTILE} reasons"},
            "outcome": outcome,
            **fields,
        }
    )


def hostile_reading() -> CaseResult:
    outcome = ReadingOutcome(
        data={HOSTILE: f"{HOSTILE} data", "city": HOSTILE},
        evidence=[Evidence(path=f"/{HOSTILE}", quote=HOSTILE, start=0, end=len(HOSTILE))],
        spent=Spent(),
    )
    expected: JsonValue = {
        "data": {"city": f"{HOSTILE} expected"},
        "also": {"/city": [f"{HOSTILE} also"]},
        "never": [f"{HOSTILE} never"],
    }
    return hostile(reading(got=WRONG), outcome, given=f"{HOSTILE} given", expected=expected)


def hostile_talk() -> CaseResult:
    def call(where: str) -> Call:
        return Call(tool=f"{HOSTILE} {where} tool", arguments={HOSTILE: f"{HOSTILE} {where} arguments"})

    outcome = TalkOutcome(
        replies=[Reply(message=f"{HOSTILE} reply", kind="done")],
        said=[f"{HOSTILE} said"],
        calls=[call("made")],
        proposed=[call("proposed")],
        carried_out=[call("carried out")],
        changed=Changed(orders={HOSTILE: {HOSTILE: f"{HOSTILE} changed"}}),
        spent=Spent(),
    )
    expected = ExpectedTalk(
        calls=[call("wanted")],
        forbidden=[call("forbidden")],
        says=[[f"{HOSTILE} says", HOSTILE]],
        never_says=[f"{HOSTILE} never_says"],
        changed=Changed(users={HOSTILE: {HOSTILE: HOSTILE}}),
    )
    given: JsonValue = {
        "customer": f"{HOSTILE} customer",
        "given": {"orders": {HOSTILE: {HOSTILE: f"{HOSTILE} records"}}},
        "turns": [{"say": HOSTILE, "approve": True}],
        "errand": f"{HOSTILE} errand",
    }
    return hostile(talk(), outcome, given=given, expected=expected.model_dump(mode="json"))


def hostile_run() -> Report:
    """Hostile text wherever a case or a model can put any."""
    lost = hostile_reading().model_copy(update={"case": f"{HOSTILE} lost", "outcome": None})
    judged = hostile_reading().model_copy(update={"case": f"{HOSTILE} judged", "failure": None})
    talked = hostile_talk().model_copy(update={"case": f"{HOSTILE} talked"})
    return run_of(hostile_reading(), talked, lost, judged)


def test_what_cases_and_models_say_is_text_and_never_markup(tmp_path: Path) -> None:
    page = shown(tmp_path, hostile_run(), hostile_run())
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_hostile_text_can_be_read_wherever_it_stands(tmp_path: Path) -> None:
    text = shown(tmp_path, hostile_run(), hostile_run()).text.replace('\\"', '"')
    assert [field for field in FIELDS if f"{HOSTILE} {field}" not in text] == []


def test_the_page_loads_nothing(tmp_path: Path) -> None:
    page = shown(tmp_path, hostile_run(), hostile_run())
    loaded = [value for name, value in page.attributes if name in LOADING and not value.startswith("#")]
    assert loaded == []
    assert {"link", "iframe", "object", "embed", "base"}.isdisjoint(page.tags)
    styles = "".join(re.findall(r"<style>(.*?)</style>", page.source, re.DOTALL))
    assert styles
    assert "url(" not in styles
    assert "@import" not in styles
    assert any(value.startswith("default-src 'none'") for _, value in page.attributes)


def test_the_head_tells_what_was_run(tmp_path: Path) -> None:
    page = shown(tmp_path, run_of(reading(got=RIGHT, cost=0.5), reading("another", got=WRONG, cost=1)))
    assert "1 model, 1 data set, 2 cases, 2 trials." in page.text
    assert "Every trial came to an outcome" in page.text
    for fact in (
        "rules",
        "04 May 2026, 09:30 UTC",
        "1 min 15 s",
        "200 in, 40 out",
        "$1.50",
        "extraction/some",
    ):
        assert fact in page.text


def test_the_head_tells_which_trials_failed(tmp_path: Path) -> None:
    failed = reading(got=RIGHT).model_copy(update={"outcome": None, "failure": "Timeout: too slow"})
    assert "1 trial failed" in shown(tmp_path, run_of(failed)).text
    assert "Timeout: too slow" in shown(tmp_path, run_of(failed)).part("Worst cases")


def test_the_worst_case_stands_first_with_what_was_given_expected_and_got(tmp_path: Path) -> None:
    half = reading("half-right", got=WRONG)
    none = reading("all-wrong", got={"first_name": "Bob", "city": "Porto"})
    worst = shown(tmp_path, run_of(half, reading("fine", got=RIGHT), none)).part("Worst cases")
    assert "rules: 2 of 3 cases did not pass" in worst
    assert worst.index("all-wrong") < worst.index("half-right")
    assert "fine" not in worst
    for told in (
        "Ann Lee, Lisbon",
        "first_name Ann Bob wrong",
        "Bob",
        "Porto",
        "wrong",
        "exact: /city: wrong",
    ):
        assert told in worst


def test_a_case_that_was_taken_several_times_is_shown_once(tmp_path: Path) -> None:
    trials = (reading(got=got, ordinal=place + 1) for place, got in enumerate((RIGHT, WRONG, WRONG)))
    worst = shown(tmp_path, run_of(*trials, repeat=3)).part("Worst cases")
    assert worst.count("a-card") == 1
    assert "failed 2 of 3 times" in worst


def test_a_talk_is_shown_with_its_replies_its_calls_and_how_the_records_ended(tmp_path: Path) -> None:
    worst = shown(tmp_path, run_of(talk("Change W2.", reply="W1 is cancelled."))).part("Worst cases")
    for told in (
        "Change W2.",
        "W1 is cancelled.",
        "to approvals: yes",
        'modify_pending_order_items {"order_id": "W2"} not made',
        'cancel_pending_order {"order_id": "W1"} forbidden',
        "carried out",
        "/orders/W1/status is returned, not unchanged",
        "tool_choice: not called",
    ):
        assert told in worst


def test_plots_are_tables_that_can_be_read_without_seeing_them(tmp_path: Path) -> None:
    page = shown(tmp_path, run_of(reading(got=WRONG), reading("another", got=RIGHT)))
    assert "extraction (2) 0.500 0.00\u20131.00" in page.part("Scores by data set")
    fields = page.part("Fields")
    assert fields.index("city") < fields.index("first_name")
    assert fields.count("1.000") > fields.count("0.000")
    unscoped = re.findall(r"<th(?![^>]*scope=)[ >]", page.source)
    assert unscoped == []
    planes = re.findall(r'<svg[^>]*class="plane"[^>]*>', page.source)
    assert planes
    assert all('role="img"' in plane and 'aria-label="Cases passed' in plane for plane in planes)


@pytest.mark.parametrize(("cost", "effort"), [(0.25, "the cost of a trial"), (None, "the tokens of a trial")])
def test_scores_stand_against_cost_or_what_is_known_instead(
    tmp_path: Path, cost: float | None, effort: str
) -> None:
    run = run_of(reading(got=RIGHT, cost=cost), reading(got=WRONG, cost=cost, model="other"))
    page = shown(tmp_path, run)
    assert f"Cases passed against {effort}" in page.part("What it takes")
    assert all(name in page.part("What it takes") for name in run.models)


def test_how_steady_a_model_is_shows_where_cases_are_taken_again(tmp_path: Path) -> None:
    trials = [reading(got=got, ordinal=place + 1) for place, got in enumerate((RIGHT, WRONG))]
    assert "k=2: 0.000" in shown(tmp_path, run_of(*trials, repeat=2)).part("Steadiness")
    assert "Steadiness" not in shown(tmp_path, run_of(trials[0])).text


def test_against_a_baseline_each_figure_stands_before_and_after(tmp_path: Path) -> None:
    before = run_of(*(reading(f"case-{number}", got=RIGHT) for number in range(4)))
    now = run_of(*(reading(f"case-{number}", got=WRONG) for number in range(4)))
    page = shown(tmp_path, now, before)
    told = page.part("Against the baseline")
    assert "figures fell out of the interval that the baseline had" in page.text
    assert "-1.000 beyond" in told
    assert "4 cases got worse" in told
    assert "city: right \u2192 wrong" in told
    assert "exact: yes \u2192 no" in told
    assert "0 cases got better" in told


def test_cases_and_figures_that_only_one_of_both_runs_has_are_told(tmp_path: Path) -> None:
    one, both = run_of(reading(got=WRONG)), run_of(reading(got=WRONG), reading("new", got=RIGHT))
    told = shown(tmp_path, both, one).part("Against the baseline")
    assert "Not all cases are the same" in told
    assert "1 case only in this run new (extraction/some, open)" in told
    assert "only in the baseline" not in told
    assert "5 figures are over another number of cases" in told
    assert "Not all cases are the same" not in shown(tmp_path, both, both).text


def test_figures_of_the_baseline_that_are_gone_are_named(tmp_path: Path) -> None:
    before = run_of(reading(got=WRONG), talk())
    told = shown(tmp_path, run_of(reading(got=WRONG)), before).part("Against the baseline")
    assert "0 had none before, and 4 of the baseline have none now." in told
    assert "4 figures only in the baseline" in told
    assert "tool_choice tools open rules" in told


@pytest.mark.parametrize(
    "change", [{"given": "Ann Lee, Porto"}, {"expected": ExpectedReading(data=WRONG).model_dump(mode="json")}]
)
def test_a_case_that_gives_or_expects_something_else_is_cautioned_about(
    tmp_path: Path, change: dict[str, JsonValue]
) -> None:
    before, now = run_of(reading(got=RIGHT)), run_of(reading(got=WRONG).model_copy(update=change))
    told = shown(tmp_path, now, before).part("Against the baseline")
    assert "1 case with another input or expectation than in the baseline a-card" in told
    assert "rules another input or expectation exact" in told


def test_a_change_is_told_over_all_times_that_a_case_was_taken(tmp_path: Path) -> None:
    before = run_of(*_taken(WRONG, WRONG), repeat=2)
    now = run_of(*_taken(RIGHT, WRONG), repeat=2)
    told = shown(tmp_path, now, before).part("Against the baseline")
    assert "1 case got better" in told
    assert "city: wrong \u2192 right 1 of 2 times, wrong 1 of 2 times" in told
    assert "first_name:" not in told


def _taken(*got: JsonObject) -> list[CaseResult]:
    return [reading(got=each, ordinal=place + 1) for place, each in enumerate(got)]


def test_one_model_is_compared_with_another_one_of_the_baseline(tmp_path: Path) -> None:
    before, now = run_of(reading(got=WRONG, model="old")), run_of(reading(got=RIGHT, model="new"))
    told = shown(tmp_path, now, before).part("Against the baseline")
    assert "1 case got better" in told
    assert "+1.000 beyond" in told


def test_without_a_baseline_nothing_is_compared(tmp_path: Path) -> None:
    assert "baseline" not in shown(tmp_path, run_of(reading(got=WRONG))).text


def test_an_empty_run_has_a_page_too(tmp_path: Path) -> None:
    page = shown(tmp_path, run_of())
    assert "0 models, 0 data sets, 0 cases, 0 trials. No case was taken." in page.text
    assert "Models none Data sets none Splits none" in page.text
    assert "h2" not in page.tags
    assert "table" not in page.tags


def test_an_empty_run_has_nothing_to_hold_against_a_baseline(tmp_path: Path) -> None:
    told = shown(tmp_path, run_of(), run_of(reading(got=RIGHT))).part("Against the baseline")
    assert "Of 0 figures that both runs have over as many cases, 0 moved" in told
    assert "0 had none before, and 5 of the baseline have none now." in told
    assert "1 case only in the baseline a-card" in told
    assert "0 cases got worse 0 cases got better" in told


def test_a_cost_that_is_known_in_part_is_told_as_the_least(tmp_path: Path) -> None:
    priced = (reading(got=RIGHT, cost=0.5), reading("another", got=RIGHT, cost=1))
    unpriced = (reading("third", got=WRONG), reading(got=RIGHT, model="free"))
    page = shown(tmp_path, run_of(*priced, *unpriced))
    assert "at least $1.50; 2 of 4 trials priced" in page.text
    assert "at least $1.50; 2 of 3 trials priced" in page.text
    plotted = page.part("What it takes")
    assert "the cost of a trial is not known: 1 of 3 trials of rules, all trials of free." in plotted
    assert "rules: 1.000 at $0.75" in plotted


def test_a_trial_that_came_to_nothing_missed_all_fields(tmp_path: Path) -> None:
    failed = reading("failed", got=WRONG).model_copy(update={"outcome": None, "failure": "Too slow."})
    fields = shown(tmp_path, run_of(reading(got=RIGHT), failed)).part("Fields")
    assert "city extraction/some (open) rules 0.667 2 1 0 1 0" in fields


def test_tags_are_told_by_group_and_split_and_none_is_lost(tmp_path: Path) -> None:
    def tagged(number: int, *tags: str, split: str = "open", got: JsonObject = RIGHT) -> CaseResult:
        case = reading(f"{split}-{number}", got=got)
        return case.model_copy(update={"tags": list(tags), "split": split})

    many = [f"tag-{number}" for number in range(25)]
    common = [tagged(number, *many) for number in range(4)]
    rare = tagged(4, "rare", got=WRONG)
    held = [tagged(number, *many[:2], split="held") for number in range(3)]
    told = shown(tmp_path, run_of(*common, rare, *held)).part("Languages and tags")
    assert "by tag, extraction, open; of 3 cases or more, the 20 most frequent" in told
    assert "by tag, extraction, held; of 3 cases or more Tag" in told
    assert "rare tag extraction, open rules 0.000 1" in told
    assert "tag-24 tag extraction, open rules 1.000 4" in told


def test_tables_are_groups_with_names_and_only_wide_ones_are_stops_of_the_keyboard(tmp_path: Path) -> None:
    page = shown(tmp_path, run_of(reading(got=WRONG)))
    assert ("role", "region") not in page.attributes
    assert ("aria-label", "Values of a-card") in page.attributes
    groups = [name for name, value in page.attributes if (name, value) == ("role", "group")]
    stops = [name for name, _ in page.attributes if name == "tabindex"]
    assert len(stops) == len(groups) - 1
    assert re.findall(r"<th[^>]*></th>", page.source) == []


def test_every_metric_is_explained() -> None:
    assert set(MEANINGS) == {*RATES, PASSED}
