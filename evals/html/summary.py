"""The head: what was run, what it took, and whether something failed."""

from collections.abc import Sequence
from typing import Final

from evals.gate import worse
from evals.html.markup import Html, Node, element, folded, listed, table
from evals.html.rates import passed_rate
from evals.html.wording import NOTHING, counted, duration, score
from evals.report import Report, UnreadableReport
from evals.results import CaseResult, by_case, failures_in
from evals.spending import cost, spending

_HEADS: Final = (
    *("Model", "Cases passed", "Trials", "Failed", "Steps each", "Tokens each", "Cost"),
    *("Time (median)", "Time (95 %)"),
)


def head(report: Report, baseline: Report | None) -> Html:
    return element(
        "header",
        element("h1", "How good the agents are"),
        element("p", _what(report), class_="lead"),
        _verdict(report),
        _fallen(report, baseline) if baseline else None,
        _facts(report),
        _models(report),
    )


def _what(report: Report) -> str:
    cases = {key[1:] for key in by_case(report.results)}
    sets = {(each.group, each.dataset) for each in report.results}
    return (
        f"{counted(len(report.models), 'model')}, {counted(len(sets), 'data set')}, "
        f"{counted(len(cases), 'case')}, {counted(len(report.results), 'trial')}."
    )


def _verdict(report: Report) -> Html:
    failed = failures_in(report.results)
    if not report.results:
        return element("p", "No case was taken.", class_="verdict bad")
    if not failed:
        return element("p", "Every trial came to an outcome, and was judged.", class_="verdict good")
    return element(
        "div",
        folded(
            f"{counted(len(failed), 'trial')} failed: the agent raised an error, or could not be judged.",
            listed(f"{each.model}: {each.case} ({each.dataset}): {each.failure}" for each in failed),
        ),
        class_="verdict bad",
    )


def _fallen(report: Report, baseline: Report) -> Html:
    try:
        fallen = worse(report, baseline)
    except UnreadableReport as error:
        return element("p", str(error), class_="verdict bad")
    if not fallen:
        return element("p", "No figure fell out of its interval in the baseline.", class_="verdict good")
    sentence = f"{counted(len(fallen), 'figure')} fell out of the interval that the baseline had."
    return element("div", folded(sentence, listed(fallen)), class_="verdict bad")


def _facts(report: Report) -> Html:
    spent = [each.spent for each in report.results]
    facts: dict[str, str] = {
        "Models": ", ".join(report.models) or "none",
        "Data sets": ", ".join(dict.fromkeys(f"{each.group}/{each.dataset}" for each in report.results)),
        "Splits": ", ".join(report.splits),
        "Each case taken": "once" if report.repeat == 1 else f"{report.repeat} times",
        "Began": f"{report.began:%d %B %Y, %H:%M} {report.began.tzname() or ''}",
        "Took": duration(report.seconds),
        "Tokens": f"{sum(each.input_tokens for each in spent):,} in, "
        f"{sum(each.output_tokens for each in spent):,} out",
        "Cost": cost(report.results),
    }
    return element("dl", (_fact(name, fact) for name, fact in facts.items()), class_="facts")


def _fact(name: str, fact: str) -> Html:
    return element("div", element("dt", name), element("dd", fact or "none"))


def _models(report: Report) -> Html | None:
    if not report.models:
        return None
    own = {model: [each for each in report.results if each.model == model] for model in report.models}
    rows = (_model(model, results) for model, results in own.items())
    return table("What each model came to, and what it took", _HEADS, rows)


def _model(model: str, results: Sequence[CaseResult]) -> Sequence[Node]:
    took = spending(results)
    return (
        model,
        score(passed_rate(results)),
        f"{len(results):,}",
        f"{len(failures_in(results)):,}",
        f"{took.requests:.1f}" if took else NOTHING,
        f"{took.tokens:,.0f}" if took else NOTHING,
        cost(results),
        duration(took.median) if took else NOTHING,
        duration(took.late) if took else NOTHING,
    )
