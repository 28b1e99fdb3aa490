"""`python -m evals` as people and builds call it."""

import json
from pathlib import Path

import pytest

from evals.__main__ import main
from evals.options import parse
from evals.report import Report, read_report
from src.config import Settings

PERSON = "new-supplier-contact-with-signature"
ONE = ["--dataset", "persons", "--case", PERSON]


def measured(folder: Path, *arguments: str) -> int:
    return main([*ONE, "--output", str(folder), *arguments])


def test_a_run_leaves_its_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(tmp_path) == 0
    report = read_report(tmp_path / "report.json")
    assert [result.case for result in report.results] == [PERSON]
    assert "<html" in (tmp_path / "report.html").read_text()
    assert "field_f1" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]


def test_a_bar_decides_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(tmp_path, "--min", "field_precision=0") == 0
    assert measured(tmp_path, "--min", "field_precision=1.01") == 1
    assert "the bar is 1.01" in capsys.readouterr().out


def test_bars_of_a_split_that_is_not_run_rest(tmp_path: Path) -> None:
    bars = tmp_path / "bars.toml"
    bars.write_text('[open]\n"field_precision" = 0\n[held]\n"field_precision" = 1.01\n')
    assert measured(tmp_path, "--bars", str(bars)) == 0
    bars.write_text('[open]\n"field_precision" = 1.01\n')
    assert measured(tmp_path, "--bars", str(bars)) == 1
    bars.write_text('[held]\n"field_precision" = 0\n')
    assert measured(tmp_path, "--bars", str(bars)) == 2


def test_a_bar_that_nothing_came_under_fails(tmp_path: Path) -> None:
    assert measured(tmp_path, "--min", "resisted=0.1") == 1


def test_a_run_does_not_write_over_its_baseline(tmp_path: Path) -> None:
    assert measured(tmp_path) == 0
    assert measured(tmp_path, "--baseline", str(tmp_path / "report.json")) == 2


def test_a_baseline_of_other_cases_hides_no_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measured(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    report["figures"] = [each | {"cases": 99} for each in report["figures"]]
    other = tmp_path / "other.json"
    other.write_text(json.dumps(report))
    assert measured(tmp_path / "again", "--baseline", str(other)) == 2
    assert measured(tmp_path / "again", "--baseline", str(other), "--min", "field_f1=1.01") == 1
    assert "the bar is 1.01" in capsys.readouterr().out


def test_falling_behind_the_baseline_fails(tmp_path: Path) -> None:
    measured(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    report["figures"] = [each | {"value": 2, "low": 2, "high": 2} for each in report["figures"]]
    better = tmp_path / "better.json"
    better.write_text(json.dumps(report))
    assert measured(tmp_path / "again", "--baseline", str(tmp_path / "report.json")) == 0
    assert measured(tmp_path / "again", "--baseline", str(better)) == 1


def test_a_recorded_run_gives_the_same_figures(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    assert measured(tmp_path / "one", "--record", str(record)) == 0
    assert measured(tmp_path / "two", "--replay", str(record)) == 0
    one, two = (read_report(tmp_path / name / "report.json") for name in ("one", "two"))
    assert one.figures == two.figures


def test_a_task_that_raises_fails_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "record.jsonl"
    assert measured(tmp_path, "--record", str(record)) == 0
    assert measured(tmp_path, "--replay", str(record), "--model", "any") == 1
    assert "failed: NotRecorded: The record has no answer" in capsys.readouterr().out


def test_after_trials_that_failed_the_same_call_takes_these_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.jsonl"
    assert measured(tmp_path, "--record", str(record)) == 0
    call = ["--replay", str(record), "--model", "rules", "--model", "any"]
    assert measured(tmp_path, *call) == 1
    assert "the same call goes on with these alone" in capsys.readouterr().err
    assert measured(tmp_path, *call) == 1
    assert "Going on with an unfinished run: 1 trials are done" in capsys.readouterr().err


def test_a_run_whose_report_could_not_be_written_is_gone_on_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, in_the_way = tmp_path / "record.jsonl", tmp_path / "report.json"
    in_the_way.mkdir()
    assert measured(tmp_path, "--record", str(record)) == 2
    in_the_way.rmdir()
    assert measured(tmp_path, "--record", str(record)) == 0
    assert "Going on with an unfinished run: 1 trials are done" in capsys.readouterr().err
    assert len(record.read_text().splitlines()) == 1
    assert not [*tmp_path.glob("unfinished-*")]


def test_answers_are_recorded_behind_a_line_that_was_cut_off(tmp_path: Path) -> None:
    record, in_the_way = tmp_path / "record.jsonl", tmp_path / "report.json"
    in_the_way.mkdir()
    measured(tmp_path, "--record", str(record))
    in_the_way.rmdir()
    # The run was ended while it wrote down the answer: the trial was not done either.
    record.write_text(record.read_text()[:-20])
    [journal] = tmp_path.glob("unfinished-*")
    journal.write_text(journal.read_text().splitlines()[0] + "\n")
    assert measured(tmp_path, "--record", str(record)) == 0
    assert measured(tmp_path, "--replay", str(record)) == 0


def test_a_wrong_call_does_not_stand_in_the_way_of_the_right_one(tmp_path: Path) -> None:
    record, nowhere = tmp_path / "record.jsonl", tmp_path / "nowhere" / "record.jsonl"
    assert measured(tmp_path, "--record", str(record), "--model", "nosuch:x") == 2
    assert measured(tmp_path, "--record", str(nowhere)) == 2
    assert not [*tmp_path.iterdir()]
    record.touch()
    assert measured(tmp_path, "--record", str(record)) == 0


def test_what_was_recorded_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "record.jsonl"
    record.write_text("paid for")
    assert measured(tmp_path, "--record", str(record)) == 2
    assert "name another file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["record.jsonl"]
    assert record.read_text() == "paid for"


def test_repeats_are_taken_and_counted(tmp_path: Path) -> None:
    assert measured(tmp_path, "--repeat", "2") == 0
    report = read_report(tmp_path / "report.json")
    assert [result.ordinal for result in report.results] == [1, 2]
    assert "passed^2" in {figure.metric for figure in report.figures}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--dataset", "nobody"], "no data set 'nobody'"),
        ([*ONE, "--case", "nobody"], "no case 'nobody'"),
        ([*ONE, "--min", "exakt=1"], "no metric 'exakt'"),
        ([*ONE, "--min", "tool_choice=1"], "Nothing in this run is measured by tool_choice"),
        ([*ONE, "--bars", "nowhere.toml"], "nowhere.toml can't be read"),
        ([*ONE, "--baseline", "nowhere.json"], "nowhere.json can't be read"),
        ([*ONE, "--replay", "nowhere.jsonl"], "nowhere.jsonl can't be read"),
        ([*ONE, "--model", "local:nowhere.gguf"], "nowhere.gguf"),
        ([*ONE, "--model", "gpt"], "names no model"),
        (["replay", "nowhere.json", "--data", "nowhere.json"], "nowhere.json can't be read"),
    ],
)
def test_a_wrong_call_says_why_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    output = [] if arguments[0] == "replay" else ["--output", str(tmp_path)]
    assert main([*arguments, *output]) == 2
    assert why in capsys.readouterr().err


def test_what_failed_on_the_way_is_no_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def unanswered(*_: object) -> Report:
        raise TimeoutError("no answer")

    monkeypatch.setattr("evals.__main__.run", unanswered)
    assert measured(tmp_path) == 1
    assert capsys.readouterr().err == "The run failed with TimeoutError: no answer\n"


def test_cases_of_traces_are_interrupted_like_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: object) -> Settings:
        raise KeyboardInterrupt

    monkeypatch.setattr("evals.traces.command.read_settings", interrupted)
    assert main(["from-traces", "--output", str(tmp_path / "new.yaml")]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_all_models_that_are_asked_are_known_beforehand() -> None:
    called = ["--model", "rules", "--judge", "bedrock:a"]
    retail = ["--requests", "a", "--data", "b", "--customer", "bedrock:b"]
    assert parse([*called, *retail]).asked == ["rules", "bedrock:b", "bedrock:a"]
    assert parse([*called, "--replay", "record.jsonl"]).asked == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--split", "secret"],
        ["--repeat", "0"],
        ["--record", "a", "--replay", "b"],
        ["--requests", "a.json"],
        ["--customer", "rules"],
        ["--requests", "a", "--data", "b", "--dataset", "persons"],
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2


def test_conversations_are_held_on_stores_of_the_runs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MONGODB_URL", "mongodb://127.0.0.1:1")
    case = "tracking-number-of-the-wired-mouse"
    assert main(["--dataset", "lookups", "--case", case, "--output", str(tmp_path)]) == 0
    [result] = read_report(tmp_path / "report.json").results
    assert result.scores["end_state"] == 1


UNPINNED = """\
# yaml-language-server: $schema=../../schemas/talk.json
name: mine
cases:
# This comment stays.
- name: cancels-the-bottle
  inputs:
    customer: customer@example.com
    turns:
    - say: "Cancel W3594473, ordered by mistake."
      approve: true
  expected_output:
    calls:
    - {tool: cancel_pending_order, arguments: {order_id: W3594473, reason: ordered by mistake}}
    changed: {"handovers": 7}
  metadata: {language: en, tags: []}

- name: a-clerk-moves-the-customer
  inputs:
    customer: customer@example.com
    staff: true
    turns:
    - say: "They have moved to 4 Elm Street, Fargo, ND 58102."
      approve: true
  expected_output:
    calls:
    - tool: modify_user_address
      arguments:
        {user_id: $me, address1: 4 Elm Road, address2: "", city: Fargo, state: ND, country: USA, zip: "58102"}
  metadata: {language: en, tags: []}

- name: asks-only
  inputs: {customer: customer@example.com, turns: [{say: "Is it there?"}]}
  expected_output: {calls: []}
  metadata: {language: en, tags: []}
"""


def test_end_states_are_written_into_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "open" / "tools" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(UNPINNED)
    assert main(["pin", str(path)]) == 0
    changed = [line for line in path.read_text().splitlines() if line not in UNPINNED.splitlines()]
    balance = {"gift_card_4097137": {"balance": "94.00"}}
    cancelled, moved = [json.loads(line.removeprefix("    changed: ")) for line in changed]
    assert cancelled["orders"]["W3594473"]["status"] == "cancelled"
    assert list(cancelled["users"].values()) == [{"payment_methods": balance}]
    [user] = moved["users"].values()
    assert user["address"]["city"] == "Fargo"


def test_without_traces_it_is_a_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert main(["--dataset", "tools/lookups", "--output", str(tmp_path)]) == 2
    assert "OTEL_SDK_DISABLED" in capsys.readouterr().err
