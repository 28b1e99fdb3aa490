"""What can be stored, and what is refused before it is sent."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.db.dynamo import Dynamo, Item, Table, Value, get_item, get_table, put_item
from src.db.values import checked

_numbers = st.one_of(
    st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1),
    st.decimals(min_value=-(10**20), max_value=10**20, places=10),
)
_leaves = (
    st.none()
    | st.booleans()
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.binary(max_size=20)
    | _numbers
)
_names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4)
)


@pytest.fixture
def users(dynamo: Dynamo) -> Table:
    return get_table(dynamo, "users")


@settings(max_examples=40, deadline=None)
@given(value=_values)
async def test_whatever_is_accepted_comes_back_equal(dynamo: Dynamo, value: Value) -> None:
    table, key = get_table(dynamo, "users"), {"id": str(uuid4())}
    await put_item(table, {**key, "value": value})
    found = await get_item(table, key, consistent=True)
    assert found is not None
    assert found["value"] == value


@pytest.mark.parametrize("value", [1.5, [1.5], {"a": [{"b": 1.5}]}], ids=repr)
def test_a_float_is_refused_wherever_it_stands(value: object) -> None:
    with pytest.raises(TypeError, match="price: float can't be stored; numbers are Decimal or int"):
        checked({"id": "1", "price": value})


@pytest.mark.parametrize("value", [{1, 2}, (1, 2), bytearray(b"x"), 1j, {1: "a"}], ids=repr)
def test_what_would_come_back_as_something_else_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"^thing: "):
        checked({"thing": value})


@pytest.mark.parametrize(
    "number",
    [
        10**38 + 1,
        Decimal("1.23456789012345678901234567890123456789"),
        Decimal("1E+126"),
        Decimal("1E-131"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
    ],
    ids=repr,
)
def test_a_number_that_dynamodb_would_round_or_refuse_is_refused(number: Decimal | int) -> None:
    with pytest.raises(ValueError, match="amount: DynamoDB's numbers have at most 38 digits"):
        checked({"amount": number})


async def test_a_refused_item_is_not_written(users: Table) -> None:
    item: Item = {"id": str(uuid4())}
    item["weight"] = 2.5  # pyright: ignore[reportArgumentType] - what untyped callers may do
    with pytest.raises(TypeError):
        await put_item(users, item)
    assert await get_item(users, {"id": str(item["id"])}, consistent=True) is None
