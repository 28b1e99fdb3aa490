"""What a turn takes over from those before it, and what is wanted in it therefore."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.rules.conversation.corrections import corrected_address
from agents.rules.conversation.dialogue import Result
from agents.rules.conversation.ids import less_order_ids, order_ids
from agents.rules.conversation.replies import Reply
from agents.rules.conversation.requests import COMMANDS, LOOKUPS, Intent, Request
from agents.rules.conversation.slots import has
from agents.rules.conversation.topics import signs_in
from agents.rules.conversation.understanding import is_question, is_taken_back, requests_in
from agents.rules.conversation.voice import voice
from agents.rules.text import fold

_MOST_REQUESTS: Final = 10
_BESIDES: Final = frozenset({Intent.GREETING, Intent.THANKS, Intent.IDENTITY, Intent.NEGATED, Intent.NO})
_PAID: Final = frozenset({Intent.EXCHANGE, Intent.RETURN, Intent.PLACE})
_SERVED: Final = COMMANDS | LOOKUPS | {Intent.HUMAN, Intent.OUTSIDE, Intent.FIND_USER}
_WONDERING: Final = re.compile(
    r"\b(?:what|what's|how|when|where|which|why|who|wie|wann|was|wo|combien|quand|quel\w*|cuanto|cuando|cual"
    r"|donde|com'?e|quanto|quando|quale|hvor|hva|hoeveel|wanneer|ile|kiedy|gdzie|kolik|kdy|kde|kac|nerede)"
    r"\b[^.!]*\?"
)
# One thing has one of them alone: what is wanted last takes the place of the one before.
_EXCLUSIVE: Final = frozenset({Intent.CANCEL, Intent.RETURN, Intent.EXCHANGE})
# What is told of a thing that is taken: how it is paid, and where it goes.
_PARTS: Final = frozenset({Intent.PAYMENT, Intent.ADDRESS})
_NOTHING_NEW: Final = frozenset({Intent.UNCLEAR, Intent.DAMAGED, Intent.CAPABILITIES})


@dataclass(frozen=True)
class Memory:
    """What is left of the turns before.

    Args:
        open: The requests that a question was asked about, or that were left without a decision.
        turned_down: The commands that the desk refused or the customer declined last: they may be amended.
        looked_at: The product that was asked about last.
        is_looking: That was in the last turn.
        said: What was said in the last turn.
        settled: The commands that were decided while those were under way.
        done: All commands that were carried out.
        vain: What came of the commands that were turned down.
        focus: The orders that it was last about.
    """

    open: tuple[Request, ...] = ()
    turned_down: tuple[Request, ...] = ()
    looked_at: Request | None = None
    is_looking: bool = False
    said: str = ""
    settled: tuple[Result, ...] = ()
    done: tuple[Result, ...] = ()
    vain: tuple[Result, ...] = ()
    focus: tuple[str, ...] = ()

    def next(
        self,
        pairs: Sequence[tuple[Request, Reply | None]],
        left: Sequence[Request],
        settled: tuple[Result, ...],
        made: tuple[Result, ...],
        about: tuple[str, ...],
        said: str,
    ) -> "Memory":
        """The memory after another turn, with its requests and their replies."""
        refused = tuple(
            request
            for request, reply in pairs
            if request.intent in COMMANDS and reply and reply.kind == "declined"
        )
        is_idle = all(request.intent not in _SERVED for request, _ in pairs)
        vain = tuple(each for each in made if not each.is_success)
        looked_at = next(
            (
                each.otherwise or each
                for each, _ in reversed(pairs)
                if each.intent in (Intent.PRODUCT, Intent.QUOTE)
            ),
            None,
        )
        is_over = any(
            request.intent in COMMANDS and reply and reply.kind == "done" for request, reply in pairs
        )
        return Memory(
            tuple(_pinned(request, dict(pairs).get(request)) for request in _less_settled(left, pairs)),
            self.turned_down if is_idle else refused,
            looked_at or (None if is_over else self.looked_at),
            looked_at is not None or (is_idle and self.is_looking),
            self.said if is_idle else voice(said).own,
            settled,
            (*self.done, *(each for each in made if each.is_success)),
            self.vain if is_idle else vain,
            about or tuple(order_ids(voice(said).own)[:1]) or self.focus,
        )


def _less_settled(
    left: Sequence[Request], pairs: Sequence[tuple[Request, Reply | None]]
) -> Sequence[Request]:
    """Without what can't be any more since another command was carried out on the same order."""
    settled = {
        order_id
        for request, reply in pairs
        if request.intent in _EXCLUSIVE and reply and reply.kind == "done"
        for order_id in reply.order_ids
    }
    return [
        each
        for each in left
        if each.intent not in _EXCLUSIVE or not settled & {*each.about, *order_ids(each.said)}
    ]


def _pinned(request: Request, reply: Reply | None) -> Request:
    """With the one order that its question named."""
    is_one = reply is not None and len(reply.order_ids) == 1
    return replace(request, about=reply.order_ids) if reply and is_one else request


def wanted(said: str, memory: Memory) -> list[Request]:
    """What is wanted now: what this message asks for, and what it answers or amends."""
    requests = list(requests_in(said))[:_MOST_REQUESTS]
    if is_taken_back(said):
        kept = tuple(each for each in memory.open if each.intent not in COMMANDS)
        gone = [each for each in memory.open if _is_superseded(each, requests)]
        requests = [_in_place_of(gone, request) for request in requests]
        memory = replace(memory, open=kept, turned_down=())
    intents = {request.intent for request in requests}
    if intents <= _BESIDES and not (memory.open and all(request.is_hint for request in requests)):
        return requests
    if memory.open and intents == {Intent.YES}:
        return [request.answered(voice(said).own) for request in memory.open]
    if memory.open:
        return _continued(requests, memory)
    return _taken_up(requests, said, memory)


def _continued(requests: list[Request], memory: Memory) -> list[Request]:
    """The open requests with their answer, and what is wanted besides; another command takes their place."""
    answer = requests[0].around
    superseded = [each for each in memory.open if _is_superseded(each, requests)]
    still_open = [each for each in _less_replaced(memory.open, requests) if each not in superseded]
    requests = [_in_place_of(superseded, request) for request in requests]
    new = [request for request in requests if not request.is_hint and _is_new(request, still_open)]
    if any(request.intent in COMMANDS for request in new) and has(answer, "which", "rather"):
        return [_with_product(request, memory) for request in new]
    waiting = [_answered(request, answer, is_alone=not new) for request in still_open]
    return [*waiting, *(_with_product(request, memory) for request in new)]


def _less_replaced(still_open: Sequence[Request], requests: Sequence[Request]) -> list[Request]:
    """Without those whose wish is told anew, of something else: the profile's address, not the order's."""
    is_profile = any(_is_of_profile(request) for request in requests)
    return [
        each
        for each in still_open
        if each.intent is not Intent.ADDRESS or not is_profile or _is_of_profile(each)
    ]


def _is_superseded(request: Request, by: Sequence[Request]) -> bool:
    """Whether the same is now to be exchanged instead of returned, or the like."""
    return request.intent in _EXCLUSIVE and any(
        each.intent in _EXCLUSIVE
        and each.intent is not request.intent
        and not each.is_hint
        and not has(each.around, "which", "besides")
        and not has(each.around, "which", "another")
        and set(order_ids(each.around)) <= {*order_ids(request.said), *request.about}
        for each in by
    )


def _in_place_of(superseded: Sequence[Request], request: Request) -> Request:
    """With what was said of the same things before, for what the request itself leaves open."""
    if not superseded or request.intent not in _EXCLUSIVE:
        return request
    before = superseded[0]
    around, about = f"{request.around}\n{before.around}", request.about or before.about
    return replace(
        request,
        otherwise=replace(request, words=(*request.words, *before.words), around=around, about=about),
    )


def _is_of_profile(request: Request) -> bool:
    return (
        request.intent is Intent.ADDRESS
        and not request.is_hint
        and has(request.text, "which", "profile")
        and not order_ids(request.text)
    )


def _answered(request: Request, answer: str, *, is_alone: bool) -> Request:
    """Where more is said than the answer, the orders that are named are not this request's."""
    own = answer if is_alone or not (order_ids(request.said) or request.about) else less_order_ids(answer)
    return replace(request.answered(own), waited=0 if is_alone else request.waited + 1)


def _is_new(request: Request, still_open: Sequence[Request]) -> bool:
    """Whether it is another wish, and not one of the open ones in other words."""
    if request.intent not in _SERVED or any(_is_part(request, each) for each in still_open):
        return False
    alike = [order_ids(each.said) for each in still_open if each.intent is request.intent]
    mine = order_ids(request.text)
    return not alike or bool(mine and all(ids and not set(ids) & set(mine) for ids in alike))


def _is_part(request: Request, of: Request) -> bool:
    """Whether it only tells how another one is paid, or which item is to come."""
    if request.intent is Intent.PAYMENT and of.intent in _PAID:
        return set(order_ids(request.text)) <= {*order_ids(of.said), *of.about}
    is_choice = request.intent is Intent.PLACE and of.intent is Intent.EXCHANGE
    return (
        is_choice and not has(request.text, "which", "another") and not has(request.text, "which", "besides")
    )


def _taken_up(requests: list[Request], said: str, memory: Memory) -> list[Request]:
    """Where nothing is open: what amends a command that came to nothing, or goes on from a product."""
    new = [each for each in requests if not each.is_hint and each.intent not in _NOTHING_NEW]
    own = voice(said).own
    if {each.intent for each in new} & COMMANDS <= _PARTS and (stated := _stated(own, memory)):
        return [stated]
    amended = [replace(each.answered(own), is_amendment=True) for each in memory.turned_down]
    parts = [each for each in new if any(_is_part(each, of) for of in memory.turned_down)]
    if amended and len(parts) == len(new) and not _asks(requests, own):
        return amended
    if new:
        return [_with_earlier(each, amended, memory) for each in new]
    if memory.looked_at and memory.is_looking and is_question(own) and _is_open(requests):
        return [_with_product(Request(Intent.PRODUCT, (own,), own), memory)]
    if memory.looked_at and has(own, "which", "take"):
        return [_taking(own, memory.looked_at, memory)]
    if memory.focus and len(memory.focus) == 1 and is_question(own) and _is_open(requests):
        return [Request(Intent.STATUS, (own,), own, is_hint=True)]
    return requests


def _stated(own: str, memory: Memory) -> Request | None:
    """A command that only the turns before make plain: a corrected address, or what was looked at taken."""
    corrected = corrected_address(own, memory.done[-1].call) if memory.done else ""
    if corrected:
        return Request(Intent.ADDRESS, (corrected,), corrected)
    is_taken = memory.is_looking and "take" in signs_in(fold(own)) and not is_taken_back(own)
    return _taking(own, memory.looked_at, memory) if is_taken and memory.looked_at else None


def _taking(own: str, product: Request, memory: Memory) -> Request:
    """To have what was looked at: instead of what an order holds, where the talk is about one."""
    intent = Intent.EXCHANGE if memory.focus or order_ids(product.said) else Intent.PLACE
    return Request(intent, (own, *product.words), f"{own}\n{product.around}")


def _asks(requests: Sequence[Request], own: str) -> bool:
    """Whether it wants to know something, and tells nothing anew."""
    is_looking = any(each.intent in LOOKUPS for each in requests)
    return is_question(own) and (is_looking or bool(_WONDERING.search(fold(own))))


def _is_open(requests: Sequence[Request]) -> bool:
    """Whether nothing clear is said; a question that is about something, at most."""
    return all(
        each.intent in _NOTHING_NEW
        or (each.intent is Intent.STATUS and each.is_hint and not order_ids(each.said))
        for each in requests
    )


def _with_earlier(request: Request, amended: Sequence[Request], memory: Memory) -> Request:
    """With what was said of the same wish before, for what the request itself leaves open."""
    same = next((each for each in amended if each.intent is request.intent), None)
    if same and not set(order_ids(request.text)) - {*order_ids(same.said)}:
        return replace(request, otherwise=replace(same, is_amendment=False))
    return _with_product(request, memory)


def _with_product(request: Request, memory: Memory) -> Request:
    """With the words for the product that was looked at, or else the last ones, for one that names none."""
    product = memory.looked_at
    if request.intent is Intent.PRODUCT and (memory.said or product):
        earlier = product.words if product else (memory.said,)
        around = f"{request.around}\n{product.around if product else memory.said}"
        return replace(request, otherwise=replace(request, words=(*request.words, *earlier), around=around))
    if product is None or request.intent not in (Intent.PLACE, Intent.EXCHANGE):
        return request
    around = f"{request.around}\n{product.around}"
    return replace(request, otherwise=replace(request, words=(*request.words, *product.words), around=around))
