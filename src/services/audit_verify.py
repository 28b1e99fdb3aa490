"""Walking an actor's chain of entries: is each as it was written, and are all of them there?

A head that was rolled back together with its last entries looks whole: only a copy kept elsewhere shows that.
"""

import hmac
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from src.db.dynamo import Item as Stored
from src.db.dynamo import Table, equals, get_item, get_table, query, query_all, scan
from src.models.audit import AuditEntry
from src.models.caller import Caller
from src.models.verification import Finding, FindingKind, Verification
from src.services.access import require_admin
from src.services.audit_chain import (
    GENESIS,
    TABLE,
    Head,
    anchor_key,
    entry_hash,
    head_key,
    is_sealed,
    read_entry,
    read_head,
)
from src.services.audit_service import audit_action
from src.services.signing import Signer
from src.services.stores import Stores


@audit_action("audit.verify", "audit", "user_id")
async def verify_chain(stores: Stores, caller: Caller, user_id: str) -> Verification:
    """Walk one actor's chain, for admins."""
    require_admin(caller)
    return await walk(stores, user_id)


async def walk(stores: Stores, user_id: str) -> Verification:
    table = get_table(stores.dynamo, TABLE)
    anchor = await get_item(table, anchor_key(user_id), consistent=True)
    head = await get_item(table, head_key(user_id), consistent=True)
    start, end = read_head(anchor), read_head(head)
    items = await _chained_items(table, user_id, start.number, end.number)
    findings = [
        *_unsealed(anchor, head, user_id, stores.signer),
        *_walk(items, user_id, start, end, stores.signer),
    ]
    return Verification(
        user_id=user_id,
        entries=len(items),
        first=start.number + 1,
        last=end.number,
        intact=not findings,
        findings=findings,
    )


async def actors(stores: Stores) -> list[str]:
    """Everybody who has a chain, or an entry of one."""
    table, found, start = get_table(stores.dynamo, TABLE), set[str](), None
    while True:
        page = await scan(table, limit=1000, start=start)
        found |= {actor for item in page.items if (actor := _actor(item)) is not None}
        if (start := page.next_key) is None:
            return sorted(found)


def _actor(item: Stored) -> str | None:
    kind, _, actor = str(item["audit_id"]).partition("#")
    if kind in {"head", "anchor"}:
        return actor
    return str(item["user_id"]) if "number" in item and "user_id" in item else None


async def _chained_items(table: Table, user_id: str, after: int, last: int) -> dict[str, Stored]:
    """The entries by their `audit_id`; what the index does not show is looked for in the table itself."""
    found = query_all(table, key=equals("user_id", user_id), index="user-id-index")
    items = {str(item["audit_id"]): item async for item in found if "number" in item}
    for number in range(after + 1, last + 1):
        audit_id = f"{user_id}:{number}"
        if audit_id not in items:
            page = await query(table, key=equals("audit_id", audit_id), limit=1, consistent=True)
            if page.items:
                items[audit_id] = page.items[0]
    return items


def _unsealed(anchor: Stored | None, head: Stored | None, user_id: str, signer: Signer) -> Iterator[Finding]:
    for item, key in ((anchor, anchor_key(user_id)), (head, head_key(user_id))):
        if item is not None and not is_sealed(item, key, signer):
            name = str(key["audit_id"])
            yield Finding(audit_id=name, kind=FindingKind.CHANGED, detail="its signature does not fit")


def _walk(
    items: Mapping[str, Stored], user_id: str, start: Head, end: Head, signer: Signer
) -> Iterator[Finding]:
    previous = start.hash if start.number else GENESIS
    for number in range(start.number + 1, end.number + 1):
        audit_id = f"{user_id}:{number}"
        item = items.get(audit_id)
        if item is None:
            yield Finding(
                audit_id=audit_id, kind=FindingKind.REMOVED, detail="the chain counts it, but it is gone"
            )
            previous = ""
            continue
        found = list(_check(audit_id, item, previous, signer))
        yield from found
        previous = "" if found else str(item["hash"])
    if end.number > start.number and previous not in ("", end.hash):
        yield Finding(
            audit_id=f"{user_id}:{end.number}", kind=FindingKind.CHANGED, detail="the head names another hash"
        )
    counted = {f"{user_id}:{number}" for number in range(start.number + 1, end.number + 1)}
    for audit_id in sorted(items.keys() - counted):
        yield Finding(audit_id=audit_id, kind=FindingKind.ADDED, detail="the chain does not count it")


def _check(audit_id: str, item: Stored, previous: str, signer: Signer) -> Iterator[Finding]:
    try:
        entry = read_entry(item)
    except ValidationError:
        yield Finding(audit_id=audit_id, kind=FindingKind.CHANGED, detail="it can't be read")
        return
    whole = _is_signed(entry, signer)
    own = f"{entry.user_id}:{entry.number}"
    if own != audit_id and _is_signed(entry.model_copy(update={"audit_id": own}), signer):
        yield Finding(audit_id=audit_id, kind=FindingKind.REORDERED, detail=f"it was written as {own}")
    elif not whole:
        yield Finding(
            audit_id=audit_id, kind=FindingKind.CHANGED, detail="its hash or its signature does not fit"
        )
    elif previous and entry.previous_hash != previous:
        detail = "it does not follow the entry before it"
        yield Finding(audit_id=audit_id, kind=FindingKind.REORDERED, detail=detail)


def _is_signed(entry: AuditEntry, signer: Signer) -> bool:
    digest = entry_hash(entry)
    signed = hmac.compare_digest(signer.sign(digest), str(entry.mac))
    return signed and entry.hash == digest and entry.key_id == signer.key_id
