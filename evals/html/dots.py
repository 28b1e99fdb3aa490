"""Dot-and-whisker plots that are tables: the numbers stand beside the dots, so nobody needs to see these."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evals.html.markup import Html, Node, element, joined, unseen
from evals.html.rates import Rate
from evals.html.wording import score

_TICKS: Final = (0, 0.25, 0.5, 0.75, 1)
# Told apart by shape as well as by colour, each about the origin: circle, square, diamond, two triangles.
_SHAPES: Final = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "M-4.5-4.5h9v9h-9z",
    "M0-6.5L6.5 0L0 6.5L-6.5 0z",
    "M0-6L6 5H-6z",
    "M0 6L6-5H-6z",
)
COLOURS: Final = 6
_WORDS: Final = re.compile(r"[^/_-]+[/_-]?|[/_-]")


@dataclass(frozen=True)
class Row:
    """What is plotted under one label: a rate for each series, or None where it has none."""

    label: str
    rates: Sequence[Rate | None]


def mark(series: int) -> Html:
    """The sign of a series, about the origin."""
    return element("path", d=_SHAPES[series % len(_SHAPES)], class_=f"dot c{series % COLOURS}")


def legend(names: Sequence[str]) -> Html | None:
    """Which sign is whose; nothing, if there is only one."""
    signs = (
        element("li", element("svg", mark(place), viewBox="-8 -8 16 16", aria_hidden="true"), name)
        for place, name in enumerate(names)
    )
    return element("ul", signs, class_="legend") if len(names) > 1 else None


def dots(caption: str, head: str, names: Sequence[str], rows: Iterable[Row]) -> Html:
    """A lane from 0 to 1 for each series of each row; `head` says what the rows are."""
    axis = joined(unseen("Plot"), element("svg", map(_tick, _TICKS), class_="lane", aria_hidden="true"))
    heads = (element("th", content, scope="col") for content in (head, axis, "Score, 95 % interval"))
    bodies = (_single(row) if len(names) == 1 else _several(names, row) for row in rows)
    head_row = element("thead", element("tr", heads))
    return element("table", element("caption", caption), head_row, *bodies, class_="dots")


def _tick(value: float) -> Html:
    return element("text", f"{value:g}", x=f"{100 * value:g}%", y="70%", text_anchor="middle")


def _single(row: Row) -> Html:
    return element("tbody", _lane(row.label, 0, row.rates[0]))


def _several(names: Sequence[str], row: Row) -> Html:
    head = element("tr", element("th", row.label, scope="rowgroup", colspan="3"), class_="group")
    lanes = (_lane(name, place, row.rates[place]) for place, name in enumerate(names))
    return element("tbody", head, lanes)


def _lane(label: str, series: int, rate: Rate | None) -> Html:
    grid = (element("line", x1=_x(at), x2=_x(at), y1="0", y2="100%", class_="grid") for at in _TICKS)
    drawn = element("svg", grid, _whisker(series, rate), class_="lane", aria_hidden="true")
    cells = (element("td", drawn), element("td", score(rate), class_="number"))
    return element("tr", element("th", _breakable(label), scope="row"), cells)


def _breakable(label: str) -> Iterator[Node]:
    """Long names break where their words end."""
    for word in _WORDS.findall(label):
        yield word, element("wbr")


def _whisker(series: int, rate: Rate | None) -> Html | None:
    if rate is None:
        return None
    line = element(
        "line",
        x1=_x(rate.low),
        x2=_x(rate.high),
        y1="50%",
        y2="50%",
        class_=f"whisker c{series % COLOURS}",
    )
    return joined(line, element("svg", mark(series), x=_x(rate.value), y="50%", class_="at"))


def _x(share: float) -> str:
    return f"{100 * share:.2f}%"
