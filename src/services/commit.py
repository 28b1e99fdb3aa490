"""The one way in which anything changes.

`carry_out` reads all that a command needs in one consistent batch, lets a pure function decide, and writes
the changed records (each on its version), the audit entry, the outgoing event and the effect record in one
transaction. The effect record alone says whether the command has happened: its key again returns its result.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import uuid4

from pydantic import JsonValue

from src.db.dynamo import (
    Check,
    Condition,
    Delete,
    Operation,
    Put,
    TransactionCancelled,
    absent,
    batch_get,
    either,
    equals,
    get_table,
    less,
    transact_write,
)
from src.db.dynamo import Item as Stored
from src.db.redis import cache_claim
from src.models.base import Record
from src.models.caller import Caller
from src.models.errors import (
    Busy,
    DeskError,
    IdempotencyKeyReused,
    Invalid,
    KeyInUse,
    NotFound,
    VersionMismatch,
)
from src.models.quote import Quote
from src.services.audit_chain import TABLE as AUDIT
from src.services.audit_chain import Head, chain_writes, head_key, read_head
from src.services.audit_service import new_entry
from src.services.changes import changes_between
from src.services.contention import Moved, pauses
from src.services.outbox import pending_item
from src.services.records import USER, Ref
from src.services.stores import Stores
from src.services.user_cache import forget_user

R = TypeVar("R", bound=Record)
D = TypeVar("D", bound=Record)

CLIENTS: Final = "http:"
"""What the keys begin with that clients give."""

_MOST_WRITES: Final = 100
# Half of what an item of DynamoDB holds, so that a transaction of several stays well below its limit too.
_MOST_BYTES: Final = 200_000
_EFFECT_LIFE: Final = timedelta(hours=24)
# Longer than nearly every command, and yet no long wait for who repeats one whose process died.
_MARKED_SECONDS: Final = 3


@dataclass(frozen=True)
class Attempt:
    """How a command is asked for.

    Args:
        key: makes the command happen once (an `Idempotency-Key`, or a run's tool call); the same key again
            returns the stored result.
        if_match: the version that the changed record must have.
        quote: the money that was approved; another amount refuses with `quote_changed`.
    """

    key: str | None = None
    if_match: int | None = None
    quote: Quote | None = None

    @property
    def is_clients(self) -> bool:
        return self.key is not None and self.key.startswith(CLIENTS)


@dataclass(frozen=True)
class Command:
    """What is asked, in the terms of the audit trail; `arguments` are what a repeated key must repeat."""

    action: str
    resource_type: str
    resource_id: str
    arguments: JsonValue

    def fingerprint(self) -> str:
        body = json.dumps([self.action, self.arguments], sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class Loaded(Generic[R]):
    record: R | None
    version: int


class Snapshot:
    """The records a command is decided on, as one consistent batch read found them.

    Each is made of its item only when it is asked for: many a rule looks at fewer than were read.
    """

    def __init__(self, items: Mapping[Ref[Any], Stored | None], now: datetime) -> None:
        self._items = items
        self._found: dict[Ref[Any], Loaded[Any]] = {}
        self.now = now

    @classmethod
    async def read(cls, stores: Stores, refs: Sequence[Ref[Any]]) -> "Snapshot":
        """The records alone, for whoever wants to know what a command would come to."""
        keys = [(ref.kind.table_of(stores.dynamo), ref.kind.key(ref.id)) for ref in refs]
        items = await batch_get(stores.dynamo, keys, consistent=True)
        return cls.of(refs, items, datetime.now(UTC))

    @classmethod
    def of(cls, refs: Sequence[Ref[Any]], items: Sequence[Stored | None], now: datetime) -> "Snapshot":
        return cls(dict(zip(refs, items, strict=True)), now)

    def loaded(self, ref: Ref[R]) -> Loaded[R]:
        found = self._found.get(ref)
        if found is None:
            found = self._found[ref] = _loaded(ref, self._items[ref])
        return found

    def find(self, ref: Ref[R]) -> R | None:
        return self.loaded(ref).record

    def require_unmoved(self, refs: Iterable[Ref[Any]], earlier: "Snapshot") -> None:
        """Raises Moved where something that was looked up by these records may have changed with them."""
        if any(self.loaded(ref).version != earlier.loaded(ref).version for ref in refs):
            raise Moved

    def next(self, ref: Ref[R], record: R) -> R:
        """The record on its next version, as it is written and answered."""
        fields = type(record).model_fields
        stamps = {"version": self.loaded(ref).version + 1, "updated_at": self.now}
        return record.model_copy(update={k: v for k, v in stamps.items() if k in fields})


@dataclass(frozen=True)
class Write(Generic[R]):
    """One record as it shall stand; None deletes it."""

    ref: Ref[R]
    after: R | None


@dataclass(frozen=True)
class Decision(Generic[D]):
    """What a command comes to.

    Args:
        result: what the caller is answered, now and whenever the key comes again.
        writes: the records to write; the first is the command's own, whose version is the event's sequence.
        event: the event's type.
        data: the event's content, without personal data.
        relied_on: records that must not have changed meanwhile though they are not written.
    """

    result: D
    writes: Sequence[Write[Any]]
    event: str
    data: Mapping[str, str]
    relied_on: Sequence[Ref[Any]] = ()


@dataclass(frozen=True)
class Done(Generic[D]):
    """A carried-out command's result, and whether it had happened before."""

    result: D
    replayed: bool = False


@dataclass(frozen=True)
class _Read:
    snapshot: Snapshot
    head: Head
    effect: Stored | None


async def carry_out(
    stores: Stores,
    caller: Caller,
    command: Command,
    refs: Sequence[Ref[Any]],
    decide: Callable[[Snapshot], Decision[D]],
    attempt: Attempt,
    answer: type[D],
) -> Done[D]:
    """Carry a command out exactly once.

    Args:
        stores: where everything lies.
        caller: who asks; the effect's key is bound to them.
        command: what is asked.
        refs: all records that `decide` may look at; the first is the one that `attempt.if_match` speaks of.
        decide: a pure function from what was read to what shall be; it refuses by raising a `DeskError`.
        attempt: the key, the version and the quote that the caller gave.
        answer: the type of the result, by which a stored one is read back.

    Raises:
        Busy: the same records were changed by others all the time.
        IdempotencyKeyReused: the key has carried out something else.
        KeyInUse: the client's first request with this key is under way.
        VersionMismatch: the record is not on the version that the caller named.
    """
    effect_id = _effect_id(caller, attempt.key or str(uuid4()))
    async with _marked(stores, attempt, effect_id) as first, _turn(stores, caller, first=first):
        for pause in pauses():
            read = await _read(stores, caller, refs, effect_id)
            if read.effect is not None:
                return Done(_replayed(read.effect, command, answer), replayed=True)
            if not first:
                raise KeyInUse("The first request with this key is still under way; try again in a moment.")
            decision = _decided(decide, read.snapshot, refs[0], attempt.if_match)
            operations = _operations(stores, caller, command, decision, read, effect_id)
            await _forget_users(stores, decision, read.snapshot)
            try:
                await transact_write(stores.dynamo, operations, token=str(uuid4()))
            except TransactionCancelled:
                await asyncio.sleep(pause)
            else:
                return Done(decision.result)
    raise Busy("Others are changing the same records; try again in a moment.")


def _marked(stores: Stores, attempt: Attempt, effect_id: str) -> AbstractAsyncContextManager[bool]:
    """Whether no other request is under way with the client's key, as far as Redis knows."""
    if not attempt.is_clients:
        return nullcontext(True)
    return cache_claim(stores.cache, f"{stores.dynamo.prefix}running:{effect_id}", ttl=_MARKED_SECONDS)


def _turn(stores: Stores, caller: Caller, *, first: bool) -> AbstractAsyncContextManager[None]:
    """The actor's turn to lengthen their chain; who only looks an effect up need not wait for it."""
    return stores.actors.of(str(caller.user_id)) if first else nullcontext()


async def _read(stores: Stores, caller: Caller, refs: Sequence[Ref[Any]], effect_id: str) -> _Read:
    dynamo, now = stores.dynamo, datetime.now(UTC)
    keys = [(ref.kind.table_of(dynamo), ref.kind.key(ref.id)) for ref in refs]
    keys.append((get_table(dynamo, AUDIT), head_key(str(caller.user_id))))
    keys.append((get_table(dynamo, "effects"), {"effect_id": effect_id}))
    *items, head, effect = await batch_get(dynamo, keys, consistent=True)
    if effect is not None and int(str(effect["ttl"])) < int(now.timestamp()):
        effect = None
    return _Read(Snapshot.of(refs, items, now), read_head(head), effect)


def _loaded(ref: Ref[R], item: Stored | None) -> Loaded[R]:
    if item is None:
        return Loaded(None, 0)
    version = int(str(item["version"]))
    return Loaded(None if item.get("deleted") else ref.kind.from_item(item), version)


def _effect_id(caller: Caller, key: str) -> str:
    return hashlib.sha256(f"{caller.sub}\0{key}".encode()).hexdigest()


def _replayed(effect: Stored, command: Command, answer: type[D]) -> D:
    if effect["fingerprint"] != command.fingerprint():
        raise IdempotencyKeyReused("This idempotency key has carried out another request; use a new key.")
    return answer.model_validate_json(str(effect["result"]))


def _decided(
    decide: Callable[[Snapshot], Decision[D]], seen: Snapshot, ref: Ref[Any], wanted: int | None
) -> Decision[D]:
    """Another version is told before any other refusal, but not to whom the record is absent or another's."""
    try:
        decision = decide(seen)
    except DeskError as refusal:
        if not isinstance(refusal, NotFound):
            _require_version(seen.loaded(ref), wanted)
        raise
    _require_version(seen.loaded(ref), wanted)
    return decision


def _require_version(loaded: Loaded[Any], wanted: int | None) -> None:
    if wanted is not None and loaded.record is not None and loaded.version != wanted:
        raise VersionMismatch(
            f"The record is on version {loaded.version} by now; read it again and decide anew."
        )


def _operations(
    stores: Stores, caller: Caller, command: Command, decision: Decision[Any], read: _Read, effect_id: str
) -> list[Operation]:
    entry = new_entry(
        caller,
        command.action,
        command.resource_type,
        command.resource_id,
        changes=[
            change
            for write in decision.writes
            for change in changes_between(
                read.snapshot.find(write.ref), write.after, write.ref.kind.name, stores.signer
            )
        ],
    )
    operations = [
        *(_record_write(stores, write, read.snapshot) for write in decision.writes),
        *(_unchanged(stores, ref, read.snapshot) for ref in decision.relied_on),
        *(trail := chain_writes(stores.dynamo, entry, read.head, stores.signer)),
        _event(stores, decision, read.snapshot),
        effect := _effect(stores, command, decision, read.snapshot, effect_id),
    ]
    _require_room(operations, str(trail[0].item), str(effect.item["result"]))
    return operations


def _require_room(operations: Sequence[Operation], entry: str, result: str) -> None:
    """The trail's entry and the effect's result have all that the other items grow by."""
    if len(operations) > _MOST_WRITES:
        raise Invalid("This changes too many records at once; do it in several steps.")
    if any(len(text.encode()) > _MOST_BYTES for text in (entry, result)):
        raise Invalid("This is more than one record can hold; ask for less at once.")


def _record_write(stores: Stores, write: Write[Any], snapshot: Snapshot) -> Operation:
    kind, version = write.ref.kind, snapshot.loaded(write.ref).version
    table, condition = kind.table_of(stores.dynamo), _on_version(kind.key_name, version)
    if write.after is not None:
        item = kind.to_item(write.ref.id, write.after, version + 1, stores.signer)
        return Put(table, item, condition)
    if kind.leaves_tombstone:
        return Put(table, kind.tombstone(write.ref.id, version + 1), condition)
    return Delete(table, kind.key(write.ref.id), condition)


def _unchanged(stores: Stores, ref: Ref[Any], snapshot: Snapshot) -> Operation:
    condition = _on_version(ref.kind.key_name, snapshot.loaded(ref).version)
    return Check(ref.kind.table_of(stores.dynamo), ref.kind.key(ref.id), condition)


def _on_version(key_name: str, version: int) -> Condition:
    return equals("version", version) if version else absent(key_name)


async def _forget_users(stores: Stores, decision: Decision[Any], snapshot: Snapshot) -> None:
    """What is read of these users before the commit is cached no more, even if its outcome stays unknown."""
    for write in decision.writes:
        if write.ref.kind is USER:
            await forget_user(stores, write.ref.id, snapshot.loaded(write.ref).version)


def _event(stores: Stores, decision: Decision[Any], snapshot: Snapshot) -> Put:
    main = decision.writes[0].ref
    sequence = snapshot.loaded(main).version + 1
    stream = f"{main.kind.name}#{main.id}"
    item = pending_item(stream, sequence, decision.event, snapshot.now, decision.data)
    return Put(get_table(stores.dynamo, "outbox"), item, absent("stream"))


def _effect(
    stores: Stores, command: Command, decision: Decision[Any], snapshot: Snapshot, effect_id: str
) -> Put:
    now = int(snapshot.now.timestamp())
    return Put(
        get_table(stores.dynamo, "effects"),
        {
            "effect_id": effect_id,
            "fingerprint": command.fingerprint(),
            "action": command.action,
            "result": decision.result.model_dump_json(round_trip=True),
            "ttl": now + int(_EFFECT_LIFE.total_seconds()),
        },
        either(absent("effect_id"), less("ttl", now)),
    )
