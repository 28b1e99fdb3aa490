"""Handing over to a human: asked for by customers, listed and closed by staff."""

from typing import Final
from uuid import uuid4

from pydantic import JsonValue

from src.db.dynamo import Key, equals, query_by_gsi
from src.models import summaries
from src.models.caller import Caller
from src.models.errors import WrongStatus
from src.models.handover import Handover, HandoverRequest, HandoverStatus
from src.models.page import Page
from src.models.quote import Proposal
from src.services.access import absent, require_staff
from src.services.audit_service import audit_action
from src.services.commit import Attempt, Command, Decision, Done, Snapshot, Write, carry_out
from src.services.records import HANDOVER
from src.services.stores import Stores

_INDEX: Final = "status-index"


@audit_action("handover.request", "handover", command=True)
async def request_handover(
    stores: Stores, caller: Caller, asked: HandoverRequest, attempt: Attempt
) -> Done[Handover]:
    """A new hand-over about the customer in question."""
    handover_id = str(uuid4())
    ref = HANDOVER.ref(handover_id)

    def decide(seen: Snapshot) -> Decision[Handover]:
        handover = Handover(
            handover_id=handover_id,
            user_id=caller.subject_id or caller.user_id,
            summary=asked.summary,
            conversation_id=caller.context.conversation_id,
            created_at=seen.now,
            updated_at=seen.now,
        )
        return Decision(handover, [Write(ref, handover)], "HandoverRequested", {"handover_id": handover_id})

    arguments: dict[str, JsonValue] = asked.model_dump(mode="json")
    command = Command("handover.request", "handover", handover_id, arguments)
    return await carry_out(stores, caller, command, [ref], decide, attempt, Handover)


async def propose_handover(asked: HandoverRequest) -> Proposal:
    """What the hand-over would say; nothing about it can be refused."""
    return Proposal(None, summaries.hand_over(asked.summary))


@audit_action("handover.list", "handover")
async def list_handovers(stores: Stores, caller: Caller, limit: int, cursor: str | None) -> Page[Handover]:
    """Open ones first, then closed ones, each newest first; for staff."""
    require_staff(caller)
    start = stores.signer.open_cursor("handovers", cursor)
    status = HandoverStatus(str(start["status"])) if start else HandoverStatus.OPEN
    page = await _of_status(stores, status, limit, start if start and "handover_id" in start else None)
    if status is HandoverStatus.OPEN and page.next_cursor is None:
        return await _with_closed(stores, page.items, limit)
    return page


async def _with_closed(stores: Stores, first: list[Handover], limit: int) -> Page[Handover]:
    if len(first) == limit:
        beginning = stores.signer.seal_cursor("handovers", {"status": HandoverStatus.CLOSED.value})
        return Page(items=first, next_cursor=beginning)
    rest = await _of_status(stores, HandoverStatus.CLOSED, limit - len(first), None)
    return Page(items=[*first, *rest.items], next_cursor=rest.next_cursor)


async def _of_status(stores: Stores, status: HandoverStatus, limit: int, start: Key | None) -> Page[Handover]:
    page = await query_by_gsi(
        HANDOVER.table_of(stores.dynamo),
        _INDEX,
        key=equals("status", status.value),
        limit=limit,
        start=start,
        newest_first=True,
    )
    items = [HANDOVER.from_item(item) for item in page.items]
    return Page(items=items, next_cursor=stores.signer.seal_cursor("handovers", page.next_key))


@audit_action("handover.close", "handover", "handover_id", command=True)
async def close_handover(
    stores: Stores, caller: Caller, handover_id: str, attempt: Attempt
) -> Done[Handover]:
    """Raises WrongStatus where it is closed already."""
    require_staff(caller)
    ref = HANDOVER.ref(handover_id)

    def decide(seen: Snapshot) -> Decision[Handover]:
        standing = seen.find(ref)
        if standing is None:
            raise absent("hand-over")
        if standing.status is HandoverStatus.CLOSED:
            raise WrongStatus("This hand-over is closed already.")
        changes = {"status": HandoverStatus.CLOSED, "closed_by": caller.user_id}
        closed = seen.next(ref, standing.model_copy(update=changes))
        return Decision(closed, [Write(ref, closed)], "HandoverClosed", {"handover_id": handover_id})

    command = Command("handover.close", "handover", handover_id, {"handover_id": handover_id})
    return await carry_out(stores, caller, command, [ref], decide, attempt, Handover)
