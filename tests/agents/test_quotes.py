"""What words bear out."""

import pytest
from pydantic import JsonValue

from agents.quotes import bears_out


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("ANN  LEE", "Ann Lee"),
        ("order #W123", "#W123"),
        ("order W123", "#W123"),
        ("Ann.Lee@Example.com", "ann.lee@example.com"),
        ("$1,299.50", 1299.5),
        ("$1,299.50", "1299.50"),
        ("two lamps", 2),
        ("3 May 2024", "2024-05-03"),
        ("3 May 2024, 2:30 pm", "2024-05-03T14:30:00+02:00"),
        ("3 May 2024", "2024-05-03T00:00:00Z"),
        ("2:30 pm", "14:30"),
        ("(555) 010-2030", "555 010 2030"),
        ("$5", "USD"),
        ("United States", "US"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("whatever", True),
    ],
)
def test_words_bear_out_a_value_that_they_say(quote: str, value: JsonValue) -> None:
    assert bears_out(quote, value)


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("Annabel Lee", "Ann"),
        ("W1234", "W123"),
        ("joann@example.com", "ann@example.com"),
        ("j.ann@example.com", "ann@example.com"),
        ("$35.50", 35),
        ("$1,299.50", "299.50"),
        ("35", float("nan")),
        ("35", float("inf")),
        ("3 May 2024", "2024-05-04"),
        ("3 May 2024", "2024-05-03T14:30:00"),
        ("3 May 2024", "2024-99-99"),
        ("2:30 pm", "02:30"),
        ("(555) 010-2030", "555 010 2031"),
        ("€5", "USD"),
        ("Springfield", "IN"),
        ("a lamp", "mug"),
        ("a lamp", None),
    ],
)
def test_words_bear_out_nothing_that_they_do_not_say(quote: str, value: JsonValue) -> None:
    assert not bears_out(quote, value)
