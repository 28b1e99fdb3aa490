"""All or nothing, and once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from uuid import uuid4

import pytest

from src.db.dynamo import (
    Check,
    Delete,
    Dynamo,
    Key,
    Put,
    Table,
    TransactionCancelled,
    Update,
    absent,
    batch_get,
    equals,
    get_item,
    get_table,
    present,
    put_item,
    transact_write,
)
from src.db.tables import TABLES
from src.models.errors import DatabaseUnavailable
from tests.fixtures.dynamodb import in_haste, open_tables
from tests.fixtures.faults import Fault, Wire, hang_up, lose_the_answer, open_wire, refuse, stay_silent


@pytest.fixture
def keys() -> list[Key]:
    return [{"id": str(uuid4())} for _ in range(4)]


@pytest.fixture(scope="module")
async def wire(ministack: str) -> AsyncGenerator[Wire]:
    async with open_wire(ministack) as wire:
        yield wire


@pytest.fixture(scope="module")
async def wired(wire: Wire, aws_keys: None) -> AsyncGenerator[Table]:
    """Users behind the wire."""
    async with open_tables(wire.url, {"users": TABLES["users"]}, seconds=1.0) as dynamo:
        yield get_table(dynamo, "users")


def token() -> str:
    return str(uuid4())


async def test_every_kind_of_operation_takes_place_together(each_dynamo: Dynamo, keys: list[Key]) -> None:
    users, outbox = get_table(each_dynamo, "users"), get_table(each_dynamo, "outbox")
    put, update, delete, check = keys
    for key in (update, delete, check):
        await put_item(users, {**key, "version": 1, "old": True})
    await transact_write(
        each_dynamo,
        [
            Put(users, {**put, "version": 1}, absent("id")),
            Update(users, update, set={"version": 2}, remove=["old"], condition=equals("version", 1)),
            Delete(users, delete, equals("version", 1)),
            Check(users, check, present("id")),
            Put(outbox, {"stream": put["id"], "sequence": 1}),
        ],
        token=token(),
    )
    found = await batch_get(each_dynamo, [(users, key) for key in keys])
    assert found == [
        {**put, "version": 1},
        {**update, "version": 2},
        None,
        {**check, "version": 1, "old": True},
    ]
    assert await get_item(outbox, {"stream": put["id"], "sequence": 1}) is not None


async def test_a_failed_condition_cancels_all_and_is_told_in_the_order_of_the_operations(
    each_dynamo: Dynamo, keys: list[Key]
) -> None:
    users = get_table(each_dynamo, "users")
    await put_item(users, {**keys[1], "version": 7})
    with pytest.raises(TransactionCancelled) as refused:
        await transact_write(
            each_dynamo,
            [
                Put(users, {**keys[0], "version": 1}),
                Put(users, {**keys[1], "version": 1}, absent("id")),
                Update(users, keys[2], set={"version": 2}),
                Check(users, keys[3], present("id")),
            ],
            token=token(),
        )
    assert refused.value.reasons == [None, "ConditionalCheckFailed", None, "ConditionalCheckFailed"]
    assert await batch_get(each_dynamo, [(users, key) for key in keys]) == [
        None,
        {**keys[1], "version": 7},
        None,
        None,
    ]


async def test_of_fifty_racing_transactions_one_takes_place(each_dynamo: Dynamo, keys: list[Key]) -> None:
    users, key = get_table(each_dynamo, "users"), keys[0]
    written: list[Key] = []

    async def claim() -> None:
        own: Key = {"id": str(uuid4())}
        with suppress(TransactionCancelled):
            await transact_write(each_dynamo, [Put(users, key, absent("id")), Put(users, own)], token=token())
            written.append(own)

    await asyncio.gather(*(claim() for _ in range(50)))
    assert len(written) == 1
    assert await get_item(users, written[0], consistent=True) is not None


async def test_the_same_token_takes_effect_once(dynamo: Dynamo, keys: list[Key]) -> None:
    users, same = get_table(dynamo, "users"), token()
    for _ in range(2):
        await transact_write(dynamo, [Put(users, keys[0], absent("id"))], token=same)
    with pytest.raises(TransactionCancelled):
        await transact_write(dynamo, [Put(users, keys[0], absent("id"))], token=token())


@pytest.mark.parametrize("fault", [lose_the_answer, stay_silent, hang_up])
async def test_a_transaction_whose_answer_is_lost_is_repeated_and_takes_place_once(
    wire: Wire, wired: Table, keys: list[Key], fault: Fault
) -> None:
    wire.plan(fault)
    await transact_write(wired.dynamo, [Put(wired, keys[0], absent("id"))], token=token())
    assert await get_item(wired, keys[0], consistent=True) == keys[0]
    first, second = (seen.payload for seen in wire.seen if seen.action == "TransactWriteItems")
    assert first == second


async def test_a_conflict_is_told_and_not_repeated(wire: Wire, wired: Table, keys: list[Key]) -> None:
    reasons = [
        {"Code": "None"},
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
    ]
    wire.plan(refuse("TransactionCanceledException", CancellationReasons=reasons))
    with pytest.raises(TransactionCancelled) as refused:
        await transact_write(wired.dynamo, [Put(wired, key) for key in keys[:2]], token=token())
    assert refused.value.reasons == [None, "TransactionConflict"]
    assert len(wire.seen) == 1


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
async def test_a_transaction_that_was_only_throttled_is_repeated(
    wire: Wire, wired: Table, keys: list[Key], code: str
) -> None:
    reasons = [{"Code": "None"}, {"Code": code, "Message": "Throughput exceeds the current capacity"}]
    throttled = refuse("TransactionCanceledException", CancellationReasons=reasons)
    wire.plan(throttled, refuse("TransactionInProgressException"), throttled)
    await transact_write(wired.dynamo, [Put(wired, key) for key in keys[:2]], token=token())
    assert len(wire.seen) == 4


async def test_a_transaction_throttled_for_good_says_that_the_database_is_unavailable(
    wire: Wire, wired: Table, keys: list[Key]
) -> None:
    reasons = [{"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity"}]
    wire.plan(*[refuse("TransactionCanceledException", CancellationReasons=reasons)] * 50)
    async with in_haste(wired) as table:
        with pytest.raises(DatabaseUnavailable, match="throttling"):
            await transact_write(table.dynamo, [Put(table, keys[0])], token=token())
    wire.plan()


async def test_a_float_in_a_transaction_is_refused(dynamo: Dynamo, keys: list[Key]) -> None:
    users = get_table(dynamo, "users")
    with pytest.raises(TypeError, match="price: float"):
        await transact_write(dynamo, [Update(users, keys[0], set={"price": 0.5})], token=token())  # pyright: ignore[reportArgumentType]
