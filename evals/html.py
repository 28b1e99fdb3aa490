"""`report.html`."""

from pathlib import Path

from evals.report import Report


def write_html(report: Report, baseline: Report | None, path: Path) -> None:
    pass
