"""What only the log has comes back into the trail, and what was kept long enough leaves it as a prefix."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from src.db.dynamo import Item, batch_write, get_item, get_table, put_item, query
from src.db.dynamo import equals as is_equal
from src.models.audit import AuditEntry, AuditStatus
from src.models.caller import Caller
from src.models.errors import NotFound
from src.services.audit_chain import TABLE, chain_writes, entry_item, head_key, read_head
from src.services.audit_keeping import Recovery, recover_entries, remove_expired
from src.services.audit_service import new_entry
from src.services.audit_verify import walk
from src.services.order_reads import get_order
from src.services.stores import Stores
from tests.fixtures.callers import a_customer


def line_of(entry: AuditEntry) -> str:
    kept = entry.model_dump(mode="json", exclude_none=True)
    return json.dumps({"message": "audit entry not stored", "audit_entry": kept})


def refusal(caller: Caller) -> AuditEntry:
    return new_entry(caller, "order.read", "order", "W1", status=AuditStatus.FAILURE, code="not_found")


async def refused(stores: Stores, caller: Caller) -> None:
    with pytest.raises(NotFound):
        await get_order(stores, caller, "W0000000000")


async def head_of(stores: Stores, caller: Caller) -> Item:
    key = head_key(str(caller.user_id))
    found = await get_item(get_table(stores.dynamo, TABLE), key, consistent=True)
    assert found is not None
    return found


async def old_chain(stores: Stores, caller: Caller, count: int, after: Item | None = None) -> None:
    """Entries that were to be kept until yesterday."""
    table = get_table(stores.dynamo, TABLE)
    past = int(datetime.now(UTC).timestamp()) - 86_400
    head = read_head(after)
    for _ in range(count):
        entry = refusal(caller).model_copy(update={"keep_until": past})
        for put in chain_writes(stores.dynamo, entry, head, stores.signer):
            await put_item(table, put.item)
            head = read_head(put.item) if "number" in put.item else head


class TestRecovering:
    async def test_a_refusal_joins_its_actors_chain_once(self, stores: Stores) -> None:
        caller = a_customer()
        await refused(stores, caller)
        lost = line_of(refusal(caller))
        assert await recover_entries(stores, [lost]) == Recovery(1, 0, 0)
        assert await recover_entries(stores, [lost]) == Recovery(0, 1, 0)
        found = await walk(stores, str(caller.user_id))
        assert (found.entries, found.intact) == (2, True)

    async def test_a_read_is_stored_as_it_was(self, stores: Stores) -> None:
        entry = new_entry(a_customer(), "order.read", "order", "W1", read=True)
        assert await recover_entries(stores, [line_of(entry)]) == Recovery(1, 0, 0)
        key = is_equal("audit_id", entry.audit_id)
        page = await query(get_table(stores.dynamo, TABLE), key=key, limit=1)
        assert AuditEntry.model_validate(page.items[0]) == entry

    async def test_other_lines_are_passed_over_and_broken_ones_counted(self, stores: Stores) -> None:
        lines = ["", "no JSON", '{"message": "hello"}', '{"audit_entry": {"action": 1}}', '{"audit_entry": ']
        assert await recover_entries(stores, lines) == Recovery(0, 0, 2)


class TestCleaning:
    async def test_what_was_kept_long_enough_goes_and_the_rest_verifies(self, stores: Stores) -> None:
        caller = a_customer()
        await old_chain(stores, caller, 3)
        await refused(stores, caller)
        assert await remove_expired(stores) == 3
        found = await walk(stores, str(caller.user_id))
        assert (found.first, found.last, found.entries, found.intact) == (4, 4, 1, True)

    async def test_a_chain_goes_on_after_all_of_it_was_removed(self, stores: Stores) -> None:
        caller = a_customer()
        await old_chain(stores, caller, 2)
        await remove_expired(stores)
        await refused(stores, caller)
        found = await walk(stores, str(caller.user_id))
        assert (found.first, found.last, found.intact) == (3, 3, True)

    async def test_nothing_goes_before_its_time(self, stores: Stores) -> None:
        caller = a_customer()
        await refused(stores, caller)
        await remove_expired(stores)
        assert (await walk(stores, str(caller.user_id))).entries == 1

    async def test_an_actor_without_a_chain_is_no_trouble(self, stores: Stores) -> None:
        assert (await walk(stores, str(uuid4()))).intact


class TestTamperingBehindAnAnchor:
    """Whoever can write to the table but not sign can't hide behind what was removed in good faith."""

    async def test_a_head_set_back_before_the_anchor_is_named(self, stores: Stores) -> None:
        caller = a_customer()
        await old_chain(stores, caller, 2)
        early = await head_of(stores, caller)
        await old_chain(stores, caller, 2, early)
        await remove_expired(stores)
        await put_item(get_table(stores.dynamo, TABLE), early)
        assert [each.kind for each in (await walk(stores, str(caller.user_id))).findings] == ["changed"]

    async def test_a_head_that_is_gone_is_named(self, stores: Stores) -> None:
        caller = a_customer()
        await old_chain(stores, caller, 2)
        await remove_expired(stores)
        key = head_key(str(caller.user_id))
        await batch_write(get_table(stores.dynamo, TABLE), deletes=[key])
        assert [each.kind for each in (await walk(stores, str(caller.user_id))).findings] == ["removed"]

    async def test_an_entry_planted_before_the_anchor_is_named(self, stores: Stores) -> None:
        caller = a_customer()
        await old_chain(stores, caller, 2)
        await remove_expired(stores)
        planted = refusal(caller).model_copy(update={"audit_id": f"{caller.user_id}:1", "number": 1})
        await put_item(get_table(stores.dynamo, TABLE), entry_item(planted))
        assert [each.kind for each in (await walk(stores, str(caller.user_id))).findings] == ["added"]
