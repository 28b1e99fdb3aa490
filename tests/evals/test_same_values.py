"""When two values count as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from evals.comparing.values import same_value


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("total_amount", "1299.50", "1299.5"),
        ("total_amount", "12", 12),
        ("quantity", 2, "2"),
        ("order_date", "2026-03-04", "2026-03-04"),
        ("phone", "+44 113 496 0172", "+441134960172"),
        ("phone", "0049 30 901820", "+49 30 901820"),
        ("email", "Ann.Lee@Example.com", "ann.lee@example.com"),
        ("last_name", "O\u2019Neil", "o'neil"),
        ("company", "Lee  &\nSons,", "lee & sons"),
        ("address1", "Kastanienallee 71.", "kastanienallee 71"),
    ],
)
def test_the_same_said_otherwise_is_the_same(field: str, one: JsonValue, other: JsonValue) -> None:
    assert same_value(field, one, other)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("total_amount", "1299.50", "129950"),
        ("order_date", "2026-03-04", "2026-04-03"),
        ("phone", "+44 113 496 0172", "+44 113 496 0173"),
        ("first_name", "Zoë", "Zoe"),
        ("quantity", 2, 3),
        ("item_id", "0042", "42"),
        ("zip", "01067", "1067"),
        ("expression", "-5 + 3", "5 + 3"),
    ],
)
def test_something_else_is_not_the_same(field: str, one: JsonValue, other: JsonValue) -> None:
    assert not same_value(field, one, other)


@given(st.sampled_from(["phone", "order_date", "total_amount", "name"]), st.text(max_size=30))
def test_any_text_is_the_same_as_itself(field: str, text: str) -> None:
    assert same_value(field, text, text)
