"""This run against an earlier one: which figures moved, and which cases got better and worse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals.figures import Figure
from evals.gate import beyond, matching, moved
from evals.html.changes import changed_cases, unlike_cases
from evals.html.dots import Row, dots, legend
from evals.html.markup import Html, Node, chip, element, folded, joined, table
from evals.html.rates import rate_of
from evals.html.wording import counted, score
from evals.report import Report

_MOST_PLOTTED: Final = 10
_NAMES: Final = ("before", "now")
_BEYOND: Final = "moved beyond the interval"
_WITHIN: Final = "moved within the interval"
_STILL: Final = "did not move"
_UNLIKE: Final = "over another number of cases"


@dataclass(frozen=True)
class _Move:
    before: Figure
    now: Figure

    @property
    def by(self) -> float:
        return self.now.value - self.before.value

    @property
    def kind(self) -> str:
        if self.now.cases != self.before.cases:
            return _UNLIKE
        if not moved(self.now, self.before):
            return _STILL
        return _BEYOND if beyond(self.now, self.before) else _WITHIN

    @property
    def name(self) -> str:
        return f"{self.now.metric} of {self.now.place} ({self.now.split}, {self.now.model})"


def against_baseline(report: Report, baseline: Report) -> Html:
    pairs = [(matching(figure, report, baseline), figure) for figure in report.figures]
    moves = sorted((_Move(before, now) for before, now in pairs if before), key=lambda each: -abs(each.by))
    kinds = {
        kind: [each for each in moves if each.kind == kind] for kind in (_BEYOND, _WITHIN, _STILL, _UNLIKE)
    }
    lost = [each for each in baseline.figures if matching(each, baseline, report) is None]
    return joined(
        element("p", f"{_baseline(baseline)} {_summary(kinds, len(pairs) - len(moves), len(lost))}"),
        unlike_cases(report, baseline),
        _plot([*kinds[_BEYOND], *kinds[_WITHIN]]),
        _table("Beyond the interval", kinds[_BEYOND]) if kinds[_BEYOND] else None,
        (_folded(kind, kinds[kind]) for kind in (_WITHIN, _STILL, _UNLIKE)),
        _lost(lost),
        changed_cases(report, baseline),
    )


def _baseline(baseline: Report) -> str:
    models = ", ".join(baseline.models) or "no model"
    return f"The baseline is of {baseline.began:%d %B %Y, %H:%M} ({models})."


def _summary(kinds: Mapping[str, Sequence[_Move]], new: int, lost: int) -> str:
    beyond, within, still, unlike = (len(moves) for moves in kinds.values())
    return (
        f"Of {counted(beyond + within + still, 'figure')} that both runs have over as many cases, "
        f"{beyond + within} moved, {beyond} of them beyond the interval. "
        f"{counted(unlike, 'figure is', 'figures are')} {_UNLIKE}, {new} had none before, "
        f"and {lost} of the baseline have none now."
    )


def _lost(figures: Sequence[Figure]) -> Html | None:
    if not figures:
        return None
    heads = ("Metric", "Data set", "Split", "Model", "Before")
    rows = ((each.metric, each.place, each.split, each.model, score(rate_of(each))) for each in figures)
    text = f"{counted(len(figures), 'figure')} only in the baseline"
    return folded(text, table("Figures only in the baseline", heads, rows))


def _plot(moves: Sequence[_Move]) -> Html | None:
    if not moves:
        return None
    rows = [Row(each.name, [rate_of(each.before), rate_of(each.now)]) for each in moves[:_MOST_PLOTTED]]
    which = f"The {len(rows)} figures that moved most" if len(moves) > len(rows) else "Figures that moved"
    return joined(legend(_NAMES), element("div", dots(which, "Figure", _NAMES, rows), class_="plots"))


def _table(caption: str, moves: Iterable[_Move]) -> Html:
    heads = ("Metric", "Data set", "Split", "Model", "Before", "Now", "Difference")
    return table(caption, heads, (_row(each) for each in moves))


def _row(move: _Move) -> Sequence[Node]:
    now = move.now
    cells = (now.metric, now.place, now.split, now.model)
    return (*cells, score(rate_of(move.before)), score(rate_of(now)), _difference(move))


def _difference(move: _Move) -> Node:
    if not moved(move.now, move.before):
        return element("span", "none", class_="muted")
    if move.kind != _BEYOND:
        return f"{move.by:+.3f}"
    return chip(f"{move.by:+.3f} beyond", "good" if move.by > 0 else "bad")


def _folded(what: str, moves: Sequence[_Move]) -> Html | None:
    if not moves:
        return None
    text = f"{counted(len(moves), 'figure')} {what}"
    return folded(text, _table(text, moves))
