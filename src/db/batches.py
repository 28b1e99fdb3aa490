"""Many items in few requests; what DynamoDB leaves unprocessed is sent again."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias, TypeVar

from aiodynamo.models import BatchGetRequest, BatchWriteRequest

from src.db.attempts import attempt, pauses
from src.db.dynamo_client import Dynamo
from src.db.tables import Table
from src.db.values import Item, Key, KeyValue, Value, checked
from src.models.errors import DatabaseUnavailable

T = TypeVar("T")
_GETS: Final = 100
_WRITES: Final = 25
_Address: TypeAlias = tuple[str, frozenset[tuple[str, object]]]


async def batch_get(
    dynamo: Dynamo, keys: Sequence[tuple[Table, Mapping[str, KeyValue]]], *, consistent: bool = True
) -> list[Item | None]:
    """The items of any tables, in the order of the keys, however many; None where there is none."""
    wanted = {_address(table.name, key): (table.name, checked(key)) for table, key in keys}
    key_names = {table.name: table.schema.key for table, _ in keys}
    found: dict[_Address, Item] = {}
    for chunk in _chunks(wanted.values(), _GETS):
        for name, item in await _get(dynamo, chunk, consistent):
            found[_address(name, {part: item[part] for part in key_names[name]})] = item
    return [found.get(_address(table.name, key)) for table, key in keys]


async def batch_write(
    table: Table, puts: Sequence[Mapping[str, Value]] = (), deletes: Sequence[Mapping[str, KeyValue]] = ()
) -> None:
    """Put and delete any number of items, without conditions and not as one: an error may leave some written.

    Raises:
        ValueError: a key occurs twice; which of the two should win is not ours to choose.
    """
    writes: dict[_Address, tuple[Item | None, Key | None]] = {}
    for item in puts:
        writes[_address(table.name, {name: item[name] for name in table.schema.key})] = (checked(item), None)
    for key in deletes:
        writes[_address(table.name, key)] = (None, checked(key))
    if len(writes) < len(puts) + len(deletes):
        raise ValueError(f"The same key of {table.name} occurs twice in one batch; leave one of them out.")
    for chunk in _chunks(writes.values(), _WRITES):
        await _write(table, [put for put, _ in chunk if put], [key for _, key in chunk if key])


async def _get(dynamo: Dynamo, keys: list[tuple[str, Key]], consistent: bool) -> list[tuple[str, Item]]:
    items: list[tuple[str, Item]] = []
    waits = pauses(dynamo.patience)
    while keys:
        names = sorted({name for name, _ in keys})
        request = {
            name: BatchGetRequest([key for table, key in keys if table == name], consistent_read=consistent)
            for name in names
        }
        answer = await attempt(
            dynamo, lambda request=request: dynamo.client.batch_get(request), ", ".join(names)
        )
        items += [(name, item) for name, found in answer.items.items() for item in found]
        left = [(name, key) for name, unprocessed in answer.unprocessed_keys.items() for key in unprocessed]
        waits = await _pause(dynamo, waits, progress=len(left) < len(keys)) if left else waits
        keys = left
    return items


async def _write(table: Table, puts: list[Item], deletes: list[Key]) -> None:
    dynamo = table.dynamo
    waits = pauses(dynamo.patience)
    while puts or deletes:
        request = {table.name: BatchWriteRequest(keys_to_delete=deletes, items_to_put=puts)}
        answer = await attempt(dynamo, lambda request=request: dynamo.client.batch_write(request), table.name)
        left = answer.get(table.name)
        if left is None:
            return
        progress = len(left.unput_items) + len(left.undeleted_keys) < len(puts) + len(deletes)
        waits = await _pause(dynamo, waits, progress=progress)
        puts, deletes = left.unput_items, left.undeleted_keys


async def _pause(dynamo: Dynamo, waits: Iterator[float], *, progress: bool) -> Iterator[float]:
    """Wait before what is left is sent again; patience begins anew with every bit of progress."""
    waits = pauses(dynamo.patience) if progress else waits
    pause = next(waits, None)
    if pause is None:
        raise DatabaseUnavailable("DynamoDB is throttling; try again in a few seconds.")
    await asyncio.sleep(pause)
    return waits


def _address(table: str, key: Mapping[str, object]) -> _Address:
    return table, frozenset(key.items())


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
