"""`report.html`: how good the agents are, and why, for whoever wants to look."""

from pathlib import Path

from evals.html.page import page
from evals.report import Report


def write_html(report: Report, baseline: Report | None, path: Path) -> None:
    """One file that needs no other, and no network; with a baseline, what changed since."""
    path.write_text(page(report, baseline), encoding="utf-8")
