"""How good the models are by data set, metric and field, in plots."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from evals.figures import PASSED, Figure
from evals.html.dots import Row, dots, legend
from evals.html.markup import Html, element, folded, joined, table
from evals.html.rates import Rate, rate_of
from evals.html.readings import VERDICTS, FieldRate, field_rates
from evals.html.wording import meaning
from evals.report import Report

_HEADLINES: Final = (PASSED, "field_f1")
_HOW_TO_READ: Final = (
    "A dot is the score on the cases at hand. Its line is an interval: the score on all such cases probably "
    "lies in it (95 %). Where two lines overlap a good deal, don't make much of the difference."
)
_MOST_FIELDS: Final = 15


def by_data_set(report: Report) -> Html | None:
    plots = [
        plot for split in report.splits for metric in _HEADLINES if (plot := _headline(report, split, metric))
    ]
    if not plots:
        return None
    return joined(
        element("p", _HOW_TO_READ),
        legend(report.models),
        element("div", plots, class_="plots"),
    )


def _headline(report: Report, split: str, metric: str) -> Html | None:
    own = [each for each in report.figures if (each.split, each.metric) == (split, metric)]
    places = {each.place: each.cases for each in own}
    rows = [Row(f"{place} ({cases})", _rates(report, own, place, metric)) for place, cases in places.items()]
    title = "Cases passed" if metric == PASSED else "F1 over all values"
    return dots(f"{title}, {split}", "Data set (cases)", report.models, rows) if rows else None


def _rates(report: Report, own: Iterable[Figure], place: str, metric: str) -> list[Rate | None]:
    found = {each.model: rate_of(each) for each in own if (each.place, each.metric) == (place, metric)}
    return [found.get(model) for model in report.models]


def by_metric(report: Report) -> Html | None:
    """All metrics of each group: what the agents are good at."""
    groups = dict.fromkeys((each.split, each.place) for each in report.figures if "/" not in each.place)
    plots = [_group(report, split, place) for split, place in groups]
    if not plots:
        return None
    return joined(legend(report.models), element("div", plots, class_="plots"), _glossary(report))


def _group(report: Report, split: str, place: str) -> Html:
    own = [each for each in report.figures if (each.split, each.place) == (split, place)]
    present = {each.metric for each in own}
    metrics = [name for name in report.metrics if name in present]
    rows = [Row(metric, _rates(report, own, place, metric)) for metric in metrics]
    return dots(f"{place}, {split}", "Metric", report.models, rows)


def _glossary(report: Report) -> Html:
    present = {each.metric for each in report.figures}
    terms = [
        (element("dt", name), element("dd", f"{meaning(name)}."))
        for name in report.metrics
        if name in present
    ]
    return folded("What the metrics mean", element("dl", terms))


def by_field(report: Report) -> Html | None:
    """F1 of every field that readings are about, the worst first."""
    rates = field_rates(report.results)
    if not rates:
        return None
    places = sorted({each.place for each in rates})
    plots = (_fields(report, place, [each for each in rates if each.place == place]) for place in places)
    return joined(
        legend(report.models),
        element("div", plots, class_="plots"),
        folded("All fields, with what became of their values", _verdicts(rates)),
    )


def _fields(report: Report, place: str, rates: Sequence[FieldRate]) -> Html:
    told = Counter[str]()
    for each in rates:
        told[each.name] += each.f1.cases
    frequent = {name for name, _ in told.most_common(_MOST_FIELDS)}
    names = [name for name in dict.fromkeys(each.name for each in rates) if name in frequent]
    found = {(each.model, each.name): each.f1 for each in rates}
    rows = [Row(name, [found.get((model, name)) for model in report.models]) for name in names]
    which = "" if len(frequent) == len(told) else f", the {len(frequent)} most frequent"
    return dots(f"{place}{which}", "Field", report.models, rows)


def _verdicts(rates: Sequence[FieldRate]) -> Html:
    heads = (
        "Field",
        "Data set",
        "Model",
        "F1",
        "Cases",
        *(verdict.value.capitalize() for verdict in VERDICTS),
    )
    rows = (
        (
            each.name,
            each.place,
            each.model,
            f"{each.f1.value:.3f}",
            str(each.f1.cases),
            *(str(each.count.get(verdict, 0)) for verdict in VERDICTS),
        )
        for each in rates
    )
    return table("F1 and verdicts by field", heads, rows)
