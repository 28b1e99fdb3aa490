"""What scores take: cost, tokens or time against them, and how they hold when cases are taken again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evals.figures import PASSED, Figure
from evals.html.dots import legend
from evals.html.markup import Html, element, joined
from evals.html.planes import SHARES, Axis, Point, axis, curves, scatter
from evals.html.rates import passed_rate, rate_of, share_passed
from evals.html.wording import duration
from evals.outcomes import Outcome
from evals.report import Report
from evals.results import CaseResult
from evals.spending import dollars

_PASSED: Axis = Axis("cases passed", SHARES, lambda value: f"{value:g}")


@dataclass(frozen=True)
class _Effort:
    """What is known of an outcome's effort, if anything."""

    label: str
    of: Callable[[Outcome], float | None]
    shown: Callable[[float], str]

    def value(self, result: CaseResult) -> float | None:
        return self.of(result.outcome) if result.outcome else None


_COST = _Effort("cost of a trial", lambda outcome: outcome.spent.cost, dollars)
_TOKENS = _Effort(
    "tokens of a trial",
    lambda outcome: outcome.spent.input_tokens + outcome.spent.output_tokens or None,
    lambda tokens: f"{tokens:,.0f}",
)
_LATENCY = _Effort("time of a trial", lambda outcome: outcome.seconds, duration)


def against_effort(report: Report) -> Html | None:
    """A point for each model, and faintly one for each of its data sets."""
    efforts = (_COST, _TOKENS, _LATENCY)
    known = [effort for effort in efforts if any(effort.value(each) is not None for each in report.results)]
    if not known:
        return None
    plots = [_scatter(report, effort) for effort in dict.fromkeys((known[0], known[-1]))]
    return joined(
        element("p", "A named point is a model over all cases; each faint one is one of its data sets."),
        legend(report.models),
        element("div", plots, class_="plots"),
    )


def _scatter(report: Report, effort: _Effort) -> Html:
    points = [point for model in report.models for point in _points(report, model, effort)]
    named = "; ".join(point.hint for point in points if point.label)
    plane = scatter(
        f"Cases passed against the {effort.label}. {named}.",
        axis(effort.label, [point.x for point in points], effort.shown),
        _PASSED,
        points,
    )
    caption = element("figcaption", f"Cases passed against the {effort.label}")
    return element("figure", caption, plane, _left_out(report, effort))


def _points(report: Report, model: str, effort: _Effort) -> list[Point]:
    """One for each of its data sets and its own, over the trials of which the effort is known."""
    own = [each for each in report.results if each.model == model and effort.value(each) is not None]
    if not own:
        return []
    sets = dict.fromkeys(map(_set, own))
    series = report.models.index(model)
    parts = [
        _point(series, f"{model}, {name}", effort, [each for each in own if _set(each) == name])
        for name in sets
    ]
    return [*parts, replace(_point(series, model, effort, own), label=model, interval=passed_rate(own))]


def _point(series: int, name: str, effort: _Effort, results: Sequence[CaseResult]) -> Point:
    x = sum(effort.value(each) or 0 for each in results) / len(results)
    y = share_passed(results)
    return Point(series, x, y, f"{name}: {y:.3f} at {effort.shown(x)}")


def _left_out(report: Report, effort: _Effort) -> Html | None:
    """Whose trials have no part in the plot."""
    told: list[str] = []
    for model in report.models:
        values = [effort.value(each) for each in report.results if each.model == model]
        missing = values.count(None)
        if missing:
            which = "all" if missing == len(values) else f"{missing:,} of {len(values):,}"
            told.append(f"{which} trials of {model}")
    if not told:
        return None
    return element("p", f"Left out, as the {effort.label} is not known: {', '.join(told)}.", class_="muted")


def _set(result: CaseResult) -> str:
    return f"{result.group}/{result.dataset} ({result.split})"


def steadiness(report: Report) -> Html | None:
    """How likely a case passes every time (pass^k)."""
    groups = dict.fromkeys((each.split, each.place) for each in report.figures if "/" not in each.place)
    if report.repeat == 1 or not groups:
        return None
    plots = (_curves(report, split, place) for split, place in groups)
    return joined(
        element("p", "How likely a case passes each time when it is taken k times (pass^k)."),
        legend(report.models),
        element("div", plots, class_="plots"),
    )


def _curves(report: Report, split: str, place: str) -> Html:
    own = [each for each in report.figures if (each.split, each.place) == (split, place)]
    lines = [line for model in report.models if (line := _line(report, model, own))]
    told = "; ".join(
        f"{report.models[line[0].series]} {', '.join(f'{point.y:.3f}' for point in line)}" for line in lines
    )
    times = Axis("k", list(range(1, report.repeat + 1)), lambda value: f"{value:g}")
    plane = curves(f"pass^k of {place} ({split}) for k from 1: {told}.", times, _PASSED, lines)
    return element("figure", element("figcaption", f"{place}, {split}"), plane)


def _line(report: Report, model: str, figures: Sequence[Figure]) -> list[Point]:
    found = {each.metric: rate_of(each) for each in figures if each.model == model}
    line: list[Point] = []
    for times in range(1, report.repeat + 1):
        if rate := found.get(PASSED if times == 1 else f"{PASSED}^{times}"):
            hint = f"{model}, k={times}: {rate.value:.3f}"
            line.append(Point(report.models.index(model), times, rate.value, hint, interval=rate))
    return line
