"""Making the tables, and telling whether they can be used."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest
from aiodynamo.errors import ValidationException

from src.db.dynamo import Dynamo, TableMissing, TableUnfit, get_table, open_dynamo, ping, put_item
from src.db.tables import TABLES, Schema, check_tables, create_tables
from src.models.errors import DatabaseUnavailable
from tests.fixtures.dynamodb import REGION, free_port, open_tables
from tests.fixtures.faults import Wire, carry_on, open_wire, refuse, say, stay_silent

_ONE = {"effects": TABLES["effects"]}


@pytest.fixture
async def wire(ministack: str) -> AsyncGenerator[Wire]:
    async with open_wire(ministack) as wire:
        yield wire


async def describe(dynamo: Dynamo, action: str, name: str) -> dict[str, Any]:
    return await dynamo.client.send_request(action=action, payload={"TableName": dynamo.prefix + name})


async def test_every_table_has_its_key_its_indexes_and_on_demand_billing(each_dynamo: Dynamo) -> None:
    for name, schema in TABLES.items():
        table = (await describe(each_dynamo, "DescribeTable", name))["Table"]
        assert table["TableStatus"] == "ACTIVE"
        assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert [part["AttributeName"] for part in table["KeySchema"]] == list(schema.key)
        indexes = table.get("GlobalSecondaryIndexes", [])
        assert {index["IndexName"] for index in indexes} == set(schema.indexes)
        assert all(index["Projection"] == {"ProjectionType": "ALL"} for index in indexes)


async def test_items_expire_by_ttl_where_a_table_says_so(each_dynamo: Dynamo) -> None:
    for name, schema in TABLES.items():
        answer = (await describe(each_dynamo, "DescribeTimeToLive", name))["TimeToLiveDescription"]
        assert (answer["TimeToLiveStatus"], answer.get("AttributeName")) == (
            ("ENABLED", schema.ttl) if schema.ttl else ("DISABLED", None)
        )


async def test_tables_that_exist_are_left_alone(each_dynamo: Dynamo) -> None:
    users, key = get_table(each_dynamo, "users"), {"id": str(uuid4())}
    await put_item(users, key)
    await create_tables(each_dynamo)
    await put_item(users, {**key, "still": "there"})


async def test_many_processes_may_make_the_tables_at_once(emulator: str, aws_keys: None) -> None:
    prefix = f"race{uuid4().hex[:8]}-"
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(open_dynamo(region=REGION, endpoint_url=emulator, prefix=prefix))
            for _ in range(5)
        ]
        await asyncio.gather(*(create_tables(client) for client in clients))
        await asyncio.gather(*(check_tables(client) for client in clients))
        assert await ping(clients[0])


async def test_a_table_is_waited_for_until_it_is_active(wire: Wire, aws_keys: None) -> None:
    creating = say('{"Table": {"TableStatus": "CREATING"}}')
    wire.plan(carry_on, carry_on, refuse("ResourceNotFoundException"), creating, creating)
    async with open_tables(wire.url, {"users": TABLES["users"]}) as dynamo:
        await put_item(get_table(dynamo, "users"), {"id": "1"})
    assert [seen.action for seen in wire.seen] == [
        "DescribeTable",
        "CreateTable",
        *["DescribeTable"] * 4,
        "PutItem",
    ]


async def test_a_ttl_that_another_process_has_just_switched_on_is_no_error(
    wire: Wire, aws_keys: None
) -> None:
    async with open_tables(wire.url, _ONE) as dynamo:
        off = say('{"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}')
        wire.plan(carry_on, off, refuse("ValidationException"))
        await create_tables(dynamo, _ONE)
    assert wire.seen[-1].action == "DescribeTimeToLive"


async def test_a_ttl_that_can_not_be_switched_on_is_an_error(wire: Wire, aws_keys: None) -> None:
    async with open_tables(wire.url, _ONE) as dynamo:
        off = say('{"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}')
        wire.plan(carry_on, off, refuse("ValidationException"), off)
        with pytest.raises(ValidationException):
            await create_tables(dynamo, _ONE)


async def test_a_table_with_another_key_or_without_an_index_can_not_be_used(
    emulator: str, aws_keys: None
) -> None:
    other = {"users": Schema(("user_id",)), "orders": Schema(("order_id",), {"other-index": ("user_id",)})}
    async with open_tables(emulator, other) as dynamo:
        with pytest.raises(TableUnfit, match="users can't be used: its key is not id"):
            await create_tables(dynamo, {"users": TABLES["users"]})
        with pytest.raises(TableUnfit, match="orders can't be used: it lacks user-index"):
            await check_tables(dynamo, {"orders": TABLES["orders"]})


async def test_checking_makes_nothing_and_names_what_is_missing(emulator: str, aws_keys: None) -> None:
    async with open_tables(emulator, _ONE) as dynamo:
        await check_tables(dynamo, _ONE)
        with pytest.raises(TableMissing, match=f"{dynamo.prefix}users does not exist"):
            await check_tables(dynamo, _ONE | {"users": TABLES["users"]})
        with pytest.raises(TableMissing):
            await check_tables(dynamo, {"users": TABLES["users"]})


async def test_a_ping_tells_that_all_tables_can_be_read(each_dynamo: Dynamo) -> None:
    assert await ping(each_dynamo)


async def test_a_ping_tells_of_a_missing_table(emulator: str, aws_keys: None) -> None:
    async with open_tables(emulator, _ONE) as dynamo:
        assert not await ping(dynamo)


async def test_a_ping_of_nobody_or_of_a_silent_one_ends_in_time(wire: Wire, aws_keys: None) -> None:
    for url in (f"http://127.0.0.1:{free_port()}", wire.url):
        wire.plan(*[stay_silent] * 50)
        async with open_dynamo(region=REGION, endpoint_url=url, prefix="t-") as dynamo, asyncio.timeout(3):
            assert not await ping(dynamo, timeout=0.1)


async def test_a_ping_with_refused_credentials_is_no_success(wire: Wire, dynamo: Dynamo) -> None:
    wire.plan(*[refuse("AccessDeniedException")] * 50)
    async with open_dynamo(region=REGION, endpoint_url=wire.url, prefix=dynamo.prefix) as denied:
        assert not await ping(denied)


async def test_a_dynamodb_that_is_away_can_not_make_tables(aws_keys: None) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    async with open_dynamo(region=REGION, endpoint_url=url, prefix="", timeout=0.1) as dynamo:
        with pytest.raises(DatabaseUnavailable):
            await create_tables(dynamo)
