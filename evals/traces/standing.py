"""The records that a conversation stands on, as its agent first saw them: before any of its commands."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from pydantic import JsonValue, ValidationError
from pydantic_ai.messages import ModelRequest, ToolCallPart, ToolReturnPart
from pydantic_core import to_jsonable_python

from evals.cases import Given
from evals.suites import demo
from evals.traces.reading import Present, Trace
from evals.traces.undoing import carried_out, order_before, user_before
from evals.world import state_of
from src.models.base import Record
from src.models.json_schema import JsonObject
from src.models.order import Order
from src.models.product import Product
from src.models.user import User
from tools.toolsets import COMMANDS

R = TypeVar("R", bound=Record)
_ITEMS: Final = ("item_id", "item_ids", "new_item_ids")


class Gone(ValueError):
    """The desk has no longer what a conversation is about."""


@dataclass
class Sights:
    """What the tools showed, each record once, and what the calls named.

    A command's order is `touched` by it, and its user too: a later sight is none of the state before.
    """

    user: User | None = None
    orders: dict[str, Order] = field(default_factory=dict[str, Order])
    products: dict[str, Product] = field(default_factory=dict[str, Product])
    placed: set[str] = field(default_factory=set[str])
    touched: set[str] = field(default_factory=set[str])
    named_orders: dict[str, None] = field(default_factory=dict[str, None])
    named_items: dict[str, None] = field(default_factory=dict[str, None])
    anything_done: bool = False

    def look_at(self, tool: str, content: JsonObject) -> None:
        match tool:
            case "get_user_details" if self.user is None and not self.anything_done:
                self.user = _read(User, content)
            case "get_order_details":
                self._look_at_order(content)
            case "list_orders":
                for each in _list(content.get("items")):
                    self._look_at_order(_fields(each))
            case "get_product_details":
                product = _read(Product, content)
                if product is not None:
                    self.products.setdefault(product.product_id, product)
            case _ if tool in COMMANDS:
                self._note_command(tool, content)
            case _:
                pass

    def name(self, arguments: JsonObject) -> None:
        order_id = str(arguments.get("order_id") or "").lstrip("#")
        if order_id:
            self.named_orders[order_id] = None
        self.named_items |= dict.fromkeys(_item_ids(arguments))

    def _look_at_order(self, content: JsonObject) -> None:
        order = _read(Order, content)
        if order is not None and order.order_id not in self.touched | self.placed:
            self.orders.setdefault(order.order_id, order)

    def _note_command(self, tool: str, content: JsonObject) -> None:
        self.anything_done = True
        if "order_id" in content:
            (self.placed if tool == "place_order" else self.touched).add(str(content["order_id"]))


@dataclass(frozen=True)
class Grounds:
    """What a case is given, and what about it a person should look at."""

    customer: User
    given: Given
    placed: set[str]
    remarks: list[str]


async def grounds_of(trace: Trace, present: Present) -> Grounds:
    """The records of the conversation; those that no tool showed as they stand now, commands taken back.

    Raises:
        Gone: its customer is no longer there.
    """
    sights, remarks, done = sights_of(trace), list[str](), carried_out(trace.approvals)
    customer = sights.user or await _customer_before(trace, present, remarks)
    for order_id in sights.named_orders:
        if order_id not in sights.orders and order_id not in sights.placed:
            order = await present.order(order_id)
            if order is not None and order.user_id == customer.id:
                before, remark = order_before(order, done)
                sights.orders[order_id] = before
                remarks += [remark] if remark else []
    given = Given(
        users={str(customer.id): _retail_user(customer)},
        orders={order_id: _retail_order(order) for order_id, order in sights.orders.items()},
        products=await _products(sights, present),
    )
    return Grounds(customer, given, sights.placed, remarks)


def sights_of(trace: Trace) -> Sights:
    """What was shown and named, in its order."""
    sights = Sights()
    for approval in trace.approvals:
        sights.name(approval.arguments)
    for message in trace.messages:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                with suppress(ValueError):
                    sights.name(part.args_as_dict())
            if isinstance(message, ModelRequest) and isinstance(part, ToolReturnPart):
                content = to_jsonable_python(part.content)
                if part.outcome == "success" and isinstance(content, dict):
                    sights.look_at(part.tool_name, cast("JsonObject", content))
    return sights


async def _customer_before(trace: Trace, present: Present, remarks: list[str]) -> User:
    user = await present.user(str(trace.conversation.user_id))
    if user is None:
        raise Gone("its customer is no longer there")
    done = carried_out(trace.approvals)
    if any(each.tool == "modify_user_address" for each in done):
        remarks.append("the customer's address was never looked at before it was changed: made up")
    return user_before(user, done)


async def _products(sights: Sights, present: Present) -> dict[str, JsonObject]:
    """The products looked at, ordered or named, unless the demo data have them just so."""
    ids = dict.fromkeys([*sights.products, *_ordered(sights.orders.values())])
    for item_id in sights.named_items:
        if product_id := await present.product_of(item_id):
            ids[product_id] = None
    known, found = state_of(demo()).products, dict[str, JsonObject]()
    for product_id in ids:
        product = sights.products.get(product_id) or await present.product(product_id)
        if product is not None and product.model_copy(update={"version": 1}) != known.get(product_id):
            found[product_id] = _dumped(product, "product_id", "version")
    return found


def _ordered(orders: Iterable[Order]) -> Iterator[str]:
    return (item.product_id for order in orders for item in order.items)


def _retail_user(user: User) -> JsonObject:
    return _dumped(user, "id", "created_at", "updated_at", "version")


def _retail_order(order: Order) -> JsonObject:
    fields = _dumped(order, "order_id", "updated_at", "version", "total_amount")
    return {name: value for name, value in fields.items() if value != []}


def _dumped(record: Record, *without: str) -> JsonObject:
    return cast("JsonObject", record.model_dump(mode="json", exclude=set(without), exclude_none=True))


def _read(model: type[R], content: JsonObject) -> R | None:
    """The record that a tool showed; None where it is of another release, or was cut short."""
    try:
        return model.model_validate({k: v for k, v in content.items() if k in model.model_fields})
    except ValidationError:
        return None


def _item_ids(arguments: JsonValue) -> Iterator[str]:
    match arguments:
        case dict():
            for name, value in arguments.items():
                if name in _ITEMS:
                    yield from map(str, value if isinstance(value, list) else [value])
                else:
                    yield from _item_ids(value)
        case list():
            for each in arguments:
                yield from _item_ids(each)
        case _:
            return


def _fields(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else []
