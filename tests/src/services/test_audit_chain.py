"""An actor's chain: one entry after the other whoever writes, and what happens while the table is away."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from src.db.dynamo import batch_write, equals, get_table, query_all
from src.models.audit import AuditEntry
from src.models.audit_query import AuditQuery
from src.models.caller import Caller, Role
from src.models.commands import UserChange
from src.models.errors import DatabaseUnavailable, Forbidden, NotFound
from src.services.audit_chain import GENESIS, Head, chained, entry_hash, read_entry
from src.services.audit_reads import find_entries
from src.services.audit_service import log_user_action, new_entry
from src.services.commit import Attempt
from src.services.order_reads import get_order
from src.services.product_service import delete_product
from src.services.signing import Signer
from src.services.stores import Stores
from src.services.user_reads import get_user
from src.services.user_service import update_user
from tests.fixtures.callers import a_customer, registered, staff, through
from tests.fixtures.faults import Exchange, Fault, Wire, cancel, hang_up, on_table, refuse
from tests.fixtures.log import Log
from tests.fixtures.records import a_name

ADMIN = staff(Role.ADMIN)
SIGNER = Signer(b"audit", b"look-ups")
EVA = UserChange(name=a_name("Eva", "Lee"))
OTHER = {
    "changes": [{"field": "order.status", "old": "pending", "new": "cancelled"}],
    "keep_until": 7,
    "number": 7,
    "resource_type": "user",
    "status": "failure",
    "timestamp": "1999-01-01T00:00:00Z",
    "ttl": 7,
}
GONE = refuse("ResourceNotFoundException")


async def chain_of(stores: Stores, caller: Caller) -> list[AuditEntry]:
    table, actor = get_table(stores.dynamo, "audit-logs"), str(caller.user_id)
    found = query_all(table, key=equals("user_id", actor), index="user-id-index")
    entries = [AuditEntry.model_validate(item) async for item in found if "number" in item]
    return sorted(entries, key=lambda entry: entry.number or 0)


def require_whole(entries: list[AuditEntry], signer: Signer) -> None:
    previous = GENESIS
    for number, entry in enumerate(entries, 1):
        assert (entry.number, entry.previous_hash) == (number, previous)
        assert (entry.hash, entry.mac) == (entry_hash(entry), signer.sign(entry_hash(entry)))
        previous = str(entry.hash)


def refused(caller: Caller, resource_id: str = "W1") -> AuditEntry:
    return new_entry(caller, "order.read", "order", resource_id)


class TestLinks:
    @given(st.lists(st.text(max_size=9), max_size=6))
    def test_each_names_the_hash_of_the_one_before(self, resource_ids: list[str]) -> None:
        caller, head, entries = a_customer(), Head(0, GENESIS), list[AuditEntry]()
        for resource_id in resource_ids:
            entry = read_entry(chained(refused(caller, resource_id), head, SIGNER))
            head = Head(int(entry.number or 0), str(entry.hash))
            entries.append(entry)
        require_whole(entries, SIGNER)
        assert [entry.audit_id for entry in entries] == [
            f"{caller.user_id}:{number}" for number in range(1, len(entries) + 1)
        ]

    @pytest.mark.parametrize("field", sorted(AuditEntry.model_fields.keys() - {"hash", "mac"}))
    def test_another_value_of_any_field_makes_another_hash(self, field: str) -> None:
        item = chained(refused(a_customer()), Head(0, GENESIS), SIGNER)
        changed = item | {field: OTHER.get(field, "another")}
        assert entry_hash(AuditEntry.model_validate(changed)) != item["hash"]

    def test_another_key_makes_another_mac(self) -> None:
        entry = refused(a_customer())
        mine = chained(entry, Head(0, GENESIS), SIGNER)
        theirs = chained(entry, Head(0, GENESIS), Signer(b"another", b"look-ups"))
        assert mine["key_id"] != theirs["key_id"]
        assert SIGNER.sign(str(theirs["hash"])) != theirs["mac"]


class TestWriting:
    async def test_two_processes_write_one_chain(self, stores: Stores, wired: Stores) -> None:
        customer = a_customer()
        await asyncio.gather(
            *(log_user_action(one, refused(customer)) for one in (stores, wired) for _ in range(6))
        )
        entries = await chain_of(stores, customer)
        assert len(entries) == 12
        require_whole(entries, stores.signer)

    async def test_refusals_and_commands_of_one_actor_at_once_stand_in_one_chain(
        self, stores: Stores
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)

        async def refuse_one() -> None:
            with pytest.raises(NotFound):
                await get_order(stores, customer, "W0000000000")

        changes = [update_user(stores, customer, customer.user_id, EVA, Attempt()) for _ in range(4)]
        await asyncio.gather(*changes, *(refuse_one() for _ in range(4)))
        entries = await chain_of(stores, customer)
        assert len(entries) == 9
        require_whole(entries, stores.signer)

    async def test_a_conflict_is_tried_again(self, stores: Stores, wired: Stores, wire: Wire) -> None:
        customer = a_customer()
        wire.plan(*[cancel("TransactionConflict")] * 3, at="TransactWriteItems")
        await log_user_action(wired, refused(customer))
        require_whole(await chain_of(stores, customer), stores.signer)

    async def test_a_refusal_that_gets_no_place_in_it_goes_to_the_log(
        self, stores: Stores, wired: Stores, wire: Wire, log: Log
    ) -> None:
        customer = a_customer()
        wire.plan(*[cancel("TransactionConflict")] * 8, at="TransactWriteItems")
        with pytest.raises(NotFound):
            await get_order(wired, customer, "W0000000000")
        assert await chain_of(stores, customer) == []
        [line] = log.lines("orderdesk.audit")
        assert AuditEntry.model_validate(line["audit_entry"]).user_id == str(customer.user_id)


class TestOneMicrosecond:
    async def test_each_of_its_entries_is_told_once_in_whatever_order_the_index_has_them(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer, moment = a_customer(), datetime.now(UTC)
        entries = [
            new_entry(customer, "user.read", "user", None, read=True).model_copy(update={"timestamp": moment})
            for _ in range(9)
        ]
        items = [entry.model_dump(mode="json", exclude_none=True) for entry in entries]
        await batch_write(get_table(stores.dynamo, "audit-logs"), items)
        wire.plan(*[in_another_order] * 100, at="Query")
        for query in (AuditQuery(user_id=str(customer.user_id)), AuditQuery(since=moment, until=moment)):
            told, cursor = list[str](), None
            while True:
                page = await find_entries(wired, ADMIN, query, 2, cursor)
                told += [entry.audit_id for entry in page.items]
                if (cursor := page.next_cursor) is None:
                    break
            assert sorted(told) == sorted(entry.audit_id for entry in entries)


async def in_another_order(exchange: Exchange) -> web.StreamResponse:
    """An index that has what happened in one microsecond in an order of its own."""
    limit, start = exchange.payload.pop("Limit"), exchange.payload.pop("ExclusiveStartKey", None)
    items: list[dict[str, dict[str, str]]] = json.loads((await exchange.carry(exchange.payload)).body)[
        "Items"
    ]
    items.sort(key=lambda item: (item["timestamp"]["S"], item["audit_id"]["S"][::-1]), reverse=True)
    begin = 1 + [item["audit_id"] for item in items].index(start["audit_id"]) if start else 0
    page = items[begin : begin + limit]
    answer: dict[str, object] = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
    if items[begin + limit :]:
        answer["LastEvaluatedKey"] = {name: page[-1][name] for name in ("audit_id", "timestamp")}
    return web.json_response(answer)


@pytest.mark.parametrize("away", [hang_up, GONE], ids=["unreachable", "missing"])
class TestWithoutTheTable:
    async def test_a_command_fails_and_changes_nothing(self, stores: Stores, wire: Wire, away: Fault) -> None:
        customer = a_customer()
        user = await registered(stores, customer)
        async with through(stores, wire.url, seconds=0.1) as wired:
            wire.plan(*[on_table("audit-logs", away)] * 1000)
            with pytest.raises(DatabaseUnavailable):
                await update_user(wired, customer, customer.user_id, EVA, Attempt())
            wire.plan()
        assert await get_user(stores, customer, customer.user_id) == user
        assert len(await chain_of(stores, customer)) == 1

    async def test_a_refusal_is_answered_as_ever_and_goes_to_the_log_whole(
        self, stores: Stores, wire: Wire, log: Log, away: Fault
    ) -> None:
        customer = replace(a_customer(), context=replace(a_customer().context, request_id=uuid4().hex))
        async with through(stores, wire.url, seconds=0.1) as wired:
            wire.plan(*[on_table("audit-logs", away)] * 1000)
            with pytest.raises(NotFound):
                await get_order(wired, customer, "W0000000000")
            with pytest.raises(Forbidden):
                await delete_product(wired, customer, "P1", Attempt())
            wire.plan()
        kept = [AuditEntry.model_validate(line["audit_entry"]) for line in log.lines("orderdesk.audit")]
        assert [(entry.action, entry.code) for entry in kept] == [
            ("order.read", "not_found"),
            ("product.delete", "forbidden"),
        ]
        assert {entry.request_id for entry in kept} == {customer.context.request_id}
        assert await chain_of(stores, customer) == []
