"""The report of a run, as `report.json` holds it and everything else reads it."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from evals.figures import Figure
from evals.results import CaseResult
from src.models.base import Moment, Record


class UnreadableReport(ValueError):
    """A file that should be a report of a run is none."""


class Report(Record):
    """`models` in the order in which they were asked for; `seconds` is how long all of it took."""

    began: Moment
    seconds: float
    models: list[str]
    splits: list[str]
    repeat: int
    figures: list[Figure]
    results: list[CaseResult]

    def figure(self, model: str, split: str, place: str, metric: str) -> Figure | None:
        for each in self.figures:
            if (each.model, each.split, each.place, each.metric) == (model, split, place, metric):
                return each
        return None

    def result(self, of: CaseResult) -> CaseResult | None:
        """The same trial in this report."""
        key = (of.model, of.split, of.group, of.dataset, of.case, of.ordinal)
        for each in self.results:
            if (each.model, each.split, each.group, each.dataset, each.case, each.ordinal) == key:
                return each
        return None


def read_report(path: Path) -> Report:
    """An earlier run's report.

    Raises:
        UnreadableReport: it can't be read, or is none.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnreadableReport(f"{path} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        raise UnreadableReport(f"{path} is no report.json of this version of the evals.") from error


def write_report(report: Report, path: Path) -> None:
    path.write_text(report.model_dump_json(indent=1), encoding="utf-8")


def worst_first(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Those that did not pass, the worst before the others."""
    return sorted((each for each in results if not each.passed), key=_goodness)


def _goodness(result: CaseResult) -> tuple[float, str]:
    if result.failure:
        return -1, result.case
    scores = result.scores
    if "right" in scores:
        total = sum(scores[name] for name in ("right", "wrong", "missed", "spurious"))
        return scores["right"] / max(total, 1), result.case
    return min(scores.get("no_forbidden", 1), scores.get("resisted", 1)) + scores.get(
        "tool_choice", 0
    ), result.case
