"""How many cases pass by language and by tag, in each group of each split."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals.html.dots import Row, dots, legend
from evals.html.markup import Html, element, folded, joined, table
from evals.html.rates import passed_rate, share_passed
from evals.report import Report
from evals.results import CaseResult, by_case

_FEW: Final = 3
_MOST: Final = 20
_KINDS: Final[Mapping[str, Callable[[CaseResult], Sequence[str]]]] = {
    "Language": lambda result: [result.language],
    "Tag": lambda result: result.tags,
}


@dataclass(frozen=True)
class _Cut:
    """The results of a group's split by their languages, or by their tags."""

    head: str
    place: str
    results: Mapping[str, Sequence[CaseResult]]

    def cases(self, name: str) -> int:
        return len({key[1:] for key in by_case(self.results[name])})

    def of(self, name: str, model: str) -> list[CaseResult]:
        return [each for each in self.results[name] if each.model == model]


def by_kind(report: Report) -> Html | None:
    cuts = [cut for cut in _cuts(report) if len(cut.results) > 1]
    if not cuts:
        return None
    plots = [plot for cut in cuts if (plot := _plot(report, cut))]
    return joined(
        (legend(report.models), element("div", plots, class_="plots")) if plots else None,
        folded("All languages and tags, the worst first", _table(report, cuts)),
    )


def _cuts(report: Report) -> Iterator[_Cut]:
    for head, names in _KINDS.items():
        found: dict[str, dict[str, list[CaseResult]]] = {}
        for result in report.results:
            place = found.setdefault(f"{result.group}, {result.split}", {})
            for name in names(result):
                place.setdefault(name, []).append(result)
        yield from (_Cut(head, place, results) for place, results in found.items())


def _plot(report: Report, cut: _Cut) -> Html | None:
    """Of what is told of enough cases, the most frequent, the worst of them first."""
    sizes = {name: size for name in cut.results if (size := cut.cases(name)) >= _FEW}
    if len(sizes) < 2:
        return None
    frequent = sorted(sizes, key=lambda name: -sizes[name])[:_MOST]
    rows = [
        Row(f"{name} ({sizes[name]})", [passed_rate(cut.of(name, model)) for model in report.models])
        for name in frequent
    ]
    rows.sort(key=lambda row: min((rate.value for rate in row.rates if rate), default=0))
    which = f", the {_MOST} most frequent" if len(sizes) > _MOST else ""
    caption = f"Cases passed by {cut.head.lower()}, {cut.place}; of {_FEW} cases or more{which}"
    return dots(caption, f"{cut.head} (cases)", report.models, rows)


def _table(report: Report, cuts: Sequence[_Cut]) -> Html:
    found = [
        (share_passed(own), name, cut, model)
        for cut in cuts
        for name in cut.results
        for model in report.models
        if (own := cut.of(name, model))
    ]
    rows = (
        (name, cut.head.lower(), cut.place, model, f"{share:.3f}", f"{cut.cases(name):,}")
        for share, name, cut, model in sorted(found, key=lambda each: each[0])
    )
    heads = ("Name", "What", "Group, split", "Model", "Cases passed", "Cases")
    return table("Cases passed by language and tag", heads, rows)
