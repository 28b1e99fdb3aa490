"""Where words stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.passage import LONGEST_QUOTE, Passage, splits

TEXT = "Ann  Lee\nordered 12 lamps at $35.50 and 2 mugs; Annabel didn't. 東京都 2 x"


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("Ann Lee", [(0, 8)]),
        ("Lee ordered", [(5, 16)]),
        ("2", [(40, 41), (68, 69)]),
        ("35", []),
        ("$35.50", [(29, 35)]),
        ("lamp", []),
        ("ann lee", []),
        ("京", [(65, 66)]),
        ("  ", []),
    ],
)
def test_words_stand_where_they_split_no_other_word_or_number(
    words: str, where: list[tuple[int, int]]
) -> None:
    assert [*Passage(TEXT).occurrences(words)] == where


@pytest.mark.parametrize(
    ("words", "whole"),
    [("2", ["2", "2"]), ("35", ["$35.50"[1:]]), ("nn  Le", ["Ann  Lee"]), ("didn", ["didn"]), ("absent", [])],
)
def test_words_that_are_cut_everywhere_are_taken_in_whole(words: str, whole: list[str]) -> None:
    assert [TEXT[slice(*span)] for span in Passage(TEXT).stretches(words)] == whole


def test_a_quote_that_is_half_the_document_is_none() -> None:
    text = "a " * LONGEST_QUOTE
    assert not [*Passage(text).occurrences(text)]


@given(
    st.lists(st.sampled_from(["a", "b", "1", "2.5", " ", "\n\t", "é", "京", ",", "aa"])),
    st.integers(0),
    st.integers(0),
)
def test_every_stretch_that_splits_nothing_is_found_where_it_stands(
    parts: list[str], start: int, length: int
) -> None:
    text = "".join(parts)
    start %= len(text) + 1
    words = text[start : start + 1 + length % 9]
    for found in Passage(text).occurrences(words):
        assert text[slice(*found)].split() == words.split()
    if words and words == words.strip() and not splits(text, start) and not splits(text, start + len(words)):
        assert (start, start + len(words)) in Passage(text).occurrences(words)


def test_a_quote_made_to_almost_stand_everywhere_is_answered_at_once() -> None:
    assert not [*Passage("a " * 100_000).occurrences("a " * 1_900 + "b")]
