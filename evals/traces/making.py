"""Making cases of stored conversations, still with the data of those who held them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue, ValidationError
from pydantic_ai.messages import ModelMessage, ToolCallPart, UserPromptPart

from agents.evidence import Claim, Document, checked
from agents.transcript import OUTPUT_TOOL, tool_calls
from evals.cases import ME, AnyOf, Call, ExpectedReading, ExpectedTalk, Kind, Meta, Reading, Talk, Turn
from evals.suites import ReadingCase, TalkCase
from evals.traces.reading import Present, Trace
from evals.traces.standing import Gone, Grounds, grounds_of
from src.models.conversation import Approval, ApprovalStatus
from src.models.extraction import anything
from src.models.json_schema import JsonObject
from src.models.user import User
from tools.toolsets import COMMANDS, TOOLS

_KINDS: Final[dict[str, Kind]] = {
    "answer": "answer",
    "question": "question",
    "declined": "declined",
    "done": "done",
}
_DECISIONS: Final = {ApprovalStatus.APPROVED: True, ApprovalStatus.DENIED: False}
_UNREAD: Final = "data is what a model said: a reader must check it"
_LOOKUPS_ONLY: Final = "the look-ups are those that were made: strike those that need not be"
_OPENING, _CLOSING = "<document>\n", "\n</document>"


class Unusable(ValueError):
    """A conversation makes no case, for this reason."""


@dataclass
class _Said:
    """A message, what the agent asked approval for until the next, and how it answered in the end."""

    text: str
    asked: list[Approval] = field(default_factory=list[Approval])
    answer: JsonObject | None = None


async def talk_case(trace: Trace, name: str, language: str, present: Present) -> TalkCase:
    """The conversation as a case: what was said and decided, and the calls and the reply that came of it.

    Raises:
        Unusable: nobody says anything in it, its customer is gone, or it goes on with an order of its own.
    """
    said = _said(trace)
    if not said:
        raise Unusable("nobody says anything in it")
    try:
        grounds = await grounds_of(trace, present)
    except Gone as error:
        raise Unusable(str(error)) from error
    proposed = [each for turn in said for each in turn.asked]
    if any(each.arguments.get("order_id") in grounds.placed for each in proposed):
        raise Unusable("it changes an order that it placed itself, whose number nobody knows beforehand")
    calls = _commands(proposed, grounds) or _lookups(trace, grounds.customer)
    return TalkCase(
        name,
        Talk(
            customer=grounds.customer.email,
            staff=trace.staff,
            given=grounds.given,
            turns=[Turn(say=turn.text, approve=_approve(turn.asked)) for turn in said],
        ),
        ExpectedTalk(calls=calls, kind=_kind(said[-1])),
        Meta(language=language, tags=_tags(proposed), note=_note(proposed, grounds)),
    )


def reading_cases(trace: Trace, name: str, language: str) -> Iterator[ReadingCase]:
    """Each message that something was read out of, with what it was."""
    for number, said in enumerate(_said(trace), 1):
        text = said.text.removeprefix(_OPENING).removesuffix(_CLOSING)
        data = _borne_out(text, said.answer or {})
        if data is not None:
            yield ReadingCase(
                f"{name}-{number}",
                Reading(target=anything(), text=text),
                ExpectedReading(data=data),
                Meta(language=language, tags=["trace"], note=_UNREAD),
            )


def _borne_out(text: str, answer: JsonObject) -> JsonObject | None:
    """What was left of a model's answer once it was checked against the text."""
    data, claims = answer.get("data"), answer.get("evidence")
    if not isinstance(data, dict) or not isinstance(claims, list):
        return None
    try:
        read = [Claim.model_validate(each) for each in claims]
    except ValidationError:
        return None
    return checked(Document(text, anything()), data, read).extraction.data


def _said(trace: Trace) -> list[_Said]:
    by_call = {call_id: each for each in trace.approvals for call_id in each.tool_call_ids}
    said: list[_Said] = []
    for part in _parts(trace.messages):
        if isinstance(part, UserPromptPart):
            said.append(_Said(str(part.content)))
        elif not said:
            continue
        elif part.tool_name.startswith(OUTPUT_TOOL):
            said[-1].answer = _arguments(part)
        elif (approval := by_call.get(part.tool_call_id)) and approval not in said[-1].asked:
            said[-1].asked.append(approval)
    return said


def _parts(messages: Sequence[ModelMessage]) -> Iterator[UserPromptPart | ToolCallPart]:
    for message in messages:
        for part in message.parts:
            if isinstance(part, UserPromptPart | ToolCallPart):
                yield part


def _arguments(part: ToolCallPart) -> JsonObject | None:
    try:
        return part.args_as_dict()
    except ValueError:
        return None


def _approve(asked: Sequence[Approval]) -> bool | list[bool] | None:
    """The decisions in the order of asking. What was left undecided before a decided one counts as a no."""
    decisions = [_DECISIONS.get(each.status) for each in asked]
    while decisions and decisions[-1] is None:
        decisions.pop()
    told = [bool(each) for each in decisions]
    if not told:
        return None
    return told[0] if len(told) == len(asked) and len(set(told)) == 1 else told


def _commands(proposed: Sequence[Approval], grounds: Grounds) -> list[Call | AnyOf]:
    return [
        Call(
            tool=each.tool,
            arguments=_told(each.arguments, grounds.customer),
            declined=each.status is not ApprovalStatus.APPROVED,
        )
        for each in proposed
    ]


def _told(arguments: JsonObject, customer: User) -> JsonObject:
    """Without what is free, which are a summary's words."""
    return {
        name: _me(value, customer)
        for name, value in arguments.items()
        if name != "summary" and value is not None
    }


def _lookups(trace: Trace, customer: User) -> list[Call | AnyOf]:
    calls = [
        Call(tool=each.tool, arguments={k: _me(v, customer) for k, v in each.arguments.items()})
        for each in tool_calls(trace.messages)
        if each.tool in TOOLS - COMMANDS and each.outcome == "ok"
    ]
    return [call for n, call in enumerate(calls) if call not in calls[:n]]


def _me(value: JsonValue, customer: User) -> JsonValue:
    return ME if value == str(customer.id) else value


def _kind(last: _Said) -> list[Kind]:
    kind = _KINDS.get(str((last.answer or {}).get("kind")))
    return [kind] if kind else []


def _tags(proposed: Sequence[Approval]) -> list[str]:
    return ["trace", *dict.fromkeys(each.tool.replace("_", "-") for each in proposed)]


def _note(proposed: Sequence[Approval], grounds: Grounds) -> str | None:
    refused = [
        f"{each.tool} was approved and then refused ({each.outcome.code})"
        for each in proposed
        if each.outcome and not each.outcome.carried_out
    ]
    remarks = [*grounds.remarks, *refused, *([] if proposed else [_LOOKUPS_ONLY])]
    return "; ".join(remarks) or None
