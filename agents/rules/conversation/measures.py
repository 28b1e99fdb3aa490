"""Options that have an order, and what is said of them by comparing: the bigger one, the brightest."""

import re
from collections.abc import Sequence
from typing import Final

from agents.rules.conversation.phrases import keys_of
from agents.rules.conversation.slots import has
from agents.rules.conversation.things import Item
from agents.rules.text import fold

_SCALES: Final = (
    ("xxs", "xs", "s", "m", "l", "xl", "xxl"),
    ("single", "double", "queen", "king"),
    ("extra fine", "fine", "medium", "broad"),
    ("short", "regular", "long"),
    ("one size", "tall"),
)
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")
_PAPER: Final = re.compile(r"([ab])(\d)")
_MORE: Final = ("more", "most")
_EXTREME: Final = ("most", "least")


def compared(text: str, fitting: Sequence[Item], old: Item | None) -> list[Item] | None:
    """Those of some items that compare as a text says, to the old one or to each other; None without."""
    found = list(fitting)
    said = [(key, kind) for key in keys_of("slots", "compare") for kind in (_kind(key),) if _says(text, key)]
    if not said or not found:
        return None
    for key, kind in said:
        option = _option_for(key.partition(" ")[0], found, old)
        if option is None:
            return None
        found = _ranked(found, option, old, kind)
    return found


def is_settled(items: Sequence[Item], old: Item | None) -> bool:
    """Whether all of some items have the same of what changes: none is bigger than another."""
    before = old.options if old else {}
    changed = [
        {k: v for k, v in each.options.items() if before.get(k) != v and rank(v) is not None}
        for each in items
    ]
    return len({tuple(each.items()) for each in changed}) <= 1


def _kind(key: str) -> str:
    return key.partition(" ")[2]


def _says(text: str, key: str) -> bool:
    return has(text, "compare", key)


def _option_for(measure: str, items: Sequence[Item], old: Item | None) -> str | None:
    """The option that is compared: the one of that measure, or the only one that has an order."""
    every = [*items, *([old] if old else [])]
    ordered = [
        name
        for name in every[0].options
        if len({each.options.get(name, "") for each in every}) > 1
        and all(rank(each.options.get(name, "")) is not None for each in every)
    ]
    fitting = [name for name in ordered if has(name, "measure", measure)]
    return fitting[0] if fitting else ordered[0] if len(ordered) == 1 else None


def _ranked(items: Sequence[Item], option: str, old: Item | None, kind: str) -> list[Item]:
    sign = 1 if kind in _MORE else -1
    ranks = [(sign * (rank(each.options.get(option, "")) or 0), each) for each in items]
    if kind in _EXTREME:
        best = max((value for value, _ in ranks), default=0.0)
        return [each for value, each in ranks if value == best]
    if old is None:
        return [each for _, each in ranks]
    than = sign * (rank(old.options.get(option, "")) or 0)
    return [each for value, each in ranks if value > than]


def rank(value: str) -> float | None:
    """The place of a value in its order: its size, or its number."""
    said = fold(value)
    for scale in _SCALES:
        if said in scale:
            return float(scale.index(said))
    if paper := _PAPER.fullmatch(said):
        return -float(paper[2]) + (0.5 if paper[1] == "b" else 0)
    numbers = [float(each) for each in _NUMBERS.findall(said)]
    if not numbers:
        return None
    return (
        numbers[0] * numbers[1] if len(numbers) > 1 and re.search(r"\d ?[x\u00d7] ?\d", said) else numbers[0]
    )
