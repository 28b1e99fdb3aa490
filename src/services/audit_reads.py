"""Reading the audit trail: newest first, by actor, subject, request or resource type."""

import heapq
from collections.abc import Mapping
from typing import Final

from src.db.dynamo import (
    Condition,
    Table,
    between,
    both,
    equals,
    get_table,
    query_by_gsi,
)
from src.db.dynamo import Item as Stored
from src.models.audit import AuditEntry, AuditStatus, ResourceType
from src.models.audit_query import AuditQuery
from src.models.caller import Caller
from src.models.errors import Invalid
from src.models.page import Page
from src.services.access import require_admin
from src.services.audit_chain import TABLE, read_entry
from src.services.audit_service import audit_action
from src.services.stores import Stores

_INDEXES: Final = {
    "request_id": "request-id-index",
    "user_id": "user-id-index",
    "subject_id": "subject-id-index",
    "resource_type": "resource-type-index",
}


@audit_action("audit.read", "audit")
async def find_entries(
    stores: Stores, caller: Caller, query: AuditQuery, limit: int, cursor: str | None
) -> Page[AuditEntry]:
    """The entries that fit, for admins; what this process has read until now is among them."""
    require_admin(caller)
    since, until = query.period
    if since > until:
        raise Invalid("The period ends before it begins; swap from and to.")
    scope = f"audit {query.model_dump_json(exclude_none=True)}"
    start = stores.signer.open_cursor(scope, cursor)
    await stores.reads.flush()
    table = get_table(stores.dynamo, TABLE)
    items = await _newest(table, query, limit + 1, start)
    entries = [read_entry(item) for item in items[:limit]]
    last = {k: str(items[limit - 1][k]) for k in ("audit_id", "timestamp")} if len(items) > limit else None
    return Page(items=entries, next_cursor=stores.signer.seal_cursor(scope, last))


async def get_user_audit_history(
    stores: Stores, caller: Caller, user_id: str, limit: int, cursor: str | None = None
) -> Page[AuditEntry]:
    return await find_entries(stores, caller, AuditQuery(user_id=user_id), limit, cursor)


async def get_failed_actions(
    stores: Stores, caller: Caller, limit: int, cursor: str | None = None
) -> Page[AuditEntry]:
    return await find_entries(stores, caller, AuditQuery(status=AuditStatus.FAILURE), limit, cursor)


async def _newest(
    table: Table, query: AuditQuery, count: int, after: Mapping[str, object] | None
) -> list[Stored]:
    """Where no index fits, the pages of every resource type are merged."""
    fields = query.model_dump(mode="json", exclude_none=True)
    chosen = next((name for name in _INDEXES if name in fields), None)
    if chosen is not None:
        return await _from_index(table, chosen, str(fields[chosen]), query, count, after)
    pages = [
        await _from_index(table, "resource_type", kind.value, query, count, after) for kind in ResourceType
    ]
    return list(heapq.merge(*pages, key=_position, reverse=True))[:count]


async def _from_index(
    table: Table, name: str, value: str, query: AuditQuery, count: int, after: Mapping[str, object] | None
) -> list[Stored]:
    since, until = query.period
    if after is not None:
        until = min(until, str(after["timestamp"]))
    items: list[Stored] = []
    start = None
    # In an index those of one microsecond stand in any order, so that all of them are needed to choose.
    while len(items) < count or items[-1]["timestamp"] == items[count - 1]["timestamp"]:
        page = await query_by_gsi(
            table,
            _INDEXES[name],
            key=both(equals(name, value), between("timestamp", since, until)),
            limit=count + 1,
            start=start,
            newest_first=True,
            filter=_filter(query, name),
        )
        items += [item for item in page.items if after is None or _position(item) < _position(after)]
        start = page.next_key
        if start is None:
            break
    return sorted(items, key=_position, reverse=True)[:count]


def _filter(query: AuditQuery, indexed: str) -> Condition | None:
    fields = query.model_dump(mode="json", exclude_none=True, exclude={"since", "until", indexed})
    conditions = [equals(name, value) for name, value in fields.items()]
    return both(*conditions) if conditions else None


def _position(item: Mapping[str, object]) -> tuple[str, str]:
    return str(item["timestamp"]), str(item["audit_id"])
