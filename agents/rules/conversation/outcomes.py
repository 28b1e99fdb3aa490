"""What came of a command, in plain words made of the tool's own result."""

from collections.abc import Callable
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError

from agents.rules.conversation.desk import HAND_OVER, Desk, refused
from agents.rules.conversation.dialogue import Call, Result
from agents.rules.conversation.replies import Reply, decline
from agents.rules.conversation.telling import listed, method_label, priced, returned_amount
from agents.rules.conversation.things import Order, User

_ORDER: Final = TypeAdapter(Order)
_USER: Final = TypeAdapter(User)
_ONCE: Final = frozenset(
    {
        "cancel_pending_order",
        "return_delivered_order_items",
        "exchange_delivered_order_items",
        "modify_pending_order_items",
        "modify_pending_order_address",
        "modify_pending_order_payment",
        "modify_user_address",
    }
)


def concluded(desk: Desk, tool: str, **arguments: JsonValue) -> Reply:
    """What came of a command, as a reply; nothing of one that an earlier turn has told of."""
    call = Call(tool, arguments)
    if again := next((each for each in desk.done if each.call == call and tool in _ONCE), None):
        return told_again(again) if again not in desk.settled else Reply("")
    result = desk.do(tool, **arguments)
    return told(result) if result in desk.results else Reply("")


def told_again(result: Result) -> Reply:
    """What an earlier turn has carried out, for one who asks for it again."""
    reply = told(result)
    return Reply(f"That has been done already. {reply.message}", "answer", reply.order_ids)


def told(result: Result) -> Reply:
    if result.outcome == "denied":
        order_id = str(result.call.arguments.get("order_id", ""))
        about = f" with order {order_id}" if order_id else ""
        return decline(
            f"All right, nothing was done{about}, since you did not approve it.",
            *([order_id] if order_id else []),
        )
    if not result.is_success:
        return refused(result)
    if result.call.tool == HAND_OVER:
        return Reply("You are handed over to a human colleague, who will get back to you.", "done")
    try:
        return _carried_out(result)
    except ValidationError:
        return Reply("That is done.", "done")


def _carried_out(result: Result) -> Reply:
    if result.call.tool == "modify_user_address":
        address = _USER.validate_python(result.content).address
        return Reply(f"Your address is now {address.written if address else 'changed'}.", "done")
    order = _ORDER.validate_python(result.content)
    return Reply(_TOLD.get(result.call.tool, _state)(order), "done", (order.number,))


def _state(order: Order) -> str:
    return f"Order {order.number} is now {order.status}."


def _placed(order: Order) -> str:
    items = listed(item.label for item in order.items)
    paid = (
        method_label(order.payment_history[0].payment_method_id)
        if order.payment_history
        else "your payment method"
    )
    total = priced(order.total_amount, order.currency)
    return f"Order {order.number} is placed and {order.status}: {items}. {total} was paid with {paid}."


def _cancelled(order: Order) -> str:
    refunds = [each for each in order.payment_history if each.transaction_type == "refund"]
    if not refunds:
        return f"Order {order.number} is {order.status}."
    money = listed(
        f"{priced(each.amount, order.currency)} goes back to {method_label(each.payment_method_id)} "
        f"{_when(each.payment_method_id)}"
        for each in refunds
    )
    return f"Order {order.number} is {order.status}. {money}."


def _when(method_id: str) -> str:
    return "at once" if method_id.startswith("gift_card") else "within 5 to 7 business days"


def _address(order: Order) -> str:
    return (
        f"Order {order.number} now goes to {order.address.written if order.address else 'the new address'}."
    )


def _payment(order: Order) -> str:
    paid = [each for each in order.payment_history if each.transaction_type == "payment"]
    method = method_label(paid[-1].payment_method_id) if paid else "the new method"
    return f"Order {order.number} is now paid with {method}."


def _items(order: Order) -> str:
    now = f"Order {order.number} is now {order.status}: {listed(item.label for item in order.items)}."
    last = order.payment_history[-1] if order.payment_history else None
    if not last or not last.amount:
        return now
    verb = "goes back to" if last.transaction_type == "refund" else "was paid with"
    return f"{now} {priced(last.amount, order.currency)} {verb} {method_label(last.payment_method_id)}."


def _returned(order: Order) -> str:
    method = method_label(order.return_payment_method_id or "")
    amount = priced(returned_amount(order), order.currency)
    refund = f"The refund of {amount} will go to {method} once it is settled."
    return f"The return for order {order.number} is requested. {refund}"


def _exchanged(order: Order) -> str:
    requested = f"The exchange for order {order.number} is requested."
    if not order.exchange_price_difference:
        return requested
    difference = priced(order.exchange_price_difference, order.currency)
    method = method_label(order.exchange_payment_method_id or "")
    return f"{requested} The difference of {difference} will be settled with {method}."


_TOLD: Final[dict[str, Callable[[Order], str]]] = {
    "place_order": _placed,
    "cancel_pending_order": _cancelled,
    "modify_pending_order_address": _address,
    "modify_pending_order_payment": _payment,
    "modify_pending_order_items": _items,
    "return_delivered_order_items": _returned,
    "exchange_delivered_order_items": _exchanged,
}
