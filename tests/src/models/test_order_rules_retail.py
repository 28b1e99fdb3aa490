"""The requests of the retail data set, played by the rules alone, end where the data set says."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, cast
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest

from src.models.errors import DeskError
from src.models.order import CancelReason, Order
from src.models.product import Item
from src.models.quote import Change
from src.models.rules.amendments import change_address, change_items, change_payment, change_user_address
from src.models.rules.cancellation import cancel
from src.models.rules.returns import exchange_items, return_items
from src.models.user import Address, User

FOLDER: Final = Path(__file__).parents[4] / "shared" / "retail"
UNDATED: Final = datetime(2024, 1, 1, tzinfo=UTC)
NUMBER_OF_TASKS: Final = 74
OURS_ALONE: Final = {"currency", "order_date", "updated_at", "version", "total_amount"}
Json = Any
Arguments = Mapping[str, Json]


@cache
def load(name: str) -> Json:
    """A file of the data set, its numbers exact."""
    return json.loads((FOLDER / name).read_bytes(), parse_float=Decimal)


def without(record: Arguments, *names: str) -> dict[str, Json]:
    return {name: value for name, value in record.items() if name not in names}


def user_id(old: str) -> UUID:
    return uuid5(NAMESPACE_DNS, old)


def order_id(old: str) -> str:
    return old.removeprefix("#")


def a_user(record: Arguments) -> User:
    methods = {key: without(method, "id") for key, method in record["payment_methods"].items()}
    ours = {"id": user_id(record["user_id"]), "created_at": UNDATED, "updated_at": UNDATED}
    return User.model_validate(without(record, "user_id", "orders") | {"payment_methods": methods} | ours)


def an_order(record: Arguments) -> Order:
    ours = {
        "order_id": order_id(record["order_id"]),
        "user_id": user_id(record["user_id"]),
        "currency": "USD",
    }
    return Order.model_validate({**record, **ours, "order_date": UNDATED, "updated_at": UNDATED})


@cache
def every_user() -> dict[UUID, User]:
    return {user.id: user for user in map(a_user, load("db.json")["users"].values())}


@cache
def every_order() -> dict[str, Order]:
    return {order.order_id: order for order in map(an_order, load("db.json")["orders"].values())}


@cache
def every_item() -> dict[str, Item]:
    return {
        item_id: Item(product_id=product["product_id"], name=product["name"], **variant)
        for product in load("db.json")["products"].values()
        for item_id, variant in product["variants"].items()
    }


def in_cents(value: Json) -> Json:
    if isinstance(value, Decimal):
        return int(value * 100)
    if isinstance(value, dict):
        return {key: in_cents(inner) for key, inner in cast("dict[str, Json]", value).items()}
    return [in_cents(inner) for inner in cast("list[Json]", value)] if isinstance(value, list) else value


class Desk:
    """The data set's tools over the records of one request, by the rules."""

    def __init__(self) -> None:
        self.users, self.orders = dict(every_user()), dict(every_order())
        self._tools: dict[str, Callable[[Arguments], object]] = {
            "calculate": lambda a: None,
            "transfer_to_human_agents": lambda a: None,
            "find_user_id_by_email": lambda a: self._find(lambda user: user.email == a["email"].lower()),
            "find_user_id_by_name_zip": lambda a: self._find(
                lambda user: (
                    (user.name.first_name, user.name.last_name, user.address.zip)
                    == (a["first_name"], a["last_name"], a["zip"])
                )
            ),
            "get_user_details": lambda a: self.users[user_id(a["user_id"])],
            "get_order_details": lambda a: self.orders[order_id(a["order_id"])],
            "get_product_details": lambda a: load("db.json")["products"][a["product_id"]],
            "get_item_details": lambda a: every_item()[a["item_id"]],
            "modify_user_address": self._change_user_address,
        }

    def call(self, name: str, arguments: Arguments) -> bool:
        """Whether the call is served rather than refused."""
        try:
            if name in self._tools:
                self._tools[name](arguments)
            else:
                self._command(name, arguments)
        except (DeskError, LookupError):
            return False
        return True

    def changed(self) -> dict[str, Json]:
        """Every order and user that differs from the data set, in the data set's own form."""
        old_users: dict[str, Json] = load("db.json")["users"]
        old_orders: dict[str, Json] = load("db.json")["orders"]
        orders = {old: self.orders[order_id(old)] for old in old_orders}
        users = {old: self.users[user_id(old)] for old in old_users}
        return {
            "orders": {
                old: in_cents(order.model_dump(exclude=OURS_ALONE, exclude_none=True))
                | {"order_id": old, "user_id": old_orders[old]["user_id"]}
                for old, order in orders.items()
                if order != every_order()[order.order_id]
            },
            "users": {
                old: self._dumped(user) | {"user_id": old, "orders": old_users[old]["orders"]}
                for old, user in users.items()
                if user != every_user()[user.id]
            },
        }

    def _dumped(self, user: User) -> dict[str, Json]:
        fields = in_cents(user.model_dump(include={"email", "name", "address"}))
        methods = user.payment_methods.items()
        return fields | {
            "payment_methods": {key: in_cents(method.model_dump()) | {"id": key} for key, method in methods}
        }

    def _find(self, matches: Callable[[User], bool]) -> User:
        found = [user for user in self.users.values() if matches(user)]
        return found[0]

    def _change_user_address(self, arguments: Arguments) -> None:
        old = self.users[user_id(arguments["user_id"])]
        self.users[old.id] = change_user_address(old, Address(**without(arguments, "user_id")))

    def _command(self, name: str, arguments: Arguments) -> None:
        order = self.orders[order_id(arguments["order_id"])]
        change = changed_by(name, order, self.users[order.user_id], arguments=without(arguments, "order_id"))
        self.orders[order.order_id] = change.order
        if change.user:
            self.users[change.user.id] = change.user


def changed_by(name: str, order: Order, user: User, arguments: Arguments) -> Change:
    match name:
        case "cancel_pending_order":
            return cancel(order, user, CancelReason(arguments["reason"]))
        case "modify_pending_order_address":
            return change_address(order, Address(**arguments))
        case "modify_pending_order_payment":
            return change_payment(order, user, **arguments)
        case "modify_pending_order_items":
            return change_items(order, user, every_item(), **arguments)
        case "return_delivered_order_items":
            return return_items(order, user, **arguments)
        case "exchange_delivered_order_items":
            return exchange_items(order, user, every_item(), **arguments)
        case _:
            raise AssertionError(f"The data set calls {name}, which this test does not know.")


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"The retail data set is not at {FOLDER}.")
@pytest.mark.parametrize("number", range(NUMBER_OF_TASKS))
def test_a_retail_request_ends_where_the_data_set_says(number: int) -> None:
    task, desk = load("train.json")[number], Desk()
    served = [desk.call(action["name"], action["arguments"]) for action in task["actions"]]
    assert served == [action["outcome"] == "ok" for action in task["actions"]]
    assert desk.changed() == task["changed"]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"The retail data set is not at {FOLDER}.")
def test_every_retail_request_is_played() -> None:
    assert len(load("train.json")) == NUMBER_OF_TASKS
