"""What came of a case when an agent took it."""

from typing import Annotated

from pydantic import Discriminator, Field, JsonValue, Tag

from evals.cases import Call, Changed, Kind
from src.models.base import Record
from src.models.extraction import Evidence
from src.models.json_schema import JsonObject


class Spent(Record):
    """What the model took; `cost` is in US dollars, and None where no price is known."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    def plus(self, other: "Spent") -> "Spent":
        costs = [each.cost for each in (self, other) if each.requests]
        known = [cost for cost in costs if cost is not None]
        return Spent(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=sum(known) if known and len(known) == len(costs) else None,
        )


class Reply(Record):
    """What the agent said to a turn; None while approvals wait."""

    message: str
    kind: Kind


class ReadingOutcome(Record):
    """`reported` is what the model said at first, before anything was checked; `seconds` how long it took."""

    data: JsonObject
    reported: JsonObject = Field(default={})
    evidence: list[Evidence]
    spent: Spent
    seconds: float = 0


class TalkOutcome(Record):
    """`calls` are all that the model made, `proposed` those that waited for an approval, of which some were
    `declined` and some approved and `carried_out`."""

    replies: list[Reply | None]
    said: list[str]
    calls: list[Call]
    proposed: list[Call]
    carried_out: list[Call]
    declined: list[Call] = Field(default=[])
    changed: Changed
    spent: Spent
    seconds: float = 0


def _kind_of(value: JsonValue | Record) -> str:
    fields = value if isinstance(value, dict) else vars(value)
    return "talk" if "replies" in fields else "reading"


Outcome = Annotated[
    Annotated[ReadingOutcome, Tag("reading")] | Annotated[TalkOutcome, Tag("talk")], Discriminator(_kind_of)
]
