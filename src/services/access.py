"""Whose things a caller may touch: their own, or, for staff, those of the one customer they turned to."""

from uuid import UUID

from src.models.caller import Caller, Role
from src.models.errors import Forbidden, NotFound
from src.services.audit_service import audit_action
from src.services.stores import Stores


def acting_for(caller: Caller, user_id: UUID, noun: str) -> Caller:
    """The caller turned to this customer.

    Raises:
        NotFound: the customer is another one, which is answered as if nothing were there.
    """
    allowed = caller.subject_id in (None, user_id) if caller.is_staff else user_id == caller.user_id
    if not allowed:
        raise absent(noun)
    return caller.on_behalf_of(user_id)


@audit_action("user.turn_to", "user", "user_id", command=True)
async def turn_to(_stores: Stores, caller: Caller, user_id: UUID) -> Caller:
    """As `acting_for`, for whoever names a customer before it is said what for; a refusal is recorded."""
    return acting_for(caller, user_id, "user")


def absent(noun: str) -> NotFound:
    return NotFound(f"There is no such {noun}; check the id.")


def require_staff(caller: Caller) -> None:
    if not caller.is_staff:
        raise Forbidden("Only staff may do this.")


def require_admin(caller: Caller) -> None:
    if Role.ADMIN not in caller.roles:
        raise Forbidden("Only admins may do this.")
