"""A place as it is found in a text."""

from dataclasses import dataclass
from typing import Final

from agents.rules.text import Span

_ORDER: Final = ("address1", "address2", "zip", "city", "state", "country")
_APART: Final = 80


@dataclass
class Place:
    """An address with the roles that the text gives it."""

    parts: dict[str, Span]
    roles: frozenset[str]
    is_quoted: bool = False
    is_aside: bool = False

    @property
    def span(self) -> Span:
        """The stretch that holds the address, without parts that are told far from the others."""
        first = next((self.parts[part] for part in _ORDER if part in self.parts), Span(0, 0))
        for part in sorted(self.parts.values(), key=first.gap):
            if first.gap(part) <= _APART:
                first = Span(min(first.start, part.start), max(first.end, part.end))
        return first
