"""Reading in pages, on each emulator."""

from uuid import uuid4

import pytest
from aiodynamo.errors import ValidationException

from src.db.dynamo import (
    Condition,
    Dynamo,
    Key,
    Page,
    Table,
    batch_write,
    begins_with,
    between,
    both,
    equals,
    get_table,
    greater,
    less,
    query,
    query_all,
    query_by_gsi,
    scan,
)
from src.db.tables import TABLES
from src.models.errors import InvalidCursor
from tests.fixtures.dynamodb import open_tables
from tests.fixtures.faults import open_wire, refuse

_EFFECTS = {"effects": TABLES["effects"]}


@pytest.fixture
async def outbox(each_dynamo: Dynamo) -> Table:
    """Its range key is a number."""
    return get_table(each_dynamo, "outbox")


@pytest.fixture
async def stream(outbox: Table) -> str:
    """Twelve items of one hash key, numbered from 1, every third one marked."""
    stream = str(uuid4())
    await batch_write(outbox, [{"stream": stream, "sequence": n, "third": n % 3 == 0} for n in range(1, 13)])
    return stream


@pytest.fixture
async def user_id(each_dynamo: Dynamo) -> str:
    """A user with twelve orders on three days, four orders a day."""
    user_id = str(uuid4())
    orders = [
        {"order_id": f"{user_id}-{n:02}", "user_id": user_id, "order_date": f"2026-01-{n // 4 + 1:02}"}
        for n in range(12)
    ]
    await batch_write(get_table(each_dynamo, "orders"), orders)
    return user_id


def numbers(page: Page) -> list[int]:
    return [int(str(item["sequence"])) for item in page.items]


async def test_items_come_in_the_order_of_the_range_key(outbox: Table, stream: str) -> None:
    page = await query(outbox, key=equals("stream", stream), limit=20)
    assert numbers(page) == list(range(1, 13))
    assert page.next_key is None


async def test_newest_first_turns_the_order_round(outbox: Table, stream: str) -> None:
    page = await query(outbox, key=equals("stream", stream), limit=3, newest_first=True, consistent=True)
    assert numbers(page) == [12, 11, 10]


async def test_an_unknown_hash_key_has_an_empty_page(outbox: Table) -> None:
    assert await query(outbox, key=equals("stream", str(uuid4())), limit=5) == Page([], None)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equals("sequence", 5), [5]),
        (less("sequence", 3), [1, 2]),
        (greater("sequence", 9), [10, 11, 12]),
        (between("sequence", 4, 6), [4, 5, 6]),
    ],
)
async def test_a_range_narrows_a_query(
    outbox: Table, stream: str, condition: Condition, expected: list[int]
) -> None:
    page = await query(outbox, key=both(equals("stream", stream), condition), limit=20)
    assert numbers(page) == expected


async def test_a_prefix_narrows_a_query(each_dynamo: Dynamo, user_id: str) -> None:
    key = both(equals("user_id", user_id), begins_with("order_date", "2026-01-02"))
    page = await query_by_gsi(get_table(each_dynamo, "orders"), "user-index", key=key, limit=20)
    assert [item["order_date"] for item in page.items] == ["2026-01-02"] * 4


@pytest.mark.parametrize("size", [1, 5, 6, 11, 12, 13])
@pytest.mark.parametrize("newest_first", [False, True])
async def test_pages_join_without_gap_or_overlap(
    outbox: Table, stream: str, size: int, newest_first: bool
) -> None:
    found: list[int] = []
    start: Key | None = None
    for _ in range(-(-12 // size)):
        page = await query(
            outbox, key=equals("stream", stream), limit=size, start=start, newest_first=newest_first
        )
        assert len(page.items) <= size
        found += numbers(page)
        start = page.next_key
    assert start is None, "the last page knows that it is the last"
    assert found == sorted(range(1, 13), reverse=newest_first)


@pytest.mark.parametrize("size", [1, 3, 5, 12])
@pytest.mark.parametrize("newest_first", [False, True])
async def test_pages_of_an_index_join_though_its_keys_repeat(
    each_dynamo: Dynamo, user_id: str, size: int, newest_first: bool
) -> None:
    orders, key = get_table(each_dynamo, "orders"), equals("user_id", user_id)
    found: list[tuple[object, object]] = []
    start: Key | None = None
    for _ in range(-(-12 // size)):
        page = await query_by_gsi(
            orders, "user-index", key=key, limit=size, start=start, newest_first=newest_first
        )
        found += [(item["order_date"], item["order_id"]) for item in page.items]
        start = page.next_key
    assert start is None
    assert len(set(found)) == 12
    dates = [str(date) for date, _ in found]
    assert dates == sorted(dates, reverse=newest_first)


async def test_a_filtered_page_is_filled_and_the_next_goes_on_after_its_last_item(
    outbox: Table, stream: str
) -> None:
    key, third = equals("stream", stream), equals("third", True)
    first = await query(outbox, key=key, limit=3, filter=third)
    assert numbers(first) == [3, 6, 9]
    rest = await query(outbox, key=key, limit=3, filter=third, start=first.next_key)
    assert numbers(rest) == [12]
    assert rest.next_key is None


async def test_a_filter_that_keeps_back_much_is_followed_over_many_pages(each_dynamo: Dynamo) -> None:
    outbox, stream = get_table(each_dynamo, "outbox"), str(uuid4())
    await batch_write(outbox, [{"stream": stream, "sequence": n} for n in range(250)])
    page = await query(outbox, key=equals("stream", stream), limit=2, filter=greater("sequence", 240))
    assert numbers(page) == [241, 242]


async def test_a_search_in_vain_ends_with_a_key_to_go_on_from(each_dynamo: Dynamo) -> None:
    outbox, stream = get_table(each_dynamo, "outbox"), str(uuid4())
    await batch_write(outbox, [{"stream": stream, "sequence": n} for n in range(1010)])
    key, rare = equals("stream", stream), greater("sequence", 1004)
    page = await query(outbox, key=key, limit=5, filter=rare)
    assert page.items == []
    assert page.next_key == {"stream": stream, "sequence": 999}
    rest = await query(outbox, key=key, limit=5, filter=rare, start=page.next_key)
    assert numbers(rest) == [1005, 1006, 1007, 1008, 1009]


async def test_query_all_goes_through_every_page(each_dynamo: Dynamo) -> None:
    outbox, stream = get_table(each_dynamo, "outbox"), str(uuid4())
    await batch_write(outbox, [{"stream": stream, "sequence": n} for n in range(520)])
    found = [item["sequence"] async for item in query_all(outbox, key=equals("stream", stream))]
    assert found == list(range(520))


async def test_query_all_reads_an_index_too(each_dynamo: Dynamo, user_id: str) -> None:
    orders = get_table(each_dynamo, "orders")
    found = [item async for item in query_all(orders, key=equals("user_id", user_id), index="user-index")]
    assert len(found) == 12


async def test_scanning_pages_cover_the_whole_table(emulator: str, aws_keys: None) -> None:
    async with open_tables(emulator, _EFFECTS) as dynamo:
        effects = get_table(dynamo, "effects")
        await batch_write(effects, [{"effect_id": str(n), "odd": n % 2 == 1} for n in range(30)])
        first = await scan(effects, limit=20)
        rest = await scan(effects, limit=20, start=first.next_key)
        assert (len(first.items), len(rest.items), rest.next_key) == (20, 10, None)
        assert {str(item["effect_id"]) for item in first.items + rest.items} == {str(n) for n in range(30)}
        odd = await scan(effects, limit=30, filter=equals("odd", True))
        assert len(odd.items) == 15


@pytest.mark.parametrize(
    "start",
    [
        {"id": "x"},
        {"stream": "x"},
        {"stream": "x", "sequence": "1"},
        {"stream": "x", "sequence": 1, "more": 1},
    ],
    ids=str,
)
async def test_a_start_that_is_no_key_of_the_list_is_an_invalid_cursor(
    outbox: Table, stream: str, start: Key
) -> None:
    with pytest.raises(InvalidCursor):
        await query(outbox, key=equals("stream", stream), limit=5, start=start)


async def test_a_query_that_is_wrong_in_itself_is_no_matter_of_the_cursor(outbox: Table) -> None:
    with pytest.raises(ValidationException):
        await query(outbox, key=equals("sequence", 1), limit=5)


async def test_a_start_that_dynamodb_refuses_is_an_invalid_cursor(ministack: str, aws_keys: None) -> None:
    async with open_wire(ministack) as wire, open_tables(wire.url, _EFFECTS) as dynamo:
        wire.plan(refuse("ValidationException"))
        with pytest.raises(InvalidCursor):
            await scan(get_table(dynamo, "effects"), limit=5, start={"effect_id": "x"})
