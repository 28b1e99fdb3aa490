"""Users' profiles: made, changed and deleted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from src.db.dynamo import get_item
from src.models import summaries
from src.models.caller import Caller
from src.models.commands import NewUser, UserChange
from src.models.errors import AlreadyExists, Busy, DuplicateEmail, Forbidden, Invalid
from src.models.order import Order
from src.models.quote import Proposal
from src.models.rules.amendments import change_user_address
from src.models.rules.profile import (
    in_currency,
    replaced_methods,
    require_own_fields,
    require_settled,
    require_unused,
)
from src.models.user import Address, PaymentMethods, User
from src.services.access import absent, acting_for
from src.services.audit_service import audit_action
from src.services.commit import Attempt, Command, Decision, Done, Snapshot, Write, carry_out
from src.services.identity_service import remember_link
from src.services.order_reads import orders_of
from src.services.records import (
    IDENTITY,
    USER,
    Identity,
    Ref,
    email_identity,
    linked_identity,
    subject_identity,
)
from src.services.stores import Stores
from src.utils.validation import validate_email_address


@audit_action("user.create", "user", command=True)
async def create_user(stores: Stores, caller: Caller, new: NewUser, attempt: Attempt) -> Done[User]:
    """A customer's own profile, linked to their token's subject; or, by staff, somebody else's.

    Raises:
        AlreadyExists: the customer has a profile.
        DuplicateEmail: another user has the e-mail.
        Forbidden: a customer names an e-mail or a gift card, or their token vouches for no e-mail.
    """
    if not caller.is_staff:
        return await _register(stores, caller, new, attempt)
    require_own_fields(caller, None, new.payment_methods, {})
    if new.email is None:
        raise Invalid("Name the new user's e-mail.")
    user_id = uuid4()
    return await _create(stores, caller.on_behalf_of(user_id), user_id, new.email, new, attempt, [])


async def _register(stores: Stores, caller: Caller, new: NewUser, attempt: Attempt) -> Done[User]:
    require_own_fields(caller, new.email, new.payment_methods, {})
    if caller.email is None:
        raise Forbidden("Register with an ID token whose e-mail is verified; this token vouches for none.")
    links = [subject_identity(caller.sub), linked_identity(caller.user_id)]
    done = await _create(stores, caller, caller.user_id, _usable(caller.email), new, attempt, links)
    remember_link(stores, caller.sub, caller.user_id)
    return done


def _usable(email: str) -> str:
    try:
        return validate_email_address(email)
    except ValueError:
        raise Invalid("No mail can reach your token's e-mail; register with another one.") from None


async def _create(
    stores: Stores,
    caller: Caller,
    user_id: UUID,
    email: str,
    new: NewUser,
    attempt: Attempt,
    links: Sequence[str],
) -> Done[User]:
    user_ref, email_ref = USER.ref(user_id), _email_ref(stores, email)
    link_refs = [IDENTITY.ref(link) for link in links]

    def decide(seen: Snapshot) -> Decision[User]:
        if seen.find(user_ref) is not None:
            raise AlreadyExists("You have a profile already; change it instead.")
        _require_free(seen, email_ref)
        user = seen.next(user_ref, _new_user(user_id, email, new, stores.currency, seen.now))
        identities = [email_ref, *(ref for ref in link_refs if seen.find(ref) is None)]
        claims = [Write(ref, Identity(identity=ref.id, user_id=user_id)) for ref in identities]
        return Decision(user, [Write(user_ref, user), *claims], "UserCreated", {"user_id": str(user_id)})

    command = Command("user.create", "user", str(user_id), new.model_dump(mode="json"))
    return await carry_out(stores, caller, command, [user_ref, email_ref, *link_refs], decide, attempt, User)


def _new_user(user_id: UUID, email: str, new: NewUser, currency: str, now: datetime) -> User:
    return User(
        id=user_id,
        email=email,
        name=new.name,
        address=new.address,
        payment_methods=in_currency(new.payment_methods, currency),
        created_at=now,
        updated_at=now,
    )


@audit_action("user.update", "user", "user_id", command=True)
async def update_user(
    stores: Stores, caller: Caller, user_id: UUID, change: UserChange, attempt: Attempt
) -> Done[User]:
    """Change what is sent.

    Raises:
        DuplicateEmail: another user has the new e-mail.
        Forbidden: a customer names an e-mail or a gift card.
        PaymentMethodInUse: a method that an order was paid with would be removed.
    """
    caller = acting_for(caller, user_id, "user")
    user_ref = USER.ref(user_id)
    email = change.email
    old_ref = _email_ref(stores, (await _standing(stores, user_id)).email) if email else None
    new_ref = _email_ref(stores, email) if email else None
    orders = await orders_of(stores, user_id) if change.payment_methods is not None else []

    def decide(seen: Snapshot) -> Decision[User]:
        user = _present(seen, user_ref)
        sent = {
            **dict(change),
            "email": email,
            "payment_methods": _methods(stores, caller, user, change, orders),
        }
        changed = user.model_copy(update={k: v for k, v in sent.items() if v is not None})
        changed = seen.next(user_ref, changed)
        claims = _moved_claim(stores, seen, user, old_ref, new_ref) if old_ref and new_ref else []
        return Decision(
            changed, [Write(user_ref, changed), *claims], "UserUpdated", {"user_id": str(user_id)}
        )

    arguments = {"user_id": str(user_id), **change.model_dump(mode="json", exclude_unset=True)}
    command = Command("user.update", "user", str(user_id), arguments)
    refs = [user_ref, *dict.fromkeys(ref for ref in (old_ref, new_ref) if ref)]
    return await carry_out(stores, caller, command, refs, decide, attempt, User)


def _methods(
    stores: Stores, caller: Caller, user: User, change: UserChange, orders: Sequence[Order]
) -> PaymentMethods | None:
    require_own_fields(caller, change.email, change.payment_methods or {}, user.payment_methods)
    if change.payment_methods is None:
        return None
    methods = replaced_methods(caller, user.payment_methods, change.payment_methods, stores.currency)
    require_unused(user.payment_methods.keys() - methods.keys(), orders)
    return methods


def _moved_claim(
    stores: Stores, seen: Snapshot, user: User, old: Ref[Identity], new: Ref[Identity]
) -> list[Write[Identity]]:
    """The claim on the new e-mail instead of the one on the old."""
    _require_current(stores, user, old)
    if new == old:
        return []
    _require_free(seen, new)
    return [Write(old, None), Write(new, Identity(identity=new.id, user_id=user.id))]


@audit_action("user.delete", "user", "user_id", command=True)
async def delete_user(stores: Stores, caller: Caller, user_id: UUID, attempt: Attempt) -> Done[User]:
    """Delete a user, whose link to their token stays.

    Raises:
        OpenOrders: an order of theirs is neither delivered nor cancelled.
    """
    caller = acting_for(caller, user_id, "user")
    user_ref, email_ref = USER.ref(user_id), _email_ref(stores, (await _standing(stores, user_id)).email)
    orders = await orders_of(stores, user_id)

    def decide(seen: Snapshot) -> Decision[User]:
        user = _present(seen, user_ref)
        _require_current(stores, user, email_ref)
        require_settled(orders)
        gone = [Write(user_ref, None), Write(email_ref, None)]
        return Decision(user, gone, "UserDeleted", {"user_id": str(user_id)})

    command = Command("user.delete", "user", str(user_id), {"user_id": str(user_id)})
    return await carry_out(stores, caller, command, [user_ref, email_ref], decide, attempt, User)


@audit_action("user.change_address", "user", "user_id", command=True)
async def propose_address(stores: Stores, caller: Caller, user_id: UUID, address: Address) -> Proposal:
    """What changing the address would come to; refused as the change itself would be."""
    acting_for(caller, user_id, "user")
    await _standing(stores, user_id)
    return Proposal(None, summaries.change_user_address(address))


@audit_action("user.change_address", "user", "user_id", command=True)
async def change_address(
    stores: Stores, caller: Caller, user_id: UUID, address: Address, attempt: Attempt
) -> Done[User]:
    caller = acting_for(caller, user_id, "user")
    ref = USER.ref(user_id)

    def decide(seen: Snapshot) -> Decision[User]:
        user = seen.next(ref, change_user_address(_present(seen, ref), address))
        return Decision(user, [Write(ref, user)], "UserUpdated", {"user_id": str(user_id)})

    arguments = {"user_id": str(user_id), **address.model_dump(mode="json")}
    command = Command("user.change_address", "user", str(user_id), arguments)
    return await carry_out(stores, caller, command, [ref], decide, attempt, User)


async def _standing(stores: Stores, user_id: UUID) -> User:
    item = await get_item(USER.table_of(stores.dynamo), USER.key(user_id), consistent=True)
    if item is None or item.get("deleted"):
        raise absent("user")
    return USER.from_item(item)


def _email_ref(stores: Stores, email: str) -> Ref[Identity]:
    return IDENTITY.ref(email_identity(email, stores.signer))


def _present(seen: Snapshot, ref: Ref[User]) -> User:
    user = seen.find(ref)
    if user is None:
        raise absent("user")
    return user


def _require_free(seen: Snapshot, email_ref: Ref[Identity]) -> None:
    if seen.find(email_ref) is not None:
        raise DuplicateEmail("This e-mail belongs to a user already.")


def _require_current(stores: Stores, user: User, email_ref: Ref[Identity]) -> None:
    """The claim was looked up beforehand: has the e-mail been changed since?"""
    if _email_ref(stores, user.email) != email_ref:
        raise Busy("The user's e-mail is being changed; try again in a moment.")
