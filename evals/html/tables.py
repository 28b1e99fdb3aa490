"""All figures, in tables."""

from collections.abc import Iterator, Sequence

from evals.figures import PASSED, Figure
from evals.html.markup import Html, Node, joined, table
from evals.html.rates import rate_of
from evals.html.wording import score
from evals.report import Report
from evals.terminal import metric_names


def all_figures(report: Report) -> Html | None:
    """A table a model, split and group: a row a metric, a column a data set."""
    tables = [
        _table(report, f"{group}, {split}: {model}", own)
        for split in report.splits
        for group in dict.fromkeys(_group(each) for each in report.figures if each.split == split)
        for model in report.models
        if (own := [each for each in report.figures if _of(each) == (model, split, group)])
    ]
    return joined(tables) if tables else None


def _group(figure: Figure) -> str:
    return figure.place.partition("/")[0]


def _of(figure: Figure) -> tuple[str, str, str]:
    return figure.model, figure.split, _group(figure)


def _table(report: Report, caption: str, figures: Sequence[Figure]) -> Html:
    places = sorted({each.place for each in figures}, key=lambda place: ("/" not in place, place))
    cells = {(each.place, each.metric): each for each in figures}
    heads = [f"{place.partition('/')[2] or 'all'} ({_cases(cells, place)})" for place in places]
    return table(caption, ["Metric", *heads], _rows(report, cells, places))


def _cases(cells: dict[tuple[str, str], Figure], place: str) -> int:
    return cells[place, PASSED].cases if (place, PASSED) in cells else 0


def _rows(
    report: Report, cells: dict[tuple[str, str], Figure], places: Sequence[str]
) -> Iterator[Sequence[Node]]:
    for metric in metric_names(report.repeat):
        row = [cells.get((place, metric)) for place in places]
        if any(row):
            yield metric, *(score(rate_of(each) if each else None) for each in row)
