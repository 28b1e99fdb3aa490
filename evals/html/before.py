"""This run against an earlier one: which figures moved, and which cases got better and worse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evals.figures import Figure
from evals.gate import matching
from evals.html.dots import Row, dots, legend
from evals.html.markup import Html, Node, chip, element, folded, joined, table
from evals.html.rates import CaseKey, by_case, rate_of
from evals.html.readings import compared
from evals.html.wording import counted, score
from evals.html.worst import case_details
from evals.report import Report
from evals.results import FINDINGS, CaseResult

_SAME: Final = 0.0005
_ROUNDING: Final = 1e-9
_MOST_PLOTTED: Final = 10
_MOST_CASES: Final = 30
_NAMES: Final = ("before", "now")


@dataclass(frozen=True)
class _Move:
    before: Figure
    now: Figure

    @property
    def by(self) -> float:
        return self.now.value - self.before.value

    @property
    def beyond(self) -> bool:
        """Whether it left the interval that it had."""
        return not self.before.low - _ROUNDING <= self.now.value <= self.before.high + _ROUNDING

    @property
    def name(self) -> str:
        return f"{self.now.metric} of {self.now.place} ({self.now.split}, {self.now.model})"


def against_baseline(report: Report, baseline: Report) -> Html:
    moves = [
        _Move(before, figure) for figure in report.figures if (before := matching(figure, report, baseline))
    ]
    moved = sorted((each for each in moves if abs(each.by) > _SAME), key=_size)
    beyond = [each for each in moved if each.beyond]
    return joined(
        element("p", _summary(report, baseline, moves, moved)),
        _unlike(report, baseline),
        _plot(moved),
        _table("Beyond the interval", beyond) if beyond else None,
        _folded("moved within the interval", [each for each in moved if not each.beyond]),
        _folded("did not move", [each for each in moves if each not in moved]),
        _cases(report, baseline),
    )


def _size(move: _Move) -> tuple[bool, float]:
    return not move.beyond, -abs(move.by)


def _summary(report: Report, baseline: Report, moves: Sequence[_Move], moved: Sequence[_Move]) -> str:
    beyond = sum(each.beyond for each in moved)
    return (
        f"The baseline is of {baseline.began:%d %B %Y, %H:%M} ({', '.join(baseline.models) or 'no model'}). "
        f"Of {counted(len(moves), 'figure')} that both runs have, {len(moved)} moved, {beyond} of them "
        f"beyond the interval; {counted(len(report.figures) - len(moves), 'figure')} had none before."
    )


def _unlike(report: Report, baseline: Report) -> Html | None:
    """A word of caution where the runs are not of the same cases."""
    now, before = ({key[1:] for key in by_case(each.results)} for each in (report, baseline))
    if now == before:
        return None
    new = counted(len(now - before), "case is", "cases are")
    text = f"{new} only in this run and {counted(len(before - now), 'case')} only in the baseline"
    return element("p", f"{text}: figures of data sets and groups that hold them compare unlike things.")


def _plot(moved: Sequence[_Move]) -> Html | None:
    if not moved:
        return None
    rows = [Row(each.name, [rate_of(each.before), rate_of(each.now)]) for each in moved[:_MOST_PLOTTED]]
    which = f"The {len(rows)} figures that moved most" if len(moved) > len(rows) else "Figures that moved"
    return joined(legend(_NAMES), element("div", dots(which, "Figure", _NAMES, rows), class_="plots"))


def _table(caption: str, moves: Iterable[_Move]) -> Html:
    heads = ("Metric", "Data set", "Split", "Model", "Before", "Now", "Difference")
    return table(caption, heads, (_row(each) for each in moves))


def _row(move: _Move) -> Sequence[Node]:
    now = move.now
    cells = (now.metric, now.place, now.split, now.model)
    return (*cells, score(rate_of(move.before)), score(rate_of(now)), _difference(move))


def _difference(move: _Move) -> Node:
    if abs(move.by) <= _SAME:
        return element("span", "none", class_="muted")
    if not move.beyond:
        return f"{move.by:+.3f}"
    return chip(f"{move.by:+.3f} beyond", "good" if move.by > 0 else "bad")


def _folded(what: str, moves: Sequence[_Move]) -> Html | None:
    if not moves:
        return None
    return folded(f"{counted(len(moves), 'figure')} {what}", _table(f"Figures that {what}", moves))


@dataclass(frozen=True)
class _Change:
    """A case's trials in both runs."""

    before: Sequence[CaseResult]
    now: Sequence[CaseResult]

    @property
    def standings(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return _standing(self.before), _standing(self.now)


def _cases(report: Report, baseline: Report) -> Html:
    renamed = len(report.models) == len(baseline.models) == 1
    known = {_key(key, renamed): trials for key, trials in by_case(baseline.results).items()}
    changes = [
        _Change(known[_key(key, renamed)], trials)
        for key, trials in by_case(report.results).items()
        if _key(key, renamed) in known
    ]
    worse = [each for each in changes if each.standings[1] < each.standings[0]]
    better = [each for each in changes if each.standings[1] > each.standings[0]]
    return joined(_list("got worse", worse), _list("got better", better))


def _key(key: CaseKey, renamed: bool) -> CaseKey:
    """Where each run has one model, it is the same whatever it is called, as the gate has it."""
    return ("", *key[1:]) if renamed else key


def _standing(trials: Sequence[CaseResult]) -> tuple[float, ...]:
    """How good a case is: how often it passes, then what share of its findings and of its values is right."""
    findings = [value for each in trials for name, value in each.scores.items() if name in FINDINGS]
    values = [
        sum(each.scores.get(name, 0) for each in trials) for name in ("right", "wrong", "missed", "spurious")
    ]
    passed = sum(each.passed for each in trials) / len(trials)
    return passed, sum(findings) / max(len(findings), 1), values[0] / max(sum(values), 1)


def _list(what: str, changes: Sequence[_Change]) -> Html:
    shown = changes[:_MOST_CASES]
    more = f", the first {len(shown)} of them" if len(shown) < len(changes) else ""
    return element(
        "section",
        element("h3", f"{counted(len(changes), 'case')} {what}{more}"),
        (case_details(_shown(each), each.now[0].model, *_changed(each)) for each in shown),
        class_="cases",
    )


def _shown(change: _Change) -> CaseResult:
    """The trial to look at: one that does not pass, if there is any."""
    return min(change.now, key=lambda each: each.passed)


def _changed(change: _Change) -> list[str]:
    """What is judged otherwise now: findings, and values of a reading."""
    names = sorted({name for each in (*change.before, *change.now) for name in each.scores} & FINDINGS)
    pairs = [(name, _mean(name, change.before), _mean(name, change.now)) for name in names]
    told = [f"{name} {before} \u2192 {now}" for name, before, now in pairs if before != now]
    before, now = (
        {field.path: field.verdict.value for field in compared(each)}
        for each in (change.before[0], _shown(change))
    )
    return told + [
        f"{path.removeprefix('/')}: {before.get(path, 'not told')} \u2192 {now.get(path, 'not told')}"
        for path in dict.fromkeys((*before, *now))
        if before.get(path) != now.get(path)
    ]


def _mean(name: str, trials: Sequence[CaseResult]) -> str:
    values = [each.scores[name] for each in trials if name in each.scores]
    if not values:
        return "not judged"
    mean = sum(values) / len(values)
    return ("no", "yes")[int(mean)] if mean in (0, 1) else f"{mean:.2f}"
