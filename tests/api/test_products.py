"""Products over REST: seen by everybody, managed by admins."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.desk import Desk, Person, refusal


def an_id() -> str:
    return f"i{uuid4().hex[:12]}"


def variant(price: object = "10.00", size: str = "S", *, available: bool = True) -> dict[str, object]:
    return {"options": {"size": size}, "available": available, "price": price}


def a_product(*prices: str, name: str = "Kettle") -> dict[str, Any]:
    return {"name": name, "variants": {an_id(): variant(price) for price in prices}}


async def made(admin: Person, product: dict[str, Any]) -> dict[str, Any]:
    answer = await admin.post("/api/products", product)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def path(product: dict[str, Any]) -> str:
    return f"/api/products/{product['product_id']}"


class TestMaking:
    async def test_a_product_is_made_with_its_items(self, desk: Desk) -> None:
        asked = a_product("49.9", "0")
        answer = await desk.admin().post("/api/products", asked)
        product = answer.json()
        assert answer.status_code == 201
        assert (answer.headers["location"], answer.headers["etag"]) == (path(product), '"1"')
        assert [v["price"] for v in product["variants"].values()] == ["49.90", "0.00"]
        customer = await desk.customer()
        assert (await customer.get(path(product))).json() == product
        first, second = asked["variants"]
        item = (await customer.get(f"/api/items/{first}")).json()
        assert item == product["variants"][first] | {
            "item_id": first,
            "product_id": product["product_id"],
            "name": "Kettle",
        }
        assert (await customer.get(f"/api/items/{second}")).json()["price"] == "0.00"

    async def test_an_id_may_be_chosen_and_is_taken_once(self, desk: Desk) -> None:
        admin, product_id = desk.admin(), an_id()
        product = await made(admin, a_product() | {"product_id": product_id})
        again = await admin.post("/api/products", a_product() | {"product_id": product_id})
        assert product["product_id"] == product_id
        assert refusal(again) == (409, "already_exists")

    async def test_an_item_belongs_to_one_product(self, desk: Desk) -> None:
        admin = desk.admin()
        first, second = await made(admin, a_product("10")), await made(admin, a_product("20"))
        taken = {"variants": first["variants"]}
        assert refusal(await admin.post("/api/products", taken | {"name": "Mug"})) == (409, "already_exists")
        assert refusal(await admin.put(path(second), taken)) == (409, "already_exists")
        assert (await admin.get(path(second))).json() == second
        assert (await admin.get(path(first))).json() == first

    async def test_only_admins_write(self, desk: Desk) -> None:
        product = await made(desk.admin(), a_product("10"))
        for person in (await desk.customer(), desk.support()):
            answers = [
                await person.post("/api/products", a_product("1")),
                await person.put(path(product), {"name": "Mug"}),
                await person.delete(path(product)),
                await person.put("/api/products/none", {"name": "Mug"}),
            ]
            assert {refusal(answer) for answer in answers} == {(403, "forbidden")}
        assert (await desk.admin().get(path(product))).json() == product

    async def test_the_same_key_makes_one_product(self, desk: Desk) -> None:
        admin, asked = desk.admin(), a_product("10")
        first = await admin.post("/api/products", asked, Idempotency_Key="k")
        again = await admin.post("/api/products", asked, Idempotency_Key="k")
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["location"] == first.headers["location"]
        assert again.headers["idempotent-replayed"] == "true"

    @given(
        price=st.integers(0, 4).flatmap(lambda places: st.decimals(0, Decimal("1E+14") - 1, places=places))
    )
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    async def test_prices_are_rounded_half_even_and_printed_with_two_decimals(
        self, desk: Desk, price: Decimal
    ) -> None:
        product = await made(desk.admin(), a_product(str(price)))
        [stored] = [v["price"] for v in product["variants"].values()]
        assert stored == f"{price.quantize(Decimal('0.01'), ROUND_HALF_EVEN):f}"

    async def test_a_price_is_plain_and_can_be_read_again(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product("-0", "0E+300", "1E+3", "99999999999999.99"))
        prices = [v["price"] for v in product["variants"].values()]
        assert prices == ["0.00", "0.00", "1000.00", "99999999999999.99"]
        assert (await admin.get(path(product))).json() == product

    @pytest.mark.parametrize(
        "price",
        [
            "99999999999999.9999",
            "1E+14",
            "-0.01",
            "0.00001",
            "NaN",
            "Infinity",
            "1e400",
            "",
            "ten",
            None,
            [],
            True,
        ],
        ids=str,
    )
    async def test_an_odd_price_is_refused(self, desk: Desk, price: object) -> None:
        answer = await desk.admin().post(
            "/api/products", {"name": "Kettle", "variants": {an_id(): variant(price)}}
        )
        assert refusal(answer) == (422, "invalid")


class TestChanging:
    async def test_a_new_name_reaches_every_item(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product("10", "20"))
        answer = await admin.put(path(product), {"name": "Mug"})
        assert answer.json() == product | {"name": "Mug", "version": 2}
        assert answer.headers["etag"] == '"2"'
        for item_id in product["variants"]:
            assert (await admin.get(f"/api/items/{item_id}")).json()["name"] == "Mug"

    async def test_variants_are_replaced_as_a_set(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product("10", "20"))
        gone, kept = product["variants"]
        variants = {kept: variant("21.5", available=False), an_id(): variant("30")}
        changed = (await admin.put(path(product), {"variants": variants})).json()
        assert {item_id: v["price"] for item_id, v in changed["variants"].items()} == {
            kept: "21.50",
            next(reversed(variants)): "30.00",
        }
        assert (await admin.get(path(product))).json() == changed
        assert refusal(await admin.get(f"/api/items/{gone}")) == (404, "not_found")
        assert (await admin.get(f"/api/items/{kept}")).json()["available"] is False
        # What was taken out may come back.
        again = await admin.put(path(product), {"variants": {gone: variant("9")}})
        assert list(again.json()["variants"]) == [gone]
        assert (await admin.get(f"/api/items/{gone}")).json()["price"] == "9.00"

    async def test_an_item_that_was_taken_out_may_move_to_another_product(self, desk: Desk) -> None:
        admin = desk.admin()
        first, second = await made(admin, a_product("10")), await made(admin, a_product("20"))
        [item_id] = first["variants"]
        await admin.put(path(first), {"variants": {}})
        await admin.put(path(second), {"variants": {item_id: variant("5")}})
        assert (await admin.get(f"/api/items/{item_id}")).json()["product_id"] == second["product_id"]

    async def test_orders_keep_the_price_they_were_placed_with(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        order = await desk.order(customer, "10.00")
        product = (await admin.get(f"/api/products/{order['items'][0]['product_id']}")).json()
        [item_id] = product["variants"]
        await admin.put(path(product), {"name": "Dear kettle", "variants": {item_id: variant("99")}})
        assert (await customer.get(f"/api/orders/{order['order_id']}")).json() == order

    async def test_an_old_version_is_refused(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product("10"))
        etag = (await admin.get(path(product))).headers["etag"]
        assert (await admin.put(path(product), {"name": "Mug"}, If_Match=etag)).status_code == 200
        stale = await admin.put(path(product), {"name": "Cup"}, If_Match=etag)
        not_deleted = await admin.http.delete(path(product), headers={"If-Match": etag})
        assert refusal(stale) == refusal(not_deleted) == (412, "version_mismatch")

    async def test_the_same_key_changes_once_even_after_the_product_is_gone(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product("10"))
        first = await admin.put(path(product), {"name": "Mug"}, Idempotency_Key="k")
        again = await admin.put(path(product), {"name": "Mug"}, Idempotency_Key="k")
        await admin.delete(path(product))
        last = await admin.put(path(product), {"name": "Mug"}, Idempotency_Key="k")
        assert first.json() == again.json() == last.json()
        assert first.json()["version"] == 2

    async def test_more_items_than_one_commit_takes_are_changed_in_steps(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product(*["10"] * 60))
        others = {"variants": a_product(*["11"] * 60)["variants"]}
        assert refusal(await admin.put(path(product), others)) == (422, "invalid")
        assert (await admin.get(path(product))).json() == product
        await admin.put(path(product), {"variants": {}})
        assert len((await admin.put(path(product), others)).json()["variants"]) == 60

    async def test_what_is_too_large_to_be_stored_is_refused(self, desk: Desk) -> None:
        admin, customer = desk.admin(), await desk.customer()
        wordy = {
            "options": {f"{n}".zfill(150): "y" * 150 for n in range(30)},
            "available": True,
            "price": "1",
        }
        refused = await admin.post(
            "/api/products", {"name": "Kettle", "variants": {an_id(): wordy for _ in range(30)}}
        )
        item_id = an_id()
        await made(admin, {"name": "Kettle", "variants": {item_id: wordy}})
        body = {"items": [{"item_id": item_id, "quantity": 40}], "payment_method_id": "credit_card_1"}
        assert refusal(refused) == refusal(await customer.post("/api/orders", body)) == (422, "invalid")
        assert (await customer.get("/api/orders")).json()["items"] == []


class TestDeleting:
    async def test_a_deleted_product_is_gone_with_its_items(self, desk: Desk) -> None:
        admin = desk.admin()
        product = await made(admin, a_product("10", "20", name=an_id()))
        assert (await admin.delete(path(product))).status_code == 204
        looks = [path(product), *(f"/api/items/{item_id}" for item_id in product["variants"])]
        for look in looks:
            assert refusal(await admin.get(look)) == (404, "not_found")
        assert refusal(await admin.put(path(product), {"name": "Mug"})) == (404, "not_found")
        assert refusal(await admin.delete(path(product))) == (404, "not_found")
        assert product["name"] not in [each["name"] for each in await listed(admin)]
        # Its ids are free, and its versions go on.
        again = await made(admin, {key: product[key] for key in ("product_id", "name", "variants")})
        assert again == product | {"version": 3}

    async def test_the_same_key_deletes_once(self, desk: Desk) -> None:
        admin, headers = desk.admin(), {"Idempotency-Key": "k"}
        product = await made(admin, a_product("10"))
        for _ in range(2):
            assert (await admin.http.delete(path(product), headers=headers)).status_code == 204

    async def test_what_is_gone_is_not_ordered(self, desk: Desk) -> None:
        customer, admin = await desk.customer(), desk.admin()
        product = await made(admin, a_product("10"))
        [item_id] = product["variants"]
        await admin.delete(path(product))
        body = {"items": [{"item_id": item_id}], "payment_method_id": "credit_card_1"}
        assert refusal(await customer.post("/api/orders", body)) == (422, "unknown_item")


async def listed(person: Person, limit: int = 100) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = (await person.get("/api/products", limit=limit)).json()
    while True:
        found += page["items"]
        assert len(page["items"]) == limit or page["next_cursor"] is None
        if page["next_cursor"] is None:
            return found
        page = (await person.get("/api/products", limit=limit, cursor=page["next_cursor"])).json()


class TestListing:
    async def test_products_come_by_name_in_pages_without_loss_or_repeat(self, desk: Desk) -> None:
        admin, word = desk.admin(), uuid4().hex
        names = [f"{word} {n}" for n in (3, 1, 2, 1)]
        for name in names:
            await made(admin, a_product("10", name=name))
        customer = await desk.customer()
        whole = await listed(customer)
        assert [each["name"] for each in whole if word in each["name"]] == sorted(names)
        assert [each["name"] for each in whole] == sorted(each["name"] for each in whole)
        assert await listed(customer, limit=3) == whole

    @pytest.mark.parametrize("limit", [0, 101, -1, "all"])
    async def test_a_page_has_one_to_a_hundred_items(self, desk: Desk, limit: int | str) -> None:
        support, path = desk.support(), {"products": {}, "users": {}, "orders": {"user_id": str(uuid4())}}
        for noun, params in path.items():
            answer = await support.get(f"/api/{noun}", limit=limit, **params)
            assert refusal(answer) == (422, "invalid")

    @pytest.mark.parametrize("cursor", ["x", "AAAA", "🫖", "e30"])
    async def test_a_cursor_of_ones_own_making_is_refused(self, desk: Desk, cursor: str) -> None:
        answer = await desk.support().get("/api/products", cursor=cursor)
        assert refusal(answer) == (422, "invalid_cursor")
