"""What a turn takes over from those before it, and what is wanted in it therefore."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.rules.conversation.dialogue import Result
from agents.rules.conversation.ids import less_order_ids, order_ids
from agents.rules.conversation.replies import Reply
from agents.rules.conversation.requests import COMMANDS, LOOKUPS, Intent, Request
from agents.rules.conversation.slots import has
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
_NOTHING_NEW: Final = frozenset({Intent.UNCLEAR, Intent.DAMAGED, Intent.CAPABILITIES})


@dataclass(frozen=True)
class Memory:
    """What is left of the turns before.

    Args:
        open: The requests that a question was asked about, or that were left without a decision.
        turned_down: The commands that the desk refused or the customer declined last: they may be amended.
        looked_at: The product that was asked about last.
        settled: The commands that were decided while those were under way.
        done: All commands that were carried out.
        vain: What came of the commands that were turned down.
        focus: The orders that it was last about.
    """

    open: tuple[Request, ...] = ()
    turned_down: tuple[Request, ...] = ()
    looked_at: Request | None = None
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
            (each for each, _ in reversed(pairs) if each.intent in (Intent.PRODUCT, Intent.QUOTE)), None
        )
        is_over = any(
            request.intent in COMMANDS and reply and reply.kind == "done" for request, reply in pairs
        )
        return Memory(
            tuple(_pinned(request, dict(pairs).get(request)) for request in left),
            self.turned_down if is_idle else refused,
            looked_at or (None if is_over else self.looked_at),
            settled,
            (*self.done, *(each for each in made if each.is_success)),
            self.vain if is_idle else vain,
            about or tuple(order_ids(voice(said).own)[:1]) or self.focus,
        )


def _pinned(request: Request, reply: Reply | None) -> Request:
    """With the one order that its question named."""
    is_one = reply is not None and len(reply.order_ids) == 1
    return replace(request, about=reply.order_ids) if reply and is_one else request


def wanted(said: str, memory: Memory) -> list[Request]:
    """What is wanted now: what this message asks for, and what it answers or amends."""
    requests = list(requests_in(said))[:_MOST_REQUESTS]
    if is_taken_back(said):
        kept = tuple(each for each in memory.open if each.intent not in COMMANDS)
        memory = replace(memory, open=kept, turned_down=())
    intents = {request.intent for request in requests}
    if intents <= _BESIDES:
        return requests
    if memory.open and intents == {Intent.YES}:
        return [request.answered(voice(said).own) for request in memory.open]
    if memory.open:
        return _continued(requests, memory)
    return _taken_up(requests, said, memory)


def _continued(requests: list[Request], memory: Memory) -> list[Request]:
    """The open requests with their answer, and what is wanted besides; another command takes their place."""
    answer = requests[0].around
    still_open = _less_replaced(memory.open, requests)
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
    amended = [replace(each.answered(own), is_amendment=True) for each in memory.turned_down]
    parts = [each for each in new if any(_is_part(each, of) for of in memory.turned_down)]
    if amended and len(parts) == len(new) and not _asks(requests, own):
        return amended
    if new:
        return [_with_earlier(each, amended, memory) for each in new]
    if (product := memory.looked_at) and has(own, "which", "take"):
        intent = Intent.EXCHANGE if memory.focus or order_ids(product.said) else Intent.PLACE
        return [Request(intent, (own, *product.words), f"{own}\n{product.around}")]
    if memory.focus and len(memory.focus) == 1 and is_question(own) and _is_open(requests):
        return [Request(Intent.STATUS, (own,), own, is_hint=True)]
    return requests


def _asks(requests: Sequence[Request], own: str) -> bool:
    """Whether it wants to know something, and tells nothing anew."""
    is_looking = any(each.intent in LOOKUPS for each in requests)
    return is_question(own) and (is_looking or bool(_WONDERING.search(fold(own))))


def _is_open(requests: Sequence[Request]) -> bool:
    return all(each.intent in (Intent.UNCLEAR, Intent.CAPABILITIES, Intent.DAMAGED) for each in requests)


def _with_earlier(request: Request, amended: Sequence[Request], memory: Memory) -> Request:
    """With what was said of the same wish before, for what the request itself leaves open."""
    same = next((each for each in amended if each.intent is request.intent), None)
    if same and not set(order_ids(request.text)) - {*order_ids(same.said)}:
        return replace(request, otherwise=replace(same, is_amendment=False))
    return _with_product(request, memory)


def _with_product(request: Request, memory: Memory) -> Request:
    """With the words for the product that was looked at, for a command that names none."""
    product = memory.looked_at
    if product is None or request.intent not in (Intent.PLACE, Intent.EXCHANGE):
        return request
    around = f"{request.around}\n{product.around}"
    return replace(request, otherwise=replace(request, words=(*request.words, *product.words), around=around))
