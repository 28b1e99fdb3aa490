"""A MongoDB that is away, hangs or dies is one clear sentence, soon; one that is back is used again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

import pytest
from pymongo.errors import DuplicateKeyError

from src.db.mongo import (
    Collection,
    DuplicateKey,
    Index,
    Mongo,
    Sort,
    delete_document,
    delete_documents,
    ensure_indexes,
    find_many,
    find_one,
    find_one_and_update,
    get_collection,
    insert_document,
    open_mongo,
    ping,
    update_document,
)
from src.models.errors import DocumentsUnavailable
from tests.fixtures.wire import Wire, until, wire_to

SOON = 0.3


@pytest.fixture
async def wire(mongodb_url: str) -> AsyncGenerator[Wire]:
    async with wire_to(urlsplit(mongodb_url).port or 0) as wire:
        yield wire


def through(wire: Wire, timeout: float = SOON) -> AbstractAsyncContextManager[Mongo]:
    return open_mongo(f"mongodb://127.0.0.1:{wire.port}/?directConnection=true", "outage", timeout=timeout)


OPERATIONS: dict[str, Callable[[Collection], Awaitable[object]]] = {
    "find one": lambda documents: find_one(documents, {}),
    "find many": lambda documents: find_many(documents, {}, limit=1, sort=Sort("_id")),
    "insert": lambda documents: insert_document(documents, {}),
    "update": lambda documents: update_document(documents, {}, {"$set": {"a": 1}}),
    "find and update": lambda documents: find_one_and_update(documents, {}, {"$set": {"a": 1}}),
    "delete one": lambda documents: delete_document(documents, {}),
    "delete many": lambda documents: delete_documents(documents, {}),
}


@pytest.mark.parametrize("outage", ["away", "silent"])
async def test_without_mongodb_every_function_says_what_to_do(wire: Wire, outage: str) -> None:
    async with through(wire) as mongo:
        if outage == "silent":
            await ping(mongo)
            wire.silence()
        else:
            await wire.cut()
        documents = get_collection(mongo, "documents")

        # Well below the ten seconds after which pymongo finds out by itself.
        async with asyncio.timeout(7):
            outcomes = await asyncio.gather(
                *(operation(documents) for operation in OPERATIONS.values()), return_exceptions=True
            )

        assert [type(outcome) for outcome in outcomes] == [DocumentsUnavailable] * len(OPERATIONS)
        assert {str(outcome) for outcome in outcomes} == {
            "MongoDB does not answer: try again in a few seconds."
        }


async def test_a_ping_without_mongodb_says_what_to_check(wire: Wire) -> None:
    await wire.cut()
    async with through(wire) as mongo:
        with pytest.raises(DocumentsUnavailable, match="check that it runs and that MONGODB_URL names it"):
            await ping(mongo)


async def test_indexes_cant_be_made_without_mongodb(wire: Wire) -> None:
    await wire.cut()
    async with through(wire) as mongo:
        with pytest.raises(DocumentsUnavailable):
            await ensure_indexes(mongo, {"documents": [Index((("a", 1),))]})


@pytest.mark.parametrize("outage", ["cut", "silence"])
async def test_mongodb_is_used_again_once_it_is_back(wire: Wire, outage: str) -> None:
    async with through(wire) as mongo:
        documents = get_collection(mongo, "documents")
        await update_document(documents, {"_id": 1}, {"$set": {"a": 1}}, upsert=True)
        if outage == "cut":
            await wire.cut()
        else:
            wire.silence()
        with pytest.raises(DocumentsUnavailable):
            await find_one(documents, {"_id": 1})
        await wire.connect()

        async def found() -> bool:
            try:
                return await find_one(documents, {"_id": 1}) == {"_id": 1, "a": 1}
            except DocumentsUnavailable:
                return False

        await until(found)


async def test_connections_that_broke_are_replaced_unnoticed(wire: Wire) -> None:
    async with through(wire, timeout=20) as mongo:
        documents = get_collection(mongo, "documents")
        await update_document(documents, {"_id": 2}, {"$set": {"a": 1}}, upsert=True)
        await wire.hang_up()

        assert await find_one(documents, {"_id": 2}) == {"_id": 2, "a": 1}


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://user:pa/hunter2@localhost",
        "mongodb://user:hunter2@localhost:port",
        "mongodb://user:hunter2@localhost/?tls=perhaps",
        "mongodb://user@hunter2@localhost",
        "redis://user:hunter2@localhost",
    ],
)
async def test_a_url_that_cant_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="MONGODB_URL can't be read") as refusal:
        async with open_mongo(url, "outage"):
            pass

    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__cause__ is None


async def test_a_client_is_shown_without_its_password() -> None:
    async with open_mongo("mongodb://user:hunter2@127.0.0.1:1", "outage", timeout=SOON) as mongo:
        with pytest.raises(DocumentsUnavailable) as away:
            await ping(mongo)

        assert "hunter2" not in repr(mongo) + repr(mongo.client) + repr(away.value.__cause__)


def test_a_server_that_names_only_the_index_of_a_duplicate_is_understood() -> None:
    plain = DuplicateKeyError("E11000 duplicate key error collection: desk.users index: email_1", 11000, {})

    assert DuplicateKey.of(plain).fields == ("email_1",)
    assert DuplicateKey.of(DuplicateKeyError("E11000")).fields == ("key",)
