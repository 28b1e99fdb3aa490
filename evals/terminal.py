"""The tables that a run prints."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from evals.figures import Figure
from evals.gate import matching, moved
from evals.report import Report, Sheet, sheets
from evals.results import CaseResult
from evals.spending import cost, spending


def show(console: Console, report: Report, baseline: Report | None) -> None:
    """A table a model, split and group: a row a metric, a column a data set, each cell with its interval."""
    for sheet in sheets(report):
        console.print(_table(sheet, report, baseline))
    for model in report.models:
        console.print(_spent(model, [each for each in report.results if each.model == model]))


def _table(sheet: Sheet, report: Report, baseline: Report | None) -> Table:
    table = Table(title=f"{sheet.model}, {sheet.split}", title_justify="left")
    table.add_column(sheet.group)
    for place, head in zip(sheet.places, sheet.heads, strict=True):
        table.add_column(head, justify="right", style=None if "/" in place else "bold")
    for metric, row in sheet.rows(report.metrics):
        table.add_row(metric, *(_cell(figure, report, baseline) for figure in row))
    return table


def _cell(figure: Figure | None, report: Report, baseline: Report | None) -> str:
    if figure is None:
        return ""
    text = f"{figure.value:.3f} [dim]{figure.low:.2f}-{figure.high:.2f}[/]"
    before = matching(figure, report, baseline) if baseline else None
    if before is None or not moved(figure, before):
        return text
    colour = "green" if figure.value > before.value else "red"
    return f"{text} [{colour}]{figure.value - before.value:+.3f}[/]"


def _spent(model: str, results: Sequence[CaseResult]) -> str:
    took = spending(results)
    if not took:
        return f"{model}: no case was taken."
    return (
        f"{model}: {took.trials} trials, {took.requests:.1f} steps and {took.tokens:,.0f} tokens each, "
        f"latency {1000 * took.median:.0f} ms (median), {1000 * took.late:.0f} ms (95 %), "
        f"cost {cost(results)}"
    )
