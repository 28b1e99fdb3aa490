"""Reading a message: its requests in the order of its words, each with the words that belong to it."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from agents.rules.conversation.arithmetic import expression_in
from agents.rules.conversation.ids import item_ids, order_ids, payment_ids, product_ids
from agents.rules.conversation.negation import is_condition, is_negated
from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.refusals import is_idle, kept_orders, retraction_end, stance
from agents.rules.conversation.requests import COMMANDS, LOOKUPS, Intent, Request
from agents.rules.conversation.slips import mended
from agents.rules.conversation.slots import address_in, has, kinds_in
from agents.rules.conversation.topics import Topic, signs_in, topics_in
from agents.rules.conversation.voice import Voice, voice
from agents.rules.text import fold

_ASKING: Final = tuple(Intent)[: tuple(Intent).index(Intent.CALCULATE)]
_SMALL: Final = (Intent.GREETING, Intent.NO, Intent.YES, Intent.THANKS)
_HINTS: Final = (
    Intent.CANCEL,
    Intent.RETURN,
    Intent.PAYMENT,
    Intent.ADDRESS,
    Intent.EXCHANGE,
    Intent.PLACE,
    Intent.DAMAGED,
    Intent.OUTSIDE,
    Intent.PROFILE,
    Intent.ORDERS,
    Intent.STATUS,
    Intent.PRODUCTS,
    Intent.PRODUCT,
    Intent.CAPABILITIES,
)
# What is said in passing where a command is asked for.
_ASIDE: Final = {Intent.OFF_TOPIC, Intent.CAPABILITIES, Intent.IDENTITY}
_MOST_TRIGGERS: Final = 20
_SURE: Final = 4
_NO_SUM: Final = {Intent.PRODUCT, Intent.STATUS, Intent.OUTSIDE}
_WITH_ADDRESS: Final = {Intent.ADDRESS, Intent.PLACE, Intent.OUTSIDE, Intent.HUMAN}
# What is only a part of another request beside it: how a new order is paid, where money goes.
_PART_OF: Final = {
    Intent.PAYMENT: frozenset({Intent.CANCEL, Intent.RETURN, Intent.EXCHANGE, Intent.PLACE, Intent.OUTSIDE}),
    Intent.ADDRESS: frozenset({Intent.PLACE, Intent.OUTSIDE}),
    Intent.PLACE: frozenset({Intent.CANCEL, Intent.RETURN, Intent.EXCHANGE, Intent.OUTSIDE}),
    Intent.PRODUCTS: frozenset({Intent.PRODUCT, Intent.QUOTE}),
    Intent.PRODUCT: frozenset({Intent.QUOTE}),
    Intent.PROFILE: frozenset({Intent.QUOTE}),
}
_SENTENCE: Final = re.compile(r"[.!?;](?=\s|$)|\n")
_JOINT: Final = re.compile(
    r",? (?:and|then|also|but|plus|und|dann|et|puis|y|luego|e)(?: (?:then|also|please|i|could you))* |, "
)
_WHICH_ORDER: Final = re.compile(r"\b(?:which|what) orders?\b")
_QUESTION: Final = re.compile(
    r"(?:show|tell|list|check|give|what|whats|where|wheres|when|which|how|can|could|do|does|is|are|has|have|did|was|any|see|view"
    r"|look|find|track|wo|wann|was|ou|quand|donde|cuando|welche|combien|cuanto)\b"
)


@dataclass(frozen=True)
class _Trigger:
    intent: Intent
    start: int
    end: int


@lru_cache(maxsize=256)
def requests_in(text: str) -> tuple[Request, ...]:
    """The requests of one message; there is always at least one, if only that nothing clear is said."""
    heard = voice(mended(text))
    small = _small_talk(heard.asking)
    if small:
        return (Request(small, (heard.own,)),)
    triggers, denied, asked = _triggers(heard.own, heard.asking)
    triggers = [each for each in triggers if not _is_mail(each, heard.asking)]
    if not any(each.intent in COMMANDS for each in triggers):
        triggers = _with_topics(triggers, heard)
    hints = [] if triggers else _asked_about(heard) if asked else _hinted(heard, denied)
    if found := _requests(triggers or hints, heard):
        return tuple(replace(each, is_hint=bool(hints)) for each in _merged(found))
    intent = Intent.NEGATED if denied else Intent.THANKS if _is_thanking(heard.asking) else Intent.UNCLEAR
    return (Request(intent, (heard.own,), heard.own, is_hint=not denied),)


def _is_thanking(asking: str) -> bool:
    signs = signs_in(asking)
    return "thanks" in signs and "ask" not in signs


def is_taken_back(text: str) -> bool:
    """Whether a message takes back what was wanted before it."""
    asking = voice(text).asking
    return is_idle(asking) or retraction_end(asking) >= 0 or "retract" in signs_in(asking)


def is_question(text: str) -> bool:
    """Whether a message asks to know something."""
    asking = voice(text).asking
    return "ask" in signs_in(asking) or bool(_QUESTION.match(asking.lstrip()))


def _small_talk(asking: str) -> Intent | None:
    words = " ".join(re.findall(r"[\w']+(?:-\w+)?", asking[:200]))
    if len(asking.strip()) > 150:
        return None
    return next((intent for intent in _SMALL if phrases("requests", intent, "whole").fullmatch(words)), None)


def _triggers(own: str, asking: str) -> tuple[list[_Trigger], set[Intent], set[Intent]]:
    """What is asked for outright; what is explicitly not; and what is only asked about."""
    found: list[_Trigger] = []
    denied: set[Intent] = set()
    asked: set[Intent] = set()
    taken_back = len(asking) if is_idle(asking) else retraction_end(asking)
    for intent in _ASKING:
        for match in islice(phrases("requests", intent, "strong").finditer(asking), _MOST_TRIGGERS):
            trigger = _Trigger(intent, *match.span())
            said = stance(asking, *match.span()) if intent in COMMANDS else "wanted"
            if said == "asked" and taken_back < len(asking):
                asked.add(intent)
            elif said != "wanted" or (intent in COMMANDS and match.start() < taken_back):
                denied.add(intent)
            elif not _is_taken(trigger, found, asking) and not is_condition(asking, match.start()):
                found.append(trigger)
    if taken_back < len(asking):
        found += _placed(found, own, asking)
        found += _softly(found, denied, own, asking)
    return _relevant(sorted(found, key=lambda each: each.start), asking), denied, asked


def _is_taken(trigger: _Trigger, found: Sequence[_Trigger], asking: str) -> bool:
    """Whether the words belong to another command already, or to how its difference in price is paid."""
    if trigger.intent is Intent.PAYMENT and _is_rest(trigger, asking):
        return True
    return any(other.start < trigger.end and trigger.start < other.end for other in found)


def _softly(found: list[_Trigger], denied: Set[Intent], own: str, asking: str) -> list[_Trigger]:
    """What asks for a command in words that could mean much else, where no other command is asked for."""
    if {each.intent for each in found} & (COMMANDS | {Intent.OUTSIDE, Intent.HUMAN, Intent.QUOTE}):
        return []
    is_explained = bool({"twice", "explain"} & signs_in(asking))
    pays = bool(kinds_in(own) or payment_ids(own)) and not is_explained
    softly = ((Intent.EXCHANGE, "soft", True), (Intent.PLACE, "weak", pays), (Intent.PAYMENT, "soft", pays))
    for intent, key, is_likely in softly:
        match = phrases("requests", intent, key).search(asking) if is_likely else None
        trigger = _Trigger(intent, *match.span()) if match else None
        if match is None or trigger is None or intent in denied:
            continue
        if not _is_withheld(asking, match) and not _is_rest(trigger, asking):
            return [trigger]
    return []


def _is_rest(trigger: _Trigger, asking: str) -> bool:
    """Whether it is about a difference in price, that is paid for by the way."""
    start = max(asking.rfind(end, 0, trigger.start) for end in ".!?;\n,") + 1
    return has(asking[start : trigger.end], "which", "difference")


def _placed(found: list[_Trigger], own: str, asking: str) -> list[_Trigger]:
    """Where something is to go to an address that stands there, unless that belongs to another request."""
    if {each.intent for each in found} & _WITH_ADDRESS or not {"city", "zip"} & address_in(own).keys():
        return []
    match = phrases("requests", Intent.ADDRESS, "placed").search(fold(own))
    if match is None or is_negated(asking, *match.span()):
        return []
    return [_Trigger(Intent.ADDRESS, *match.span())]


def _relevant(triggers: list[_Trigger], asking: str) -> list[_Trigger]:
    """A command's circumstances are no requests of their own, unless they are asked for."""
    if expression_in(asking):
        triggers = [each for each in triggers if each.intent not in _NO_SUM]
    found = {each.intent for each in triggers}
    if Intent.EXCHANGE in found:
        triggers = [each for each in triggers if not _is_money_back(each, asking)]
        found = {each.intent for each in triggers}
    triggers = [each for each in triggers if not _PART_OF.get(each.intent, frozenset()) & found]
    if not found & (COMMANDS | {Intent.OUTSIDE}):
        return triggers
    if found & COMMANDS:
        triggers = [
            each for each in triggers if each.intent is not Intent.OUTSIDE or _is_wished(each, asking)
        ]
    return [
        each
        for each in triggers
        if each.intent not in _ASIDE and (each.intent not in LOOKUPS or _is_asked(each, asking))
    ]


def _is_money_back(trigger: _Trigger, asking: str) -> bool:
    """Whether it is money that goes back to where it came from, and no goods."""
    if trigger.intent is not Intent.RETURN:
        return False
    return bool(kinds_in(_SENTENCE.split(asking[trigger.start : trigger.end + 40])[0]))


def _is_mail(trigger: _Trigger, asking: str) -> bool:
    """Whether the address that is to be changed is one for e-mail."""
    is_address = trigger.intent is Intent.ADDRESS
    return is_address and "email" in signs_in(asking[trigger.start : trigger.end])


def _with_topics(triggers: list[_Trigger], heard: Voice) -> list[_Trigger]:
    """What is asked for outright, and what other sentences are about; weak words for a command go before."""
    weak = -1 if triggers else _weak_command(heard)
    topics = [each for each in topics_in(heard.asking) if weak < 0 or _outweighs(each, weak, heard.asking)]
    triggers = _less_misread(triggers, topics)
    known = {each.intent for each in triggers}
    if expression_in(heard.own) or known & {Intent.OUTSIDE, Intent.HUMAN, Intent.FIND_USER, Intent.IDENTITY}:
        return triggers
    if any(each.intent in (Intent.OUTSIDE, Intent.HUMAN) for each in topics):
        triggers = [each for each in triggers if each.intent not in LOOKUPS or _is_asked(each, heard.asking)]
    new = [
        _Trigger(each.intent, each.start, each.start)
        for each in topics
        if each.intent not in known
        and (each.weight > _SURE or not any(each.start <= one.start < each.end for one in triggers))
    ]
    return sorted([*triggers, *new], key=lambda each: each.start)


def _less_misread(triggers: list[_Trigger], topics: Sequence[Topic]) -> list[_Trigger]:
    """Without what a single phrase asks for, where the whole sentence is about something else for sure."""
    sure = {each.intent for each in topics if each.weight > _SURE}
    misread: set[Intent] = set()
    if sure - {Intent.OFF_TOPIC}:
        misread.add(Intent.OFF_TOPIC)
    if sure & {Intent.OUTSIDE, Intent.HUMAN}:
        misread.add(Intent.FIND_USER)
    elif sure & LOOKUPS:
        misread.add(Intent.OUTSIDE)
    return [each for each in triggers if each.intent not in misread]


def _outweighs(topic: Topic, weak: int, asking: str) -> bool:
    """Whether it is surely meant, and not what a weak word for a command stands for in another sentence."""
    is_there = topic.start <= weak < topic.end and "?" in asking[topic.start : topic.end]
    return topic.weight > _SURE and (is_there or topic.intent not in LOOKUPS)


def _weak_command(heard: Voice) -> int:
    """Where the first weak word for a command stands; -1 without."""
    found = (
        match.start()
        for intent in _HINTS
        if intent in COMMANDS
        and (match := phrases("requests", intent, "weak").search(heard.asking))
        and _is_likely(intent, heard.own)
        and not _is_withheld(heard.asking, match)
    )
    return next(found, -1)


def _is_wished(trigger: _Trigger, asking: str) -> bool:
    """Whether the sentence asks for something: a word in passing is no wish beside a command."""
    starts = [match.end() for match in _SENTENCE.finditer(asking, 0, trigger.start)]
    end = _SENTENCE.search(asking, trigger.end)
    sentence = asking[starts[-1] if starts else 0 : end.end() if end else len(asking)]
    return "?" in sentence or has(sentence, "which", "wishing")


def _is_asked(trigger: _Trigger, asking: str) -> bool:
    end = _SENTENCE.search(asking, trigger.end)
    return bool(_QUESTION.match(asking, trigger.start)) or (end is not None and end.group() == "?")


def _asked_about(heard: Voice) -> list[_Trigger]:
    """A command that is only asked about: its order is told of, or what can be done here."""
    is_status = order_ids(heard.own) or _WHICH_ORDER.search(heard.asking)
    return [_Trigger(Intent.STATUS if is_status else Intent.CAPABILITIES, 0, 0)]


def _hinted(heard: Voice, denied: Set[Intent]) -> list[_Trigger]:
    """What may be meant where nothing is asked for outright; no look-up where something is only denied."""
    own, asking = heard.own, heard.asking
    if expression_in(own):
        return [_Trigger(Intent.CALCULATE, 0, len(asking))]
    for intent in _HINTS:
        if intent in denied or (denied and intent not in COMMANDS):
            continue
        match = phrases("requests", intent, "weak").search(asking)
        if match and _is_likely(intent, own) and not (intent in COMMANDS and _is_withheld(asking, match)):
            return [_Trigger(intent, *match.span())]
    if denied:
        return []
    if order_ids(own):
        return [_Trigger(Intent.STATUS, 0, 0)]
    if item_ids(own) or product_ids(own):
        return [_Trigger(Intent.PRODUCT, 0, 0)]
    return [_Trigger(Intent.STATUS, 0, 0)] if "ask" in signs_in(asking) else []


def _is_withheld(asking: str, match: re.Match[str]) -> bool:
    return is_idle(asking) or retraction_end(asking) >= 0 or stance(asking, *match.span()) != "wanted"


def _is_likely(intent: Intent, own: str) -> bool:
    """`Send it to ...` is about an address only where one stands there."""
    if intent is Intent.ADDRESS:
        return bool(address_in(own))
    if intent is Intent.PLACE:
        return not order_ids(own)
    if intent is Intent.PAYMENT:
        is_rest = has(own, "which", "difference")
        return not is_rest and bool(order_ids(own)) and bool(kinds_in(own) or payment_ids(own))
    return True


def _requests(triggers: list[_Trigger], heard: Voice) -> list[Request]:
    """Each trigger with its part of the message."""
    if not triggers:
        return []
    bounds = [0, *(_bound(one, two, heard.asking) for one, two in pairwise(triggers)), len(heard.own)]
    parts = list(pairwise(bounds))
    requests: list[Request] = []
    for trigger, (start, end) in zip(triggers, parts, strict=True):
        part = heard.own[start:end]
        asked = Intent.CALCULATE if trigger.intent in LOOKUPS and expression_in(part) else trigger.intent
        is_keeping = asked in (Intent.CANCEL, Intent.RETURN)
        kept = kept_orders(heard.own, is_keeping=is_keeping) if asked in COMMANDS else ()
        is_fallback = _falls_back(trigger, requests, heard.asking)
        requests.append(
            Request(
                asked,
                (part,),
                heard.own,
                heard.own[:start],
                kept=kept,
                is_fallback=is_fallback,
                cited=heard.cited,
            )
        )
    return requests


def _falls_back(trigger: _Trigger, before: Sequence[Request], asking: str) -> bool:
    """Whether a command is only asked for in case that the one before it is not possible."""
    if trigger.intent not in COMMANDS or not any(each.intent in COMMANDS for each in before):
        return False
    starts = [match.end() for match in _SENTENCE.finditer(asking, 0, trigger.start)]
    return has(asking[starts[-1] if starts else 0 : trigger.end], "which", "fallback")


def _bound(one: _Trigger, two: _Trigger, asking: str) -> int:
    """Where the next request's part begins: behind the last sentence between the two, or the last joint."""
    between = asking[one.end : max(two.start, one.end)]
    for pattern in (_SENTENCE, _JOINT):
        ends = [match.end() for match in pattern.finditer(between)]
        if ends:
            return one.end + ends[-1]
    return max(two.start, one.end)


def _merged(requests: Sequence[Request]) -> list[Request]:
    """Neighbours that want the same are one, unless each names orders of its own."""
    merged: list[Request] = []
    for request in requests:
        last = merged[-1] if merged else None
        if last is None or last.intent is not request.intent or _are_apart(last, request):
            merged.append(request)
        else:
            merged[-1] = replace(last, words=(f"{last.text} {request.text}",))
    return merged


def _are_apart(one: Request, two: Request) -> bool:
    mine, theirs = order_ids(one.text), order_ids(two.text)
    return bool(mine and theirs) and set(mine) != set(theirs)
