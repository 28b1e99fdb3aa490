"""Reading stored conversations, and the records that they are about. Nothing is written, nor audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic_ai.messages import ModelMessage

from agents.transcript import read_history, with_returns
from src.db.dynamo import batch_get, get_item
from src.db.mongo import Document, Sort, find_many, get_collection
from src.models.conversation import Approval, Conversation
from src.models.order import Order
from src.models.product import Product
from src.models.user import User
from src.services.approval_service import APPROVALS, approvals_of_run
from src.services.conversation_service import CONVERSATIONS
from src.services.order_reads import find_order
from src.services.records import IDENTITY, ITEM, PRODUCT, USER, subject_identity, whole_product
from src.services.stores import Stores

_PAGE: Final = 100
_MOST_APPROVALS: Final = 1_000
_NEWEST: Final = Sort("updated_at", -1)
_BY_RUN: Final = Sort("run_id", 1)


class UnknownTrace(ValueError):
    """What was asked for is not stored."""


@dataclass(frozen=True)
class Wanted:
    """Which conversations: those named, or the newest `limit` with the agent since the day."""

    agent: str
    ids: Sequence[str] = ()
    since: date | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Trace:
    """A stored conversation, with what came of its commands. `staff`: who holds it is not its customer."""

    conversation: Conversation
    messages: Sequence[ModelMessage]
    approvals: Sequence[Approval]
    staff: bool


async def read_traces(stores: Stores, wanted: Wanted) -> list[Trace]:
    """The wanted conversations, newest first.

    Raises:
        UnknownTrace: one that was named is not there, or is one with another agent.
    """
    found = [_conversation(document) for document in await _documents(stores, wanted)]
    for missing in set(wanted.ids) - {each.conversation_id for each in found}:
        raise UnknownTrace(f"There is no conversation {missing} with the agent {wanted.agent}.")
    return [await _trace(stores, conversation) for conversation in found[: wanted.limit]]


async def _documents(stores: Stores, wanted: Wanted) -> list[Document]:
    where: Document = {"agent": wanted.agent}
    where |= {"_id": {"$in": list(wanted.ids)}} if wanted.ids else {}
    where |= {"updated_at": {"$gte": wanted.since.isoformat()}} if wanted.since else {}
    # Those that are named are all looked for, so that none is missed only because others are newer.
    limit = None if wanted.ids else wanted.limit
    collection, cursor, found = get_collection(stores.mongo, CONVERSATIONS), None, list[Document]()
    while True:
        page = await find_many(collection, where, limit=_PAGE, sort=_NEWEST, after=cursor)
        found, cursor = found + page.items, page.next_cursor
        if cursor is None or (limit is not None and len(found) >= limit):
            return found


def _conversation(document: Document) -> Conversation:
    fields = {name: document[name] for name in Conversation.model_fields if name in document}
    return Conversation.model_validate({**fields, "conversation_id": document["_id"]})


async def _trace(stores: Stores, conversation: Conversation) -> Trace:
    own = {"conversation_id": conversation.conversation_id}
    stored = get_collection(stores.mongo, APPROVALS)
    page = await find_many(stored, own, limit=_MOST_APPROVALS, sort=_BY_RUN)
    runs = dict.fromkeys(str(document["run_id"]) for document in page.items)
    approvals = [each for run_id in runs for each in await approvals_of_run(stores, run_id)]
    messages = with_returns(read_history(conversation.history), approvals)
    return Trace(conversation, messages, approvals, await _by_staff(stores, conversation))


async def _by_staff(stores: Stores, conversation: Conversation) -> bool:
    """A token's subject is its user's id, or is linked to it."""
    if conversation.owner == str(conversation.user_id):
        return False
    key = IDENTITY.key(subject_identity(conversation.owner))
    linked = await get_item(IDENTITY.table_of(stores.dynamo), key)
    return linked is None or IDENTITY.from_item(linked).user_id != conversation.user_id


class Present:
    """The desk's records as they stand now, past the cache and without leaving a trail."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def user(self, user_id: str) -> User | None:
        item = await get_item(USER.table_of(self._stores.dynamo), USER.key(user_id))
        return USER.from_item(item) if item and not item.get("deleted") else None

    async def order(self, order_id: str) -> Order | None:
        return await find_order(self._stores, order_id)

    async def product(self, product_id: str) -> Product | None:
        head = await get_item(PRODUCT.table_of(self._stores.dynamo), PRODUCT.key(product_id))
        if head is None or head.get("deleted"):
            return None
        known, table = PRODUCT.from_item(head), ITEM.table_of(self._stores.dynamo)
        found = await batch_get(self._stores.dynamo, [(table, ITEM.key(each)) for each in known.item_ids])
        items = [ITEM.from_item(item) for item in found if item and not item.get("deleted")]
        return whole_product(known, items, 1)

    async def product_of(self, item_id: str) -> str | None:
        item = await get_item(ITEM.table_of(self._stores.dynamo), ITEM.key(item_id))
        return ITEM.from_item(item).product_id if item and not item.get("deleted") else None
