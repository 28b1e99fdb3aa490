"""One item at a time, on each emulator."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal
from uuid import uuid4

import pytest

from src.db.dynamo import (
    ConditionFailed,
    Dynamo,
    Item,
    Key,
    Put,
    Table,
    TableMissing,
    Value,
    absent,
    batch_get,
    batch_write,
    delete_item,
    equals,
    get_item,
    get_table,
    put_item,
    query,
    scan,
    transact_write,
    update_item,
)
from src.db.tables import TABLES


@pytest.fixture
def users(each_dynamo: Dynamo) -> Table:
    return get_table(each_dynamo, "users")


@pytest.fixture
def key() -> Key:
    return {"id": str(uuid4())}


_VALUES: list[Value] = [
    "",
    "Grüße 🎁",
    True,
    False,
    None,
    b"",
    b"\x00\xff",
    0,
    -7,
    10**37,
    Decimal("0.1"),
    Decimal("1.2345678901234567890123456789012345678"),
    Decimal("-9.9E+125"),
    Decimal("1E-130"),
    [],
    {},
    [1, "two", None, [True], {"three": [Decimal("3.3")]}],
    {"a": {"b": {"c": [b"d", {}]}}},
]


@pytest.mark.parametrize("value", _VALUES, ids=repr)
async def test_a_value_comes_back_equal(users: Table, key: Key, value: Value) -> None:
    item: Item = {**key, "value": value}
    await put_item(users, item)
    assert await get_item(users, key, consistent=True) == item


async def test_numbers_come_back_as_decimals(users: Table, key: Key) -> None:
    await put_item(users, {**key, "count": 3, "deep": {"price": [Decimal("2.50")]}})
    found = await get_item(users, key)
    assert found is not None
    assert isinstance(found["count"], Decimal)
    assert found["deep"] == {"price": [Decimal("2.5")]}


async def test_an_item_that_is_not_there_is_none(users: Table, key: Key) -> None:
    assert await get_item(users, key) is None


async def test_a_put_replaces_the_whole_item(users: Table, key: Key) -> None:
    await put_item(users, {**key, "old": 1})
    await put_item(users, {**key, "new": 2})
    assert await get_item(users, key) == {**key, "new": 2}


async def test_a_put_whose_condition_fails_changes_nothing(users: Table, key: Key) -> None:
    await put_item(users, {**key, "version": 1})
    with pytest.raises(ConditionFailed):
        await put_item(users, {**key, "version": 3}, condition=equals("version", 2))
    assert await get_item(users, key) == {**key, "version": 1}


async def test_of_a_hundred_racing_first_writers_one_wins(users: Table, key: Key) -> None:
    won: list[int] = []

    async def write(number: int) -> None:
        with suppress(ConditionFailed):
            await put_item(users, {**key, "number": number}, condition=absent("id"))
            won.append(number)

    await asyncio.gather(*(write(number) for number in range(100)))
    assert await get_item(users, key, consistent=True) == {**key, "number": won[0]}
    assert len(won) == 1


async def test_an_update_sets_and_removes_and_answers_the_new_item(users: Table, key: Key) -> None:
    await put_item(users, {**key, "stays": "a", "changes": 1, "goes": True})
    updated = await update_item(users, key, set={"changes": 2, "comes": None}, remove=["goes"])
    assert updated == {**key, "stays": "a", "changes": 2, "comes": None}
    assert await get_item(users, key, consistent=True) == updated


async def test_an_update_makes_an_item_that_is_not_there(users: Table, key: Key) -> None:
    assert await update_item(users, key, set={"version": 1}) == {**key, "version": 1}


async def test_an_update_takes_names_that_dynamodb_reserves(users: Table, key: Key) -> None:
    changed = await update_item(
        users, key, set={"name": "n", "status": "s", "a.b": "dotted"}, remove=["size"]
    )
    assert changed == {**key, "name": "n", "status": "s", "a.b": "dotted"}


async def test_an_update_whose_condition_fails_changes_nothing(users: Table, key: Key) -> None:
    with pytest.raises(ConditionFailed):
        await update_item(users, key, set={"version": 2}, condition=equals("version", 1))
    assert await get_item(users, key, consistent=True) is None


async def test_a_delete_answers_what_was_there(users: Table, key: Key) -> None:
    await put_item(users, {**key, "version": 1})
    assert await delete_item(users, key) == {**key, "version": 1}
    assert await delete_item(users, key) is None
    assert await get_item(users, key, consistent=True) is None


async def test_a_delete_whose_condition_fails_deletes_nothing(users: Table, key: Key) -> None:
    await put_item(users, {**key, "version": 1})
    with pytest.raises(ConditionFailed):
        await delete_item(users, key, condition=equals("version", 2))
    assert await get_item(users, key, consistent=True) == {**key, "version": 1}


_KEY: Key = {"id": "1"}
_OPERATIONS: dict[str, Callable[[Table], Awaitable[object]]] = {
    "get": lambda table: get_item(table, _KEY),
    "put": lambda table: put_item(table, {"id": "1"}),
    "update": lambda table: update_item(table, _KEY, set={"a": 1}),
    "delete": lambda table: delete_item(table, _KEY),
    "query": lambda table: query(table, key=equals("id", "1"), limit=1),
    "scan": lambda table: scan(table, limit=1),
    "batch_get": lambda table: batch_get(table.dynamo, [(table, _KEY)]),
    "batch_write": lambda table: batch_write(table, [{"id": "1"}]),
    "transact_write": lambda table: transact_write(table.dynamo, [Put(table, _KEY)], token=str(uuid4())),
}


@pytest.mark.parametrize("operation", _OPERATIONS)
async def test_a_missing_table_is_an_error_and_not_a_missing_item(
    each_dynamo: Dynamo, operation: str
) -> None:
    table = Table(each_dynamo, f"{each_dynamo.prefix}nowhere", TABLES["users"])
    with pytest.raises(TableMissing, match="nowhere does not exist"):
        await _OPERATIONS[operation](table)


def test_a_table_that_the_desk_does_not_know_is_no_table(each_dynamo: Dynamo) -> None:
    with pytest.raises(KeyError):
        get_table(each_dynamo, "user")
