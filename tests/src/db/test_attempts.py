"""A DynamoDB that throttles, breaks, stays silent or refuses."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest

from src.db.dynamo import (
    ConditionFailed,
    Dynamo,
    Key,
    Table,
    absent,
    delete_item,
    equals,
    get_item,
    get_table,
    open_dynamo,
    put_item,
    query,
    update_item,
)
from src.db.tables import TABLES
from src.models.errors import Busy, DatabaseUnavailable
from tests.fixtures.dynamodb import REGION, free_port, in_haste, open_tables
from tests.fixtures.faults import Fault, Wire, hang_up, lose_the_answer, open_wire, refuse, say, stay_silent

_PASSING: dict[str, Fault] = {
    "ThrottlingException": refuse("ThrottlingException"),
    "ProvisionedThroughputExceededException": refuse("ProvisionedThroughputExceededException"),
    "RequestLimitExceeded": refuse("RequestLimitExceeded"),
    "InternalServerError": refuse("InternalServerError", status=500),
    "ServiceUnavailable": refuse("ServiceUnavailable", status=503),
    "bad gateway": say("<html>Bad gateway</html>", status=502),
    "gateway time-out": say("", status=504),
    "too many requests": say("slow down", status=429),
    "an answer cut short": say('{"Item": {'),
    "a broken connection": hang_up,
    "a lost answer": lose_the_answer,
    "silence": stay_silent,
}


@pytest.fixture(scope="module")
async def wire(ministack: str) -> AsyncGenerator[Wire]:
    async with open_wire(ministack) as wire:
        yield wire


@pytest.fixture(scope="module")
async def users(wire: Wire, aws_keys: None) -> AsyncGenerator[Table]:
    """Behind the wire."""
    async with open_tables(wire.url, {"users": TABLES["users"]}, seconds=1.0) as dynamo:
        yield get_table(dynamo, "users")


@pytest.fixture
def key() -> Key:
    return {"id": str(uuid4())}


@pytest.mark.parametrize("trouble", _PASSING)
async def test_what_passes_is_waited_out(wire: Wire, users: Table, key: Key, trouble: str) -> None:
    wire.plan(_PASSING[trouble])
    await put_item(users, {**key, "version": 1})
    wire.plan(_PASSING[trouble])
    assert await get_item(users, key, consistent=True) == {**key, "version": 1}
    assert [seen.action for seen in wire.seen] == ["GetItem", "GetItem"]


@pytest.mark.parametrize("trouble", _PASSING)
async def test_what_does_not_pass_ends_in_database_unavailable(
    wire: Wire, users: Table, key: Key, trouble: str
) -> None:
    wire.plan(*[_PASSING[trouble]] * 50)
    async with in_haste(users) as table:
        with pytest.raises(DatabaseUnavailable):
            await query(table, key=equals("id", key["id"]), limit=1)
    assert 1 < len(wire.seen) < 10
    wire.plan()


async def test_attempts_are_few_however_long_the_patience(wire: Wire, dynamo: Dynamo) -> None:
    async with open_dynamo(region=REGION, endpoint_url=wire.url, prefix=dynamo.prefix, timeout=60) as patient:
        wire.plan(*[refuse("ThrottlingException")] * 50)
        with pytest.raises(DatabaseUnavailable, match="throttling"):
            await get_item(get_table(patient, "users"), {"id": "1"})
    assert len(wire.seen) == 8
    wire.plan()


async def test_keys_that_have_expired_for_good_are_told(wire: Wire, users: Table, key: Key) -> None:
    wire.plan(*[refuse("ExpiredTokenException")] * 50)
    async with in_haste(users) as table:
        with pytest.raises(DatabaseUnavailable, match="credentials have expired"):
            await get_item(table, key)
    wire.plan()


async def test_nobody_listening_ends_in_database_unavailable(aws_keys: None) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    async with open_dynamo(region=REGION, endpoint_url=url, prefix="", timeout=0.1) as dynamo:
        with pytest.raises(DatabaseUnavailable, match="can't be reached"):
            await get_item(get_table(dynamo, "users"), {"id": "1"})


async def test_an_unconditional_write_whose_answer_is_lost_is_repeated(
    wire: Wire, users: Table, key: Key
) -> None:
    wire.plan(lose_the_answer)
    await put_item(users, {**key, "version": 1})
    wire.plan(lose_the_answer)
    assert await update_item(users, key, set={"version": 2}) == {**key, "version": 2}
    wire.plan(lose_the_answer)
    await delete_item(users, key)
    assert await get_item(users, key, consistent=True) is None


@pytest.mark.parametrize("fault", [lose_the_answer, stay_silent])
async def test_a_conditional_write_whose_answer_is_lost_is_never_said_to_have_failed(
    wire: Wire, users: Table, key: Key, fault: Fault
) -> None:
    wire.plan(fault)
    with pytest.raises(DatabaseUnavailable, match="read whether it took place"):
        await put_item(users, {**key, "version": 1}, condition=absent("id"))
    assert await get_item(users, key, consistent=True) == {**key, "version": 1}


@pytest.mark.parametrize("code", ["ThrottlingException", "TransactionConflictException"])
async def test_a_conditional_write_that_was_only_put_off_may_fail_for_certain(
    wire: Wire, users: Table, key: Key, code: str
) -> None:
    await put_item(users, {**key, "version": 1})
    wire.plan(refuse(code))
    with pytest.raises(ConditionFailed):
        await put_item(users, {**key, "version": 2}, condition=absent("id"))


async def test_a_conditional_write_that_was_not_heard_takes_place_when_repeated(
    wire: Wire, users: Table, key: Key
) -> None:
    wire.plan(hang_up)
    await put_item(users, {**key, "version": 1}, condition=absent("id"))
    assert await get_item(users, key, consistent=True) == {**key, "version": 1}


async def test_a_record_in_transactions_all_the_time_is_busy(wire: Wire, users: Table, key: Key) -> None:
    wire.plan(*[refuse("TransactionConflictException")] * 50)
    async with in_haste(users) as table:
        with pytest.raises(Busy):
            await put_item(table, key)
    wire.plan()


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "UnrecognizedClientException", "MissingAuthenticationTokenException"]
)
async def test_refused_credentials_are_told_at_once(wire: Wire, users: Table, key: Key, code: str) -> None:
    wire.plan(refuse(code))
    with pytest.raises(DatabaseUnavailable, match=f"credentials.*may use {users.name}"):
        await get_item(users, key)
    assert len(wire.seen) == 1


async def test_an_unheard_of_refusal_is_told_at_once_and_logged(
    wire: Wire, users: Table, key: Key, caplog: pytest.LogCaptureFixture
) -> None:
    wire.plan(refuse("InvalidSignatureException", status=403))
    with pytest.raises(DatabaseUnavailable, match="403"):
        await get_item(users, key)
    assert "InvalidSignatureException" in caplog.text
    assert len(wire.seen) == 1


async def test_two_hundred_and_fifty_requests_at_once_are_all_answered(dynamo: Dynamo) -> None:
    users, items = get_table(dynamo, "users"), [{"id": str(uuid4()), "number": n} for n in range(250)]
    await asyncio.gather(*(put_item(users, item) for item in items))
    found = await asyncio.gather(*(get_item(users, {"id": str(item["id"])}) for item in items))
    assert found == items


async def test_a_cancelled_request_is_not_repeated(wire: Wire, users: Table, key: Key) -> None:
    wire.plan(stay_silent, stay_silent)
    request = asyncio.create_task(get_item(users, key))
    async with asyncio.timeout(5):
        while not wire.seen:
            await asyncio.wait([request], timeout=0.01)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert len(wire.seen) == 1
    wire.plan()
