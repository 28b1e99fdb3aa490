"""Which cases are others than in an earlier run, and which got better and worse."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from evals.gate import counterpart
from evals.html.markup import Html, element, folded, joined, listed
from evals.html.readings import VERDICTS, compared
from evals.html.wording import counted
from evals.html.worst import case_details
from evals.report import Report
from evals.results import FINDINGS, CaseResult, by_case

_MOST: Final = 30

_Asked = tuple[JsonValue, JsonValue]


def unlike_cases(report: Report, baseline: Report) -> Html | None:
    """A word of caution where the runs are not of the same cases."""
    now, before = _asked(report.results), _asked(baseline.results)
    both = [name for name in now if name in before]
    unlike = {
        "only in this run": [name for name in now if name not in before],
        "only in the baseline": [name for name in before if name not in now],
        "with another input or expectation than in the baseline": [
            name for name in both if now[name] != before[name]
        ],
    }
    if not any(unlike.values()):
        return None
    return joined(
        element("p", "Not all cases are the same: figures over those named here compare unlike things."),
        (folded(f"{counted(len(own), 'case')} {what}", listed(own)) for what, own in unlike.items() if own),
    )


def _asked(results: Iterable[CaseResult]) -> dict[str, _Asked]:
    """What each case gives and expects, whichever model takes it."""
    return {
        f"{case} ({group}/{dataset}, {split})": _of(trials)
        for (_, split, group, dataset, case), trials in by_case(results).items()
    }


def _of(trials: Sequence[CaseResult]) -> _Asked:
    return trials[0].given, trials[0].expected


@dataclass(frozen=True)
class _Change:
    """A case's trials in both runs."""

    before: Sequence[CaseResult]
    now: Sequence[CaseResult]

    @property
    def by(self) -> int:
        """Whether it got better (1) or worse (-1)."""
        before, now = _standing(self.before), _standing(self.now)
        return (now > before) - (now < before)


def changed_cases(report: Report, baseline: Report) -> Html:
    known = by_case(baseline.results)
    pairs = (
        (known.get((counterpart(key[0], report, baseline), *key[1:])), trials)
        for key, trials in by_case(report.results).items()
    )
    changes = [_Change(before, now) for before, now in pairs if before]
    return joined(
        _list("got worse", [each for each in changes if each.by < 0]),
        _list("got better", [each for each in changes if each.by > 0]),
    )


def _standing(trials: Sequence[CaseResult]) -> tuple[float, ...]:
    """How good a case is: how often it passes, then what share of its findings and of its values is right."""
    findings = [value for each in trials for name, value in each.scores.items() if name in FINDINGS]
    values = [sum(each.scores.get(verdict, 0) for each in trials) for verdict in VERDICTS]
    passed = sum(each.passed for each in trials) / len(trials)
    return passed, sum(findings) / max(len(findings), 1), values[0] / max(sum(values), 1)


def _list(what: str, changes: Sequence[_Change]) -> Html:
    shown = changes[:_MOST]
    more = f", the first {len(shown)} of them" if len(shown) < len(changes) else ""
    return element(
        "section",
        element("h3", f"{counted(len(changes), 'case')} {what}{more}"),
        (case_details(_shown(each), each.now[0].model, *_notes(each)) for each in shown),
        class_="cases",
    )


def _shown(change: _Change) -> CaseResult:
    """The trial to look at: one that does not pass, if there is any."""
    return min(change.now, key=lambda each: each.passed)


def _notes(change: _Change) -> list[str]:
    """What is judged otherwise now, over all times: findings, and values of a reading."""
    names = sorted({name for each in (*change.before, *change.now) for name in each.scores} & FINDINGS)
    pairs = [(name, _mean(name, change.before), _mean(name, change.now)) for name in names]
    before, now = _verdicts(change.before), _verdicts(change.now)
    pairs += [
        (path.removeprefix("/"), before.get(path, "not told"), now.get(path, "not told"))
        for path in dict.fromkeys((*before, *now))
    ]
    unlike = ["another input or expectation"] if _of(change.before) != _of(change.now) else []
    return unlike + [f"{name}: {was} \u2192 {came}" for name, was, came in pairs if was != came]


def _mean(name: str, trials: Sequence[CaseResult]) -> str:
    values = [each.scores[name] for each in trials if name in each.scores]
    if not values:
        return "not judged"
    mean = sum(values) / len(values)
    return ("no", "yes")[int(mean)] if mean in (0, 1) else f"{mean:.2f}"


def _verdicts(trials: Sequence[CaseResult]) -> dict[str, str]:
    """What became of each value: the verdict that it always had, or how often it had which."""
    told: defaultdict[str, Counter[str]] = defaultdict(Counter[str])
    for field in (field for each in trials for field in compared(each)):
        told[field.path][field.verdict.value] += 1
    return {path: _often(count, len(trials)) for path, count in told.items()}


def _often(count: Mapping[str, int], trials: int) -> str:
    if trials in count.values():
        return next(iter(count))
    return ", ".join(f"{verdict} {number} of {trials} times" for verdict, number in sorted(count.items()))
