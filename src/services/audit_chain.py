"""An actor's chain of entries: numbered, each carrying the hash of the one before and a keyed MAC.

The chain's head is an item of its own beside the entries; a transaction that moves it from n to n+1 is the
only way to write entry n+1, so two entries with one number can't both stand.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from src.db.dynamo import Condition, Dynamo, Key, Put, Value, absent, equals, get_table
from src.db.dynamo import Item as Stored
from src.models.audit import AuditEntry
from src.services.signing import Signer

GENESIS: Final = "0" * 64
TABLE: Final = "audit-logs"
KEPT_COMMANDS: Final = timedelta(days=7 * 365 + 2)
KEPT_READS: Final = timedelta(days=90)
_UNCHAINED: Final = {"hash", "mac"}


@dataclass(frozen=True)
class Head:
    number: int
    hash: str


def head_key(actor: str) -> Key:
    return {"audit_id": f"head#{actor}", "timestamp": "head"}


def anchor_key(actor: str) -> Key:
    return {"audit_id": f"anchor#{actor}", "timestamp": "anchor"}


def sealed(key: Key, head: Head, signer: Signer) -> Stored:
    """A chain's head or anchor as it is stored, signed together with its place."""
    return {**key, "number": head.number, "hash": head.hash, "mac": _seal(key, head, signer)}


def is_sealed(item: Stored, key: Key, signer: Signer) -> bool:
    return hmac.compare_digest(str(item.get("mac")), _seal(key, read_head(item), signer))


def _seal(key: Key, head: Head, signer: Signer) -> str:
    return signer.sign(f"{key['audit_id']}:{head.number}:{head.hash}")


def read_head(item: Mapping[str, Value] | None) -> Head:
    if item is None:
        return Head(0, GENESIS)
    return Head(int(str(item["number"])), str(item["hash"]))


def expiry(now: datetime, kept: timedelta) -> int:
    return int((now + kept).timestamp())


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's canonical JSON, all but the hash and the MAC."""
    return _hash(entry.model_dump(mode="json", exclude=_UNCHAINED, exclude_none=True))


def _hash(body: Stored) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def chained(entry: AuditEntry, head: Head, signer: Signer) -> Stored:
    """The entry as it is stored: the next one of its actor's chain."""
    number = head.number + 1
    placed = entry.model_copy(
        update={
            "audit_id": f"{entry.user_id}:{number}",
            "number": number,
            "previous_hash": head.hash,
            "key_id": signer.key_id,
            "hash": None,
            "mac": None,
        }
    )
    body = entry_item(placed)
    digest = _hash(body)
    return {**body, "hash": digest, "mac": signer.sign(digest)}


def entry_item(entry: AuditEntry) -> Stored:
    return entry.model_dump(mode="json", exclude_none=True)


def read_entry(item: Mapping[str, Value]) -> AuditEntry:
    """A stored entry; DynamoDB gives whole numbers back as decimals."""
    return AuditEntry.model_validate(_whole(dict(item)))


def _whole(value: Value) -> Value:
    match value:
        case dict():
            return {key: _whole(inner) for key, inner in value.items()}
        case list():
            return [_whole(inner) for inner in value]
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case _:
            return value


def chain_writes(dynamo: Dynamo, entry: AuditEntry, head: Head, signer: Signer) -> list[Put]:
    """The two writes that lengthen the chain: the entry, and the head on the number it had."""
    table, item = get_table(dynamo, TABLE), chained(entry, head, signer)
    moved = sealed(head_key(entry.user_id), Head(head.number + 1, str(item["hash"])), signer)
    on: Condition = absent("audit_id") if head.number == 0 else equals("number", head.number)
    return [Put(table, item, absent("audit_id")), Put(table, moved, on)]
