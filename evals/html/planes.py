"""Plots of one quantity over another, drawn as SVG."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from evals.html.dots import COLOURS, mark
from evals.html.markup import Html, element, joined
from evals.html.rates import Rate

_WIDTH: Final = 520
_HEIGHT: Final = 300
_LEFT: Final = 46
_RIGHT: Final = _WIDTH - 32
_TOP: Final = 14
_BOTTOM: Final = _HEIGHT - 46
_WIDE_RANGE: Final = 20
_LONG: Final = 32
_STEPS: Final = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Axis:
    """From the first of the ticks to the last; `logarithmic` where the values are of different magnitudes."""

    label: str
    ticks: Sequence[float]
    shown: Callable[[float], str]
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """How far along the axis a value stands, from 0 to 1."""
        low, high, at = (self._scaled(each) for each in (self.ticks[0], self.ticks[-1], value))
        return (at - low) / (high - low)

    def _scaled(self, value: float) -> float:
        return log10(value) if self.logarithmic else value


@dataclass(frozen=True)
class Point:
    """A `label` is written beside it, a `hint` shown on hovering; without an `interval` it is faint."""

    series: int
    x: float
    y: float
    hint: str
    label: str = ""
    interval: Rate | None = None


SHARES: Final = (0, 0.25, 0.5, 0.75, 1)


def axis(label: str, values: Sequence[float], shown: Callable[[float], str]) -> Axis:
    """One on which all of these find a place."""
    low, high = min(values), max(values)
    if low > 0 and high / low > _WIDE_RANGE:
        decades = range(floor(log10(low)), ceil(log10(high)) + 1)
        return Axis(label, [10.0**power for power in decades], shown, logarithmic=True)
    step = _step(high)
    return Axis(label, [step * number for number in range(max(1, ceil(high / step)) + 1)], shown)


def _step(high: float) -> float:
    """A round number of which some four make up so much."""
    if high <= 0:
        return 1
    magnitude: float = 10.0 ** floor(log10(high / 4))
    return next(magnitude * step for step in _STEPS if magnitude * step >= high / 4)


def scatter(description: str, x: Axis, y: Axis, points: Iterable[Point]) -> Html:
    return _plane(description, x, y, (_point(x, y, each) for each in points))


def curves(description: str, x: Axis, y: Axis, lines: Iterable[Sequence[Point]]) -> Html:
    return _plane(description, x, y, (_curve(x, y, line) for line in lines))


def _plane(description: str, x: Axis, y: Axis, drawn: Iterable[Html]) -> Html:
    return element(
        "svg",
        element("title", description),
        (_tick_across(x, value) for value in x.ticks),
        (_tick_up(y, value) for value in y.ticks),
        element("text", x.label, x=(_LEFT + _RIGHT) / 2, y=_HEIGHT - 6, text_anchor="middle"),
        drawn,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        class_="plane",
        role="img",
        aria_label=description,
    )


def _tick_across(x: Axis, value: float) -> Html:
    at = _across(x, value)
    return joined(
        element("line", x1=at, x2=at, y1=_TOP, y2=_BOTTOM, class_="grid"),
        element("text", x.shown(value), x=at, y=_BOTTOM + 18, text_anchor="middle"),
    )


def _tick_up(y: Axis, value: float) -> Html:
    at = _up(y, value)
    return joined(
        element("line", x1=_LEFT, x2=_RIGHT, y1=at, y2=at, class_="grid"),
        element("text", y.shown(value), x=_LEFT - 8, y=at + 4, text_anchor="end"),
    )


def _point(x: Axis, y: Axis, point: Point) -> Html:
    """Its sign, with its interval if it has one."""
    place = f"translate({_across(x, point.x)} {_up(y, point.y)})"
    sign = element("g", element("title", point.hint), mark(point.series), transform=place)
    if point.interval is None:
        return element("g", sign, class_="faint")
    return joined(_interval(x, y, point, point.interval), sign, _label(x, y, point) if point.label else None)


def _label(x: Axis, y: Axis, point: Point) -> Html:
    """On the side where there is more room."""
    at = _across(x, point.x)
    left = at > (_LEFT + _RIGHT) / 2
    return element(
        "text",
        point.label if len(point.label) <= _LONG else f"\u2026{point.label[-_LONG:]}",
        x=at - 11 if left else at + 11,
        y=_up(y, point.y) + 4,
        text_anchor="end" if left else "start",
        class_="name",
    )


def _interval(x: Axis, y: Axis, point: Point, interval: Rate) -> Html:
    at = _across(x, point.x)
    return element(
        "line",
        x1=at,
        x2=at,
        y1=_up(y, interval.low),
        y2=_up(y, interval.high),
        class_=f"whisker c{point.series % COLOURS}",
    )


def _curve(x: Axis, y: Axis, points: Sequence[Point]) -> Html:
    corners = " ".join(f"{_across(x, each.x)},{_up(y, each.y)}" for each in points)
    line = element("polyline", points=corners, class_=f"curve c{points[0].series % COLOURS}")
    return joined(line, (_point(x, y, each) for each in points))


def _across(x: Axis, value: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * x.share(value), 1)


def _up(y: Axis, value: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * y.share(value), 1)
