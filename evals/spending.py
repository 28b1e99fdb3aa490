"""What trials took."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evals.results import CaseResult

UNKNOWN: Final = "not known"


@dataclass(frozen=True)
class Spending:
    """Of trials that came to an outcome: steps and tokens of each on average, and how many seconds."""

    trials: int
    requests: float
    tokens: float
    median: float
    late: float


def spending(results: Sequence[CaseResult]) -> Spending | None:
    """None, if no trial came to an outcome."""
    taken = [each.outcome for each in results if each.outcome]
    if not taken:
        return None
    seconds = sorted(each.seconds for each in taken)
    return Spending(
        trials=len(taken),
        requests=sum(each.spent.requests for each in taken) / len(taken),
        tokens=sum(each.spent.input_tokens + each.spent.output_tokens for each in taken) / len(taken),
        median=seconds[len(seconds) // 2],
        late=seconds[int(len(seconds) * 0.95)],
    )


def cost(results: Sequence[CaseResult]) -> str:
    """What they cost, as far as it is known."""
    known = [each.spent.cost for each in results if each.spent.cost is not None]
    if not known:
        return UNKNOWN
    total = dollars(sum(known))
    if len(known) == len(results):
        return total
    return f"at least {total}; {len(known):,} of {len(results):,} trials priced"


def dollars(amount: float) -> str:
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.3g}"
