"""Each condition, where it holds and where it doesn't, as the emulators read it."""

from decimal import Decimal
from uuid import uuid4

import pytest

from src.db.dynamo import (
    Condition,
    ConditionFailed,
    Dynamo,
    absent,
    begins_with,
    between,
    both,
    either,
    equals,
    get_table,
    greater,
    less,
    present,
    put_item,
    update_item,
)

_HOLDS: list[Condition] = [
    absent("nothing"),
    present("none"),
    equals("none", None),
    equals("name", "desk"),
    equals("name", "desk") & present("size"),
    equals("tags", ["a", {"b": True}]),
    equals("size", Decimal("7.0")),
    less("size", 8),
    less("name", "desl"),
    greater("size", Decimal("6.9")),
    between("size", 7, 7),
    between("name", "a", "e"),
    begins_with("name", "de"),
    both(present("id"), greater("size", 1), less("size", 10)),
    either(absent("id"), less("size", 1), equals("name", "desk")),
    both(present("id"), either(absent("size"), equals("size", 7))),
    either(both(absent("id"), absent("size")), both(present("id"), present("size"))),
]
_FAILS: list[Condition] = [
    absent("none"),
    present("nothing"),
    equals("name", "Desk"),
    equals("size", "7"),
    less("size", 7),
    less("nothing", 7),
    greater("size", 7),
    between("size", 8, 9),
    begins_with("name", "sk"),
    both(present("id"), absent("size")),
    either(absent("id"), absent("size")),
]


@pytest.mark.parametrize(("condition", "holds"), [(c, True) for c in _HOLDS] + [(c, False) for c in _FAILS])
async def test_a_condition_decides_whether_a_write_takes_place(
    each_dynamo: Dynamo, condition: Condition, holds: bool
) -> None:
    users, key = get_table(each_dynamo, "users"), {"id": str(uuid4())}
    await put_item(users, {**key, "name": "desk", "size": 7, "none": None, "tags": ["a", {"b": True}]})
    try:
        await update_item(users, key, set={"written": True}, condition=condition)
    except ConditionFailed:
        assert not holds
    else:
        assert holds


def test_conditions_are_values() -> None:
    assert both(equals("a", 1), absent("b")) == both(equals("a", 1), absent("b"))
    assert equals("a", 1) != equals("a", 2)


def test_a_condition_takes_no_value_that_can_not_be_stored() -> None:
    with pytest.raises(TypeError, match="price: float"):
        equals("price", 1.5)  # pyright: ignore[reportArgumentType] - what untyped callers may do


def test_no_prefix_is_no_condition() -> None:
    with pytest.raises(ValueError, match="empty"):
        begins_with("name", "")
