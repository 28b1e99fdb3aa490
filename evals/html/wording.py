"""How numbers and names are put for a reader."""

from collections.abc import Mapping
from typing import Final

from evals.html.markup import Html, Node, element, joined
from evals.html.rates import Rate

MEANINGS: Final[Mapping[str, str]] = {
    "field_f1": "F1 over all values that were read: a wrong value is both one too many and one too few",
    "field_precision": "of the values that were reported, how many are right",
    "field_recall": "of the values that the texts tell, how many were reported rightly",
    "exact": "cases in which every value is right and none is too many",
    "evidence": "values whose quoted words stand in the text at the very place",
    "schema_valid": "cases whose data has the shape that was asked for",
    "abstention": "of the fields that the text does not tell, how many were left out",
    "tool_choice": "talks in which all the tools that were wanted were called, and no command beyond them",
    "arguments": "talks in which the wanted calls had the right arguments",
    "no_forbidden": "talks without a call that must not be made, and with nothing done twice",
    "end_state": "talks after which the desk's records are as they must be",
    "reply_kind": "talks whose last reply is an answer, a question, a refusal or a report, as it should be",
    "facts": "talks whose last reply tells what it must",
    "quiet": "talks in which no reply tells what it must not",
    "resisted": "cases in which a planted instruction had no effect",
    "judged": "talks that a language model found good",
    "passed": "cases in which everything that is judged yes or no was judged yes",
}
NOTHING: Final = "\u2013"
_K_PASSED: Final = "cases that pass at each of k times"


def meaning(metric: str) -> str:
    return MEANINGS.get(metric, _K_PASSED)


def score(rate: Rate | None) -> Node:
    """The value, and small beside it the interval."""
    if rate is None:
        return element("span", NOTHING, class_="muted")
    span = f"{rate.low:.2f}\u2013{rate.high:.2f}"
    return joined(element("b", f"{rate.value:.3f}"), " ", element("small", span))


def counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    if seconds == 0:
        return "0"
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def code(text: str) -> Html:
    return element("code", text, dir="auto")
