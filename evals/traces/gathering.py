"""From a service's stores to cases, with all the records that their conversations met with."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import JsonValue
from pydantic_ai.messages import ToolCallPart, ToolReturnPart
from pydantic_core import to_jsonable_python

from evals.suites import AnyCase, TalkCase
from evals.traces.making import Unusable, reading_cases, talk_case
from evals.traces.reading import Present, Trace, Wanted, read_traces
from src.services.stores import Stores
from tools.products import product_lookups


@dataclass
class Gathered:
    """The cases as they were, what personal data is to be found by, and why some conversations made none.

    `catalogue` is what the stores tell of products, and never what somebody says of them: it is nobody's.
    """

    conversations: int = 0
    cases: list[AnyCase] = field(default_factory=list[AnyCase])
    records: list[JsonValue] = field(default_factory=list[JsonValue])
    catalogue: list[JsonValue] = field(default_factory=list[JsonValue])
    unusable: list[str] = field(default_factory=list[str])


async def gather(stores: Stores, wanted: Wanted, name: str, language: str) -> Gathered:
    """Make cases, called `name` and a number, of the wanted conversations.

    Raises:
        UnknownTrace: as `read_traces`.
    """
    gathered, present = Gathered(), Present(stores)
    for number, trace in enumerate(await read_traces(stores, wanted), 1):
        gathered.conversations += 1
        try:
            gathered.cases += await _cases(trace, f"{name}-{number}", language, present)
        except Unusable as reason:
            gathered.unusable.append(f"{trace.conversation.conversation_id}: {reason}")
        user = await present.user(str(trace.conversation.user_id))
        gathered.records += [*_records(trace), to_jsonable_python(user)]
        gathered.catalogue += _looked_up(trace)
    cases = [case for case in gathered.cases if isinstance(case, TalkCase)]
    gathered.catalogue += [{"products": to_jsonable_python(case.inputs.given.products)} for case in cases]
    return gathered


async def _cases(trace: Trace, name: str, language: str, present: Present) -> list[AnyCase]:
    if await present.user(str(trace.conversation.user_id)) is None:
        raise Unusable("its customer is no longer there")
    if trace.conversation.agent != "extraction":
        return [await talk_case(trace, name, language, present)]
    cases = [*reading_cases(trace, name, language)]
    if not cases:
        raise Unusable("nothing was read in it")
    return [*cases]


def _records(trace: Trace) -> Iterator[JsonValue]:
    """Whatever tools were asked and answered, and what waited for approval."""
    for message in trace.messages:
        for part in message.parts:
            if isinstance(part, ToolReturnPart):
                yield to_jsonable_python(part.content)
            elif isinstance(part, ToolCallPart):
                with suppress(ValueError):
                    yield {"arguments": part.args_as_dict()}
    yield from ({"arguments": to_jsonable_python(each.arguments)} for each in trace.approvals)


def _looked_up(trace: Trace) -> Iterator[JsonValue]:
    """What look-ups of products answered."""
    for message in trace.messages:
        for part in message.parts:
            if isinstance(part, ToolReturnPart) and part.tool_name in product_lookups.tools:
                yield to_jsonable_python(part.content) if part.outcome == "success" else None
