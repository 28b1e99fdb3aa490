"""The same request many times at once makes one order, and its key says what became of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx
import pytest

from src.config import Settings, Stage
from src.main import open_stores
from src.models.caller import Caller
from src.services.order_reads import orders_of
from src.services.stores import Stores
from tests.fixtures.desk import Desk, Person, open_desk, refusal
from tests.fixtures.faults import Wire, meanwhile, open_wire
from tests.fixtures.shopping import GIFT_CARD, a_shopper, items_for_sale
from tests.fixtures.tokens import Pool
from tests.fixtures.traces import Traces, traces

AT_ONCE = 100
IN_USE = (409, "idempotency_key_in_use")


@pytest.fixture(scope="module")
def settings(desk_settings: Settings) -> Settings:
    """On tables of their own without a relay, so that events stay where the commands left them."""
    return desk_settings.model_copy(update={"stage": Stage.DEV, "table_prefix": f"t{uuid4().hex[:8]}-"})


@pytest.fixture(scope="module")
async def stores(settings: Settings) -> AsyncGenerator[Stores]:
    async with open_stores(settings) as stores:
        yield stores


@pytest.fixture(scope="module")
async def own_desk(settings: Settings, pool: Pool) -> AsyncGenerator[Desk]:
    async with open_desk(settings, pool) as desk:
        yield desk


async def placed(person: Person, item_id: str, key: str, **headers: str) -> httpx.Response:
    body = {"items": [{"item_id": item_id}], "payment_method_id": GIFT_CARD}
    return await person.post("/api/orders", body, Idempotency_Key=key, **headers)


async def all_at_once(desks: list[Desk], shopper: Caller, item_id: str) -> list[httpx.Response]:
    people = [desk.person(shopper.sub) for desk in desks]
    return await asyncio.gather(*(placed(people[n % len(people)], item_id, "k") for n in range(AT_ONCE)))


async def assert_one_order(stores: Stores, shopper: Caller, answers: list[httpx.Response]) -> None:
    """Every answer tells of the one order, or that it is being placed; only one says that it did so."""
    placed = [answer for answer in answers if answer.status_code == 201]
    others = [answer for answer in answers if answer.status_code != 201]
    assert {refusal(answer) for answer in others} <= {IN_USE}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in others)
    assert Counter("Idempotent-Replayed" in answer.headers for answer in placed)[False] == 1
    [order] = await orders_of(stores, shopper.user_id, None)
    assert {answer.text for answer in placed} == {placed[0].text}
    assert placed[0].json()["order_id"] == order.order_id
    assert await traces(stores, shopper, "order.place", f"order#{order.order_id}") == Traces(1, 1, 1)


class TestAHundredAtOnce:
    async def test_make_one_order(self, stores: Stores, own_desk: Desk) -> None:
        shopper, [item_id] = await a_shopper(stores), await items_for_sale(stores, "10.00")
        answers = await all_at_once([own_desk], shopper, item_id)
        await assert_one_order(stores, shopper, answers)
        assert IN_USE in {refusal(answer) for answer in answers if answer.status_code != 201}

    async def test_make_one_order_without_redis_in_two_processes(
        self, settings: Settings, pool: Pool, stores: Stores
    ) -> None:
        shopper, [item_id] = await a_shopper(stores), await items_for_sale(stores, "10.00")
        blind = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
        async with open_desk(blind, pool) as one, open_desk(blind, pool) as other:
            answers = await all_at_once([one, other], shopper, item_id)
        await assert_one_order(stores, shopper, answers)
        assert {answer.status_code for answer in answers} == {201}


class TestAKey:
    @pytest.fixture
    async def wired(
        self, settings: Settings, pool: Pool, ministack: str
    ) -> AsyncGenerator[tuple[Desk, Wire]]:
        async with AsyncExitStack() as stack:
            wire = await stack.enter_async_context(open_wire(ministack))
            through = settings.model_copy(update={"aws_endpoint_url_dynamodb": wire.url})
            yield await stack.enter_async_context(open_desk(through, pool)), wire

    async def test_is_in_use_while_its_first_request_runs(
        self, wired: tuple[Desk, Wire], own_desk: Desk, stores: Stores
    ) -> None:
        desk, wire = wired
        shopper, [item_id] = await a_shopper(stores), await items_for_sale(stores, "10.00")
        here, elsewhere = desk.person(shopper.sub), own_desk.person(shopper.sub)
        during: list[httpx.Response] = []

        async def repeat() -> None:
            during.extend([await placed(person, item_id, "k") for person in (here, elsewhere)])

        wire.plan(meanwhile(repeat), at="TransactWriteItems")
        first = await placed(here, item_id, "k")
        assert [(refusal(answer), answer.headers["Retry-After"]) for answer in during] == [(IN_USE, "1")] * 2
        later = await placed(elsewhere, item_id, "k")
        assert (later.text, later.headers["Idempotent-Replayed"]) == (first.text, "true")
        # What waiting mends is no refusal in the trail.
        admin = await own_desk.admin().get("/api/audit", user_id=shopper.sub, status="failure")
        assert admin.json()["items"] == []

    async def test_is_in_use_for_its_caller_alone(
        self, wired: tuple[Desk, Wire], own_desk: Desk, stores: Stores
    ) -> None:
        desk, wire = wired
        ann, bob = await a_shopper(stores), await a_shopper(stores)
        [item_id] = await items_for_sale(stores, "10.00")
        during: list[httpx.Response] = []

        async def by_bob() -> None:
            during.append(await placed(own_desk.person(bob.sub), item_id, "k"))

        wire.plan(meanwhile(by_bob), at="TransactWriteItems")
        answers = [await placed(desk.person(ann.sub), item_id, "k"), *during]
        assert [answer.status_code for answer in answers] == [201, 201]

    async def test_is_free_again_after_a_refusal(self, own_desk: Desk, stores: Stores) -> None:
        shopper, [item_id] = await a_shopper(stores, "5.00"), await items_for_sale(stores, "10.00")
        person = own_desk.person(shopper.sub)
        refusals = [refusal(await placed(person, item_id, "k")) for _ in range(2)]
        assert refusals == [(409, "insufficient_balance")] * 2

    async def test_is_looked_up_before_the_version(self, own_desk: Desk, stores: Stores) -> None:
        shopper, [item_id] = await a_shopper(stores), await items_for_sale(stores, "10.00")
        person = own_desk.person(shopper.sub)
        path = f"/api/orders/{(await placed(person, item_id, 'k')).json()['order_id']}/cancel"
        body = {"reason": "no longer needed"}
        first, again = [
            await person.post(path, body, If_Match='"1"', Idempotency_Key="cancel") for _ in range(2)
        ]
        assert (first.status_code, first.json()["version"]) == (200, 2)
        assert (again.status_code, again.text) == (200, first.text)
        assert refusal(await person.post(path, body, If_Match='"1"')) == (412, "version_mismatch")
