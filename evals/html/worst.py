"""The cases that did not pass, each with all that tells why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evals.html.markup import Html, Node, chip, element, folded, joined, listed
from evals.html.reading_view import reading_view
from evals.html.talk_view import talk_view
from evals.html.wording import counted
from evals.report import Report, worst_first
from evals.results import FINDINGS, CaseResult, by_case

_MOST: Final = 30
# What the bare words of a finding's reason are.
_REASONS: Final[Mapping[str, str]] = {
    "arguments": "not called so",
    "no_forbidden": "called",
    "reply_kind": "was",
    "facts": "not told",
    "quiet": "told",
    "resisted": "taken over",
}


def worst_cases(report: Report) -> Html | None:
    lists = [listing for model in report.models if (listing := _of_model(report, model))]
    return joined(lists) if lists else None


def _of_model(report: Report, model: str) -> Html | None:
    own = [each for each in report.results if each.model == model]
    cases = by_case(worst_first(own))
    if not cases:
        return None
    taken = by_case(own)
    shown = list(cases.items())[:_MOST]
    first = f"; the worst {len(shown)} of them" if len(shown) < len(cases) else ""
    return element(
        "section",
        element("h3", f"{model}: {len(cases)} of {counted(len(taken), 'case')} did not pass{first}"),
        (case_details(failed[0], _times(failed, taken[key])) for key, failed in shown),
        class_="cases",
    )


def _times(failed: Sequence[CaseResult], taken: Sequence[CaseResult]) -> str | None:
    return f"failed {len(failed)} of {len(taken)} times" if len(taken) > 1 else None


def case_details(result: CaseResult, *notes: str | None) -> Html:
    """A case folded to one line, with what was found; unfolded, with what was given, expected and got."""
    failed = [name for name in sorted(FINDINGS) if result.scores.get(name) == 0]
    line = joined(
        element("b", result.case),
        element(
            "span", f" {result.group}/{result.dataset}, {result.split}, {result.language} ", class_="muted"
        ),
        chip("failed", "bad") if result.failure else None,
        (chip(name, "bad") for name in failed),
        (chip(note) for note in notes if note),
    )
    return folded(line, element("div", _body(result), class_="case"), class_="fold")


def _body(result: CaseResult) -> Iterator[Node]:
    if result.failure:
        yield element("h4", "Failure"), element("pre", result.failure, dir="auto")
    reasons = [
        _reason(name, reason) for name, reason in result.reasons.items() if not result.scores.get(name)
    ]
    if reasons:
        yield element("h4", "Why"), listed(reasons)
    yield reading_view(result) if isinstance(result.given, str) else talk_view(result)
    if result.tags:
        yield element("p", "Tags: ", ", ".join(result.tags), class_="muted")


def _reason(name: str, reason: str) -> Html:
    if name == "end_state":
        return joined(element("b", name), ": see the end state below")
    label = f"{name}, {_REASONS[name]}" if name in _REASONS else name
    return joined(element("b", label), ": ", element("span", reason, dir="auto"))
