"""Many items in few requests, whatever DynamoDB leaves undone."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from uuid import uuid4

import pytest

from src.db.dynamo import Dynamo, Item, Key, Table, batch_get, batch_write, get_item, get_table, put_item
from src.db.tables import TABLES
from src.models.errors import DatabaseUnavailable
from tests.fixtures.dynamodb import in_haste, open_tables
from tests.fixtures.faults import Wire, leave_unread, leave_unwritten, open_wire


@pytest.fixture(scope="module")
async def wire(ministack: str) -> AsyncGenerator[Wire]:
    async with open_wire(ministack) as wire:
        yield wire


@pytest.fixture(scope="module")
async def effects(wire: Wire, aws_keys: None) -> AsyncGenerator[Table]:
    """A table behind the wire."""
    async with open_tables(wire.url, {"effects": TABLES["effects"]}) as dynamo:
        yield get_table(dynamo, "effects")


def new_items(count: int) -> list[Item]:
    return [{"effect_id": str(uuid4()), "number": n} for n in range(count)]


def key_of(item: Item) -> Key:
    return {"effect_id": str(item["effect_id"])}


async def test_items_of_several_tables_come_in_the_order_of_the_keys(each_dynamo: Dynamo) -> None:
    users, outbox, name = get_table(each_dynamo, "users"), get_table(each_dynamo, "outbox"), str(uuid4())
    user: Item = {"id": name}
    second: Item = {"stream": name, "sequence": 2}
    await put_item(users, user)
    await put_item(outbox, second)
    keys: list[tuple[Table, Key]] = [
        (outbox, {"stream": name, "sequence": 2}),
        (users, {"id": "nobody"}),
        (users, {"id": name}),
        (outbox, {"stream": name, "sequence": 1}),
        (users, {"id": name}),
    ]
    assert await batch_get(each_dynamo, keys) == [second, None, user, None, user]


async def test_no_keys_are_no_items(each_dynamo: Dynamo) -> None:
    assert await batch_get(each_dynamo, []) == []


async def test_any_number_is_written_read_and_deleted(each_dynamo: Dynamo) -> None:
    table, items = get_table(each_dynamo, "effects"), new_items(130)
    keys = [key_of(item) for item in items]
    await batch_write(table, items)
    assert await batch_get(each_dynamo, [(table, key) for key in keys]) == items
    await batch_write(table, items[:10], deletes=keys[10:])
    assert await batch_get(each_dynamo, [(table, key) for key in keys]) == items[:10] + [None] * 120


@pytest.mark.parametrize("deleted", [False, True])
async def test_a_key_that_occurs_twice_is_refused_and_nothing_is_written(
    dynamo: Dynamo, deleted: bool
) -> None:
    table, [item] = get_table(dynamo, "effects"), new_items(1)
    again: Item = {**item, "number": 99}
    with pytest.raises(ValueError, match="occurs twice"):
        await batch_write(
            table, [item] if deleted else [item, again], deletes=[key_of(item)] if deleted else []
        )
    assert await get_item(table, key_of(item), consistent=True) is None


async def test_numbers_that_are_equal_are_one_key(dynamo: Dynamo) -> None:
    outbox, stream = get_table(dynamo, "outbox"), str(uuid4())
    with pytest.raises(ValueError, match="occurs twice"):
        await batch_write(
            outbox, [{"stream": stream, "sequence": 1}, {"stream": stream, "sequence": Decimal("1.0")}]
        )


async def test_keys_left_unread_are_asked_for_again(wire: Wire, effects: Table) -> None:
    items = new_items(10)
    await batch_write(effects, items)
    wire.plan(leave_unread(10), leave_unread(4), leave_unread(1))
    assert await batch_get(effects.dynamo, [(effects, key_of(item)) for item in items]) == items
    asked = [len(seen.payload["RequestItems"][effects.name]["Keys"]) for seen in wire.seen]
    assert asked == [10, 10, 4, 1]


async def test_a_consistent_batch_stays_consistent_when_it_is_asked_again(wire: Wire, effects: Table) -> None:
    wire.plan(leave_unread(1))
    await batch_get(effects.dynamo, [(effects, key_of(item)) for item in new_items(2)], consistent=True)
    assert [seen.payload["RequestItems"][effects.name]["ConsistentRead"] for seen in wire.seen] == [
        True,
        True,
    ]


async def test_writes_left_undone_are_sent_again(wire: Wire, effects: Table) -> None:
    old, new = new_items(5), new_items(20)
    await batch_write(effects, old)
    wire.plan(leave_unwritten(25), leave_unwritten(7), leave_unwritten(3))
    await batch_write(effects, new, deletes=[key_of(item) for item in old])
    assert [len(seen.payload["RequestItems"][effects.name]) for seen in wire.seen] == [25, 25, 7, 3]
    keys = [(effects, key_of(item)) for item in old + new]
    assert await batch_get(effects.dynamo, keys) == [None] * 5 + new


async def test_patience_begins_anew_with_every_bit_of_progress(wire: Wire, effects: Table) -> None:
    items = new_items(25)
    wire.plan(*(leave_unwritten(left) for left in range(24, 0, -1)))
    await batch_write(effects, items)
    assert len(wire.seen) == 25


async def test_a_batch_that_gets_nowhere_is_given_up(wire: Wire, effects: Table) -> None:
    [item] = new_items(1)
    wire.plan(*[leave_unwritten(1)] * 50)
    async with in_haste(effects) as table:
        with pytest.raises(DatabaseUnavailable):
            await batch_write(table, [item])
        assert 1 < len(wire.seen) < 10
        wire.plan(*[leave_unread(1)] * 50)
        with pytest.raises(DatabaseUnavailable):
            await batch_get(table.dynamo, [(table, key_of(item))])
        assert 1 < len(wire.seen) < 10
    wire.plan()
