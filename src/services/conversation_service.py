"""Conversations: each is its owner's alone, and has one turn at a time."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from src.db.mongo import (
    Collection,
    Document,
    Index,
    Sort,
    delete_document,
    delete_documents,
    find_many,
    find_one,
    find_one_and_update,
    get_collection,
    insert_document,
    update_document,
)
from src.models.base import stamp
from src.models.caller import Caller
from src.models.conversation import Conversation, ConversationHead
from src.models.errors import ConversationBusy, DocumentsUnavailable
from src.models.page import Page
from src.services.access import absent, acting_for
from src.services.approval_service import APPROVALS
from src.services.audit_service import audit_action
from src.services.stores import Stores
from src.services.user_cache import find_user

CONVERSATIONS: Final = "conversations"
INDEXES: Final[Mapping[str, tuple[Index, ...]]] = {
    CONVERSATIONS: (Index((("owner", 1), ("updated_at", -1))),),
    APPROVALS: (Index((("conversation_id", 1), ("status", 1))), Index((("run_id", 1),))),
    "runs": (Index((("conversation_id", 1),)),),
}
_NEWEST: Final = Sort("updated_at", -1)
_LEASE: Final = timedelta(seconds=10)


@audit_action("conversation.begin", "conversation", chained=True)
async def begin(stores: Stores, caller: Caller, agent: str, user_id: UUID | None) -> Conversation:
    """A new conversation about one customer, fixed from now on: the caller, or whom staff name."""
    about = acting_for(caller, user_id or caller.user_id, "user")
    if user_id is not None and await find_user(stores, user_id) is None:
        raise absent("user")
    now = datetime.now(UTC)
    conversation = Conversation(
        conversation_id=str(uuid4()),
        owner=caller.sub,
        agent=agent,
        user_id=about.subject_id or caller.user_id,
        created_at=now,
        updated_at=now,
    )
    document = conversation.model_dump(mode="json", exclude={"conversation_id"})
    await insert_document(_all(stores), {"_id": conversation.conversation_id, "busy_until": "", **document})
    return conversation


@audit_action("conversation.read", "conversation", "conversation_id")
async def get_conversation(stores: Stores, caller: Caller, conversation_id: str) -> Conversation:
    document = await find_one(_all(stores), {"_id": conversation_id, "owner": caller.sub})
    if document is None:
        raise absent("conversation")
    conversation = _read(document)
    acting_for(caller, conversation.user_id, "conversation")
    return conversation


@audit_action("conversation.list", "conversation")
async def list_conversations(
    stores: Stores, caller: Caller, limit: int, cursor: str | None
) -> Page[ConversationHead]:
    """The caller's own, latest first; who is no longer staff sees those about themselves."""
    own = {"owner": caller.sub} | ({} if caller.is_staff else {"user_id": str(caller.user_id)})
    page = await find_many(_all(stores), own, limit=limit, sort=_NEWEST, after=cursor, without=("history",))
    fields = set(ConversationHead.model_fields)
    heads = [ConversationHead(**_read(document).model_dump(include=fields)) for document in page.items]
    return Page(items=heads, next_cursor=page.next_cursor)


@audit_action("conversation.delete", "conversation", "conversation_id", chained=True)
async def delete_conversation(stores: Stores, caller: Caller, conversation_id: str) -> None:
    """Gone with its approvals, of which none can be given any more."""
    own = {"_id": conversation_id, "owner": caller.sub}
    if await find_one(_all(stores), own) is None:
        raise absent("conversation")
    await _forget_runs(stores, conversation_id)
    await delete_document(_all(stores), own)


async def forget_if_gone(stores: Stores, conversation_id: str) -> None:
    """A turn that outlived its conversation leaves nothing behind."""
    if await find_one(_all(stores), {"_id": conversation_id}) is None:
        await _forget_runs(stores, conversation_id)


async def _forget_runs(stores: Stores, conversation_id: str) -> None:
    for name in (APPROVALS, "runs"):
        await delete_documents(get_collection(stores.mongo, name), {"conversation_id": conversation_id})


@asynccontextmanager
async def held(stores: Stores, conversation: Conversation, holder: str) -> AsyncGenerator[Conversation]:
    """The conversation's one turn, as it stands now; a process that dies holds it for seconds only.

    Raises:
        ConversationBusy: another turn is under way.
        NotFound: it has been deleted meanwhile.
    """
    claimed = await _claim(stores, conversation, holder)
    holding = asyncio.create_task(_hold(stores, claimed, holder))
    try:
        yield claimed
    finally:
        holding.cancel()
        await asyncio.shield(_release(stores, claimed, holder))


async def _claim(stores: Stores, conversation: Conversation, holder: str) -> Conversation:
    document = await find_one_and_update(
        _all(stores),
        {"_id": conversation.conversation_id, "busy_until": {"$lt": stamp(datetime.now(UTC))}},
        {"$set": {"busy_until": _lease_end(), "holder": holder}},
    )
    if document is None:
        if await find_one(_all(stores), {"_id": conversation.conversation_id}) is None:
            raise absent("conversation")
        raise ConversationBusy("This conversation's last turn is still under way; wait for its answer.")
    return _read(document)


async def _hold(stores: Stores, conversation: Conversation, holder: str) -> None:
    own = {"_id": conversation.conversation_id, "holder": holder}
    while True:
        await asyncio.sleep(_LEASE.total_seconds() / 3)
        with suppress(DocumentsUnavailable):
            await update_document(_all(stores), own, {"$set": {"busy_until": _lease_end()}})


def _lease_end() -> str:
    return stamp(datetime.now(UTC) + _LEASE)


async def save(
    stores: Stores, conversation: Conversation, holder: str, history: str, run_id: str | None
) -> bool:
    """Keep what the turn has come to, unless another has taken the turn; False then."""
    changed = await update_document(
        _all(stores),
        {"_id": conversation.conversation_id, "holder": holder},
        {"$set": {"history": history, "run_id": run_id, "updated_at": stamp(datetime.now(UTC))}},
    )
    return changed.matched == 1


async def _release(stores: Stores, conversation: Conversation, holder: str) -> None:
    await update_document(
        _all(stores),
        {"_id": conversation.conversation_id, "holder": holder},
        {"$set": {"busy_until": "", "holder": None}},
    )


def _all(stores: Stores) -> Collection:
    return get_collection(stores.mongo, CONVERSATIONS)


def _read(document: Document) -> Conversation:
    fields = {name: document.get(name) for name in Conversation.model_fields if name in document}
    return Conversation.model_validate({**fields, "conversation_id": document["_id"]})
