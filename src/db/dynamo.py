"""DynamoDB for everyone: one item, many, pages, transactions. Which tables there are is said in `tables.py`.

Connection trouble, time-outs and throttling are met with bounded, jittered retries; what outlives them raises
`DatabaseUnavailable`. A table that does not exist is `TableMissing`, never 'no item'. Numbers come back as
Decimals of the same value, perhaps without trailing zeros.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from aiodynamo import errors as aws
from aiodynamo import operations as raw
from aiodynamo.expressions import Condition, F, UpdateExpression
from aiodynamo.expressions import Value as SetValue
from aiodynamo.models import ReturnValues

from src.db.attempts import attempt
from src.db.batches import batch_get, batch_write
from src.db.conditions import absent, begins_with, between, both, either, equals, greater, less, present
from src.db.dynamo_client import Dynamo, open_dynamo
from src.db.dynamo_errors import ConditionFailed, TableUnfit, TransactionCancelled
from src.db.pages import Page, query, query_all, query_by_gsi, scan
from src.db.tables import Table, get_table, ping
from src.db.values import Item, Key, KeyValue, Value, checked
from src.models.errors import TableMissing

__all__ = [
    "Check",
    "Condition",
    "ConditionFailed",
    "Delete",
    "Dynamo",
    "Item",
    "Key",
    "Operation",
    "Page",
    "Put",
    "Table",
    "TableMissing",
    "TableUnfit",
    "TransactionCancelled",
    "Update",
    "Value",
    "absent",
    "batch_get",
    "batch_write",
    "begins_with",
    "between",
    "both",
    "delete_item",
    "either",
    "equals",
    "get_item",
    "get_table",
    "greater",
    "less",
    "open_dynamo",
    "ping",
    "present",
    "put_item",
    "query",
    "query_all",
    "query_by_gsi",
    "scan",
    "transact_write",
    "update_item",
]

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


async def get_item(table: Table, key: Mapping[str, KeyValue], *, consistent: bool = False) -> Item | None:
    client, whole = table.dynamo.client, checked(key)
    try:
        return await attempt(
            table.dynamo, lambda: client.get_item(table.name, whole, consistent_read=consistent), table.name
        )
    except aws.ItemNotFound:
        return None


async def put_item(table: Table, item: Mapping[str, Value], *, condition: Condition | None = None) -> None:
    """Write the whole item, in place of one with the same key.

    Raises:
        ConditionFailed: nothing was written.
        DatabaseUnavailable: DynamoDB is away. With a condition the write may have taken place all the same;
            where that matters use a transaction, whose token makes repeating safe.
    """
    client, whole = table.dynamo.client, checked(item)
    await attempt(table.dynamo, lambda: client.put_item(table.name, whole, condition=condition), table.name)


async def update_item(
    table: Table,
    key: Mapping[str, KeyValue],
    *,
    set: Mapping[str, Value] = _NOTHING,  # noqa: A002 - DynamoDB's own word
    remove: Sequence[str] = (),
    condition: Condition | None = None,
) -> Item:
    """Set and remove attributes, and answer the whole new item, which comes to be where there is none.

    Raises as `put_item` does.
    """
    client, whole, change = table.dynamo.client, checked(key), _change(set, remove)
    updated = await attempt(
        table.dynamo,
        lambda: client.update_item(
            table.name, whole, change, return_values=ReturnValues.all_new, condition=condition
        ),
        table.name,
    )
    return cast(Item, updated)


async def delete_item(
    table: Table, key: Mapping[str, KeyValue], *, condition: Condition | None = None
) -> Item | None:
    """Delete the item and answer it as it was, or None where there was none.

    Where an attempt had to be repeated it is None too if the first one did the work.
    Raises as `put_item` does.
    """
    client, whole = table.dynamo.client, checked(key)
    return await attempt(
        table.dynamo,
        lambda: client.delete_item(
            table.name, whole, return_values=ReturnValues.all_old, condition=condition
        ),
        table.name,
    )


@dataclass(frozen=True)
class Put:
    table: Table
    item: Mapping[str, Value]
    condition: Condition | None = None


@dataclass(frozen=True)
class Update:
    table: Table
    key: Mapping[str, KeyValue]
    set: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)
    remove: Sequence[str] = ()
    condition: Condition | None = None


@dataclass(frozen=True)
class Delete:
    table: Table
    key: Mapping[str, KeyValue]
    condition: Condition | None = None


@dataclass(frozen=True)
class Check:
    """Nothing is written here, but the transaction stands only if the condition holds."""

    table: Table
    key: Mapping[str, KeyValue]
    condition: Condition


Operation: TypeAlias = Put | Update | Delete | Check


async def transact_write(dynamo: Dynamo, operations: Sequence[Operation], *, token: str) -> None:
    """Write all of 1 to 100 operations on different items, or nothing.

    Args:
        dynamo: where.
        operations: in any order; `TransactionCancelled.reasons` follows it.
        token: up to 36 characters, new for each call. Within ten minutes DynamoDB carries a token out once,
            which makes it safe to repeat a request whose answer was lost.

    Raises:
        TransactionCancelled: nothing was written, for the reasons given. A conflict is not retried: what the
            writes were decided on may have changed, so it must be read again.
    """
    requests = [_request(operation) for operation in operations]
    names = ", ".join(sorted({operation.table.name for operation in operations}))
    try:
        await attempt(
            dynamo, lambda: dynamo.client.transact_write_items(requests, request_token=token), names
        )
    except aws.TransactionCanceled as exc:
        raise TransactionCancelled([reason and reason.code for reason in exc.cancellation_reasons]) from exc


def _request(operation: Operation) -> raw.Put | raw.Update | raw.Delete | raw.ConditionCheck:
    name, condition = operation.table.name, operation.condition
    match operation:
        case Put(item=item):
            return raw.Put(name, checked(item), condition)
        case Update(key=key, set=values, remove=remove):
            return raw.Update(name, checked(key), _change(values, remove), condition)
        case Delete(key=key):
            return raw.Delete(name, checked(key), condition)
        case Check(key=key):
            return raw.ConditionCheck(name, checked(key), condition)


def _change(values: Mapping[str, Value], remove: Sequence[str]) -> UpdateExpression:
    return UpdateExpression(
        set_updates=[(F(name), SetValue(value)) for name, value in checked(values).items()],
        remove={F(name) for name in remove},
    )
