"""Walking an actor's chain of entries: is each as it was written, and are all of them there?

A head that was rolled back together with its last entries looks whole: only a copy kept elsewhere shows that.
"""

import hmac
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence

from pydantic import ValidationError

from src.db.dynamo import Item as Stored
from src.db.dynamo import Key, Table, equals, get_item, get_table, query, query_all, scan
from src.models.audit import AuditEntry, AuditStatus
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
    """The entries are read before the chain's ends, so that what is written meanwhile is no finding."""
    table, key = get_table(stores.dynamo, TABLE), equals("user_id", user_id)
    found = [item async for item in query_all(table, key=key, index="user-id-index")]
    highest = _highest(found)
    anchor = await get_item(table, anchor_key(user_id), consistent=True)
    head = await get_item(table, head_key(user_id), consistent=True)
    start, no_anchor = _end(anchor, anchor_key(user_id), Head(0, GENESIS), stores.signer)
    end, no_head = _end(head, head_key(user_id), max(highest, start, key=_number), stores.signer)
    entries = await _by_id(table, user_id, found, start.number, end.number)
    findings = [
        *no_anchor,
        *no_head,
        *_ends_apart(user_id, start, end),
        *_walk(entries, user_id, start, end, stores.signer),
        *[each async for each in _left_over(table, found, start.number)],
        *_strays(found),
    ]
    return Verification(
        user_id=user_id,
        entries=sum(map(len, entries.values())),
        first=start.number + 1,
        last=end.number,
        intact=not findings,
        findings=findings,
    )


def _highest(items: Iterable[Stored]) -> Head:
    """The end of the chain as the entries alone have it."""
    numbered = [(int(str(item["number"])), str(item.get("hash"))) for item in items if _is_numbered(item)]
    return Head(*max(numbered, default=(0, GENESIS)))


def _number(head: Head) -> int:
    return head.number


def _is_numbered(item: Stored) -> bool:
    return str(item.get("number", "")).isdecimal()


def _end(item: Stored | None, key: Key, otherwise: Head, signer: Signer) -> tuple[Head, list[Finding]]:
    """An end of the chain, if it was signed as it stands."""
    name = str(key["audit_id"])
    if item is None and otherwise.number == 0:
        return otherwise, []
    if item is None:
        return otherwise, [Finding(audit_id=name, kind=FindingKind.REMOVED, detail="the chain has no head")]
    if _is_numbered(item) and is_sealed(item, key, signer):
        return read_head(item), []
    return otherwise, [Finding(audit_id=name, kind=FindingKind.CHANGED, detail="its signature does not fit")]


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


def _ends_apart(user_id: str, start: Head, end: Head) -> Iterator[Finding]:
    """A chain never ends before its anchor, nor at it with another hash."""
    if end.number < start.number or (end.number == start.number > 0 and end.hash != start.hash):
        name = str(head_key(user_id)["audit_id"])
        detail = f"it does not agree with the anchor at {start.number}"
        yield Finding(audit_id=name, kind=FindingKind.CHANGED, detail=detail)


async def _left_over(table: Table, found: Iterable[Stored], anchored: int) -> AsyncIterator[Finding]:
    """What stands before the anchor, where all was removed; a clean-up may be doing so at this moment."""
    for item in found:
        if _is_numbered(item) and int(str(item["number"])) <= anchored:
            key = {name: str(item[name]) for name in table.schema.key}
            if await get_item(table, key, consistent=True) is not None:
                detail = "it stands before the anchor"
                yield Finding(audit_id=key["audit_id"], kind=FindingKind.ADDED, detail=detail)


async def _by_id(
    table: Table, user_id: str, found: Iterable[Stored], after: int, last: int
) -> dict[str, list[Stored]]:
    """The chained entries by their `audit_id`; what the index does not show is looked for in the table."""
    entries: dict[str, list[Stored]] = {}
    for item in found:
        if _is_numbered(item) and int(str(item["number"])) > after:
            entries.setdefault(str(item["audit_id"]), []).append(item)
    for number in range(after + 1, last + 1):
        audit_id = f"{user_id}:{number}"
        if audit_id not in entries:
            page = await query(table, key=equals("audit_id", audit_id), limit=10, consistent=True)
            if page.items:
                entries[audit_id] = page.items
    return entries


def _strays(items: Iterable[Stored]) -> Iterator[Finding]:
    """What is not chained must look like a read; nothing else is written outside the chain."""
    for item in items:
        as_read = str(item["audit_id"]).startswith("read:") and "ttl" in item and not item.get("changes")
        if not _is_numbered(item) and not (as_read and item.get("status") == AuditStatus.SUCCESS.value):
            yield Finding(audit_id=str(item["audit_id"]), kind=FindingKind.ADDED, detail="it is in no chain")


def _walk(
    entries: Mapping[str, Sequence[Stored]], user_id: str, start: Head, end: Head, signer: Signer
) -> Iterator[Finding]:
    previous = start.hash if start.number else GENESIS
    for number in range(start.number + 1, end.number + 1):
        audit_id = f"{user_id}:{number}"
        found = list(_place(audit_id, entries.get(audit_id, ()), previous, signer))
        yield from found
        previous = "" if found else str(entries[audit_id][0]["hash"])
    if end.number > start.number and previous not in ("", end.hash):
        audit_id = f"{user_id}:{end.number}"
        yield Finding(audit_id=audit_id, kind=FindingKind.CHANGED, detail="the head names another hash")
    counted = {f"{user_id}:{number}" for number in range(start.number + 1, end.number + 1)}
    for audit_id in sorted(entries.keys() - counted):
        yield Finding(audit_id=audit_id, kind=FindingKind.ADDED, detail="the chain does not count it")


def _place(audit_id: str, items: Sequence[Stored], previous: str, signer: Signer) -> Iterator[Finding]:
    """What is found at one place of the chain, where exactly one entry should be."""
    if not items:
        detail = "the chain counts it, but it is gone"
        yield Finding(audit_id=audit_id, kind=FindingKind.REMOVED, detail=detail)
    elif len(items) > 1:
        detail = f"{len(items)} entries stand in the place of one"
        yield Finding(audit_id=audit_id, kind=FindingKind.ADDED, detail=detail)
    else:
        yield from _check(audit_id, items[0], previous, signer)


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
