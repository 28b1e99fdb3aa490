"""A turn of a conversation by rules: the next calls, or the reply.

Every turn is worked out anew from the dialogue alone, so that the same messages always lead to the same step.
What an earlier turn asked back and didn't get to know is still wanted in the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.rules.conversation import commands, lookups, sums
from agents.rules.conversation.commands import Plan
from agents.rules.conversation.desk import COMMAND_TOOLS, Desk, Need, Said
from agents.rules.conversation.dialogue import Call, Dialogue, Result, Turn
from agents.rules.conversation.glosses import glossed
from agents.rules.conversation.ids import less_order_ids, order_ids
from agents.rules.conversation.replies import Reply, decline, joined
from agents.rules.conversation.requests import COMMANDS, Intent, Request
from agents.rules.conversation.slots import has
from agents.rules.conversation.small_talk import small_talk
from agents.rules.conversation.understanding import is_taken_back, requests_in

_REMEMBERED: Final = 12
_MOST_STEPS: Final = 8
_MOST_REQUESTS: Final = 10
_BESIDES: Final = frozenset({Intent.GREETING, Intent.THANKS, Intent.IDENTITY, Intent.NEGATED, Intent.NO})
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


@dataclass(frozen=True)
class _Memory:
    """What a turn takes over from those before it.

    Args:
        open: The requests that a question was asked about, or that were left without a decision.
        settled: The commands that were decided while those were under way.
        focus: The orders that it was last about.
    """

    open: tuple[Request, ...] = ()
    settled: tuple[Result, ...] = ()
    focus: tuple[str, ...] = ()


def converse(dialogue: Dialogue, offered: frozenset[str]) -> Reply | list[Call]:
    """The next step: calls of offered tools, or a reply."""
    memory = _Memory()
    turns = dialogue.turns[-_REMEMBERED:]
    if not turns:
        return small_talk(Request(Intent.GREETING, ("",)))
    for turn in turns[:-1]:
        memory = _after(turn, memory, dialogue.customer_id, offered)
    turn = turns[-1]
    desk = Desk(dialogue.customer_id, offered, turn.results, memory.settled, memory.focus)
    try:
        return glossed(_reply(desk, _wanted(turn.said, memory)), turn.said)
    except Need as need:
        if turn.steps >= _MOST_STEPS:
            return decline("I could not finish this in a few steps. Please ask for one thing at a time.")
        return _calls(need.calls)


def _reply(desk: Desk, requests: Sequence[Request]) -> Reply:
    reply = desk.each(requests, lambda request: _attempt(request, desk))
    return reply if reply.message else Reply("That has been settled already.", reply.kind, reply.order_ids)


def _attempt(request: Request, desk: Desk) -> Reply:
    plan = _PLANS.get(request.intent)
    return plan(request, desk) if plan else small_talk(request)


def _calls(calls: Sequence[Call]) -> list[Call]:
    """Look-ups first; commands all at once, in an order in which none spoils the next."""
    lookups = [call for call in calls if call.tool not in COMMAND_TOOLS]
    return lookups or sorted(calls, key=lambda call: COMMAND_TOOLS.index(call.tool))


def _after(turn: Turn, memory: _Memory, customer_id: str | None, offered: frozenset[str]) -> _Memory:
    """What is left of a turn once the next one begins."""
    results = [each for each in turn.results if turn.is_answered or each.outcome != "denied"]
    desk = Desk(customer_id, offered, results, memory.settled, memory.focus)
    requests = _wanted(turn.said, memory)
    replies = [_looked_back(request, desk) for request in requests]
    left = tuple(
        request
        for request, reply in zip(requests, replies, strict=True)
        if request.intent in _PLANS and (reply.kind == "question" if reply else not turn.is_answered)
    )
    focus = joined([reply for reply in replies if reply]).order_ids or tuple(order_ids(turn.said)[:1])
    commands_made = tuple(each for each in results if each.call.tool in COMMAND_TOOLS)
    return _Memory(left, (*memory.settled, *commands_made) if left else (), focus or memory.focus)


def _looked_back(request: Request, desk: Desk) -> Reply | None:
    """What a request of an earlier turn came to; None where it never got so far."""
    try:
        return _attempt(request, desk)
    except Said as said:
        return said.reply
    except Need:
        return None


def _wanted(said: str, memory: _Memory) -> list[Request]:
    """What is wanted now: what this message asks for, and what it answers."""
    requests = list(requests_in(said))[:_MOST_REQUESTS]
    if any(request.intent in COMMANDS for request in memory.open) and is_taken_back(said):
        memory = replace(memory, open=tuple(each for each in memory.open if each.intent not in COMMANDS))
    intents = {request.intent for request in requests}
    if not memory.open or intents <= _BESIDES:
        return requests
    if intents == {Intent.YES}:
        return [request.answered(said) for request in memory.open]
    return _continued(requests, memory.open)


def _continued(requests: list[Request], still_open: Sequence[Request]) -> list[Request]:
    """The open requests with their answer, and what is wanted besides; another command takes their place."""
    answer = requests[0].around
    new = [request for request in requests if not request.is_hint and _is_new(request, still_open)]
    if any(request.intent in COMMANDS for request in new) and has(answer, "which", "rather"):
        return new
    return [*(_answered(request, answer, is_alone=not new) for request in still_open), *new]


def _answered(request: Request, answer: str, *, is_alone: bool) -> Request:
    """Where more is said than the answer, the orders that are named are not this request's."""
    return request.answered(answer if is_alone or not order_ids(request.said) else less_order_ids(answer))


def _is_new(request: Request, still_open: Sequence[Request]) -> bool:
    """Whether it is another wish, and not one of the open ones in other words."""
    if request.intent not in _PLANS:
        return False
    alike = [order_ids(each.said) for each in still_open if each.intent is request.intent]
    mine = order_ids(request.text)
    return not alike or bool(mine and all(ids and not set(ids) & set(mine) for ids in alike))
