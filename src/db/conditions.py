"""Conditions on an item, as plain values: of a write, of a query's key, of what a page lets through."""

from dataclasses import dataclass
from functools import reduce

from aiodynamo.expressions import AndCondition, Condition, F, KeyCondition, Parameters

from src.db.values import KeyValue, Value, check_value


def absent(attribute: str) -> Condition:
    return F(attribute).does_not_exist()


def present(attribute: str) -> Condition:
    return F(attribute).exists()


def equals(attribute: str, value: Value) -> Condition:
    check_value(attribute, value)
    return F(attribute).equals(value)


def less(attribute: str, value: KeyValue | bytes) -> Condition:
    check_value(attribute, value)
    return F(attribute).lt(value)


def greater(attribute: str, value: KeyValue | bytes) -> Condition:
    check_value(attribute, value)
    return F(attribute).gt(value)


def between(attribute: str, low: KeyValue | bytes, high: KeyValue | bytes) -> Condition:
    """From `low` to `high`, both included."""
    check_value(attribute, low)
    check_value(attribute, high)
    return F(attribute).between(low, high)


def begins_with(attribute: str, prefix: str) -> Condition:
    return F(attribute).begins_with(prefix)


def both(first: Condition, *others: Condition) -> Condition:
    return reduce(lambda left, right: left & right, others, first)


def either(first: Condition, *others: Condition) -> Condition:
    return reduce(lambda left, right: left | right, others, first)


@dataclass(frozen=True)
class KeyExpression(KeyCondition):
    """A condition as a query's key: DynamoDB takes `a AND b` there, without parentheses."""

    condition: Condition

    def encode(self, params: Parameters) -> str:
        parts = self.condition.children if isinstance(self.condition, AndCondition) else [self.condition]
        return " AND ".join(part.encode(params) for part in parts)
