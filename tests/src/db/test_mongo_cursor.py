"""Pages that follow one another without a gap or a repetition, whatever happens between them."""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import bson
import pytest
from bson import ObjectId, Regex
from bson.code import Code
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.db.mongo import (
    Collection,
    Direction,
    Document,
    Sort,
    delete_document,
    delete_documents,
    find_many,
    insert_document,
)
from src.models.errors import InvalidCursor

FIRST = datetime(2026, 1, 1, tzinfo=UTC)

moments = st.none() | st.integers(0, 3).map(lambda number: FIRST + timedelta(milliseconds=number))
directions: st.SearchStrategy[Direction] = st.sampled_from([1, -1])


@given(
    values=st.lists(moments, max_size=12), limit=st.integers(1, 5), direction=directions, absent=st.booleans()
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_pages_together_are_the_whole_listing_in_order(
    documents: Collection, values: list[datetime | None], limit: int, direction: Direction, absent: bool
) -> None:
    await delete_documents(documents, {})
    for identity, value in enumerate(values):
        await insert_document(
            documents, {"_id": identity} if value is None and absent else {"_id": identity, "at": value}
        )

    def place(identity: int) -> tuple[datetime, int]:
        return values[identity] or FIRST - timedelta(1), identity

    expected = sorted(range(len(values)), key=place, reverse=direction == -1)
    pages = await all_pages(documents, Sort("at", direction), limit)
    assert [identity for page in pages for identity in page] == expected
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages) == max(1, -(-len(values) // limit))


@pytest.mark.parametrize("direction", [1, -1])
async def test_what_comes_and_goes_between_pages_hides_and_repeats_nothing(
    documents: Collection, direction: Direction
) -> None:
    for identity in range(0, 100, 10):
        await insert_document(documents, {"_id": identity, "at": FIRST})
    sort = Sort("at", direction)
    seen: list[object] = []
    cursor = None
    while True:
        page = await find_many(documents, {}, limit=3, sort=sort, after=cursor)
        seen += [item["_id"] for item in page.items if isinstance(item["_id"], int) and item["_id"] % 10 == 0]
        if (cursor := page.next_cursor) is None:
            break
        # Before and beyond the cursor, and the very document that it names.
        last = page.items[-1]["_id"]
        assert isinstance(last, int)
        for near in (last - 1, last + 1):
            await insert_document(documents, {"_id": near, "at": FIRST})
        await delete_document(documents, {"_id": last})

    assert seen == sorted(range(0, 100, 10), reverse=direction == -1)


@pytest.mark.parametrize(
    "values", [["a", "b", ""], [1, 2.5, -3], [ObjectId(), ObjectId()], [uuid4(), uuid4()]]
)
async def test_a_listing_may_be_ordered_by_any_plain_value(
    documents: Collection, values: Sequence[object]
) -> None:
    for value in values:
        await insert_document(documents, {"_id": value, "value": value})
    for field in ("_id", "value"):
        both_ways = [await all_pages(documents, Sort(field, direction), 1) for direction in (1, -1)]
        assert both_ways[0] == both_ways[1][::-1]
        assert len(both_ways[0]) == len(values)


async def test_the_filter_holds_on_every_page(documents: Collection) -> None:
    for identity in range(20):
        await insert_document(documents, {"_id": identity, "owner": identity % 2, "at": FIRST})

    pages = await all_pages(documents, Sort("at"), 3, {"owner": 1, "$or": [{"_id": {"$lt": 9}}, {"_id": 15}]})

    assert [identity for page in pages for identity in page] == [1, 3, 5, 7, 15]


async def test_a_page_larger_than_a_batch_is_whole(documents: Collection) -> None:
    await documents.insert_many([{"_id": number} for number in range(500)])

    page = await find_many(documents, {}, limit=400, sort=Sort("_id"))

    assert [item["_id"] for item in page.items] == [*range(400)]


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_page_of_nothing_is_refused(documents: Collection, limit: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        await find_many(documents, {}, limit=limit, sort=Sort("_id"))


@given(cursor=st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_cursor_of_any_nonsense_is_refused(documents: Collection, cursor: str) -> None:
    with pytest.raises(InvalidCursor, match="start again without one"):
        await find_many(documents, {}, limit=1, sort=Sort("at"), after=cursor)


@pytest.mark.parametrize("sort", [Sort("at", -1), Sort("name"), Sort("_id")])
async def test_a_cursor_of_another_listing_is_refused(documents: Collection, sort: Sort) -> None:
    for identity in range(2):
        await insert_document(documents, {"_id": identity, "at": FIRST, "name": "a"})
    page = await find_many(documents, {}, limit=1, sort=Sort("at"))

    with pytest.raises(InvalidCursor):
        await find_many(documents, {}, limit=1, sort=sort, after=page.next_cursor)


@pytest.mark.parametrize(
    "value",
    [{"$gt": ""}, [1], Regex("."), Code("sleep(1000)"), re.compile("."), bson.MinKey(), bson.Timestamp(1, 1)],
    ids=str,
)
@pytest.mark.parametrize("place", ["v", "i"])
async def test_a_cursor_made_up_to_query_by_is_refused(
    documents: Collection, value: object, place: str
) -> None:
    await insert_document(documents, {"_id": "1", "at": "x"})
    position = {"s": "at:1", "v": "a", "i": "0"} | {place: value}

    with pytest.raises(InvalidCursor):
        await find_many(documents, {}, limit=1, sort=Sort("at"), after=pack(position))


async def test_a_cursor_that_someone_changed_reaches_no_further_than_the_filter(
    documents: Collection,
) -> None:
    for owner in ("mine", "yours"):
        await insert_document(documents, {"_id": owner, "owner": owner, "at": 1})

    page = await find_many(
        documents, {"owner": "mine"}, limit=9, sort=Sort("at"), after=pack({"s": "at:1", "v": 0, "i": ""})
    )

    assert [item["_id"] for item in page.items] == ["mine"]


def pack(position: Document) -> str:
    return base64.urlsafe_b64encode(bson.encode(position)).decode().rstrip("=")


async def all_pages(
    documents: Collection, sort: Sort, limit: int, where: Document | None = None
) -> list[list[object]]:
    """The ids, page by page."""
    pages: list[list[object]] = []
    cursor = None
    while True:
        page = await find_many(documents, where or {}, limit=limit, sort=sort, after=cursor)
        pages.append([item["_id"] for item in page.items])
        if (cursor := page.next_cursor) is None:
            return pages
