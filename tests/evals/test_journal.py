"""An interrupted run goes on from where it was."""

from pathlib import Path

from evals.journal import Journal
from evals.outcomes import ReadingOutcome, Spent
from evals.suites import Suite
from evals.trials import Trial
from tests.fixtures.trials import a_reading

CASE = a_reading("Ann Lee", first_name="Ann")
SUITE = Suite("extraction", "persons", "open", [CASE])
TRIAL, AGAIN = (Trial("rules", SUITE, CASE, ordinal) for ordinal in (1, 2))
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


def test_what_is_kept_after_a_line_that_was_cut_off_is_found(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(path, "this run").keep(TRIAL, OUTCOME)
    # Cut off within the last letter's two bytes.
    path.write_bytes(path.read_bytes()[:-20] + b"\xc3")
    Journal(path, "this run").keep(TRIAL, OUTCOME)
    Journal(path, "this run").keep(AGAIN, OUTCOME)
    journal = Journal(path, "this run")
    assert (journal.find(TRIAL), journal.find(AGAIN)) == (OUTCOME, OUTCOME)


def test_whatever_was_read_out_of_a_text_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    outcome = OUTCOME.model_copy(update={"data": {"first_name": "An\u2028n \x85"}})
    Journal(path, "this run").keep(TRIAL, outcome)
    Journal(path, "this run").keep(AGAIN, OUTCOME)
    journal = Journal(path, "this run")
    assert (journal.find(TRIAL), journal.find(AGAIN)) == (outcome, OUTCOME)


def test_a_run_that_came_to_nothing_yet_is_gone_on_with_too(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    assert [Journal(path, "this run").goes_on for _ in range(2)] == [False, True]


def test_a_run_that_ended_leaves_nothing_to_go_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, "this run")
    journal.keep(TRIAL, OUTCOME)
    journal.close()
    assert not path.exists()
