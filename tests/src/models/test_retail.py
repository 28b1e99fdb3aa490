"""The retail file as it is read: sound records, exact amounts, and every fault by its place."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.models.errors import Invalid
from src.models.order import OrderStatus
from src.models.retail import Broken, Records, misfits, read_retail, records, user_id
from src.models.user import CreditCard, GiftCard, PayPal
from tests.fixtures.records import a_payment, a_user, an_order

Entry = dict[str, object]
ADDRESS = {
    "address1": "3 Quay Lane",
    "address2": "",
    "city": "Cork",
    "state": "",
    "country": "Ireland",
    "zip": "T12 X4",
}
METHODS = {
    "credit_card_1": {"id": "credit_card_1", "source": "credit_card", "brand": "visa", "last_four": "0042"},
    "gift_card_1": {"id": "gift_card_1", "source": "gift_card", "balance": 17},
    "paypal_1": {"id": "paypal_1", "source": "paypal"},
}


def user(**fields: object) -> Entry:
    name = {"first_name": "Maeve", "last_name": "Daly"}
    defaults: Entry = {"email": "maeve.daly@example.com", "name": name, "address": ADDRESS, "orders": ["#W1"]}
    return {"user_id": "maeve_daly_1", **defaults, "payment_methods": METHODS, **fields}


def product(**fields: object) -> Entry:
    variant = {"item_id": "i1", "available": True, "options": {"color": "red"}, "price": 10.1}
    return {"product_id": "p1", "name": "Mug", "variants": {"i1": variant}, **fields}


def line(**fields: object) -> Entry:
    return {"item_id": "i1", "product_id": "p1", "name": "Mug", "price": 10.1, "options": {}, **fields}


def order(**fields: object) -> Entry:
    paid = {"transaction_type": "payment", "amount": 10.1, "payment_method_id": "paypal_1"}
    defaults: Entry = {"items": [line()], "fulfillments": [], "payment_history": [paid], "status": "pending"}
    return {"order_id": "#W1", "user_id": "maeve_daly_1", "address": ADDRESS, **defaults, **fields}


def read(
    users: dict[str, object] | None = None,
    products: dict[str, object] | None = None,
    orders: dict[str, object] | None = None,
    currency: str = "USD",
) -> Records:
    sections = {"users": users or {}, "products": products or {}, "orders": orders or {}}
    return records(read_retail(json.dumps(sections).encode()), currency)


class TestSoundRecords:
    def test_a_user_keeps_all_but_the_old_id(self) -> None:
        [maeve] = read({"maeve_daly_1": user()}).users.values()
        assert maeve.id == uuid5(NAMESPACE_DNS, "maeve_daly_1")
        assert (maeve.email, maeve.name.last_name, maeve.address.zip) == (
            "maeve.daly@example.com",
            "Daly",
            "T12 X4",
        )
        assert maeve.payment_methods == {
            "credit_card_1": CreditCard(brand="visa", last_four="0042"),
            "gift_card_1": GiftCard(balance=Decimal("17.00")),
            "paypal_1": PayPal(),
        }

    def test_an_id_that_is_a_uuid_already_stays(self) -> None:
        own = "0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b4"
        assert user_id(own) == UUID(own)

    def test_a_product_has_its_variants(self) -> None:
        [mug] = read(products={"p1": product()}).products.values()
        assert (mug.product_id, mug.variants["i1"].price, mug.variants["i1"].options) == (
            "p1",
            Decimal("10.10"),
            {"color": "red"},
        )

    def test_an_order_loses_the_hash_of_its_id_and_names_its_user(self) -> None:
        [bought] = read(orders={"#W1": order()}).orders.values()
        assert (bought.order_id, bought.user_id) == ("W1", uuid5(NAMESPACE_DNS, "maeve_daly_1"))
        assert (bought.status, bought.currency, bought.total_amount) == (
            OrderStatus.PENDING,
            "USD",
            Decimal("10.10"),
        )

    def test_what_the_file_does_not_date_is_dated_the_same_every_time(self) -> None:
        first, second = (read(orders={"#W1": order()}).orders["orders/#W1"] for _ in range(2))
        assert first == second
        assert first.order_date.year == 2024
        assert first.order_date == first.updated_at

    def test_dates_of_the_file_are_kept(self) -> None:
        dated = order(order_date="2026-10-14T12:09:58+05:30", updated_at="2026-10-20T00:00:00Z")
        [bought] = read(orders={"#W1": dated}).orders.values()
        assert bought.order_date == datetime(2026, 10, 14, 6, 39, 58, tzinfo=UTC)
        assert bought.updated_at == datetime(2026, 10, 20, tzinfo=UTC)


class TestAmounts:
    @given(st.integers(0, 10**9))
    def test_a_float_becomes_the_amount_that_was_meant(self, cents: int) -> None:
        bought = read(orders={"#W1": order(items=[line(price=cents / 100)])}).orders["orders/#W1"]
        assert bought.items[0].price == Decimal(cents).scaleb(-2)
        assert bought.items[0].price.as_tuple().exponent == -2

    @pytest.mark.parametrize(
        ("written", "currency", "meant"),
        [(0.1 + 0.2, "USD", "0.30"), (2.675, "USD", "2.68"), (2.665, "USD", "2.66"), (1250, "JPY", "1250")],
    )
    def test_an_amount_is_rounded_half_even_to_its_currency(
        self, written: float, currency: str, meant: str
    ) -> None:
        bought = read(orders={"#W1": order(items=[line(price=written)])}, currency=currency)
        assert str(bought.orders["orders/#W1"].items[0].price) == meant

    def test_an_order_may_name_a_currency_of_its_own(self) -> None:
        bought = read(orders={"#W1": order(currency="KWD", items=[line(price=1.5)])}).orders["orders/#W1"]
        assert (bought.currency, str(bought.total_amount)) == ("KWD", "1.500")

    def test_an_amount_written_as_text_is_rounded_too(self) -> None:
        bought = read(orders={"#W1": order(items=[line(price="10.1")])}).orders["orders/#W1"]
        assert str(bought.items[0].price) == "10.10"


class TestFaults:
    @pytest.mark.parametrize(
        ("broken", "place"),
        [
            (order(items=[line(price="cheap")]), "orders/#W1/items/0/price"),
            (order(items=[line(), line(price=-1)]), "orders/#W1/items/1/price"),
            (order(items=[line(price=float("nan"))]), "orders/#W1/items/0/price"),
            (order(items=[line(price=1e300)]), "orders/#W1/items/0/price"),
            (order(status="lost"), "orders/#W1/status"),
            (order(user_id=7), "orders/#W1/user_id"),
            (order(order_date="yesterday", updated_at="2026-10-20T00:00:00Z"), "orders/#W1/order_date"),
            (order(order_id="#W2"), "orders/#W1/order_id"),
            (order(colour="red"), "orders/#W1/colour"),
            (order(currency="dollars"), "orders/#W1/currency"),
            ("gone", "orders/#W1"),
        ],
    )
    def test_a_broken_order_is_named_by_its_place_and_the_rest_is_read(
        self, broken: object, place: str
    ) -> None:
        found = read(orders={"#W1": broken, "#W2": order(order_id="#W2")})
        assert [fault.place for fault in found.broken] == [place]
        assert list(found.orders) == ["orders/#W2"]

    @pytest.mark.parametrize(
        ("broken", "place"),
        [
            (user(email="nobody"), "users/maeve_daly_1/email"),
            (user(name={"first_name": "Maeve"}), "users/maeve_daly_1/name/last_name"),
            (
                user(payment_methods={"g": {"id": "g", "source": "gift_card"}}),
                "users/maeve_daly_1/payment_methods/g/balance",
            ),
            (
                user(payment_methods={"g": {"id": "h", "source": "paypal"}}),
                "users/maeve_daly_1/payment_methods/g/id",
            ),
            (
                user(payment_methods={"g": {"id": "g", "source": "coins"}}),
                "users/maeve_daly_1/payment_methods/g",
            ),
            (
                user(payment_methods={"g 1": {"id": "g 1", "source": "paypal"}}),
                "users/maeve_daly_1/payment_methods/g 1",
            ),
            (user(payment_methods=[]), "users/maeve_daly_1/payment_methods"),
        ],
    )
    def test_a_broken_user_is_named_by_its_place(self, broken: object, place: str) -> None:
        found = read({"maeve_daly_1": broken})
        assert ([fault.place for fault in found.broken], found.users) == ([place], {})

    def test_a_number_beyond_all_numbers_is_a_fault_like_others(self) -> None:
        text = json.dumps({"users": {}, "products": {}, "orders": {"#W1": order(items=[line(price=0.25)])}})
        found = records(read_retail(text.replace("0.25", "1e9999999999999999999").encode()))
        assert found.broken == [Broken("orders/#W1/items/0/price", "Input should be a finite number")]

    def test_each_fault_of_a_record_is_named(self) -> None:
        found = read(orders={"#W1": order(status="lost", items=[line(price=-1)])})
        assert {fault.place for fault in found.broken} == {"orders/#W1/status", "orders/#W1/items/0/price"}

    def test_a_name_that_is_no_unicode_is_a_fault_like_others(self) -> None:
        found = read({"maeve\ud800": user(user_id="maeve\ud800")}, orders={"#W1": order(user_id="\ud800")})
        assert [fault.place for fault in found.broken] == ["users/maeve\ud800/id", "orders/#W1/user_id"]

    def test_an_email_that_two_users_have_stays_with_the_first(self) -> None:
        twin = user(user_id="m2", email="Maeve.Daly@Example.com")
        found = read({"maeve_daly_1": user(), "m2": twin})
        assert list(found.users) == ["users/maeve_daly_1"]
        assert found.broken == [Broken("users/m2/email", "Stands already at users/maeve_daly_1/email")]

    def test_an_item_that_two_products_have_stays_with_the_first(self) -> None:
        found = read(products={"p1": product(), "p2": product(product_id="p2")})
        assert found.broken == [
            Broken("products/p2/variants/i1", "Stands already at products/p1/variants/i1")
        ]

    def test_an_order_that_stands_with_and_without_hash_is_read_once(self) -> None:
        found = read(orders={"#W1": order(), "W1": order(order_id="W1")})
        assert (list(found.orders), found.broken) == (
            ["orders/#W1"],
            [Broken("orders/W1", "Stands already at orders/#W1")],
        )


class TestMisfits:
    def test_an_order_without_a_user_fits_nowhere(self) -> None:
        [fault] = misfits("orders/#W1", an_order(), None)
        assert fault.place == "orders/#W1/user_id"

    def test_an_order_is_paid_by_what_its_user_has(self) -> None:
        owner = a_user()
        history = [a_payment("10.00", "paypal_1"), a_payment("1.00", "paypal_9")]
        [fault] = misfits("orders/#W1", an_order(owner, history=history), owner)
        assert fault.place == "orders/#W1/payment_history/1/payment_method_id"
        assert misfits("orders/#W1", an_order(owner), owner) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b"[]",
        b"7",
        b'{"users": {}, "orders": {}}',
        b'{"users": [], "products": {}, "orders": {}}',
    ],
)
def test_a_file_that_is_no_retail_file_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"^The file .*\.$"):
        read_retail(content)
