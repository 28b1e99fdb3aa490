"""Users as they are shown: read through the cache. Commands and permissions never read it."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from src.db.dynamo import get_item
from src.db.redis import MISSING, cache_fill, cache_forget, cache_read_versioned
from src.models.user import User
from src.services.records import USER
from src.services.stores import Stores

_FRESH: Final = 60


async def find_user(stores: Stores, user_id: UUID) -> User | None:
    """As they stand now: a change is seen as soon as it is answered."""
    cached = await cache_read_versioned(stores.cache, _key(stores, user_id))
    if cached is not MISSING:
        # What another release has written is no answer.
        with suppress(ValidationError):
            return User.model_validate(cached)
    item = await get_item(USER.table_of(stores.dynamo), USER.key(user_id), consistent=True)
    if item is None or item.get("deleted"):
        return None
    user = USER.from_item(item)
    value = user.model_dump(mode="json")
    await cache_fill(stores.cache, _key(stores, user_id), value, user.version, ttl=_FRESH)
    return user


async def forget_user(stores: Stores, user_id: UUID | str, version: int) -> None:
    """From now on nothing of this version or an older one is served or remembered."""
    await cache_forget(stores.cache, _key(stores, user_id), version, ttl=_FRESH)


def _key(stores: Stores, user_id: UUID | str) -> str:
    return f"{stores.dynamo.prefix}user:{user_id}"
