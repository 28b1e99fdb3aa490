"""Which of the calls that were wanted were made, and which were not wanted at all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pydantic import JsonValue

from evals.cases import AnyOf, Call
from evals.comparing.values import same_value
from src.models.json_schema import JsonObject

_LISTS: Final = ("item_ids", "new_item_ids")
_FREE: Final = frozenset({"summary"})


@dataclass(frozen=True)
class Match:
    """What became of one wanted call: another of its tool was made, or the very call itself."""

    wanted: Call | AnyOf
    tool: bool
    arguments: bool


def matches(wanted: Sequence[Call | AnyOf], made: Sequence[Call]) -> list[Match]:
    """Each wanted call takes one made call at most, the very same one if it can."""
    left = list(made)
    strictest_first = sorted(range(len(wanted)), key=lambda place: -_strictness(wanted[place]))
    exact = {place: _take(wanted[place], left, fits) for place in strictest_first}
    return [
        Match(each, exact[place] or _take(each, left, _same_tool), exact[place])
        for place, each in enumerate(wanted)
    ]


def _strictness(wanted: Call | AnyOf) -> int:
    choices = wanted.any_of if isinstance(wanted, AnyOf) else [wanted]
    return min(len(choice.arguments) for choice in choices)


def unwanted(
    wanted: Sequence[Call | AnyOf], proposed: Sequence[Call], *, exactly: bool = False
) -> list[Call]:
    """The commands that were proposed beyond those wanted; `exactly`: also those with other arguments."""
    left = list(proposed)
    for each in wanted:
        if not _take(each, left, fits) and not exactly:
            _take(each, left, _same_tool)
    return left


def fits(pattern: Call, made: Call) -> bool:
    """Whether a call is of this tool, with at least these arguments."""
    return (
        _same_tool(pattern, made)
        and all(_same_argument(name, value, made.arguments.get(name)) for name, value in _of(pattern).items())
        and _pairs(pattern, made)
    )


def _take(wanted: Call | AnyOf, left: list[Call], accept: Callable[[Call, Call], bool]) -> bool:
    choices = wanted.any_of if isinstance(wanted, AnyOf) else [wanted]
    found = next((call for choice in choices for call in left if accept(choice, call)), None)
    if found is not None:
        left.remove(found)
    return found is not None


def _same_tool(pattern: Call, made: Call) -> bool:
    return pattern.tool == made.tool


def _of(pattern: Call) -> JsonObject:
    """The arguments that are compared one by one."""
    return {name: value for name, value in pattern.arguments.items() if name not in {*_LISTS, *_FREE}}


def _pairs(pattern: Call, made: Call) -> bool:
    """Items and what they become belong together, in whatever order they are named."""
    named = [name for name in _LISTS if name in pattern.arguments]
    return not named or _columns(pattern, named) == _columns(made, named)


def _columns(call: Call, names: Sequence[str]) -> Counter[tuple[str, ...]]:
    columns = [[str(each) for each in _list(call.arguments.get(name))] for name in names]
    same_length = len({len(column) for column in columns}) == 1
    return Counter(zip(*columns, strict=True)) if same_length else Counter()


def _same_argument(name: str, wanted: JsonValue, got: JsonValue) -> bool:
    if name == "items":
        return _quantities(wanted) == _quantities(got)
    if isinstance(wanted, dict):
        theirs = cast("JsonObject", got) if isinstance(got, dict) else {}
        return all(_same_argument(key, value, theirs.get(key)) for key, value in wanted.items())
    if name == "order_id":
        return str(wanted).lstrip("#").casefold() == str(got).lstrip("#").casefold()
    if name == "expression":
        return str(wanted).replace(" ", "") == str(got).replace(" ", "")
    return same_value(name, wanted or "", got or "")


def _quantities(items: JsonValue) -> Counter[str]:
    """How many of each item; what is no number counts as none."""
    count = Counter[str]()
    for item in _list(items):
        if isinstance(item, dict):
            quantity = item.get("quantity", 1)
            count[str(item.get("item_id"))] += int(quantity) if isinstance(quantity, int | float) else 0
    return count


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
