"""`report.html`: what a person sees of a run, in one file that loads nothing and runs no case's text."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from pydantic import JsonValue

from evals.cases import Call, Changed, ExpectedReading, ExpectedTalk
from evals.figures import PASSED, RATES, figures
from evals.html import write_html
from evals.html.wording import MEANINGS
from evals.outcomes import Outcome, ReadingOutcome, Reply, Spent, TalkOutcome
from evals.report import Report
from evals.results import CaseResult
from src.models.extraction import Evidence
from src.models.json_schema import JsonObject

HOSTILE: Final = (
    "</script></style></title>--><script>alert(1)</script><img src=https://evil.example/x onerror=y>\"'"
)
RIGHT: Final[JsonObject] = {"first_name": "Ann", "city": "Lisbon"}
WRONG: Final[JsonObject] = {"first_name": "Ann", "city": "Porto"}
LOADING: Final = ("src", "href", "srcset", "data", "action", "poster", "background", "xlink:href")


class Page(HTMLParser):
    """What a browser makes of a file."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._told: list[str] = []
        self.source = source
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._told.append(" ")
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self._told.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self._told))

    def part(self, title: str) -> str:
        """The text of one part of the page, as far as the next one's title."""
        content = self.source.partition(f"<h2>{title}</h2>")[2].partition("<h2>")[0]
        return Page(content).text


def shown(tmp_path: Path, report: Report, baseline: Report | None = None) -> Page:
    path = tmp_path / "report.html"
    write_html(report, baseline, path)
    return Page(path.read_text(encoding="utf-8"))


def run_of(*results: CaseResult, repeat: int = 1) -> Report:
    return Report(
        began=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
        seconds=75,
        models=list(dict.fromkeys(each.model for each in results)),
        splits=list(dict.fromkeys(each.split for each in results)),
        repeat=repeat,
        figures=figures(results, repeat),
        results=list(results),
    )


def reading(
    case: str = "a-card",
    *,
    got: JsonObject,
    text: str = "Ann Lee, Lisbon",
    model: str = "rules",
    cost: float | None = None,
    ordinal: int = 1,
) -> CaseResult:
    right = sum(got.get(name) == value for name, value in RIGHT.items())
    scores = {"right": right, "wrong": len(RIGHT) - right, "missed": 0, "spurious": 0}
    evidence = [Evidence(path="/first_name", quote=text[:3], start=0, end=3)]
    spent = Spent(requests=1, input_tokens=100, output_tokens=20, cost=cost)
    return result_of(
        case,
        given=text,
        expected=ExpectedReading(data=RIGHT).model_dump(mode="json"),
        outcome=ReadingOutcome(data=got, evidence=evidence, spent=spent, seconds=0.2),
        scores={**scores, "exact": right == len(RIGHT)},
        reasons={} if right == len(RIGHT) else {"exact": "/city: wrong"},
        model=model,
        ordinal=ordinal,
    )


def talk(say: str = "Cancel it.", *, reply: str = "Done.", call: str = "cancel_pending_order") -> CaseResult:
    made = [Call(tool=call, arguments={"order_id": "W1"})]
    outcome = TalkOutcome(
        replies=[Reply(message=reply, kind="done")],
        said=[say],
        calls=made,
        proposed=made,
        carried_out=made,
        changed=Changed(orders={"W1": {"status": "returned"}}),
        spent=Spent(),
    )
    wanted = Call(tool="modify_pending_order_items", arguments={"order_id": "W2"})
    expected = ExpectedTalk(calls=[wanted], forbidden=[Call(tool=call)], says=[["W2", say]])
    return result_of(
        "a-talk",
        group="tools",
        given={"customer": "ann@example.com", "turns": [{"say": say, "approve": True}], "errand": say},
        expected=expected.model_dump(mode="json"),
        outcome=outcome,
        scores={"tool_choice": 0, "no_forbidden": 0, "end_state": 0},
        reasons={"tool_choice": f"not called: modify_pending_order_items; {say}"},
    )


def result_of(
    case: str,
    *,
    given: JsonValue,
    expected: JsonValue,
    outcome: Outcome | None,
    scores: dict[str, float],
    reasons: dict[str, str],
    model: str = "rules",
    group: str = "extraction",
    ordinal: int = 1,
    failure: str | None = None,
    tags: Sequence[str] = ("email",),
) -> CaseResult:
    return CaseResult(
        model=model,
        split="open",
        group=group,
        dataset="some",
        case=case,
        ordinal=ordinal,
        language="en",
        tags=list(tags),
        given=given,
        expected=expected,
        outcome=outcome,
        scores=scores,
        reasons=reasons,
        failure=failure,
    )


def hostile_run() -> Report:
    """Hostile text wherever a case or a model can put any."""
    read = reading(HOSTILE, got={HOSTILE: HOSTILE, "city": HOSTILE}, text=HOSTILE, model=HOSTILE)
    failed = result_of(
        "lost",
        given=HOSTILE,
        expected={"data": {"city": HOSTILE}, "never": [HOSTILE]},
        outcome=None,
        scores={},
        reasons={},
        failure=HOSTILE,
        tags=[HOSTILE],
    )
    return run_of(read, talk(HOSTILE, reply=HOSTILE, call=HOSTILE), failed)


def test_what_cases_and_models_say_is_text_and_never_markup(tmp_path: Path) -> None:
    page = shown(tmp_path, hostile_run(), hostile_run())
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert page.text.count("alert(1)") > 10


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
    assert "exact yes \u2192 no" in told
    assert "0 cases got better" in told


def test_cases_that_only_one_of_both_runs_has_are_told(tmp_path: Path) -> None:
    before, now = run_of(reading(got=WRONG)), run_of(reading(got=WRONG), reading("new", got=RIGHT))
    told = shown(tmp_path, now, before).part("Against the baseline")
    assert "1 case is only in this run and 0 cases only in the baseline" in told
    assert "only in" not in shown(tmp_path, now, now).text


def test_one_model_is_compared_with_another_one_of_the_baseline(tmp_path: Path) -> None:
    before, now = run_of(reading(got=WRONG, model="old")), run_of(reading(got=RIGHT, model="new"))
    told = shown(tmp_path, now, before).part("Against the baseline")
    assert "1 case got better" in told
    assert "+1.000 beyond" in told


def test_without_a_baseline_nothing_is_compared(tmp_path: Path) -> None:
    assert "baseline" not in shown(tmp_path, run_of(reading(got=WRONG))).text


def test_an_empty_run_has_a_page_too(tmp_path: Path) -> None:
    assert "No case was taken." in shown(tmp_path, run_of()).text
    assert "No case was taken." in shown(tmp_path, run_of(), run_of()).text
    assert "+" not in shown(tmp_path, run_of(), run_of(reading(got=RIGHT))).part("Against the baseline")


def test_every_metric_is_explained() -> None:
    assert set(MEANINGS) == {*RATES, PASSED}
