"""The outbox: events that commands have written, until the bus has taken them.

Each order (each stream) has its own sequence. The pending index only tells which streams have something; what
to send and in which order is read from the table itself, consistently.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from src.db.dynamo import (
    ConditionFailed,
    Dynamo,
    Table,
    absent,
    delete_item,
    either,
    equals,
    get_table,
    less,
    present,
    put_item,
    query,
    query_all,
    query_by_gsi,
    update_item,
)
from src.db.dynamo import Item as Stored
from src.models.base import stamp
from src.utils.event_bus import BusEvent

SHARDS: Final = 8
_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Pending:
    """An event that waits: its place, when it happened, and why the bus refused it last."""

    stream: str
    sequence: int
    occurred_at: str
    event: BusEvent
    refusal: str | None


def shard_of(stream: str) -> str:
    return str(sum(stream.encode()) % SHARDS)


def pending_item(stream: str, sequence: int, kind: str, now: datetime, data: Mapping[str, str]) -> Stored:
    """An event as a command's transaction writes it."""
    return {
        "stream": stream,
        "sequence": sequence,
        "event_id": str(uuid4()),
        "type": kind,
        "occurred_at": stamp(now),
        "data": {**data},
        "shard": shard_of(stream),
    }


async def waiting_streams(dynamo: Dynamo, shard: str) -> list[str]:
    """The streams of a shard that have something to send, the longest waiting first."""
    found = query_all(_table(dynamo), key=equals("shard", shard), index="pending-index")
    return list(dict.fromkeys([str(item["stream"]) async for item in found]))


async def oldest_waiting(dynamo: Dynamo) -> list[Pending]:
    """The longest waiting event of each shard that has one."""
    pages = [
        await query_by_gsi(_table(dynamo), "pending-index", key=equals("shard", str(shard)), limit=1)
        for shard in range(SHARDS)
    ]
    return [_pending(item) for page in pages for item in page.items]


async def waiting_in(dynamo: Dynamo, stream: str) -> list[Pending]:
    """What a stream has to send, in its order."""
    page = await query(_table(dynamo), key=equals("stream", stream), limit=_AT_ONCE, consistent=True)
    return [_pending(item) for item in page.items]


async def taken(dynamo: Dynamo, pending: Pending) -> None:
    """The bus has it: it waits no more."""
    await delete_item(_table(dynamo), {"stream": pending.stream, "sequence": pending.sequence})


async def refused(dynamo: Dynamo, pending: Pending, code: str) -> None:
    """The bus would not have it: it stays, and says why."""
    key = {"stream": pending.stream, "sequence": pending.sequence}
    try:
        await update_item(_table(dynamo), key, set={"refusal": code}, condition=present("stream"))
    except ConditionFailed:
        return


async def lease(dynamo: Dynamo, shard: str, holder: str, now: datetime, seconds: int) -> bool:
    """Whether this relay may send a shard's events for so long; one does at a time."""
    moment = int(now.timestamp())
    mine = {"stream": f"lease#{shard}", "sequence": 0, "holder": holder, "until": moment + seconds}
    free = either(absent("stream"), less("until", moment), equals("holder", holder))
    try:
        await put_item(_table(dynamo), mine, condition=free)
    except ConditionFailed:
        return False
    return True


async def end_lease(dynamo: Dynamo, shard: str, holder: str) -> None:
    """Let others send; a lease that has passed to another is theirs."""
    try:
        await delete_item(
            _table(dynamo), {"stream": f"lease#{shard}", "sequence": 0}, condition=equals("holder", holder)
        )
    except ConditionFailed:
        return


def _pending(item: Stored) -> Pending:
    detail = {k: item[k] for k in ("event_id", "type", "stream", "occurred_at", "data")}
    sequence = int(str(item["sequence"]))
    return Pending(
        stream=str(item["stream"]),
        sequence=sequence,
        occurred_at=str(item["occurred_at"]),
        event=BusEvent(str(item["type"]), json.dumps({**detail, "sequence": sequence})),
        refusal=str(item["refusal"]) if "refusal" in item else None,
    )


def _table(dynamo: Dynamo) -> Table:
    return get_table(dynamo, "outbox")
