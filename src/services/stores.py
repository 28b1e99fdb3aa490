"""What the services stand on: the open stores, the signing keys and the desk's currency."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakValueDictionary

from src.db.dynamo import Dynamo
from src.db.mongo import Mongo
from src.db.redis import Cache
from src.services.read_trail import ReadTrail
from src.services.signing import Signer


class ActorLocks:
    """One lock an actor: their chain of audit entries is written one at a time within a process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, actor: str) -> asyncio.Lock:
        return self._locks.setdefault(actor, asyncio.Lock())


@dataclass(frozen=True)
class Stores:
    """`links` remembers which user a token's subject was linked to: written once, so never stale."""

    dynamo: Dynamo
    cache: Cache
    mongo: Mongo
    signer: Signer
    reads: ReadTrail
    currency: str
    actors: ActorLocks = field(default_factory=ActorLocks)
    links: dict[str, UUID] = field(default_factory=dict[str, UUID])
