"""Keeping the trail: what only the log has comes back, and what was kept long enough goes as a prefix."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from pydantic import ValidationError

from src.db.dynamo import (
    Delete,
    Operation,
    Put,
    Table,
    absent,
    equals,
    get_item,
    get_table,
    query,
    query_all,
    transact_write,
)
from src.db.dynamo import Item as Stored
from src.models.audit import AuditEntry
from src.services.audit_chain import TABLE, Head, anchor_key, entry_item, read_head, sealed
from src.services.audit_service import lengthen_chain
from src.services.audit_verify import actors
from src.services.stores import Stores

_AT_ONCE = 90


@dataclass(frozen=True)
class Recovery:
    recovered: int
    known: int
    unreadable: int


async def recover_entries(stores: Stores, lines: Iterable[str]) -> Recovery:
    """Store the entries that these log lines hold, each once however often it is recovered.

    A read is stored as it was. A refusal joins its actor's chain now, under its own time; the id that it had
    in the log is kept in `recovered_from`, by which a second recovery knows it.
    """
    recovered = known = unreadable = 0
    for line in lines:
        if "audit_entry" not in line:
            continue
        entry = _entry_of(line)
        if entry is None:
            unreadable += 1
        elif await _is_known(stores, entry):
            known += 1
        else:
            await _store(stores, entry)
            recovered += 1
    return Recovery(recovered, known, unreadable)


def _entry_of(line: str) -> AuditEntry | None:
    try:
        return AuditEntry.model_validate(json.loads(line)["audit_entry"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


async def _is_known(stores: Stores, entry: AuditEntry) -> bool:
    table = get_table(stores.dynamo, TABLE)
    if entry.ttl is not None:
        page = await query(table, key=equals("audit_id", entry.audit_id), limit=1, consistent=True)
        return bool(page.items)
    found = query_all(table, key=equals("request_id", entry.request_id), index="request-id-index")
    return any([item.get("recovered_from") == entry.audit_id async for item in found])


async def _store(stores: Stores, entry: AuditEntry) -> None:
    if entry.ttl is not None:
        put = Put(get_table(stores.dynamo, TABLE), entry_item(entry), absent("audit_id"))
        await transact_write(stores.dynamo, [put], token=str(uuid4()))
    else:
        await lengthen_chain(stores, entry.model_copy(update={"recovered_from": entry.audit_id}))


async def remove_expired(stores: Stores) -> int:
    """Remove every chain's beginning that was kept long enough; reads expire by themselves."""
    return sum([await _remove_prefix(stores, actor) for actor in await actors(stores)])


async def _remove_prefix(stores: Stores, actor: str) -> int:
    table, now = get_table(stores.dynamo, TABLE), int(datetime.now(UTC).timestamp())
    found = query_all(table, key=equals("user_id", actor), index="user-id-index")
    chain = {int(str(item["number"])): item async for item in found if "number" in item}
    removed = 0
    while due := _due(chain, read_head(await get_item(table, anchor_key(actor), consistent=True)), now):
        await transact_write(stores.dynamo, _removal(stores, table, actor, due), token=str(uuid4()))
        removed += len(due)
    return removed


def _due(chain: dict[int, Stored], anchor: Head, now: int) -> list[Stored]:
    """The next entries after the anchor without a gap, as far as they are due."""
    due: list[Stored] = []
    number = anchor.number + 1
    while len(due) < _AT_ONCE and number in chain and int(str(chain[number]["keep_until"])) <= now:
        due.append(chain[number])
        number += 1
    return due


def _removal(stores: Stores, table: Table, actor: str, due: list[Stored]) -> list[Operation]:
    """The anchor moves to the last entry that goes, in the transaction that removes them."""
    first, last = int(str(due[0]["number"])), due[-1]
    head = Head(int(str(last["number"])), str(last["hash"]))
    on = absent("audit_id") if first == 1 else equals("number", first - 1)
    moved = Put(table, sealed(anchor_key(actor), head, stores.signer), on)
    keys = [{name: str(item[name]) for name in table.schema.key} for item in due]
    return [moved, *(Delete(table, key) for key in keys)]
