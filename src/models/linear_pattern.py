"""Regular expressions from strangers, matched in time linear in the text."""

import re
from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import Annotated, Final

from pydantic import StringConstraints, TypeAdapter, ValidationError

MAX_PATTERN: Final = 500
_MAX_STATES: Final = 1_000
_COUNT: Final = re.compile(r"(\)?)\{(\d+)(?:,(\d*))?\}")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ASCII: Final = {"d": "[0-9]", "D": "[^0-9]", "w": "[A-Za-z0-9_]", "W": "[^A-Za-z0-9_]"}


class UnsafePattern(ValueError):
    """A pattern that is malformed, too large, or needs more than linear time."""


@lru_cache(maxsize=64)
def linear_pattern(pattern: str) -> Callable[[str], bool]:
    """A search for the pattern, anywhere in a text.

    Pydantic compiles patterns with Rust's engine, a finite automaton that knows no look-around and no
    back-reference. Digits and word characters are ASCII, as ECMA-262 has them.

    Raises:
        UnsafePattern: there is no small automaton for it.
    """
    if len(pattern) > MAX_PATTERN or _states(pattern) > _MAX_STATES:
        raise UnsafePattern("it is too long, or repeats too much")
    own = _ESCAPE.sub(lambda match: _ASCII.get(match[1], match[0]), pattern)
    try:
        adapter = TypeAdapter(Annotated[str, StringConstraints(pattern=own)])
    except Exception as error:  # the engine's own error is not public
        raise UnsafePattern(
            "it is not a regular expression, or has a look-around or a back-reference"
        ) from error

    def found(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True

    return found


def _states(pattern: str) -> int:
    """About how many states the automaton gets: a counted group repeats all that is counted within."""
    counts = [(bool(group), int(most or least)) for group, least, most in _COUNT.findall(pattern)]
    groups = prod(max(count, 1) for is_group, count in counts if is_group)
    singles = sum(count for is_group, count in counts if not is_group)
    weight = 100 if re.search(r"\\[pP]|\(\?[a-z]*[iu]", pattern) else 1
    return groups * max(singles, 1) * weight
