"""Reading users: by id through the cache, by e-mail, by name and postcode."""

from collections.abc import Callable
from uuid import UUID

from src.db.dynamo import absent as no_attribute
from src.db.dynamo import equals, query_all, scan
from src.models.caller import Caller
from src.models.page import Page
from src.models.user import User
from src.services.access import absent, acting_for
from src.services.audit_service import audit_action
from src.services.records import USER
from src.services.stores import Stores
from src.services.user_cache import find_user


@audit_action("user.read", "user", "user_id")
async def get_user(stores: Stores, caller: Caller, user_id: UUID) -> User:
    acting_for(caller, user_id, "user")
    user = await find_user(stores, user_id)
    if user is None:
        raise absent("user")
    return user


@audit_action("user.find_by_email", "user")
async def find_user_by_email(stores: Stores, caller: Caller, email: str) -> User:
    """The user with this e-mail, whatever its case; another's is absent for a customer."""
    digest = stores.signer.email(email)
    return await _only_match(
        stores, caller, "email-index", "email_digest", digest, lambda user: stores.signer.email(user.email)
    )


@audit_action("user.find_by_name", "user")
async def find_user_by_name_zip(
    stores: Stores, caller: Caller, first_name: str, last_name: str, postcode: str
) -> User:
    """The one user of this name and postcode, whatever their case; several or another's are absent."""
    digest = stores.signer.name_zip(first_name, last_name, postcode)
    return await _only_match(
        stores, caller, "name-zip-index", "name_zip_digest", digest, stores.signer.name_zip_of
    )


async def _only_match(
    stores: Stores, caller: Caller, index: str, attribute: str, digest: str, digest_of: Callable[[User], str]
) -> User:
    """The index tells whom to look at; since it lags behind, the user themselves tell whether they fit."""
    found = query_all(USER.table_of(stores.dynamo), key=equals(attribute, digest), index=index)
    ids = [UUID(str(item["id"])) async for item in found]
    users = [await find_user(stores, user_id) for user_id in ids if _visible(caller, user_id)]
    fitting = [user for user in users if user is not None and digest_of(user) == digest]
    if len(fitting) != 1:
        raise absent("user")
    return fitting[0]


def _visible(caller: Caller, user_id: UUID) -> bool:
    if caller.is_staff:
        return caller.subject_id in (None, user_id)
    return user_id == caller.user_id


@audit_action("user.list", "user")
async def list_users(stores: Stores, caller: Caller, limit: int, cursor: str | None) -> Page[User]:
    """All users, for staff who have not turned to one yet; a customer's list is empty."""
    start = stores.signer.open_cursor("users", cursor)
    if not caller.is_staff or caller.subject_id is not None:
        return Page(items=[])
    page = await scan(USER.table_of(stores.dynamo), limit=limit, start=start, filter=no_attribute("deleted"))
    users = [USER.from_item(item) for item in page.items]
    return Page(items=users, next_cursor=stores.signer.seal_cursor("users", page.next_key))
