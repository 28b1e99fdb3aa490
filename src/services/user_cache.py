"""Users as they are shown: read through the cache. Commands and permissions never read it."""

from typing import Final
from uuid import UUID

from src.db.dynamo import get_item
from src.db.redis import MISSING, cache_fill, cache_forget, cache_read_versioned
from src.models.user import User
from src.services.records import USER
from src.services.stores import Stores

_FRESH: Final = 60


async def find_user(stores: Stores, user_id: UUID) -> User | None:
    cached = await cache_read_versioned(stores.cache, _key(user_id))
    if cached is not MISSING:
        return User.model_validate(cached)
    item = await get_item(USER.table_of(stores.dynamo), USER.key(user_id), consistent=True)
    if item is None or item.get("deleted"):
        return None
    user = USER.from_item(item)
    value = user.model_dump(mode="json")
    await cache_fill(stores.cache, _key(user_id), value, user.version, ttl=_FRESH)
    return user


async def forget_user(stores: Stores, user_id: UUID | str, version: int) -> None:
    """From now on nothing of this version or an older one is served or remembered."""
    await cache_forget(stores.cache, _key(user_id), version, ttl=_FRESH)


def _key(user_id: UUID | str) -> str:
    return f"user:{user_id}"
