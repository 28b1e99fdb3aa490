"""Tampering with an actor's chain shows, and is named."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from src.db.dynamo import Item, Table, Value, batch_write, get_table, put_item, query
from src.db.dynamo import equals as is_equal
from src.models.audit import FieldChange
from src.models.audit_query import AuditQuery
from src.models.caller import Role
from src.models.errors import Forbidden, NotFound
from src.models.verification import FindingKind, Verification
from src.services.audit_reads import find_entries
from src.services.audit_service import log_user_action, new_entry
from src.services.audit_verify import actors, verify_chain, walk
from src.services.order_reads import get_order
from src.services.stores import Stores
from tests.fixtures.callers import a_customer, staff


@dataclass
class Chain:
    """An actor's five entries, as a thief with access to the table sees them."""

    stores: Stores
    actor: str

    @property
    def table(self) -> Table:
        return get_table(self.stores.dynamo, "audit-logs")

    async def entry(self, number: int) -> Item:
        page = await query(self.table, key=is_equal("audit_id", f"{self.actor}:{number}"), limit=1)
        return page.items[0]

    async def change(self, number: int, change: Callable[[Item], Item]) -> None:
        await put_item(self.table, change(await self.entry(number)))

    async def remove(self, number: int) -> None:
        entry = await self.entry(number)
        key = {"audit_id": str(entry["audit_id"]), "timestamp": str(entry["timestamp"])}
        await batch_write(self.table, deletes=[key])

    async def findings(self) -> list[tuple[str, FindingKind]]:
        found = await walk(self.stores, self.actor)
        return [(each.audit_id.removeprefix(f"{self.actor}:"), each.kind) for each in found.findings]


@pytest.fixture
async def chain(stores: Stores) -> Chain:
    customer = a_customer()
    for _ in range(5):
        with pytest.raises(NotFound):
            await get_order(stores, customer, "W0000000000")
    return Chain(stores, str(customer.user_id))


async def test_a_chain_that_nobody_touched_is_intact(chain: Chain) -> None:
    found = await walk(chain.stores, chain.actor)
    expected = Verification(user_id=chain.actor, entries=5, first=1, last=5, intact=True, findings=[])
    assert found == expected
    assert chain.actor in await actors(chain.stores)


async def test_a_changed_entry_is_named(chain: Chain) -> None:
    await chain.change(3, lambda entry: {**entry, "status": "success"})
    assert await chain.findings() == [("3", FindingKind.CHANGED)]


async def test_a_changed_entry_with_its_hash_made_anew_is_named_too(chain: Chain) -> None:
    await chain.change(3, lambda entry: {**entry, "status": "success", "hash": "0" * 64})
    assert ("3", FindingKind.CHANGED) in await chain.findings()


async def test_a_removed_entry_is_named(chain: Chain) -> None:
    await chain.remove(2)
    assert await chain.findings() == [("2", FindingKind.REMOVED)]


async def test_the_last_entry_is_missed_as_well(chain: Chain) -> None:
    await chain.remove(5)
    assert await chain.findings() == [("5", FindingKind.REMOVED)]


async def test_two_entries_that_changed_places_are_named(chain: Chain) -> None:
    two, three = await chain.entry(2), await chain.entry(3)
    await chain.remove(2)
    await chain.remove(3)
    await put_item(chain.table, {**two, "audit_id": three["audit_id"]})
    await put_item(chain.table, {**three, "audit_id": two["audit_id"]})
    named = [finding for finding in await chain.findings() if finding[1] is FindingKind.REORDERED]
    assert [number for number, _ in named] == ["2", "3"]


async def test_an_invented_entry_is_named(chain: Chain) -> None:
    await chain.change(5, lambda entry: {**entry, "audit_id": f"{chain.actor}:6", "number": 6})
    assert ("6", FindingKind.ADDED) in await chain.findings()


async def test_a_twin_beside_an_entry_is_named(chain: Chain) -> None:
    twin = {"timestamp": "2020-01-01T00:00:00.000000+00:00", "action": "order.cancel", "status": "success"}
    await chain.change(3, lambda entry: {**entry, **twin})
    assert await chain.findings() == [("3", FindingKind.ADDED)]


async def test_an_entry_outside_the_chain_that_is_no_read_is_named(chain: Chain) -> None:
    def unnumbered(entry: Item) -> Item:
        left = {name: value for name, value in entry.items() if name != "number"}
        return {**left, "audit_id": f"{chain.actor}:99", "action": "order.cancel", "status": "success"}

    await chain.change(3, unnumbered)
    assert await chain.findings() == [("99", FindingKind.ADDED)]


async def test_reads_beside_the_chain_are_no_finding(chain: Chain) -> None:
    reader = a_customer(UUID(chain.actor))
    chain.stores.reads.add(new_entry(reader, "order.read", "order", "W1", read=True))
    await chain.stores.reads.flush()
    assert await chain.findings() == []


@pytest.mark.parametrize("number", [3, 10**9, "three", None])
async def test_a_head_that_was_changed_is_named_and_stops_nothing(chain: Chain, number: Value) -> None:
    head = {"audit_id": f"head#{chain.actor}", "timestamp": "head", "mac": "0" * 64}
    entry = await chain.entry(3)
    await put_item(chain.table, {**head, "number": number, "hash": entry["hash"]})
    assert await chain.findings() == [(f"head#{chain.actor}", FindingKind.CHANGED)]


async def test_a_head_that_was_removed_is_named(chain: Chain) -> None:
    await batch_write(chain.table, deletes=[{"audit_id": f"head#{chain.actor}", "timestamp": "head"}])
    assert await chain.findings() == [(f"head#{chain.actor}", FindingKind.REMOVED)]


async def test_only_admins_verify(chain: Chain) -> None:
    with pytest.raises(Forbidden):
        await verify_chain(chain.stores, staff(), chain.actor)
    assert (await verify_chain(chain.stores, staff(Role.ADMIN), chain.actor)).intact


async def test_numbers_among_the_changes_are_read_as_they_were_written(stores: Stores) -> None:
    caller = staff(Role.ADMIN)
    counted = [FieldChange(field="user.made", new=32)]
    await log_user_action(stores, new_entry(caller, "retail.import", "import", "f", changes=counted))
    assert (await walk(stores, str(caller.user_id))).intact
    page = await find_entries(stores, caller, AuditQuery(user_id=str(caller.user_id)), 1, None)
    assert page.items[0].changes == counted
