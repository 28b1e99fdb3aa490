"""Events reach the bus in the order of their stream, at least once, whatever the bus does meanwhile."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from src.db.dynamo import Dynamo, get_table, put_item
from src.services.event_relay import Relay
from src.services.outbox import lease, oldest_waiting, pending_item, shard_of
from src.utils.event_bus import BusUnavailable, EventBus
from tests.fixtures.bus import FakeBus, running_bus
from tests.fixtures.dynamodb import open_tables


@pytest.fixture
async def dynamo(ministack: str, aws_keys: None) -> AsyncGenerator[Dynamo]:
    async with open_tables(ministack) as dynamo:
        yield dynamo


@pytest.fixture
async def bus() -> AsyncGenerator[FakeBus]:
    async with running_bus() as bus:
        yield bus


def relay(dynamo: Dynamo, bus: FakeBus) -> Relay:
    return Relay(dynamo, EventBus("default", "us-east-1", bus.url, timeout=2))


async def write(dynamo: Dynamo, stream: str, *sequences: int) -> None:
    for sequence in sequences:
        item = pending_item(stream, sequence, "OrderPlaced", datetime.now(UTC), {"order_id": stream})
        await put_item(get_table(dynamo, "outbox"), item)


async def test_a_streams_events_are_put_in_order_and_wait_no_more(dynamo: Dynamo, bus: FakeBus) -> None:
    await write(dynamo, "order#W1", 2, 1, 3)
    await relay(dynamo, bus).sweep()
    assert bus.of("order#W1") == [1, 2, 3]
    assert await oldest_waiting(dynamo) == []


async def test_an_event_tells_its_stream_its_sequence_and_its_id(dynamo: Dynamo, bus: FakeBus) -> None:
    await write(dynamo, "order#W1", 7)
    await relay(dynamo, bus).sweep()
    [event] = bus.put
    assert (event["stream"], event["sequence"], event["data"]) == ("order#W1", 7, {"order_id": "order#W1"})
    assert event["event_id"]


async def test_a_refused_event_holds_back_its_own_stream_alone_and_stays_visible(
    dynamo: Dynamo, bus: FakeBus
) -> None:
    await write(dynamo, "order#W1", 1, 2)
    await write(dynamo, "order#W2", 1, 2)
    bus.refusing = {"order#W1"}
    await relay(dynamo, bus).sweep()
    assert (bus.of("order#W1"), bus.of("order#W2")) == ([], [1, 2])
    assert [(each.stream, each.sequence, each.refusal) for each in await oldest_waiting(dynamo)] == [
        ("order#W1", 1, "InternalFailure")
    ]
    bus.refusing = set()
    await relay(dynamo, bus).sweep()
    assert bus.of("order#W1") == [1, 2]


async def test_a_relay_outlives_a_bus_that_is_away_and_catches_up(dynamo: Dynamo, bus: FakeBus) -> None:
    await write(dynamo, "order#W1", 1, 2)
    bus.away = True
    working = relay(dynamo, bus)
    with pytest.raises(BusUnavailable):
        await working.sweep()
    bus.away = False
    await working.sweep()
    assert bus.of("order#W1") == [1, 2]


async def test_two_relays_do_not_work_on_one_shard_at_once(dynamo: Dynamo, bus: FakeBus) -> None:
    await write(dynamo, "order#W1", 1)
    await lease(dynamo, shard_of("order#W1"), "another relay", datetime.now(UTC), 60)
    await relay(dynamo, bus).sweep()
    assert bus.put == []
