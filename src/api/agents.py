"""/api/agents and /api/approvals: talking to agents, and deciding on what they ask for."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Path
from pydantic import JsonValue

from agents.catalogue import AgentCard, cards
from agents.turns import chat, decide
from src.api import examples
from src.api.answers import shown
from src.api.dependencies import CurrentCaller, CurrentEngine, CurrentStores
from src.api.docs import problems
from src.models.base import Identifier, Record
from src.models.conversation import Answer, Message, Note

router = APIRouter(prefix="/api", tags=["agents"])


class ChatMessage(Record):
    """A message; without a conversation a new one begins, which staff begin about one customer."""

    message: Message
    conversation_id: Identifier | None = None
    user_id: UUID | None = None


class Decision(Record):
    approved: bool
    note: Note | None = None


class AgentList(Record):
    items: list[AgentCard]


_AGENT: Final[JsonValue] = {
    "name": "support",
    "description": "Looks up a customer's profile, orders and products.",
    "tools": [{"name": "get_order_details", "description": "One order with its items, payments and status."}],
    "output_schema": {"type": "object", "properties": {"message": {"type": "string"}}},
    "model": "rules",
    "rule_based": True,
}


@router.get(
    "/agents",
    summary="The agents, and the model in use",
    responses=shown(200, {"items": [_AGENT]}) | problems(401),
)
async def list_agents(stores: CurrentStores, caller: CurrentCaller, engine: CurrentEngine) -> AgentList:
    return AgentList(items=await cards(stores, caller, engine))


@router.post(
    "/agents/{agent}/chat",
    summary="Say something to an agent",
    responses=shown(200, examples.ANSWER) | problems(401, 404, 409, 422, 503),
)
async def chat_with_agent(
    stores: CurrentStores,
    caller: CurrentCaller,
    engine: CurrentEngine,
    agent: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
    body: Annotated[ChatMessage, Body(openapi_examples={"a cancellation": {"value": examples.CHAT}})],
) -> Answer:
    """`output` is null while approvals wait; a new message withdraws what waits."""
    return await chat(stores, caller, engine, agent, body.message, body.conversation_id, body.user_id)


@router.post(
    "/approvals/{approval_id}",
    summary="Approve or decline what an agent asked for",
    responses=shown(200, examples.ANSWER) | problems(401, 404, 409, 410, 422, 503),
)
async def decide_on_approval(
    stores: CurrentStores,
    caller: CurrentCaller,
    engine: CurrentEngine,
    approval_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
    decision: Annotated[Decision, Body(openapi_examples={"yes": {"value": {"approved": True}}})],
) -> Answer:
    """The decision carries the command out or not; the same one again goes on from where it stopped."""
    return await decide(stores, caller, engine, approval_id, decision.approved, decision.note)
