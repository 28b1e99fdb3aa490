"""What a turn knows of the desk: the results of the calls made so far, and which calls come next.

A plan is written as if everything were known. Where something isn't, it ends with the calls that are needed,
and is begun anew once their results are there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from agents.rules.conversation.dialogue import Call, Result
from agents.rules.conversation.replies import Reply, ask, decline, joined
from agents.rules.conversation.things import Item, Order, Orders, Product, ProductType, User

T = TypeVar("T")
R = TypeVar("R")

HAND_OVER: Final = "transfer_to_human_agents"
COMMAND_TOOLS: Final = (
    "modify_user_address",
    "modify_pending_order_address",
    "modify_pending_order_payment",
    "modify_pending_order_items",
    "cancel_pending_order",
    "return_delivered_order_items",
    "exchange_delivered_order_items",
    "place_order",
    HAND_OVER,
)
_UNREADABLE: Final = "I could not look that up just now. Please try again in a moment."
_TYPES: Final = TypeAdapter(list[ProductType])
_ORDERS: Final = TypeAdapter(Orders)
_ORDER: Final = TypeAdapter(Order)
_USER: Final = TypeAdapter(User)
_PRODUCT: Final = TypeAdapter(Product)
_ITEM: Final = TypeAdapter(Item)


class Need(Exception):
    """These calls must be made before the plan can go on."""

    def __init__(self, calls: Sequence[Call]) -> None:
        super().__init__()
        self.calls = list(calls)


class Said(Exception):
    """The plan ends here, with this to be said."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.message)
        self.reply = reply


@dataclass(frozen=True)
class Desk:
    """The desk as one turn sees it.

    Args:
        customer_id: Whom the conversation serves.
        offered: The tools that may be called.
        results: What this turn's calls came to.
        settled: Commands of earlier turns that are part of the same request: they are not repeated.
        focus: The orders that the conversation was last about.
        done: All commands that the conversation has carried out.
        vain: Commands that were refused or declined, and are not tried again as they were.
    """

    customer_id: str | None
    offered: frozenset[str]
    results: Sequence[Result] = ()
    settled: Sequence[Result] = ()
    focus: tuple[str, ...] = ()
    done: Sequence[Result] = ()
    vain: Sequence[Result] = ()

    def orders(self, user_id: str | None = None) -> list[Order]:
        """The customer's orders, newest first."""
        return self._thing(_ORDERS, "list_orders", user_id=user_id or self.customer()).items

    def order(self, order_id: str) -> Order:
        listed = self._listed(order_id)
        return listed or self._thing(_ORDER, "get_order_details", order_id=order_id)

    def _listed(self, order_id: str) -> Order | None:
        """An order that a list of this turn has told of already."""
        listed = (each for each in self.results if each.call.tool == "list_orders" and each.is_success)
        try:
            orders = [order for each in listed for order in Orders.model_validate(each.content).items]
        except ValidationError:
            return None
        return next((order for order in orders if order.number == order_id), None)

    def user(self, user_id: str | None = None) -> User:
        return self._thing(_USER, "get_user_details", user_id=user_id or self.customer())

    def product(self, product_id: str) -> Product:
        return self._thing(_PRODUCT, "get_product_details", product_id=product_id)

    def item(self, item_id: str) -> Item:
        return self._thing(_ITEM, "get_item_details", item_id=item_id)

    def product_types(self) -> list[ProductType]:
        return self._thing(_TYPES, "list_all_product_types")

    def customer(self) -> str:
        """Whom the conversation serves."""
        if self.customer_id is None:
            raise Said(decline("I don't know which customer this is about, so I can't look that up."))
        return self.customer_id

    def _thing(self, adapter: TypeAdapter[T], tool: str, **arguments: JsonValue) -> T:
        content = self.look(tool, **arguments)
        try:
            return adapter.validate_python(content)
        except ValidationError:
            raise Said(decline(_UNREADABLE)) from None

    def look(self, tool: str, **arguments: JsonValue) -> JsonValue:
        """What a look-up tells.

        Raises:
            Need: it wasn't made yet.
            Said: it was refused, or can't be made.
        """
        result = self.made(tool, arguments, self.results)
        if not result.is_success:
            raise Said(refused(result))
        return result.content

    def do(self, tool: str, **arguments: JsonValue) -> Result:
        """What came of a command; one that was settled before is not made again.

        Raises:
            Need: it wasn't made yet.
        """
        call = Call(tool, arguments)
        if any(each.call == call for each in self.vain) and not any(
            each.call == call for each in self.results
        ):
            raise Said(ask("I'm not sure what you would like instead. Could you tell me in other words?"))
        return self.made(tool, arguments, (*self.results, *self.settled))

    def made(self, tool: str, arguments: dict[str, JsonValue], results: Iterable[Result]) -> Result:
        call = Call(tool, arguments)
        result = next((each for each in results if each.call == call), None)
        if result is not None:
            return result
        if tool not in self.offered:
            raise Said(decline("I can't do that here."))
        raise Need([call])

    def gather(self, things: Iterable[T], look: Callable[[T], R]) -> list[R]:
        """Look several things up, side by side."""
        found: list[R] = []
        calls: list[Call] = []
        for thing in things:
            try:
                found.append(look(thing))
            except Need as need:
                calls += [call for call in need.calls if call not in calls]
        if calls:
            raise Need(calls)
        return found

    def each(self, things: Iterable[T], act: Callable[[T], Reply]) -> Reply:
        """Do the same for several things, side by side as far as they can go."""

        def acted(thing: T) -> Reply:
            try:
                return act(thing)
            except Said as said:
                return said.reply

        return joined(self.gather(things, acted))


def sentence_of(result: Result) -> str:
    """A refusal's sentence, without its code."""
    code, colon, sentence = str(result.content).partition(": ")
    return sentence if colon and code.replace("_", "").isalpha() and " " not in code else str(result.content)


def order_of(result: Result) -> str:
    """The order that a call was about; empty without."""
    return str(result.call.arguments.get("order_id", "")).removeprefix("#")


def is_absent(result: Result) -> bool:
    return str(result.content).startswith("not_found")


def refused(result: Result) -> Reply:
    """Why a call came to nothing."""
    order_id = order_of(result)
    about = (order_id,) if order_id else ()
    if result.outcome == "retried":
        return ask("I could not do that with what you told me. Could you check the details?", *about)
    if result.outcome == "interrupted":
        return decline(
            "That was interrupted, so I don't know what came of it. Please look before trying again."
        )
    if is_absent(result) and order_id:
        return decline(f"I can't find order {order_id} among your orders. Please check its number.", *about)
    if is_absent(result):
        return decline(f"I can't find {_ABSENT.get(result.call.tool, 'that')}.")
    return decline(sentence_of(result)[:1_000], *about)


_ABSENT: Final = {
    "get_product_details": "that product",
    "get_item_details": "that item",
    "get_user_details": "that customer",
    "list_orders": "that customer",
    "find_user_id_by_email": "a customer with that e-mail",
    "find_user_id_by_name_zip": "a customer with that name and postcode",
}
