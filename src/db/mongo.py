"""The document store: MongoDB through pymongo's asyncio client.

What keeps MongoDB from answering in time is raised as DocumentsUnavailable.
"""

import asyncio
import re
import warnings
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final, Self

import pymongo
from pymongo import AsyncMongoClient, IndexModel, ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from src.db.mongo_cursor import Direction, Document, Sort, beyond, cursor_after
from src.models.errors import DocumentsUnavailable

__all__ = [
    "Collection",
    "Direction",
    "Document",
    "DuplicateKey",
    "Filter",
    "Index",
    "IndexConflict",
    "Mongo",
    "Page",
    "Sort",
    "Updated",
    "delete_document",
    "delete_documents",
    "ensure_indexes",
    "find_many",
    "find_one",
    "find_one_and_update",
    "get_collection",
    "insert_document",
    "open_mongo",
    "ping",
    "update_document",
]

Collection = AsyncCollection[Document]
Filter = Mapping[str, object]

_AWAY: Final = (ConnectionFailure, ConfigurationError, ExecutionTimeout, WTimeoutError)
_INDEX_DIFFERS: Final = (85, 86)
_INDEXING_SECONDS: Final = 60
_SETTLING_SECONDS: Final = 0.02


class DuplicateKey(Exception):
    """A unique index stands against a write: `fields` are the index's."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"A document with the same {', '.join(fields)} exists.")
        self.fields = fields

    @classmethod
    def of(cls, error: DuplicateKeyError) -> Self:
        pattern: Mapping[str, object] = (error.details or {}).get("keyPattern", {})
        if pattern:
            return cls(tuple(pattern))
        # DocumentDB names no more than the index.
        named = re.search(r"index: ([^\s,]+)", str(error))
        return cls((named[1] if named else "key",))


class IndexConflict(Exception):
    """An index of the same name or keys exists with other options."""


@dataclass(frozen=True)
class Index:
    """An index: `expire_after` deletes a document so many seconds after the time in the (only) key."""

    keys: tuple[tuple[str, Direction], ...]
    unique: bool = False
    expire_after: int | None = None
    where: Filter | None = None

    def model(self) -> IndexModel:
        options: Document = {"unique": True} if self.unique else {}
        if self.expire_after is not None:
            options["expireAfterSeconds"] = self.expire_after
        if self.where is not None:
            options["partialFilterExpression"] = self.where
        return IndexModel(self.keys, **options)


@dataclass(frozen=True)
class Mongo:
    client: AsyncMongoClient[Document] = field(repr=False)
    database: str


@dataclass(frozen=True)
class Page:
    """Documents in order; `next_cursor` leads on, and is None at the end."""

    items: list[Document]
    next_cursor: str | None


@dataclass(frozen=True)
class Updated:
    """How many documents an update matched and changed, and whether it made a new one."""

    matched: int
    changed: int
    inserted: bool = False


@asynccontextmanager
async def open_mongo(
    url: str,
    database: str,
    *,
    timeout: float = 3.0,  # noqa: ASYNC109 - bounds each operation, not this call
) -> AsyncGenerator[Mongo, None]:
    """The database at `url`; nothing connects before it is used.

    Args:
        url: mongodb:// or mongodb+srv://.
        database: its name.
        timeout: seconds that one operation may take, finding the server and retries included.
    """
    mongo = Mongo(_client(url, round(timeout * 1000)), database)
    try:
        yield mongo
    finally:
        # A monitor that is cancelled while it connects leaves its socket to the garbage collector.
        await asyncio.sleep(_SETTLING_SECONDS)
        await mongo.client.close()


def _client(url: str, milliseconds: int) -> AsyncMongoClient[Document]:
    try:
        with warnings.catch_warnings():
            # pymongo only warns of options that it can't read, and goes on without them.
            warnings.simplefilter("error", UserWarning)
            return AsyncMongoClient(
                url,
                document_class=dict,
                tz_aware=True,
                uuidRepresentation="standard",
                timeoutMS=milliseconds,
                serverSelectionTimeoutMS=milliseconds,
                connectTimeoutMS=milliseconds,
            )
    except (ValueError, ConfigurationError, UserWarning):
        # The parser's own words may quote the password.
        advice = "check its hosts and options, and percent-encode what is special in its password."
        raise ValueError(f"MONGODB_URL can't be read: {advice}") from None


async def ping(mongo: Mongo) -> None:
    """Raises DocumentsUnavailable where MongoDB doesn't answer or doesn't let us in."""
    try:
        await mongo.client[mongo.database].command("ping")
    except PyMongoError as error:
        sentence = "MongoDB can't be reached: check that it runs and that MONGODB_URL names it."
        raise DocumentsUnavailable(sentence) from error


def get_collection(mongo: Mongo, name: str) -> Collection:
    return mongo.client[mongo.database][name]


async def find_one(collection: Collection, where: Filter) -> Document | None:
    with _reaching():
        return await collection.find_one(where)


async def find_many(
    collection: Collection,
    where: Filter,
    *,
    limit: int,
    sort: Sort,
    after: str | None = None,
    without: Sequence[str] = (),
) -> Page:
    """At most `limit` documents in the order of `sort`, from the start or after a page's cursor.

    `without` names fields that are left out, but not the one that sorts.

    What is inserted or deleted meanwhile neither repeats nor hides another document.
    Raises InvalidCursor for a cursor that is not of this listing.
    """
    if limit < 1:
        raise ValueError("A page holds at least one document.")
    wanted = where if after is None else {"$and": [where, beyond(after, sort)]}
    with _reaching():
        async with collection.find(
            wanted,
            dict.fromkeys(without, 0) or None,
            sort=sort.keys,
            limit=limit + 1,
            batch_size=limit + 1,
        ) as found:
            documents = await found.to_list()
    items = documents[:limit]
    return Page(items, cursor_after(items[-1], sort) if len(documents) > limit else None)


async def insert_document(collection: Collection, document: Filter) -> object:
    """Inserts a document and gives its `_id`, made if it has none; raises DuplicateKey."""
    with _reaching():
        return (await collection.insert_one({**document})).inserted_id


async def update_document(
    collection: Collection, where: Filter, update: Filter, *, upsert: bool = False
) -> Updated:
    """Changes the first document that matches, with update operators; raises DuplicateKey."""
    with _reaching():
        result = await collection.update_one(where, update, upsert=upsert)
    return Updated(result.matched_count, result.modified_count, result.upserted_id is not None)


async def find_one_and_update(
    collection: Collection, where: Filter, update: Filter, *, sort: Sort | None = None, upsert: bool = False
) -> Document | None:
    """The document as the update left it, or None where none matched; raises DuplicateKey."""
    with _reaching():
        return await collection.find_one_and_update(
            where, update, sort=sort and sort.keys, upsert=upsert, return_document=ReturnDocument.AFTER
        )


async def delete_document(collection: Collection, where: Filter) -> bool:
    with _reaching():
        return (await collection.delete_one(where)).deleted_count == 1


async def delete_documents(collection: Collection, where: Filter) -> int:
    with _reaching():
        return (await collection.delete_many(where)).deleted_count


async def ensure_indexes(mongo: Mongo, indexes: Mapping[str, Sequence[Index]]) -> None:
    """Makes what is missing, by collection, whoever else does so at the same time; raises IndexConflict."""
    await ping(mongo)
    for name, wanted in indexes.items():
        if not wanted:
            continue
        try:
            with _reaching(), pymongo.timeout(_INDEXING_SECONDS):
                await get_collection(mongo, name).create_indexes([index.model() for index in wanted])
        except OperationFailure as error:
            if error.code not in _INDEX_DIFFERS:
                raise
            sentence = (
                f"An index of the collection {name} differs from the one asked for: drop it and start again."
            )
            raise IndexConflict(sentence) from error


@contextmanager
def _reaching() -> Generator[None, None, None]:
    try:
        yield
    except DuplicateKeyError as error:
        raise DuplicateKey.of(error) from error
    except _AWAY as error:
        raise DocumentsUnavailable("MongoDB does not answer: try again in a few seconds.") from error
