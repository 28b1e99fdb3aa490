"""Conversations with agents, their turns, and the approvals that their commands wait for."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from src.models.base import Moment, Record
from src.models.quote import Quote

Message = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32_000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]


class Conversation(Record):
    """One conversation of its owner (a token's subject) with one agent about one customer.

    `history` is the framework's own record of the messages, opaque to everything below the agents. `run_id`
    is the turn that waits for approvals, and None where none does.
    """

    conversation_id: str
    owner: str
    agent: str
    user_id: UUID
    created_at: Moment
    updated_at: Moment
    history: str = "[]"
    run_id: str | None = None


class ConversationHead(Record):
    """A conversation as it is listed."""

    conversation_id: str
    agent: str
    user_id: UUID
    created_at: Moment
    updated_at: Moment


class ApprovalStatus(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class CommandOutcome(Record):
    """What came of a decided command: its result, or the refusal's code and sentence."""

    carried_out: bool
    code: str | None = None
    content: JsonValue = None


class Approval(Record):
    """One command that waits for one person's yes or no: this tool, these arguments and this money."""

    approval_id: str
    conversation_id: str
    run_id: str
    owner: str
    tool: str
    arguments: dict[str, JsonValue]
    digest: str
    quote: Quote | None
    summary: str
    tool_call_ids: list[str]
    expires_at: Moment
    status: ApprovalStatus = ApprovalStatus.WAITING
    note: str | None = None
    decided_at: Moment | None = None
    outcome: CommandOutcome | None = None


class PendingApproval(Record):
    """An approval as its owner is asked for it."""

    approval_id: str
    tool: str
    arguments: dict[str, JsonValue]
    summary: str
    expires_at: Moment


class ToolCall(Record):
    """One call of a turn; `outcome` is `ok`, `waiting`, `denied`, `retried` or the refusal's code."""

    tool: str
    arguments: dict[str, JsonValue]
    outcome: str


class Usage(Record):
    """What a turn took of the model; `cost` is in US dollars, and null where no price is known."""

    requests: Annotated[int, Field(ge=0)] = 0
    input_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)] = 0
    cost: str | None = None


class Answer(Record):
    """What one turn comes to, now: `output` by the agent's schema, null while approvals wait."""

    conversation_id: str
    run_id: str
    output: JsonValue
    approvals: list[PendingApproval]
    tool_calls: list[ToolCall]
    usage: Usage
    model: str
