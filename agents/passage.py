"""Looking words up in a text: in time linear in it, whatever its white space, and never within a word."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import Final

from agents.readings import number_spans

Span = tuple[int, int]

LONGEST_QUOTE: Final = 4_000
_MOST_PLACES: Final = 2_000
_MOST_STRETCHES: Final = 200
_LONGEST_WORD: Final = 100
_NEARBY: Final = 40
_WORD: Final = re.compile(r"\S+")
_WITHIN_NUMBER: Final = re.compile(r"[\d.,'\u2019]")


class Passage:
    """A text beside its words with single blanks between them, in which they are looked up."""

    def __init__(self, text: str) -> None:
        self.text = text
        words = _WORD.findall(text)
        self._words = " ".join(words)
        self._starts = [match.start() for match in _WORD.finditer(text)]
        self._joined_starts = [0, *accumulate(len(word) + 1 for word in words)]

    def occurrences(self, words: str) -> Iterator[Span]:
        """Where the words stand in the text, splitting no other word and no number."""
        return filter(self._is_whole, self._spans(words))

    def stretches(self, words: str) -> list[Span]:
        """Where the words stand; words and numbers that they split everywhere are taken in whole."""
        whole = list(islice(self.occurrences(words), _MOST_STRETCHES))
        widened = (self._widened(*span) for span in islice(self._spans(words), _MOST_STRETCHES))
        return whole or [span for span in widened if self._is_whole(span)]

    def _is_whole(self, span: Span) -> bool:
        return not any(splits(self.text, cut) for cut in span)

    def _widened(self, start: int, end: int) -> Span:
        starts, ends = range(start, start - _LONGEST_WORD, -1), range(end, end + _LONGEST_WORD)
        return (
            next((cut for cut in starts if not splits(self.text, cut)), start),
            next((cut for cut in ends if not splits(self.text, cut)), end),
        )

    def _spans(self, words: str) -> Iterator[Span]:
        if len(words) > LONGEST_QUOTE or not (wanted := " ".join(words.split())):
            return
        for place in islice(self._places(wanted), _MOST_PLACES):
            yield self._within_text(place), self._within_text(place + len(wanted) - 1) + 1

    def _places(self, wanted: str) -> Iterator[int]:
        place = self._words.find(wanted)
        while place >= 0:
            yield place
            place = self._words.find(wanted, place + 1)

    def _within_text(self, place: int) -> int:
        word = bisect_right(self._joined_starts, place) - 1
        return self._starts[word] + place - self._joined_starts[word]


def splits(text: str, index: int) -> bool:
    """Whether a cut here goes through a word or a number; scripts without letter case leave no gaps."""
    before, after = text[index - 1 : index], text[index : index + 1]
    if (_is_cased(before) and _is_cased(after)) or (before.isdigit() and after.isdigit()):
        return True
    if not (_WITHIN_NUMBER.match(before) and _WITHIN_NUMBER.match(after)):
        return False
    nearby = max(index - _NEARBY, 0)
    return any(start < index - nearby < end for start, end in number_spans(text[nearby : index + _NEARBY]))


def _is_cased(letter: str) -> bool:
    return letter.isalpha() and letter.lower() != letter.upper()
