"""The gate: which figures are below their bars, or worse than an earlier run's beyond its interval."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evals.figures import PASSED, RATES, Figure
from evals.report import Report

_ROUNDING: Final = 1e-9


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
        tables: Mapping[str, Mapping[str, object]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UnknownBar(f"{path} can't be read: {error}") from error
    bars: list[Bar] = []
    for split, rows in tables.items():
        for name, least in rows.items():
            place, _, metric = name.rpartition(".")
            bars.append(_bar(metric, str(least), place or None, split))
    return bars


def _bar(metric: str, least: str, place: str | None, split: str | None) -> Bar:
    if metric.partition("^")[0] not in {*RATES, PASSED}:
        raise UnknownBar(f"There is no metric {metric!r}; there are {', '.join((*RATES, PASSED))}.")
    try:
        return Bar(metric, float(least), place, split)
    except ValueError as error:
        raise UnknownBar(f"{metric} needs a number such as 0.9, not {least!r}.") from error


def below(bars: Iterable[Bar], report: Report) -> list[str]:
    """Each figure under its bar, in a sentence."""
    return [
        f"{_named(figure)} is {figure.value:.3f}; the bar is {bar.least:g}."
        for bar in bars
        for figure in report.figures
        if bar.concerns(figure) and figure.value < bar.least - _ROUNDING
    ]


def unmeasured(bars: Sequence[Bar], report: Report) -> list[Bar]:
    """The bars that no figure of this run concerns."""
    return [bar for bar in bars if not any(bar.concerns(figure) for figure in report.figures)]


def worse(report: Report, baseline: Report) -> list[str]:
    """Each figure that has fallen out of the interval that it had, in a sentence."""
    return [
        f"{_named(figure)} is {figure.value:.3f}; "
        f"it was {before.value:.3f} ({before.low:.3f} to {before.high:.3f})."
        for figure in report.figures
        if (before := matching(figure, report, baseline)) and figure.value < before.low - _ROUNDING
    ]


def matching(figure: Figure, report: Report, baseline: Report) -> Figure | None:
    """The figure's counterpart; where each run has one model, they are compared whatever they are called."""
    model = figure.model
    if len(report.models) == len(baseline.models) == 1:
        model = baseline.models[0]
    return baseline.figure(model, figure.split, figure.place, figure.metric)


def _named(figure: Figure) -> str:
    return f"{figure.model}: {figure.metric} of {figure.place} ({figure.split})"
