"""Made-up words and numbers of a given shape, drawn by a key that is kept nowhere."""

import hmac
from collections.abc import Callable, Collection, Iterator
from itertools import count
from typing import Final

_CONSONANTS: Final = "bdfgklmnprstvz"
_VOWELS: Final = "aeiou"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_HEX: Final = "0123456789abcdef"
_SYLLABLES: Final = 3
# From there on an invented code that is another's real one would be taken for it.
_TELLING: Final = 4
_ATTEMPTS: Final = 100

Draw = Callable[[int], int]


class Inventor:
    """The same value is always answered alike, and no two alike; in lower case and without accents.

    Args:
        key: what the draws follow from.
        real: what must not be invented, since somebody has it.
    """

    def __init__(self, key: bytes, real: Collection[str]) -> None:
        self._key = key
        self._real = frozenset(real)
        self._invented: dict[str, str] = {}
        self._taken: set[str] = set()

    def word(self, word: str) -> str:
        """A name for a name; a letter for a letter."""
        if len(word) == 1:
            return self._invent(f"letter {word}", lambda draw, longer: _spelt("a" * (1 + longer), draw))
        return self._invent(
            f"word {word}",
            lambda draw, longer: "".join(_syllable(draw) for _ in range(_SYLLABLES + longer)),
        )

    def code(self, code: str, kept: int = 0) -> str:
        """Digits for digits and letters for letters, after the first `kept` ones.

        Where all of this length are taken it becomes longer.
        """
        head, tail = code[:kept], code[kept:]
        return self._invent(
            f"code {code}", lambda draw, longer: head + _spelt(tail, draw) + _spelt("1" * longer, draw)
        )

    def uuid(self, digits: str) -> str:
        """The 32 digits of a UUID of the same version and variant."""
        fixed = {12: digits[12], 16: digits[16]}
        return self._invent(
            f"uuid {digits}",
            lambda draw, _: "".join(fixed.get(n) or _HEX[draw(16)] for n in range(len(digits))),
        )

    def ip(self, address: str) -> str:
        """An address of the networks that are nobody's: 198.18.0.0/15, or 2001:db8::/32."""
        if ":" in address:
            return self._invent(f"ip {address}", lambda draw, _: f"2001:db8::{draw(65536):x}:{draw(65536):x}")
        return self._invent(
            f"ip {address}", lambda draw, _: f"198.{18 + draw(2)}.{draw(256)}.{1 + draw(254)}"
        )

    def days(self) -> int:
        """How long ago everything was instead."""
        return 30 + _drawing(self._key, "days")(300)

    def _invent(self, value: str, make: Callable[[Draw, int], str]) -> str:
        if value not in self._invented:
            draw = _drawing(self._key, value)
            candidates = (make(draw, n // _ATTEMPTS) for n in count())
            own = value.partition(" ")[2]
            invented = next(each for each in candidates if self._is_free(each, own))
            self._taken.add(invented)
            self._invented[value] = invented
        return self._invented[value]

    def _is_free(self, candidate: str, own: str) -> bool:
        somebodys = candidate == own or (len(candidate) >= _TELLING and candidate in self._real)
        return candidate not in self._taken and not somebodys


def _drawing(key: bytes, value: str) -> Draw:
    """Answers numbers below its argument, which nobody can foretell without the key."""

    def numbers() -> Iterator[int]:
        for n in count():
            yield int.from_bytes(hmac.digest(key, f"{n} {value}".encode(), "sha256"))

    drawn = numbers()
    return lambda below: next(drawn) % below


def _syllable(draw: Draw) -> str:
    return _CONSONANTS[draw(len(_CONSONANTS))] + _VOWELS[draw(len(_VOWELS))]


def _spelt(shape: str, draw: Draw) -> str:
    """A letter for each letter and a digit for each digit; a nought before others stays one."""
    head = shape[:1] if shape[:1] == "0" and len(shape) > 1 else ""
    return head + "".join(
        _sign(sign, draw, least=int(n == 0 and not head)) for n, sign in enumerate(shape[len(head) :])
    )


def _sign(sign: str, draw: Draw, *, least: int) -> str:
    return str(least + draw(10 - least)) if sign.isdigit() else _LETTERS[draw(len(_LETTERS))]
