"""A turn of a conversation by rules: the next calls, or the reply.

Every turn is worked out anew from the dialogue alone, so that the same messages always lead to the same step.
What an earlier turn asked back and didn't get to know is still wanted in the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from agents.rules.conversation import commands, lookups, sums
from agents.rules.conversation.commands import Plan
from agents.rules.conversation.desk import COMMAND_TOOLS, Desk, Need, Said, order_of
from agents.rules.conversation.dialogue import Call, Dialogue, Result, Turn
from agents.rules.conversation.glosses import glossed
from agents.rules.conversation.memory import Memory, wanted
from agents.rules.conversation.orders import DELIVERED, OPEN, PENDING, named_orders
from agents.rules.conversation.outcomes import told_again
from agents.rules.conversation.replies import Reply, decline, joined
from agents.rules.conversation.requests import COMMANDS, LOOKUPS, Intent, Request
from agents.rules.conversation.small_talk import small_talk

_REMEMBERED: Final = 12
_MOST_STEPS: Final = 8
_MOST_WAITS: Final = 2
_PLANS: Final[Mapping[Intent, Plan]] = {
    Intent.CANCEL: commands.cancel,
    Intent.RETURN: commands.give_back,
    Intent.EXCHANGE: commands.swap,
    Intent.ADDRESS: commands.change_address,
    Intent.PAYMENT: commands.change_payment,
    Intent.PLACE: commands.place,
    Intent.HUMAN: commands.hand_over,
    Intent.OUTSIDE: commands.hand_over,
    Intent.STATUS: lookups.tell_order,
    Intent.ORDERS: lookups.tell_orders,
    Intent.QUOTE: sums.tell_quote,
    Intent.PROFILE: lookups.tell_profile,
    Intent.PRODUCTS: lookups.tell_products,
    Intent.PRODUCT: lookups.tell_product,
    Intent.CALCULATE: lookups.tell_sum,
    Intent.FIND_USER: lookups.tell_user,
}


_TOOLS: Final[Mapping[Intent, tuple[str, ...]]] = {
    Intent.CANCEL: ("cancel_pending_order",),
    Intent.RETURN: ("return_delivered_order_items",),
    Intent.EXCHANGE: ("exchange_delivered_order_items", "modify_pending_order_items"),
    Intent.PLACE: ("place_order",),
}
_ALLOWED: Final[Mapping[Intent, tuple[str, ...]]] = {
    Intent.CANCEL: PENDING,
    Intent.RETURN: DELIVERED,
    Intent.EXCHANGE: (*PENDING, *DELIVERED),
    Intent.ADDRESS: OPEN,
    Intent.PAYMENT: OPEN,
}


def converse(dialogue: Dialogue, offered: frozenset[str]) -> Reply | list[Call]:
    """The next step: calls of offered tools, or a reply."""
    memory = Memory()
    turns = dialogue.turns[-_REMEMBERED:]
    if not turns:
        return small_talk(Request(Intent.GREETING, ("",)))
    for turn in turns[:-1]:
        memory = _after(turn, memory, dialogue.customer_id, offered)
    turn = turns[-1]
    desk = _desk(turn.results, memory, dialogue.customer_id, offered)
    try:
        return glossed(_reply(desk, wanted(turn.said, memory)), turn.said)
    except Need as need:
        if turn.steps >= _MOST_STEPS:
            return decline("I could not finish this in a few steps. Please ask for one thing at a time.")
        return _calls(need.calls)


def _desk(
    results: Sequence[Result], memory: Memory, customer_id: str | None, offered: frozenset[str]
) -> Desk:
    return Desk(customer_id, offered, results, memory.settled, memory.focus, memory.done, memory.vain)


def _reply(desk: Desk, requests: Sequence[Request]) -> Reply:
    """What is to be said to all of it; what has waited is not asked for again beside something new."""
    fallback = [request for request in requests if request.is_fallback]
    requests = [request for request in requests if not request.is_fallback] or requests
    replies = desk.gather(requests, lambda request: _attempt(request, desk))
    requests, replies = _with_fallback(requests, replies, fallback, desk)
    is_left = any(request.intent in COMMANDS and not request.waited for request in requests)
    told = [
        reply
        for request, reply in zip(requests, replies, strict=True)
        if reply.kind != "question" or request.waited < (1 if is_left else 2)
    ]
    if all(request.intent in LOOKUPS for request in requests):
        told = [reply for reply in told if reply.kind != "question"] or told
    reply = joined(told or replies)
    return reply if reply.message else Reply("That has been settled already.", reply.kind, reply.order_ids)


def _with_fallback(
    requests: Sequence[Request], replies: list[Reply], fallback: Sequence[Request], desk: Desk
) -> tuple[Sequence[Request], list[Reply]]:
    """What is wanted in case that the commands before it are refused, once one of them was."""
    commands_told = [
        reply for request, reply in zip(requests, replies, strict=True) if request.intent in COMMANDS
    ]
    if not any(reply.kind == "declined" for reply in commands_told):
        return requests, replies
    others = desk.gather(fallback, lambda request: _attempt(request, desk))
    return [*requests, *fallback], [*replies, *others]


def _attempt(request: Request, desk: Desk) -> Reply:
    """What a request comes to; as it is understood otherwise, where that leaves nothing to ask."""
    if request.intent not in _PLANS:
        return small_talk(request)
    reply = _tried(request, desk)
    if reply.kind != "question":
        return reply
    if again := _repeated(request, desk):
        return again
    if refusal := _hopeless(request, reply, desk):
        return refusal
    other = _tried(request.otherwise, desk) if request.otherwise else reply
    return other if other.kind != "question" else reply


def _tried(request: Request, desk: Desk) -> Reply:
    try:
        return _PLANS[request.intent](request, desk if request.is_amendment else replace(desk, vain=()))
    except Said as said:
        return said.reply


def _repeated(request: Request, desk: Desk) -> Reply | None:
    """What was done already, where the same is asked for again."""
    tools = _TOOLS.get(request.intent, ())
    orders = named_orders(request, desk)
    for result in reversed(desk.done):
        order_id = order_of(result)
        if result.call.tool in tools and (not order_id or order_id in orders):
            return told_again(result)
    return None


def _hopeless(request: Request, reply: Reply, desk: Desk) -> Reply | None:
    """A refusal instead of a question, where the order's status allows the command in no case."""
    allowed = _ALLOWED.get(request.intent)
    if allowed is None or len(reply.order_ids) != 1:
        return None
    order = desk.order(reply.order_ids[0])
    if order.status in allowed:
        return None
    return decline(
        f'Order {order.number} has the status "{order.status}", so this can\'t be done any more with it.',
        order.number,
    )


def _calls(calls: Sequence[Call]) -> list[Call]:
    """Look-ups first; commands all at once, in an order in which none spoils the next."""
    lookups = [call for call in calls if call.tool not in COMMAND_TOOLS]
    return lookups or sorted(calls, key=lambda call: COMMAND_TOOLS.index(call.tool))


def _after(turn: Turn, memory: Memory, customer_id: str | None, offered: frozenset[str]) -> Memory:
    """What is left of a turn once the next one begins."""
    results = [each for each in turn.results if turn.is_answered or each.outcome != "denied"]
    desk = _desk(results, memory, customer_id, offered)
    requests = wanted(turn.said, memory)
    pairs = [(request, _looked_back(request, desk)) for request in requests]
    left = [request for request, reply in pairs if _is_left(request, reply, turn)]
    replies = [reply for _, reply in pairs if reply]
    commands_made = tuple(each for each in results if each.call.tool in COMMAND_TOOLS)
    settled = (*memory.settled, *commands_made) if left else ()
    return memory.next(pairs, left, settled, commands_made, joined(replies).order_ids, turn.said)


def _is_left(request: Request, reply: Reply | None, turn: Turn) -> bool:
    if request.intent not in _PLANS or request.is_fallback or request.waited > _MOST_WAITS:
        return False
    return reply.kind == "question" if reply else not turn.is_answered


def _looked_back(request: Request, desk: Desk) -> Reply | None:
    """What a request of an earlier turn came to; None where it never got so far."""
    try:
        return _attempt(request, desk)
    except Said as said:
        return said.reply
    except Need:
        return None
