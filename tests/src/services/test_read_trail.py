"""Entries of reads: nobody waits for them, and none is lost."""

import asyncio
from dataclasses import replace
from uuid import uuid4

from aiohttp import web

from src.db.dynamo import equals, get_table, query_all
from src.models.audit import AuditEntry
from src.models.caller import Caller
from src.services.audit_service import new_entry
from src.services.read_trail import ReadTrail, open_read_trail
from src.services.stores import Stores
from src.services.user_reads import get_user
from tests.fixtures.callers import a_customer, registered, through
from tests.fixtures.faults import Exchange, Wire, hang_up, leave_unwritten, on_table, stay_silent
from tests.fixtures.log import Log
from tests.fixtures.wire import until

WRITE = "BatchWriteItem"


def entries_of(caller: Caller, count: int) -> list[AuditEntry]:
    return [new_entry(caller, "user.read", "user", str(number), read=True) for number in range(count)]


async def stored(stores: Stores, caller: Caller) -> list[AuditEntry]:
    """The caller's entries in the table, in the order of their times."""
    found = query_all(
        get_table(stores.dynamo, "audit-logs"),
        key=equals("user_id", str(caller.user_id)),
        index="user-id-index",
    )
    return [AuditEntry.model_validate(item) async for item in found]


async def test_entries_are_written_without_being_asked_for(stores: Stores) -> None:
    caller, expected = a_customer(), 60
    async with open_read_trail(stores.dynamo) as trail:
        for entry in entries_of(caller, expected):
            trail.add(entry)

        async def all_there() -> bool:
            return len(await stored(stores, caller)) == expected

        await until(all_there)


async def test_a_clean_stop_loses_nothing(stores: Stores) -> None:
    caller = a_customer()
    entries = entries_of(caller, 230)
    async with open_read_trail(stores.dynamo) as trail:
        for entry in entries:
            trail.add(entry)
    assert await stored(stores, caller) == entries


async def test_an_outage_loses_nothing_and_repeats_nothing(stores: Stores, wire: Wire) -> None:
    caller = a_customer()
    entries = entries_of(caller, 60)
    async with through(stores, wire.url, seconds=0.1) as wired:
        trail = ReadTrail(wired.dynamo)
        for entry in entries:
            trail.add(entry)
        wire.plan(leave_unwritten(9), *[hang_up] * 30, at=WRITE)
        assert not await trail.flush()
        wire.plan(*[stay_silent] * 30, at=WRITE)
        assert not await trail.flush()
        wire.plan()
        assert await trail.flush()
    assert await stored(stores, caller) == entries


async def test_a_stop_in_the_midst_of_writing_loses_nothing(stores: Stores, wire: Wire) -> None:
    caller = a_customer()
    entries = entries_of(caller, 30)
    writing = asyncio.Event()

    async def hold(exchange: Exchange) -> web.StreamResponse:
        writing.set()
        return await stay_silent(exchange)

    async with through(stores, wire.url, seconds=30) as wired, open_read_trail(wired.dynamo) as trail:
        wire.plan(hold, at=WRITE)
        for entry in entries:
            trail.add(entry)
        await asyncio.wait_for(writing.wait(), 20)
    assert await stored(stores, caller) == entries


async def test_what_a_stop_during_an_outage_leaves_goes_to_the_log_whole(
    stores: Stores, wire: Wire, log: Log
) -> None:
    caller = a_customer()
    entries = entries_of(caller, 3)
    async with through(stores, wire.url, seconds=0.1) as wired:
        wire.plan(*[hang_up] * 30, at=WRITE)
        async with open_read_trail(wired.dynamo) as trail:
            for entry in entries:
                trail.add(entry)
    kept = [line["audit_entry"] for line in log.lines("orderdesk.audit")]
    assert [AuditEntry.model_validate(entry) for entry in kept] == entries


async def test_of_more_than_memory_should_hold_the_oldest_go_to_the_log(stores: Stores, log: Log) -> None:
    trail, [entry] = ReadTrail(stores.dynamo), entries_of(a_customer(), 1)
    for number in range(20_002):
        trail.add(entry.model_copy(update={"resource_id": str(number)}))
    kept = [AuditEntry.model_validate(line["audit_entry"]) for line in log.lines("orderdesk.audit")]
    assert [each.resource_id for each in kept] == ["0", "1"]


async def test_a_read_is_answered_while_the_trail_is_away(stores: Stores, wire: Wire) -> None:
    customer = a_customer()
    user = await registered(stores, customer)
    async with through(stores, wire.url, seconds=0.1) as wired:
        wire.plan(*[on_table("audit-logs", hang_up)] * 1000)
        request = uuid4().hex
        reader = replace(customer, context=replace(customer.context, request_id=request))
        assert await get_user(wired, reader, customer.user_id) == user
        assert not await wired.reads.flush()
        wire.plan()
    assert request in [entry.request_id for entry in await stored(stores, customer)]
