"""The report of a run, as `report.json` holds it and everything else reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from evals.figures import PASSED, RATES, Figure
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

    @property
    def metrics(self) -> list[str]:
        """All of them, in the order in which they are shown."""
        return [*RATES, PASSED, *(f"{PASSED}^{times}" for times in range(2, self.repeat + 1))]

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


@dataclass(frozen=True)
class Sheet:
    """The figures of a model, split and group: a row a metric, a column a data set, and all of them last."""

    model: str
    split: str
    group: str
    figures: Sequence[Figure]

    @property
    def places(self) -> list[str]:
        return sorted({each.place for each in self.figures}, key=lambda place: ("/" not in place, place))

    @property
    def heads(self) -> list[str]:
        """For each place its data set's name, and how many cases it has."""
        cases = {
            place: max(each.cases for each in self.figures if each.place == place) for place in self.places
        }
        return [f"{place.partition('/')[2] or 'all'} ({number})" for place, number in cases.items()]

    def rows(self, metrics: Sequence[str]) -> Iterator[tuple[str, list[Figure | None]]]:
        cells = {(each.place, each.metric): each for each in self.figures}
        for metric in metrics:
            row = [cells.get((place, metric)) for place in self.places]
            if any(row):
                yield metric, row


def sheets(report: Report) -> list[Sheet]:
    """By model, then by split, in the order in which they were asked for."""
    found: dict[tuple[str, str, str], list[Figure]] = {}
    for each in report.figures:
        found.setdefault((each.model, each.split, each.place.partition("/")[0]), []).append(each)
    whole = (Sheet(*key, own) for key, own in found.items())
    return sorted(whole, key=lambda each: (report.models.index(each.model), report.splits.index(each.split)))


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
