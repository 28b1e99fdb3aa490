"""An interrupted run goes on from where it was."""

from pathlib import Path

from evals.journal import Journal
from evals.outcomes import ReadingOutcome, Spent
from evals.suites import Suite
from evals.trials import Trial
from tests.fixtures.trials import a_reading

CASE = a_reading("Ann Lee", first_name="Ann")
TRIAL = Trial("rules", Suite("extraction", "persons", "open", [CASE]), CASE, 1)
OUTCOME = ReadingOutcome(data={"first_name": "Ann"}, evidence=[], spent=Spent(requests=1))


def test_what_was_done_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(path, "this run").keep(TRIAL, OUTCOME)
    assert Journal(path, "this run").find(TRIAL) == OUTCOME


def test_another_run_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(path, "this run").keep(TRIAL, OUTCOME)
    assert Journal(path, "that run").find(TRIAL) is None
    assert Journal(path, "this run").find(TRIAL) is None


def test_a_line_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(path, "this run").keep(TRIAL, OUTCOME)
    path.write_text(path.read_text()[:-20])
    assert Journal(path, "this run").find(TRIAL) is None


def test_a_run_that_ended_leaves_nothing_to_go_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, "this run")
    journal.keep(TRIAL, OUTCOME)
    journal.close()
    assert not path.exists()
