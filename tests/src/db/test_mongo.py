"""Documents: written, found, changed and kept unique over a real wire."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from bson import Binary, ObjectId
from bson.binary import UUID_SUBTYPE
from bson.codec_options import CodecOptions

from src.db.mongo import (
    Collection,
    Document,
    DuplicateKey,
    Index,
    IndexConflict,
    Mongo,
    Sort,
    Updated,
    delete_document,
    delete_documents,
    ensure_indexes,
    find_many,
    find_one,
    find_one_and_update,
    get_collection,
    insert_document,
    ping,
    update_document,
)

UNIQUE_EMAIL = Index((("email", 1),), unique=True)
INDEXES = {
    "documents": [
        UNIQUE_EMAIL,
        Index((("owner", 1), ("created_at", -1))),
        Index((("expires_at", 1),), expire_after=0),
        Index((("code", 1),), unique=True, where={"code": {"$exists": True}}),
    ],
    "nothing": [],
}


async def test_the_server_answers_a_ping(mongo: Mongo) -> None:
    await ping(mongo)


async def test_what_is_inserted_is_found(documents: Collection) -> None:
    identity = await insert_document(documents, {"name": "a", "inner": {"list": [1, None, "x"]}})

    assert isinstance(identity, ObjectId)
    assert await find_one(documents, {"name": "a"}) == {
        "_id": identity,
        "name": "a",
        "inner": {"list": [1, None, "x"]},
    }


async def test_inserting_leaves_the_callers_document_as_it_was(documents: Collection) -> None:
    document: Document = {"name": "a"}
    await insert_document(documents, document)

    assert document == {"name": "a"}


async def test_what_does_not_exist_is_none(documents: Collection) -> None:
    assert await find_one(documents, {"_id": 1}) is None
    assert await find_one_and_update(documents, {"_id": 1}, {"$set": {"a": 1}}) is None


async def test_times_come_back_aware_and_uuids_as_uuids(documents: Collection) -> None:
    identity = uuid4()
    moment = datetime(2026, 4, 5, 1, 45, 30, 123000, tzinfo=timezone(timedelta(hours=10, minutes=30)))
    await insert_document(documents, {"_id": identity, "at": moment})

    found = await find_one(documents, {"_id": identity})

    assert found == {"_id": identity, "at": moment}
    assert isinstance(at := (found or {})["at"], datetime)
    assert at.utcoffset() == timedelta(0)


async def test_uuids_are_stored_in_the_standard_form_that_other_programs_read(documents: Collection) -> None:
    await insert_document(documents, {"_id": uuid4()})
    plain: CodecOptions[Document] = CodecOptions(document_class=dict)
    raw = documents.with_options(plain)

    assert isinstance(found := (await find_one(raw, {}) or {})["_id"], Binary)
    assert found.subtype == UUID_SUBTYPE


async def test_an_update_says_what_it_matched_and_changed(documents: Collection) -> None:
    await insert_document(documents, {"_id": 1, "a": 1})

    assert await update_document(documents, {"_id": 1}, {"$set": {"a": 2}}) == Updated(matched=1, changed=1)
    assert await update_document(documents, {"_id": 1}, {"$set": {"a": 2}}) == Updated(matched=1, changed=0)
    assert await update_document(documents, {"_id": 2}, {"$set": {"a": 2}}) == Updated(matched=0, changed=0)


async def test_an_upsert_says_that_it_made_the_document(documents: Collection) -> None:
    update: Document = {"$set": {"a": 1}}

    assert await update_document(documents, {"_id": 1}, update, upsert=True) == Updated(0, 0, inserted=True)
    assert await update_document(documents, {"_id": 1}, update, upsert=True) == Updated(1, 0, inserted=False)


async def test_an_update_without_operators_is_refused_before_it_replaces_a_document(
    documents: Collection,
) -> None:
    await insert_document(documents, {"_id": 1, "a": 1})

    with pytest.raises(ValueError, match=r"\$"):
        await update_document(documents, {"_id": 1}, {"b": 2})

    assert await find_one(documents, {}) == {"_id": 1, "a": 1}


async def test_find_one_and_update_gives_the_document_as_it_is_now(documents: Collection) -> None:
    await insert_document(documents, {"_id": 1, "count": 1})
    increment: Document = {"$inc": {"count": 1}}

    assert await find_one_and_update(documents, {"_id": 1}, increment) == {"_id": 1, "count": 2}
    assert await find_one_and_update(documents, {"_id": 2}, increment, upsert=True) == {"_id": 2, "count": 1}


async def test_find_one_and_update_takes_the_first_in_order(documents: Collection) -> None:
    for identity, priority in [(1, 5), (2, 9), (3, 7)]:
        await insert_document(documents, {"_id": identity, "priority": priority})

    taken = await find_one_and_update(documents, {}, {"$set": {"taken": True}}, sort=Sort("priority", -1))

    assert taken == {"_id": 2, "priority": 9, "taken": True}


async def test_of_fifty_who_take_a_document_at_once_one_gets_it(documents: Collection) -> None:
    await insert_document(documents, {"_id": 1, "holder": None})
    attempts = (
        find_one_and_update(documents, {"_id": 1, "holder": None}, {"$set": {"holder": number}})
        for number in range(50)
    )

    assert len([taken for taken in await asyncio.gather(*attempts) if taken is not None]) == 1


async def test_deleting_says_what_was_deleted(documents: Collection) -> None:
    for identity in range(5):
        await insert_document(documents, {"_id": identity, "even": identity % 2 == 0})

    assert await delete_document(documents, {"even": True})
    assert not await delete_document(documents, {"_id": 99})
    assert await delete_documents(documents, {"even": True}) == 2
    assert await delete_documents(documents, {"even": True}) == 0
    assert [item["_id"] for item in (await find_many(documents, {}, limit=9, sort=Sort("_id"))).items] == [
        1,
        3,
    ]


async def test_a_duplicate_is_refused_with_the_fields_that_must_differ(mongo: Mongo) -> None:
    await ensure_indexes(mongo, {"documents": [Index((("owner", 1), ("name", -1)), unique=True)]})
    documents = get_collection(mongo, "documents")
    await insert_document(documents, {"_id": 1, "owner": "a", "name": "b"})
    await insert_document(documents, {"_id": 2, "owner": "a", "name": "c"})

    refused: list[tuple[str, ...]] = []
    for attempt in (
        insert_document(documents, {"_id": 1}),
        insert_document(documents, {"owner": "a", "name": "b"}),
        update_document(documents, {"_id": 2}, {"$set": {"name": "b"}}),
        find_one_and_update(documents, {"_id": 2}, {"$set": {"name": "b"}}),
    ):
        with pytest.raises(DuplicateKey, match=r"same (_id|owner, name) exists") as refusal:
            await attempt
        refused.append(refusal.value.fields)

    assert refused == [("_id",), *[("owner", "name")] * 3]


async def test_of_fifty_who_insert_the_same_key_at_once_one_does(mongo: Mongo) -> None:
    await ensure_indexes(mongo, {"documents": [UNIQUE_EMAIL]})
    documents = get_collection(mongo, "documents")
    attempts = (insert_document(documents, {"email": "a@example.com"}) for _ in range(50))

    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes].count(DuplicateKey) == 49
    assert len((await find_many(documents, {}, limit=50, sort=Sort("_id"))).items) == 1


async def test_indexes_are_made_once_by_however_many_start_at_once(mongo: Mongo) -> None:
    await asyncio.gather(*(ensure_indexes(mongo, INDEXES) for _ in range(8)))
    await ensure_indexes(mongo, INDEXES)

    made = await get_collection(mongo, "documents").index_information()

    assert {
        name: {key: value for key, value in index.items() if key != "v"} for name, index in made.items()
    } == {
        "_id_": {"key": [("_id", 1)]},
        "email_1": {"key": [("email", 1)], "unique": True},
        "owner_1_created_at_-1": {"key": [("owner", 1), ("created_at", -1)]},
        "expires_at_1": {"key": [("expires_at", 1)], "expireAfterSeconds": 0},
        "code_1": {
            "key": [("code", 1)],
            "unique": True,
            "partialFilterExpression": {"code": {"$exists": True}},
        },
    }


async def test_a_partial_index_leaves_other_documents_alone(mongo: Mongo) -> None:
    await ensure_indexes(mongo, INDEXES)
    documents = get_collection(mongo, "documents")
    for email in "ab":
        await insert_document(documents, {"email": email})
    await insert_document(documents, {"email": "c", "code": 1})

    with pytest.raises(DuplicateKey):
        await insert_document(documents, {"email": "d", "code": 1})


@pytest.mark.parametrize(
    "other", [Index((("email", 1),)), Index((("expires_at", 1),), expire_after=60)], ids=["unique", "expiry"]
)
async def test_an_index_with_other_options_stops_the_start_with_a_sentence(
    mongo: Mongo, other: Index
) -> None:
    await ensure_indexes(mongo, INDEXES)

    with pytest.raises(IndexConflict, match="collection documents differs from the one asked for: drop it"):
        await ensure_indexes(mongo, {"documents": [other]})


async def test_a_unique_index_over_duplicates_is_refused(mongo: Mongo) -> None:
    documents = get_collection(mongo, "documents")
    for _ in range(2):
        await insert_document(documents, {"email": "a@example.com", "at": datetime.now(UTC)})

    with pytest.raises(DuplicateKey):
        await ensure_indexes(mongo, {"documents": [UNIQUE_EMAIL]})
