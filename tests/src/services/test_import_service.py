"""Imports on a real wire: what is missing is made, whole and once, and nothing else changes."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Final, cast

import pytest
from aiohttp import web

from src.db.dynamo import Item, get_item, get_table, put_item, scan
from src.models.retail import Broken, ImportReport, read_retail, user_id
from src.services.import_service import OPERATOR, import_retail, load_demo
from src.services.records import ITEM, ORDER, PRODUCT, USER
from src.services.stores import Stores
from tests.fixtures.faults import Exchange, open_wire, refuse
from tests.fixtures.retail import a_file, open_table_stores, user_entry

RETAIL: Final = Path(__file__).parents[4] / "shared" / "retail" / "db.json"


@pytest.fixture
async def stores(ministack: str, aws_keys: None) -> AsyncGenerator[Stores]:
    async with open_table_stores(ministack) as opened:
        yield opened


async def everything(stores: Stores, table: str) -> list[Item]:
    return (await scan(get_table(stores.dynamo, table), limit=10_000)).items


async def trail(stores: Stores) -> list[Item]:
    return [item for item in await everything(stores, "audit-logs") if "action" in item]


def changes(entry: Item) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", entry["changes"])


def numbers(report: ImportReport) -> tuple[dict[str, int], dict[str, int]]:
    return dict(report.made), dict(report.already_there)


ALL: Final = {"users": 2, "products": 1, "orders": 2}


class TestMaking:
    async def test_records_are_stored_as_the_services_read_them(self, stores: Stores) -> None:
        report = await import_retail(stores, a_file())
        assert (numbers(report), report.broken) == ((ALL, {}), [])
        order = await get_item(ORDER.table_of(stores.dynamo), ORDER.key("W1"))
        assert order is not None
        assert ORDER.from_item(order).user_id == user_id("user_1")
        head = await get_item(PRODUCT.table_of(stores.dynamo), PRODUCT.key("p0"))
        assert head is not None
        assert PRODUCT.from_item(head).item_ids == ["i0_0", "i0_1", "i0_2"]
        assert all(
            [
                await get_item(ITEM.table_of(stores.dynamo), ITEM.key(item_id))
                for item_id in PRODUCT.from_item(head).item_ids
            ]
        )

    async def test_a_user_is_found_by_email_and_claims_it(self, stores: Stores) -> None:
        await import_retail(stores, a_file())
        identities = {str(i["identity"]): str(i["user_id"]) for i in await everything(stores, "identities")}
        digest = stores.signer.email("USER.1@example.com")
        assert identities[f"email#{digest}"] == str(user_id("user_1"))
        [found] = [u for u in await everything(stores, "users") if u["email_digest"] == digest]
        assert found["id"] == str(user_id("user_1"))

    async def test_a_second_run_makes_and_changes_nothing(self, stores: Stores) -> None:
        await import_retail(stores, a_file())
        before = [await everything(stores, table) for table in ("users", "identities", "products", "orders")]
        again = await import_retail(stores, a_file())
        assert numbers(again) == ({}, ALL)
        assert before == [
            await everything(stores, table) for table in ("users", "identities", "products", "orders")
        ]

    async def test_what_the_desk_has_is_never_overwritten(self, stores: Stores) -> None:
        await import_retail(stores, a_file(orders=0))
        table, key = USER.table_of(stores.dynamo), USER.key(user_id("user_0"))
        moved = (await get_item(table, key) or {}) | {"version": 7, "email": "moved@example.com"}
        await put_item(table, moved)
        assert numbers(await import_retail(stores, a_file()))[0] == {"orders": 2}
        assert (await get_item(table, key) or {})["version"] == 7

    async def test_nobody_who_was_deleted_comes_back(self, stores: Stores) -> None:
        key = USER.key(user_id("user_0"))
        await put_item(USER.table_of(stores.dynamo), USER.tombstone(str(user_id("user_0")), 3))
        report = await import_retail(stores, a_file())
        assert (await get_item(USER.table_of(stores.dynamo), key) or {})["deleted"] is True
        assert numbers(report) == ({"users": 1, "products": 1, "orders": 1}, {"users": 1})
        assert [fault.place for fault in report.broken] == ["orders/#W0/user_id"]

    async def test_two_imports_at_once_make_each_record_once(self, stores: Stores) -> None:
        file = a_file(users=60, products=5, orders=60)
        reports = await asyncio.gather(*(import_retail(stores, file) for _ in range(3)))
        made = sum((report.made for report in reports), start=Counter[str]())
        assert dict(made) == {"users": 60, "products": 5, "orders": 60}
        assert [report.broken for report in reports] == [[], [], []]
        assert len(await everything(stores, "identities")) == 60

    async def test_a_transaction_in_conflict_is_repeated(self, ministack: str, aws_keys: None) -> None:
        async with open_wire(ministack) as wire, open_table_stores(wire.url) as stores:
            reasons = [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "ongoing"}] * 2
            conflict = refuse("TransactionCanceledException", CancellationReasons=reasons)
            wire.plan(carry_through, conflict, conflict)
            report = await import_retail(stores, a_file(products=0, orders=0))
            assert numbers(report) == ({"users": 2}, {})
            assert [seen.action for seen in wire.seen][:4] == ["BatchGetItem", *["TransactWriteItems"] * 3]


class TestFaults:
    async def test_an_email_of_another_user_keeps_the_user_and_their_orders_out(self, stores: Stores) -> None:
        await import_retail(stores, a_file(users=1, products=0, orders=0))
        taken = {"user_1": {**user_entry(1), "email": "User.0@example.com"}, "user_2": user_entry(2)}
        report = await import_retail(stores, a_file(orders=3, users=taken))
        assert numbers(report) == ({"users": 1, "products": 1, "orders": 2}, {})
        assert report.broken == [
            Broken("users/user_1/email", "Another user of the desk has this e-mail"),
            Broken("orders/#W1/user_id", "There is no such user, neither in the file nor at the desk"),
        ]

    async def test_an_item_of_another_product_keeps_the_product_out(self, stores: Stores) -> None:
        await import_retail(stores, a_file())
        thief = {"p9": {"name": "Cup", "variants": {"i0_1": {"available": True, "price": 1}}}}
        report = await import_retail(stores, a_file(products=thief))
        assert [fault.place for fault in report.broken] == ["products/p9/variants/i0_1"]
        assert "product#p9" not in [item["id"] for item in await everything(stores, "products")]

    async def test_a_broken_record_is_named_and_the_rest_goes_in(self, stores: Stores) -> None:
        file = a_file(users={"user_0": user_entry(0), "user_1": {**user_entry(1), "email": "nobody"}})
        report = await import_retail(stores, file)
        assert numbers(report) == ({"users": 1, "products": 1, "orders": 1}, {})
        assert [fault.place for fault in report.broken] == ["users/user_1/email", "orders/#W1/user_id"]

    async def test_an_order_may_be_of_a_user_whom_only_the_desk_knows(self, stores: Stores) -> None:
        await import_retail(stores, a_file(orders=0))
        report = await import_retail(stores, a_file(users={}))
        assert (numbers(report), report.broken) == (({"orders": 2}, {"products": 1}), [])


class TestBreakingOff:
    async def test_a_run_that_breaks_off_leaves_nothing_half_made_and_can_be_repeated(
        self, stores: Stores
    ) -> None:
        file = a_file(users=100, products=20, orders=100)
        with pytest.raises(StoppedEarly):
            await import_retail(stores, file, progress=stop_at(60))
        owners = {str(item["user_id"]) for item in await everything(stores, "identities")}
        assert owners == {str(item["id"]) for item in await everything(stores, "users")}
        ids = {str(item["id"]) for item in await everything(stores, "products")}
        assert len([i for i in ids if i.startswith("item#")]) == 3 * len(
            [i for i in ids if i.startswith("product#")]
        )
        made, there = numbers(await import_retail(stores, file))
        assert there
        assert {noun: made.get(noun, 0) + there.get(noun, 0) for noun in ALL} == {
            "users": 100,
            "products": 20,
            "orders": 100,
        }

    async def test_it_stands_in_the_trail_as_failed(self, stores: Stores) -> None:
        with pytest.raises(StoppedEarly):
            await import_retail(stores, a_file(), progress=stop_at(1))
        [entry] = await trail(stores)
        assert entry["status"] == "failure"


class TestTelling:
    async def test_a_run_leaves_one_entry_with_what_it_made_and_no_event(self, stores: Stores) -> None:
        file = a_file()
        await import_retail(stores, file)
        [entry] = await trail(stores)
        assert (entry["action"], entry["user_id"], entry["resource_id"], entry["status"]) == (
            "retail.import",
            str(OPERATOR),
            file.digest,
            "success",
        )
        assert {c["field"]: int(str(c["new"])) for c in changes(entry)} == {
            "orders.made": 2,
            "products.made": 1,
            "users.made": 2,
        }
        assert await everything(stores, "outbox") == []

    async def test_progress_rises_to_the_number_of_sound_records(self, stores: Stores) -> None:
        told: list[tuple[int, int]] = []
        file = a_file(users={"user_0": user_entry(0), "user_1": "gone"})
        await import_retail(stores, file, progress=lambda done, total: told.append((done, total)))
        assert told == sorted(told)
        assert told[-1] == (4, 4)


class TestWholeFiles:
    async def test_the_demo_data_are_loaded_once(self, stores: Stores) -> None:
        assert (await load_demo(stores)).made == {"users": 32, "products": 32, "orders": 61}
        again = await load_demo(stores)
        assert (dict(again.made), again.broken) == ({}, [])
        assert len(await trail(stores)) == 1

    @pytest.mark.skipif(not RETAIL.exists(), reason="the retail set is not beside the repository")
    async def test_the_retail_set_goes_in_whole_beside_the_demo_data(self, stores: Stores) -> None:
        await load_demo(stores)
        report = await import_retail(stores, read_retail(RETAIL.read_bytes()))
        assert (dict(report.made), report.broken) == ({"users": 500, "products": 50, "orders": 1000}, [])
        items = [i for i in await everything(stores, "products") if str(i["id"]).startswith("item#")]
        assert len(items) == 591 + 139


class StoppedEarly(Exception):
    """Raised by a test in the midst of an import."""


def stop_at(number: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done >= number:
            raise StoppedEarly

    return progress


async def carry_through(exchange: Exchange) -> web.StreamResponse:
    answer = await exchange.carry(exchange.payload)
    return web.Response(status=answer.status, body=answer.body)
