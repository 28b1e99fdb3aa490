"""One actor at work in several places at once: their chain of entries stays one."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from src.config import Settings, Stage
from src.main import open_stores
from src.models.caller import Caller
from src.models.errors import Busy
from src.services.audit_verify import walk
from src.services.commit import Attempt, Done
from src.services.stores import Stores
from src.services.user_service import change_address
from tests.fixtures.callers import staff, through
from tests.fixtures.desk import open_desk, refusal
from tests.fixtures.faults import Wire, cancel, open_wire
from tests.fixtures.records import an_address
from tests.fixtures.shopping import a_shopper
from tests.fixtures.tokens import Pool

TRANSACTION = "TransactWriteItems"


@pytest.fixture(scope="module")
def settings(desk_settings: Settings) -> Settings:
    return desk_settings.model_copy(update={"stage": Stage.DEV, "table_prefix": f"t{uuid4().hex[:8]}-"})


@pytest.fixture(scope="module")
async def stores(settings: Settings) -> AsyncGenerator[Stores]:
    async with open_stores(settings) as stores:
        yield stores


@pytest.fixture
async def wire(ministack: str) -> AsyncGenerator[Wire]:
    async with open_wire(ministack) as wire:
        yield wire


async def work(processes: Sequence[Stores], actor: Caller, shoppers: Sequence[Caller]) -> list[object]:
    """The actor changes the address of each shopper, in one process after the other, all at once."""
    tasks = [
        change_address(
            processes[n % len(processes)], actor, shopper.user_id, an_address(f"{n} Elm Street"), Attempt()
        )
        for n, shopper in enumerate(shoppers)
    ]
    return [*await asyncio.gather(*tasks, return_exceptions=True)]


async def test_within_a_process_nobody_gets_in_the_way_of_themselves(stores: Stores, wire: Wire) -> None:
    actor, shoppers = staff(), [await a_shopper(stores) for _ in range(20)]
    async with through(stores, wire.url) as process:
        wire.plan()
        done = await work([process], actor, shoppers)
    assert all(isinstance(each, Done) for each in done)
    assert [seen.action for seen in wire.seen].count(TRANSACTION) == len(shoppers)
    assert (await walk(stores, str(actor.user_id))).last == len(shoppers)


async def test_across_processes_everything_is_done_or_busy_and_the_chain_is_whole(
    stores: Stores, ministack: str
) -> None:
    actor, shoppers = staff(), [await a_shopper(stores) for _ in range(40)]
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(through(stores, ministack)) for _ in range(4)]
        done = await work(processes, actor, shoppers)
    carried_out = sum(isinstance(each, Done) for each in done)
    assert all(isinstance(each, Done | Busy) for each in done)
    assert carried_out >= len(processes)
    chain = await walk(stores, str(actor.user_id))
    assert (chain.intact, chain.last) == (True, carried_out)


async def test_who_is_overtaken_eight_times_is_asked_to_come_again(
    settings: Settings, pool: Pool, stores: Stores, wire: Wire
) -> None:
    shopper = await a_shopper(stores)
    through_wire = settings.model_copy(update={"aws_endpoint_url_dynamodb": wire.url})
    async with open_desk(through_wire, pool) as desk:
        wire.plan(*[cancel("ConditionalCheckFailed")] * 8, at=TRANSACTION)
        path, address = f"/api/users/{shopper.user_id}/address", an_address().model_dump()
        answer = await desk.support().put(path, address)
        assert (refusal(answer), answer.headers["Retry-After"]) == ((503, "busy"), "1")
        assert (await desk.support().put(path, address)).status_code == 200
