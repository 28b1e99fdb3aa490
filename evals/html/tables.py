"""All figures, in tables."""

from evals.html.markup import Html, joined, table
from evals.html.rates import rate_of
from evals.html.wording import score
from evals.report import Report, Sheet, sheets


def all_figures(report: Report) -> Html | None:
    """A table a model, split and group; those of the same group stand together."""
    ordered = sorted(sheets(report), key=lambda each: (report.splits.index(each.split), each.group))
    return joined(_table(report, each) for each in ordered) if ordered else None


def _table(report: Report, sheet: Sheet) -> Html:
    rows = (
        (metric, *(score(rate_of(each) if each else None) for each in row))
        for metric, row in sheet.rows(report.metrics)
    )
    return table(f"{sheet.group}, {sheet.split}: {sheet.model}", ["Metric", *sheet.heads], rows)
