"""What a message is about, where nothing is asked for outright: by the signs that it holds, in any language.

Each sign is a stock of words. What they tell together is weighed, sentence by sentence, or for all of it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from agents.rules.conversation.phrases import Phrase, longest
from agents.rules.conversation.requests import LOOKUPS, Intent
from agents.rules.text import fold
from agents.rules.vocabulary import load

_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[?&]")
_SENTENCE: Final = re.compile(r"[.!;](?=\s|$)|\?+|\n")
_LONGEST: Final = 4
_SHORTEST_STEM: Final = 2
_LEAST: Final = 3
_SURE: Final = 4
_MOST_SENTENCES: Final = 80
# Who wants a payment explained wants to know what the order tells of it, before anybody looks into it.
_EXPLAINED: Final = frozenset({"twice", "paid", "explain"})
_OUTSIDE: Final = (Intent.OUTSIDE, Intent.HUMAN)


@dataclass(frozen=True)
class Topic:
    """What one sentence is about, and how sure that is."""

    intent: Intent
    start: int
    end: int
    weight: int


@lru_cache(maxsize=256)
def topics_in(folded: str) -> tuple[Topic, ...]:
    """What the sentences of a folded text are about, in their order; each thing once."""
    found = [topic for start, end in _sentences(folded) if (topic := _topic(folded, start, end))]
    if not found and (topic := _topic(folded, 0, len(folded))):
        found = [topic]
    if signs_in(folded) >= _EXPLAINED:
        found = [topic for topic in found if topic.intent not in _OUTSIDE]
        found.append(Topic(Intent.STATUS, 0, len(folded), _SURE + 1))
    return tuple(_less_circumstances(_merged(found)))


@lru_cache(maxsize=512)
def signs_in(folded: str) -> frozenset[str]:
    """The signs that a folded text holds."""
    words = [match.group() for match in _WORD.finditer(folded)]
    signs: set[str] = set()
    index = 0
    while index < len(words):
        count, meant = longest(words[index : index + _LONGEST], _looked_up)
        signs |= meant or set()
        index += count
    return frozenset(signs | ({"ask"} if "sum" in signs or "?" in words else set()))


def _sentences(folded: str) -> list[tuple[int, int]]:
    bounds = [match.end() for match in _SENTENCE.finditer(folded)][:_MOST_SENTENCES]
    starts = [0, *bounds]
    return list(zip(starts, [*bounds, len(folded)], strict=True))


def _topic(folded: str, start: int, end: int) -> Topic | None:
    weighed = _weighed(signs_in(folded[start:end]))
    intent = max(weighed, key=lambda each: (weighed[each], each in _OUTSIDE), default=None)
    return Topic(intent, start, end, weighed[intent]) if intent and weighed[intent] >= _LEAST else None


def _weighed(signs: frozenset[str]) -> Mapping[Intent, int]:
    """How much some signs tell for each intent; what is told twice is told a little better."""
    return {
        intent: max(weights) + (len(weights) > 1)
        for intent, pieces in _evidence().items()
        if (weights := [weight for needed, weight in pieces if needed <= signs])
    }


def _merged(found: Iterable[Topic]) -> list[Topic]:
    merged: dict[Intent, Topic] = {}
    for topic in found:
        known = merged.get(topic.intent)
        end, weight = topic.end, max(topic.weight, known.weight if known else 0)
        merged[topic.intent] = Topic(topic.intent, known.start if known else topic.start, end, weight)
    return list(merged.values())


def _less_circumstances(found: list[Topic]) -> list[Topic]:
    """What no tool serves makes look-ups its circumstances; what is far afield counts by itself alone."""
    served = [topic for topic in found if topic.intent is not Intent.OFF_TOPIC]
    outside = max((topic.weight for topic in served if topic.intent in _OUTSIDE), default=0)
    looked = max((topic.weight for topic in served if topic.intent in LOOKUPS), default=0)
    if looked > max(outside, _SURE):
        served = [each for each in served if each.intent not in _OUTSIDE or each.weight > _SURE + 1]
    elif outside > _SURE:
        served = [each for each in served if each.intent not in LOOKUPS or each.weight > _SURE + 1]
    sure = [topic for topic in served if topic.weight >= _SURE]
    return sure or served[:1] or found


def _looked_up(phrase: Phrase) -> frozenset[str]:
    exact, stems = _phrases()
    *before, last = phrase
    found = set(exact.get(phrase, ()))
    for length in range(len(last), _SHORTEST_STEM - 1, -1):
        found |= stems.get((*before, last[:length]), set())
    return frozenset(found)


@cache
def _phrases() -> tuple[dict[Phrase, set[str]], dict[Phrase, set[str]]]:
    """The signs of phrases; and those of which any ending will do, by how they begin."""
    exact: dict[Phrase, set[str]] = {}
    stems: dict[Phrase, set[str]] = {}
    for sign, phrases in load("topics")["signs"].items():
        for phrase in phrases:
            said = tuple(_WORD.findall(fold(phrase)))
            among = stems if phrase.endswith("*") else exact
            among.setdefault(said, set()).add(sign)
    return exact, stems


@cache
def _evidence() -> Mapping[Intent, list[tuple[frozenset[str], int]]]:
    return {
        Intent(key): [_piece(each) for each in pieces] for key, pieces in load("topics")["evidence"].items()
    }


def _piece(written: str) -> tuple[frozenset[str], int]:
    signs, _, weight = written.partition("=")
    return frozenset(signs.split()), int(weight)
