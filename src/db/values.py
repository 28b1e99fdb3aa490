"""Values as DynamoDB holds them."""

from collections.abc import Mapping
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Subnormal
from typing import Final, TypeAlias, TypeVar, cast

Value: TypeAlias = "bool | Decimal | int | str | bytes | list[Value] | dict[str, Value] | None"
KeyValue: TypeAlias = str | int | Decimal
Item: TypeAlias = dict[str, Value]
Key: TypeAlias = dict[str, KeyValue]

V = TypeVar("V")
_NUMBERS: Final = Context(
    prec=38, Emin=-130, Emax=125, traps=[Inexact, InvalidOperation, Overflow, Subnormal]
)


def checked(item: Mapping[str, V]) -> dict[str, V]:
    """The item, once every value in it is one that comes back equal.

    Numbers come back as Decimals of the same value; DynamoDB drops trailing zeros.

    Raises:
        TypeError: a float, a set or anything else that is no `Value`.
        ValueError: a number of more than 38 digits, beyond DynamoDB's range, or not finite.
    """
    for name, value in item.items():
        check_value(name, value)
    return dict(item)


def check_value(name: str, value: object) -> None:
    if value is None or isinstance(value, str | bytes | bool):
        return
    if isinstance(value, int | Decimal):
        _check_number(name, value)
    elif isinstance(value, list):
        for inner in cast(list[object], value):
            check_value(name, inner)
    elif isinstance(value, dict):
        for key, inner in cast(dict[object, object], value).items():
            if not isinstance(key, str):
                raise TypeError(f"{name}: a map's keys are strings, not {type(key).__name__}")
            check_value(name, inner)
    else:
        raise TypeError(f"{name}: {type(value).__name__} can't be stored; numbers are Decimal or int")


def _check_number(name: str, value: int | Decimal) -> None:
    try:
        finite = _NUMBERS.create_decimal(value).is_finite()
    except DecimalException:
        finite = False
    if not finite:
        raise ValueError(
            f"{name}: DynamoDB's numbers have at most 38 digits and lie between 1E-130 and 1E126"
        )
