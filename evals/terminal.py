"""The tables that a run prints."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from evals.figures import PASSED, RATES, Figure
from evals.gate import matching
from evals.report import Report
from evals.results import CaseResult

_SAME: Final = 0.0005


def show(console: Console, report: Report, baseline: Report | None) -> None:
    """A table a model, split and group: a row a metric, a column a data set, each cell with its interval."""
    for model in report.models:
        for split in report.splits:
            own = [each for each in report.figures if (each.model, each.split) == (model, split)]
            for group in dict.fromkeys(_group(each) for each in own):
                console.print(_table(f"{model}, {split}", group, own, report, baseline))
    for model in report.models:
        console.print(_spent(model, [each for each in report.results if each.model == model]))


def metric_names(repeat: int) -> list[str]:
    """All metrics in the order in which they are shown."""
    return [*RATES, PASSED, *(f"{PASSED}^{times}" for times in range(2, repeat + 1))]


def _group(figure: Figure) -> str:
    return figure.place.partition("/")[0]


def _table(
    title: str, group: str, figures: Sequence[Figure], report: Report, baseline: Report | None
) -> Table:
    own = [each for each in figures if _group(each) == group]
    places = sorted({each.place for each in own}, key=lambda place: ("/" not in place, place))
    cells = {(each.place, each.metric): each for each in own}
    table = Table(title=title, title_justify="left")
    table.add_column(group)
    for place in places:
        count = cells[place, PASSED].cases
        name = place.partition("/")[2] or ("all" if len(places) > 1 else "")
        table.add_column(f"{name} ({count})".strip(), justify="right", style=None if "/" in place else "bold")
    for metric in metric_names(report.repeat):
        row = [cells.get((place, metric)) for place in places]
        if any(row):
            table.add_row(metric, *(_cell(figure, report, baseline) for figure in row))
    return table


def _cell(figure: Figure | None, report: Report, baseline: Report | None) -> str:
    if figure is None:
        return ""
    text = f"{figure.value:.3f} [dim]{figure.low:.2f}-{figure.high:.2f}[/]"
    before = matching(figure, report, baseline) if baseline else None
    if before is None or abs(figure.value - before.value) < _SAME:
        return text
    colour = "green" if figure.value > before.value else "red"
    return f"{text} [{colour}]{figure.value - before.value:+.3f}[/]"


def _spent(model: str, results: Sequence[CaseResult]) -> str:
    taken = [each.outcome for each in results if each.outcome]
    seconds = sorted(each.seconds for each in taken)
    if not seconds:
        return f"{model}: no case was taken."
    requests = sum(each.spent.requests for each in taken) / len(taken)
    tokens = sum(each.spent.input_tokens + each.spent.output_tokens for each in taken) / len(taken)
    costs = [each.spent.cost for each in taken if each.spent.cost is not None]
    money = f"{sum(costs):.4f} USD" if costs else "no known cost"
    middle, late = (1000 * seconds[int(len(seconds) * share)] for share in (0.5, 0.95))
    return (
        f"{model}: {len(taken)} trials, {requests:.1f} steps and {tokens:,.0f} tokens each, {money}, "
        f"latency {middle:.0f} ms (median), {late:.0f} ms (95 %)"
    )
