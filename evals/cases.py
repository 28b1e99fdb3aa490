"""What a case is: what an agent is given, and what must come of it."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue

from src.models.base import Record
from src.models.extraction import BuiltIn, built_in
from src.models.json_schema import JsonObject, checked_schema

ME: Final = "$me"
ANYTHING: Final = "*"

Kind = Literal["answer", "question", "declined", "done"]


class Meta(Record):
    """What a case is about, for whoever reads or filters the results."""

    language: Annotated[str, Field(description="ISO 639-1, such as en.")]
    tags: list[str] = Field(default=[])
    note: str | None = None


class Reading(Record):
    """A text, and what to read out of it."""

    target: Annotated[
        BuiltIn | JsonObject, Field(description="`person`, `address`, `order`, or a JSON Schema.")
    ]
    text: str

    @property
    def schema_asked(self) -> JsonObject:
        return built_in(self.target) if isinstance(self.target, BuiltIn) else checked_schema(self.target)


class ExpectedReading(Record):
    """What a careful reader reads: what the text doesn't tell is left out of `data`."""

    data: JsonObject
    also: Annotated[
        dict[str, list[JsonValue]],
        Field(description="Other right values by JSON Pointer; null: leaving it out is right too."),
    ] = Field(default={})
    never: Annotated[
        list[str | int],
        Field(description="What no value may contain (a text) or be (a number): traps, planted ones."),
    ] = Field(default=[])


class Call(Record):
    """A tool's call. Arguments that are left out are not looked at; `$me` is the customer's own id."""

    tool: str
    arguments: JsonObject = Field(default={})
    declined: Annotated[bool, Field(description="It is asked for, and the customer says no.")] = False


class AnyOf(Record):
    """Calls of which one will do."""

    any_of: Annotated[list[Call], Field(min_length=2)]


class Given(Record):
    """Records in the retail file's form that the case adds or changes before it begins; maps are merged."""

    users: dict[str, JsonObject] = Field(default={})
    products: dict[str, JsonObject] = Field(default={})
    orders: dict[str, JsonObject] = Field(default={})


class Turn(Record):
    """A message, and what the customer answers to the approvals it leads to; None leaves them undecided."""

    say: Annotated[str, Field(min_length=1)]
    approve: bool | list[bool] | None = None


class Talk(Record):
    """A conversation as its customer holds it. `errand` is what a simulated customer is after instead."""

    customer: Annotated[str, Field(description="The e-mail of the customer whom it is about.")]
    staff: Annotated[bool, Field(description="A support clerk speaks about that customer.")] = False
    given: Given = Given()
    turns: list[Turn]
    errand: str | None = None


class Changed(Record):
    """How the desk's records differ afterwards: the fields that changed, by order and user id.

    `*` stands for whatever a field was changed to, or not.
    """

    orders: dict[str, JsonObject] = Field(default={})
    users: dict[str, JsonObject] = Field(default={})
    new_orders: list[JsonObject] = Field(default=[])
    handovers: int = 0


class ExpectedTalk(Record):
    """What must come of a conversation; look-ups beside `calls` are free, commands are not."""

    calls: list[Call | AnyOf] = Field(default=[])
    forbidden: list[Call] = Field(default=[])
    kind: Annotated[list[Kind], Field(description="What kinds the last reply may be of.")] = Field(default=[])
    says: Annotated[
        list[str | list[str]], Field(description="What the last reply must contain; of a list, any.")
    ] = Field(default=[])
    never_says: list[str] = Field(default=[])
    changed: Changed = Changed()

    @property
    def all_calls(self) -> Iterator[Call]:
        for wanted in self.calls:
            yield from wanted.any_of if isinstance(wanted, AnyOf) else [wanted]
