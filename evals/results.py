"""What the judges found, case by case, as the report keeps it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pydantic import JsonValue
from pydantic_evals.reporting import EvaluationReport, ReportCase, ReportCaseFailure

from evals.cases import Meta
from evals.comparing.fields import Verdict, compare
from evals.outcomes import Outcome, Spent
from evals.suites import AnyCase, ReadingCase
from evals.trials import Trial
from src.models.base import Record


class CaseResult(Record):
    """One trial. `scores` holds counts and findings (1 or 0) by name, `reasons` why a finding is what it is.

    `failure` says why there is no outcome, or which evaluator failed on it.
    """

    model: str
    split: str
    group: str
    dataset: str
    case: str
    ordinal: int
    language: str
    tags: list[str]
    given: JsonValue
    expected: JsonValue
    outcome: Outcome | None
    scores: dict[str, float]
    reasons: dict[str, str]
    failure: str | None = None

    @property
    def spent(self) -> Spent:
        return self.outcome.spent if self.outcome else Spent()

    @property
    def passed(self) -> bool:
        """All that was judged yes or no was judged yes."""
        findings = [value for name, value in self.scores.items() if name in FINDINGS]
        return self.failure is None and bool(findings) and all(findings)


FINDINGS = frozenset(
    {
        "exact",
        "schema_valid",
        "resisted",
        "tool_choice",
        "arguments",
        "no_forbidden",
        "end_state",
        "reply_kind",
        "facts",
        "quiet",
    }
)

CaseKey = tuple[str, str, str, str, str]
"""Which case of which model: the model, the split, the group, the data set and the case's name."""

Ran = EvaluationReport[Trial, Outcome, Meta]


def results_of(report: Ran) -> list[CaseResult]:
    """A result for each trial, in the order in which they were asked for."""
    found = [_result(case) for case in report.cases] + [_failure(case) for case in report.failures]
    return sorted(found, key=lambda result: (result.case, result.ordinal))


def _result(ran: ReportCase[Trial, Outcome, Meta]) -> CaseResult:
    judged = {**ran.scores, **ran.assertions}
    failures = [f"{each.name}: {each.error_message}" for each in ran.evaluator_failures]
    return _about(
        ran.inputs,
        outcome=ran.output,
        scores={name: float(each.value) for name, each in judged.items()},
        reasons={name: each.reason for name, each in judged.items() if each.reason},
        failure="; ".join(failures) or None,
    )


def _failure(ran: ReportCaseFailure[Trial, Outcome, Meta]) -> CaseResult:
    scores = _of_nothing(ran.inputs.case)
    return _about(ran.inputs, outcome=None, scores=scores, reasons={}, failure=ran.error_message)


def _of_nothing(case: AnyCase) -> dict[str, float]:
    """What a model reaches that came to nothing: else it would gain by failing at what is hard."""
    if isinstance(case, ReadingCase):
        missed = [field for field in compare(case.expected, {}) if field.verdict is Verdict.MISSED]
        return {"right": 0, "wrong": 0, "spurious": 0, "missed": len(missed), "exact": 0}
    expected = case.expected
    told = {"arguments": expected.calls, "reply_kind": expected.kind, "facts": expected.says}
    return {"tool_choice": 0, "end_state": 0, **{name: 0 for name, wanted in told.items() if wanted}}


def _about(
    trial: Trial,
    *,
    outcome: Outcome | None,
    scores: Mapping[str, float],
    reasons: Mapping[str, str],
    failure: str | None,
) -> CaseResult:
    case = trial.case
    given = case.inputs.text if isinstance(case, ReadingCase) else case.inputs.model_dump(mode="json")
    return CaseResult(
        model=trial.model,
        split=trial.suite.split,
        group=trial.suite.group,
        dataset=trial.suite.name,
        case=case.name,
        ordinal=trial.ordinal,
        language=case.meta.language,
        tags=case.meta.tags,
        given=given,
        expected=case.expected.model_dump(mode="json", exclude_defaults=True),
        outcome=outcome,
        scores=dict(scores),
        reasons=dict(reasons),
        failure=failure,
    )


def failures_in(results: Iterable[CaseResult]) -> list[CaseResult]:
    return [result for result in results if result.failure]


def by_case(results: Iterable[CaseResult]) -> dict[CaseKey, list[CaseResult]]:
    """The trials of each case by each model."""
    cases: defaultdict[CaseKey, list[CaseResult]] = defaultdict(list)
    for each in results:
        cases[each.model, each.split, each.group, each.dataset, each.case].append(each)
    return dict(cases)
