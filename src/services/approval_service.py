"""Approvals: stored here, decided once, by nobody but the caller they wait for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from src.db.mongo import (
    Collection,
    Document,
    Sort,
    find_many,
    find_one,
    find_one_and_update,
    get_collection,
    insert_document,
    update_document,
)
from src.models.base import stamp
from src.models.caller import Caller
from src.models.conversation import Answer, Approval, ApprovalStatus, CommandOutcome
from src.models.errors import AlreadyDecided, ApprovalGone
from src.services.access import absent
from src.services.audit_service import audit_action
from src.services.stores import Stores

APPROVALS: Final = "approvals"
_RUNS: Final = "runs"
_MOST: Final = 100
_BY_EXPIRY: Final = Sort("expires_at", 1)
_DECIDED: Final = (ApprovalStatus.APPROVED, ApprovalStatus.DENIED)


async def keep_waiting(stores: Stores, approval: Approval) -> None:
    """Store an approval that waits; its wording never changes again."""
    document = {
        "_id": approval.approval_id,
        "conversation_id": approval.conversation_id,
        "run_id": approval.run_id,
        "owner": approval.owner,
        "expires_at": stamp(approval.expires_at),
        "status": approval.status.value,
        "body": approval.model_dump_json(exclude={"status", "note", "decided_at", "outcome"}),
    }
    await insert_document(_all(stores), document)


@audit_action("approval.read", "approval", "approval_id")
async def get_approval(stores: Stores, caller: Caller, approval_id: str) -> Approval:
    approval = await _find(stores, caller, approval_id)
    if approval is None:
        raise absent("approval")
    return approval


@audit_action("approval.decide", "approval", "approval_id", chained=True)
async def decide(
    stores: Stores, caller: Caller, approval_id: str, approved: bool, note: str | None
) -> Approval:
    """Decide once: the same decision again is answered alike, whatever became of it.

    Raises:
        AlreadyDecided: it was decided otherwise.
        ApprovalGone: it expired or was withdrawn.
        NotFound: there is none, or it waits for somebody else.
    """
    decision = ApprovalStatus.APPROVED if approved else ApprovalStatus.DENIED
    document = await find_one_and_update(
        _all(stores),
        {
            "_id": approval_id,
            "owner": caller.sub,
            "status": ApprovalStatus.WAITING.value,
            "expires_at": {"$gt": stamp(datetime.now(UTC))},
        },
        {"$set": {"status": decision.value, "note": note, "decided_at": stamp(datetime.now(UTC))}},
    )
    if document is not None:
        return _read(document)
    standing = await _find(stores, caller, approval_id)
    if standing is None:
        raise absent("approval")
    if standing.status is decision:
        return standing
    if standing.status in _DECIDED:
        raise AlreadyDecided(f"This was {standing.status.value} before; a decision stands.")
    raise ApprovalGone("This approval expired or was withdrawn; ask the agent again.")


async def record_outcome(stores: Stores, approval: Approval, outcome: CommandOutcome) -> Approval:
    await update_document(
        _all(stores), {"_id": approval.approval_id}, {"$set": {"outcome": outcome.model_dump_json()}}
    )
    return approval.model_copy(update={"outcome": outcome})


async def approvals_of_run(stores: Stores, run_id: str) -> list[Approval]:
    page = await find_many(_all(stores), {"run_id": run_id}, limit=_MOST, sort=_BY_EXPIRY)
    return [_read(document) for document in page.items]


async def withdraw(stores: Stores, approvals: Sequence[Approval]) -> None:
    """What still waits waits no more; what was decided meanwhile stays decided."""
    for approval in approvals:
        await update_document(
            _all(stores),
            {"_id": approval.approval_id, "status": ApprovalStatus.WAITING.value},
            {"$set": {"status": ApprovalStatus.WITHDRAWN.value}},
        )


async def keep_answer(stores: Stores, answer: Answer) -> None:
    """The run's latest answer, for a decision that is sent again."""
    change = {"conversation_id": answer.conversation_id, "answer": answer.model_dump_json()}
    await update_document(
        get_collection(stores.mongo, _RUNS), {"_id": answer.run_id}, {"$set": change}, upsert=True
    )


async def find_answer(stores: Stores, run_id: str) -> Answer | None:
    document = await find_one(get_collection(stores.mongo, _RUNS), {"_id": run_id})
    return Answer.model_validate_json(str(document["answer"])) if document else None


async def _find(stores: Stores, caller: Caller, approval_id: str) -> Approval | None:
    document = await find_one(_all(stores), {"_id": approval_id, "owner": caller.sub})
    return _read(document) if document else None


def _all(stores: Stores) -> Collection:
    return get_collection(stores.mongo, APPROVALS)


def _read(document: Document) -> Approval:
    outcome, decided_at = document.get("outcome"), document.get("decided_at")
    return Approval.model_validate_json(str(document["body"])).model_copy(
        update={
            "status": ApprovalStatus(str(document["status"])),
            "note": document.get("note"),
            "decided_at": decided_at and datetime.fromisoformat(str(decided_at)),
            "outcome": CommandOutcome.model_validate_json(str(outcome)) if outcome else None,
        }
    )
