"""Reading many items in pages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from aiodynamo import errors as aws
from aiodynamo.expressions import Condition
from aiodynamo.models import Page as RawPage

from src.db.attempts import attempt
from src.db.conditions import KeyExpression
from src.db.tables import Table
from src.db.values import Item, Key, KeyValue, checked
from src.models.errors import InvalidCursor

_ROUND_TRIPS: Final = 10
_FILTERED_AT_ONCE: Final = 100
_PAGE: Final = 500
_NO_START: Final = "This cursor does not belong to this list; begin with the first page."


@dataclass(frozen=True)
class Page:
    """Some items, and the key to start the next page with; None where nothing follows."""

    items: list[Item]
    next_key: Key | None


async def query(
    table: Table,
    *,
    key: Condition,
    limit: int,
    start: Mapping[str, KeyValue] | None = None,
    newest_first: bool = False,
    filter: Condition | None = None,  # noqa: A002 - DynamoDB's own word
    consistent: bool = False,
) -> Page:
    """Up to `limit` items of one hash key, in the order of the range key.

    Args:
        table: where to look.
        key: `equals` on the hash key, and `both` that and one condition on the range key.
        limit: a page is filled up to this many items that pass the filter; where few do, a page may be
            shorter and still have a `next_key`.
        start: the `next_key` of the page before.
        newest_first: the range key downwards.
        filter: lets items through; what it keeps back is read and paid for all the same.
        consistent: sees every write that was answered before.

    Raises:
        InvalidCursor: `start` is no key of this table, or of none that this query could come to.
    """
    return await _query(table, None, key, limit, start, newest_first, filter, consistent)


async def query_by_gsi(
    table: Table,
    index: str,
    *,
    key: Condition,
    limit: int,
    start: Mapping[str, KeyValue] | None = None,
    newest_first: bool = False,
    filter: Condition | None = None,  # noqa: A002
) -> Page:
    """As `query`, in the order of an index, which follows the table with a short delay."""
    return await _query(table, index, key, limit, start, newest_first, filter, consistent=False)


async def scan(
    table: Table,
    *,
    limit: int,
    start: Mapping[str, KeyValue] | None = None,
    filter: Condition | None = None,  # noqa: A002
) -> Page:
    """Up to `limit` items of the whole table, in no order; pages work as those of `query`."""

    def fetch(size: int, after: Key | None) -> Awaitable[RawPage]:
        client = table.dynamo.client
        return client.scan_single_page(table.name, limit=size, start_key=after, filter_expression=filter)

    return await _filled(table, table.schema.key, fetch, limit, start, filtered=filter is not None)


async def query_all(table: Table, *, key: Condition, index: str | None = None) -> AsyncIterator[Item]:
    """All items of one hash key, read page by page as they are consumed."""
    start: Key | None = None
    while True:
        page = await _query(table, index, key, _PAGE, start, newest_first=False, only=None, consistent=False)
        for item in page.items:
            yield item
        start = page.next_key
        if start is None:
            return


async def _query(
    table: Table,
    index: str | None,
    key: Condition,
    limit: int,
    start: Mapping[str, KeyValue] | None,
    newest_first: bool,
    only: Condition | None,
    consistent: bool,
) -> Page:
    def fetch(size: int, after: Key | None) -> Awaitable[RawPage]:
        return table.dynamo.client.query_single_page(
            table.name,
            KeyExpression(key),
            index=index,
            limit=size,
            start_key=after,
            scan_forward=not newest_first,
            filter_expression=only,
            consistent_read=consistent,
        )

    names = table.schema.key + (table.schema.indexes[index] if index else ())
    return await _filled(table, names, fetch, limit, start, filtered=only is not None)


async def _filled(
    table: Table,
    key_names: tuple[str, ...],
    fetch: Callable[[int, Key | None], Awaitable[RawPage]],
    limit: int,
    start: Mapping[str, KeyValue] | None,
    *,
    filtered: bool,
) -> Page:
    """One item more than wanted is asked for, so that the last page knows that it is the last."""
    items: list[Item] = []
    after = _begin(table, key_names, start) if start else None
    for _ in range(_ROUND_TRIPS):
        wanted = limit + 1 - len(items)
        size, begin = max(wanted, _FILTERED_AT_ONCE) if filtered else wanted, after
        try:
            page = await attempt(table.dynamo, lambda size=size, begin=begin: fetch(size, begin), table.name)
        except aws.ValidationException as exc:
            if begin is None or begin != start:
                raise
            raise InvalidCursor(_NO_START) from exc
        items += page.items
        after = page.last_evaluated_key
        if len(items) > limit:
            last = items[limit - 1]
            return Page(items[:limit], {name: cast(KeyValue, last[name]) for name in key_names})
        if after is None:
            break
    return Page(items, after)


def _begin(table: Table, key_names: tuple[str, ...], start: Mapping[str, KeyValue]) -> Key:
    typed = all(isinstance(value, str) != (name in table.schema.numbers) for name, value in start.items())
    if not typed or set(start) != set(key_names):
        raise InvalidCursor(_NO_START)
    return checked(start)
