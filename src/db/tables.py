"""Which DynamoDB tables there are, and how they come to be."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType
from typing import Any, Final

from aiodynamo import errors as aws

from src.db.attempts import attempt
from src.db.dynamo_client import Dynamo
from src.db.dynamo_errors import DynamoError, TableUnfit, table_missing
from src.models.errors import DatabaseUnavailable, TableMissing

_ACTIVE_WITHIN: Final = 60.0
_POLL: Final = 0.05
_NO_INDEXES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@dataclass(frozen=True)
class Schema:
    """A table's key, its indexes by name with their keys, and the attribute by which items expire.

    Keys are one attribute, or two: hash and range. They are strings but for those named in `numbers`.
    """

    key: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_INDEXES)
    ttl: str | None = None
    numbers: frozenset[str] = frozenset()


TABLES: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "users": Schema(("id",), {"email-index": ("email_digest",), "name-zip-index": ("name_zip_digest",)}),
        "identities": Schema(("identity",)),
        "orders": Schema(("order_id",), {"user-index": ("user_id", "order_date")}),
        "handovers": Schema(("handover_id",), {"status-index": ("status", "created_at")}),
        "products": Schema(("id",), {"kind-index": ("kind", "name")}),
        "audit-logs": Schema(
            ("audit_id", "timestamp"),
            {
                "user-id-index": ("user_id", "timestamp"),
                "resource-type-index": ("resource_type", "timestamp"),
                "subject-id-index": ("subject_id", "timestamp"),
                "request-id-index": ("request_id", "timestamp"),
            },
            ttl="ttl",
        ),
        "effects": Schema(("effect_id",), ttl="ttl"),
        "outbox": Schema(
            ("stream", "sequence"),
            {"pending-index": ("shard", "occurred_at")},
            numbers=frozenset({"sequence"}),
        ),
    }
)


@dataclass(frozen=True)
class Table:
    """One table: `name` is its full name, with the prefix."""

    dynamo: Dynamo
    name: str
    schema: Schema


def get_table(dynamo: Dynamo, name: str) -> Table:
    """The table that `TABLES` calls `name`; whether it exists shows at its first use."""
    return Table(dynamo, dynamo.prefix + name, TABLES[name])


async def create_tables(dynamo: Dynamo, tables: Mapping[str, Schema] = TABLES) -> None:
    """Make the tables that there are not yet, and return when all can be used.

    Any number of processes may do so at once. What exists already is checked and left alone.

    Raises:
        TableUnfit: a table of that name has another key or lacks an index.
        DatabaseUnavailable: DynamoDB is away, or a table takes longer than a minute.
    """
    await asyncio.gather(*(_ready(_table(dynamo, name, tables)) for name in tables))


async def check_tables(dynamo: Dynamo, tables: Mapping[str, Schema] = TABLES) -> None:
    """Require that all tables exist, as they should be.

    Raises:
        TableMissing: the first one that doesn't exist.
        TableUnfit: a table of that name has another key or lacks an index.
    """

    async def check(table: Table) -> None:
        description = await _describe(table)
        if description is None:
            raise table_missing(table.name)
        _require_fit(table, description)

    await asyncio.gather(*(check(_table(dynamo, name, tables)) for name in tables))


async def ping(dynamo: Dynamo, *, timeout: float = 1.0) -> bool:  # noqa: ASYNC109 - a readiness probe's own limit
    """Whether every table answers a read within `timeout` seconds."""

    async def probe(table: Table) -> None:
        key = {
            name: {"N": "0"} if name in table.schema.numbers else {"S": "ping"} for name in table.schema.key
        }
        await _send(table, "GetItem", {"Key": key})

    try:
        async with asyncio.timeout(timeout):
            await asyncio.gather(*(probe(get_table(dynamo, name)) for name in TABLES))
    except (TimeoutError, DynamoError, DatabaseUnavailable, aws.AIODynamoError):
        return False
    return True


def _table(dynamo: Dynamo, name: str, tables: Mapping[str, Schema]) -> Table:
    return Table(dynamo, dynamo.prefix + name, tables[name])


async def _ready(table: Table) -> None:
    description = await _describe(table)
    if description is None:
        await _create(table)
        description = await _describe(table)
    await _active(table, description)
    if table.schema.ttl is not None:
        await _expire(table, table.schema.ttl)


async def _active(table: Table, description: dict[str, Any] | None) -> None:
    deadline = monotonic() + _ACTIVE_WITHIN
    while description is None or description["TableStatus"] == "CREATING":
        if monotonic() > deadline:
            raise DatabaseUnavailable(
                f"The DynamoDB table {table.name} is still being created; start again later."
            )
        await asyncio.sleep(_POLL)
        description = await _describe(table)
    _require_fit(table, description)


async def _describe(table: Table) -> dict[str, Any] | None:
    try:
        return (await _send(table, "DescribeTable", {}))["Table"]
    except TableMissing:
        return None


async def _create(table: Table) -> None:
    schema = table.schema
    attributes = sorted({*schema.key, *(name for key in schema.indexes.values() for name in key)})
    payload: dict[str, Any] = {
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema(schema.key),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "N" if name in schema.numbers else "S"}
            for name in attributes
        ],
    }
    if schema.indexes:
        payload["GlobalSecondaryIndexes"] = [
            {"IndexName": name, "KeySchema": _key_schema(key), "Projection": {"ProjectionType": "ALL"}}
            for name, key in schema.indexes.items()
        ]
    try:
        await _send(table, "CreateTable", payload)
    except (aws.ResourceInUse, aws.TableInUse, aws.TableAlreadyExists):
        return


async def _expire(table: Table, attribute: str) -> None:
    if await _expires(table):
        return
    specification = {"Enabled": True, "AttributeName": attribute}
    try:
        await _send(table, "UpdateTimeToLive", {"TimeToLiveSpecification": specification})
    except aws.ValidationException:
        # Another process has just switched it on.
        if not await _expires(table):
            raise


async def _expires(table: Table) -> bool:
    answer = await _send(table, "DescribeTimeToLive", {})
    return answer["TimeToLiveDescription"]["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}


def _key_schema(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"AttributeName": n, "KeyType": t} for n, t in zip(names, ("HASH", "RANGE"), strict=False)]


def _require_fit(table: Table, description: dict[str, Any]) -> None:
    def names(described: dict[str, Any]) -> tuple[str, ...]:
        return tuple(part["AttributeName"] for part in described["KeySchema"])

    if names(description) != table.schema.key:
        raise TableUnfit(table.name, f"its key is not {' and '.join(table.schema.key)}")
    indexes = {index["IndexName"]: names(index) for index in description.get("GlobalSecondaryIndexes", ())}
    lacking = sorted(name for name, key in table.schema.indexes.items() if indexes.get(name) != key)
    if lacking:
        raise TableUnfit(table.name, f"it lacks {', '.join(lacking)}")


async def _send(table: Table, action: str, payload: dict[str, Any]) -> dict[str, Any]:
    client = table.dynamo.client
    whole = {"TableName": table.name, **payload}
    return await attempt(table.dynamo, lambda: client.send_request(action=action, payload=whole), table.name)
