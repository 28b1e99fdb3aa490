"""The gate: which figures are below their bars, or worse than an earlier run's beyond its interval."""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Final, cast

from evals.figures import METRICS, PASSED, RATES, Figure
from evals.report import Report, UnreadableReport
from evals.suites import SPLITS, Suite, partial_groups

_ROUNDING: Final = 1e-9
_UNSEEN: Final = 0.0005


class UnknownBar(ValueError):
    """A bar that nothing can be measured by."""


@dataclass(frozen=True)
class Bar:
    """The least value of a metric: everywhere, at one place, or at one place of one split."""

    metric: str
    least: float
    place: str | None = None
    split: str | None = None

    def concerns(self, figure: Figure) -> bool:
        return (
            figure.metric == self.metric
            and self.place in (None, figure.place)
            and self.split in (None, figure.split)
        )

    def __str__(self) -> str:
        where = ".".join(part for part in (self.split, self.place, self.metric) if part)
        return f"{where} >= {self.least:g}"


def read_bar(text: str) -> Bar:
    """A bar as it is written on the command line: `[PLACE.]METRIC=SCORE`.

    Raises:
        UnknownBar: it is not so written, or names a metric that there is not.
    """
    name, _, least = text.partition("=")
    place, _, metric = name.rpartition(".")
    return _bar(metric, least, place or None, None)


def read_bars(path: Path) -> list[Bar]:
    """Bars from a TOML file: a table a split, in it `"PLACE.METRIC" = SCORE`.

    Raises:
        UnknownBar: the file can't be read, or a bar is not so written.
    """
    try:
        tables: Mapping[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UnknownBar(f"{path} can't be read: {error}") from error
    bars: list[Bar] = []
    for split, rows in tables.items():
        if split not in SPLITS or not isinstance(rows, dict):
            raise UnknownBar(f"{path} needs a table for each split, such as [open], not {split!r}.")
        for name, least in cast("dict[str, object]", rows).items():
            place, _, metric = name.rpartition(".")
            bars.append(_bar(metric, str(least), place or None, split))
    return bars


def _bar(metric: str, least: str, place: str | None, split: str | None) -> Bar:
    name, _, times = metric.partition("^")
    if name not in {*RATES, PASSED} or not (times or "1").isdecimal():
        raise UnknownBar(f"There is no metric {metric!r}; there are {', '.join((*RATES, PASSED))}.")
    try:
        number = float(least)
    except ValueError:
        number = nan
    if not isfinite(number):
        raise UnknownBar(f"{metric} needs a number such as 0.9, not {least!r}.")
    return Bar(metric, number, place, split)


def below(bars: Iterable[Bar], report: Report) -> list[str]:
    """Each figure under its bar, in a sentence."""
    return [
        f"{_named(figure)} is {figure.value:.3f}; the bar is {bar.least:g}."
        for bar in bars
        for figure in report.figures
        if bar.concerns(figure) and figure.value < bar.least - _ROUNDING
    ]


def unmeasurable(bars: Sequence[Bar], suites: Sequence[Suite], repeat: int) -> list[Bar]:
    """The bars that no figure of a run of these suites will concern: it is known before anything is paid."""
    partial = partial_groups(suites)
    return [bar for bar in bars if not any(_measures(bar, suite, partial, repeat) for suite in suites)]


def _measures(bar: Bar, suite: Suite, partial: Collection[str], repeat: int) -> bool:
    places = [None, suite.label, *([] if suite.group in partial else [suite.group])]
    kinds = {type(case) for case in suite.cases}
    name, _, times = bar.metric.partition("^")
    return (
        bar.split in (None, suite.split)
        and bar.place in places
        and int(times or 1) <= repeat
        and (name == PASSED or any(name in METRICS[kind] for kind in kinds))
    )


def unmeasured(bars: Iterable[Bar], report: Report) -> list[str]:
    """Each bar that no figure of a model came under: what is not measured is not reached."""
    return [
        f"{model}: nothing was measured that {bar} is about."
        for bar in bars
        for model in report.models
        if not any(bar.concerns(figure) and figure.model == model for figure in report.figures)
    ]


def worse(report: Report, baseline: Report) -> list[str]:
    """Each figure that has fallen out of the interval that it had, in a sentence.

    Raises:
        UnreadableReport: nothing of this run can be held against the baseline.
    """
    pairs = _pairs(report, baseline)
    if not any(_comparable(figure, before) for figure, before in pairs):
        raise UnreadableReport("The baseline has no figure of the same model, split, data set and cases.")
    return [
        f"{_named(figure)} is {figure.value:.3f}; "
        f"it was {before.value:.3f} ({before.low:.3f} to {before.high:.3f})."
        for figure, before in pairs
        if _comparable(figure, before) and beyond(figure, before) and figure.value < before.value
    ]


def uncompared(report: Report, baseline: Report) -> list[str]:
    """The places whose figures are of other cases than the baseline's."""
    places = [
        f"{figure.place} ({figure.split})"
        for figure, before in _pairs(report, baseline)
        if not _comparable(figure, before)
    ]
    return list(dict.fromkeys(places))


def _pairs(report: Report, baseline: Report) -> list[tuple[Figure, Figure]]:
    return [(figure, before) for figure in report.figures if (before := matching(figure, report, baseline))]


def _comparable(figure: Figure, before: Figure) -> bool:
    return figure.cases == before.cases


def matching(figure: Figure, report: Report, baseline: Report) -> Figure | None:
    """The figure's counterpart in the baseline."""
    model = counterpart(figure.model, report, baseline)
    return baseline.figure(model, figure.split, figure.place, figure.metric)


def counterpart(model: str, report: Report, baseline: Report) -> str:
    """The baseline's model to compare it with: where each run has one, whatever they are called."""
    return baseline.models[0] if len(report.models) == len(baseline.models) == 1 else model


def moved(figure: Figure, before: Figure) -> bool:
    """Whether the difference can be seen at three digits."""
    return abs(figure.value - before.value) > _UNSEEN


def beyond(figure: Figure, before: Figure) -> bool:
    """Whether it left the interval that it had, for better or worse."""
    return not before.low - _ROUNDING <= figure.value <= before.high + _ROUNDING


def _named(figure: Figure) -> str:
    return f"{figure.model}: {figure.metric} of {figure.place} ({figure.split})"
