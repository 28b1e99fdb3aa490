"""/api/conversations: the caller's own."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import JsonValue

from agents.transcript import read_history, spoken
from src.api import examples
from src.api.answers import shown
from src.api.dependencies import CurrentCaller, CurrentStores, Cursor, Limit
from src.api.docs import problems
from src.models.conversation import ConversationHead
from src.models.page import Page
from src.services import conversation_service

router = APIRouter(prefix="/api/conversations", tags=["agents"])

ConversationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


_CONVERSATION: Final[JsonValue] = {
    "conversation_id": "f3c1d7a2-4a53-4d83-8a0e-0d6cf3b1a001",
    "agent": "support",
    "user_id": examples.USER_ID,
    "created_at": "2026-05-04T09:30:00.000000+00:00",
    "updated_at": "2026-05-04T09:31:00.000000+00:00",
    "messages": [
        {"role": "user", "content": "Where is my kettle?", "at": "2026-05-04T09:30:00.000000+00:00"},
        {"role": "call", "content": {"tool": "list_orders", "arguments": {"user_id": examples.USER_ID}}},
        {"role": "assistant", "content": "Order W0012345678 is pending; it has not left our house yet."},
    ],
}


class ConversationAnswer(ConversationHead):
    """A conversation with what was said in it."""

    messages: list[dict[str, JsonValue]]


@router.get(
    "",
    summary="The caller's conversations, latest first",
    responses=shown(200, examples.page(examples.CONVERSATION)) | problems(401, 422),
)
async def list_conversations(
    stores: CurrentStores, caller: CurrentCaller, limit: Limit = 20, cursor: Cursor = None
) -> Page[ConversationHead]:
    return await conversation_service.list_conversations(stores, caller, limit, cursor)


@router.get(
    "/{conversation_id}",
    summary="One conversation with its messages",
    responses=shown(200, _CONVERSATION) | problems(401, 404, 422),
)
async def read_conversation(
    stores: CurrentStores, caller: CurrentCaller, conversation_id: ConversationId
) -> ConversationAnswer:
    conversation = await conversation_service.get_conversation(stores, caller, conversation_id)
    head = conversation.model_dump(include=set(ConversationHead.model_fields))
    return ConversationAnswer(**head, messages=spoken(read_history(conversation.history)))


@router.delete(
    "/{conversation_id}",
    status_code=204,
    summary="Delete a conversation, with the approvals that wait in it",
    responses=problems(401, 404, 422),
)
async def delete_conversation(
    stores: CurrentStores, caller: CurrentCaller, conversation_id: ConversationId
) -> None:
    await conversation_service.delete_conversation(stores, caller, conversation_id)
