"""Users' profiles: made, changed and deleted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from src.db.dynamo import get_item
from src.models import summaries
from src.models.caller import Caller
from src.models.commands import NewUser, UserChange
from src.models.errors import AlreadyExists, DuplicateEmail, Forbidden, Invalid
from src.models.order import Order
from src.models.quote import Proposal
from src.models.rules.amendments import change_user_address
from src.models.rules.profile import (
    changed_methods,
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
from src.services.contention import looked_up_again
from src.services.identity_service import remember_link
from src.services.order_reads import orders_of
from src.services.records import (
    IDENTITY,
    LEDGER,
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
@looked_up_again
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
    user_ref, ledger = USER.ref(user_id), LEDGER.ref(user_id)
    before = await Snapshot.read(stores, [user_ref, ledger])
    claims = _claims_moved(stores, before.find(user_ref), change)
    relied_on = [ledger] if change.payment_methods is not None else []
    orders = await orders_of(stores, user_id, before.find(ledger)) if relied_on else []
    looked_up_by = [*relied_on, *([user_ref] if change.email else [])]

    def decide(seen: Snapshot) -> Decision[User]:
        user = _present(seen, user_ref)
        seen.require_unmoved(looked_up_by, before)
        sent = {**dict(change), "payment_methods": _methods(stores, caller, user, change, orders)}
        changed = user.model_copy(update={k: v for k, v in sent.items() if v is not None})
        changed = seen.next(user_ref, changed)
        writes = [Write(user_ref, changed), *_moved(seen, user_id, claims)]
        return Decision(changed, writes, "UserUpdated", {"user_id": str(user_id)}, relied_on)

    arguments = {"user_id": str(user_id), **change.model_dump(mode="json", exclude_unset=True)}
    command = Command("user.update", "user", str(user_id), arguments)
    return await carry_out(stores, caller, command, [user_ref, ledger, *claims], decide, attempt, User)


def _methods(
    stores: Stores, caller: Caller, user: User, change: UserChange, orders: Sequence[Order]
) -> PaymentMethods | None:
    require_own_fields(caller, change.email, change.payment_methods or {}, user.payment_methods)
    if change.payment_methods is None:
        return None
    methods = replaced_methods(caller, user.payment_methods, change.payment_methods, stores.currency)
    require_unused(changed_methods(user.payment_methods, methods), orders)
    return methods


def _claims_moved(stores: Stores, user: User | None, change: UserChange) -> list[Ref[Identity]]:
    """The claims on the user's old and new e-mail, where it becomes another one."""
    if user is None or change.email is None:
        return []
    claims = dict.fromkeys(_email_ref(stores, email) for email in (user.email, change.email))
    return [*claims] if len(claims) > 1 else []


def _moved(seen: Snapshot, user_id: UUID, claims: Sequence[Ref[Identity]]) -> list[Write[Identity]]:
    if not claims:
        return []
    old, new = claims
    _require_free(seen, new)
    return [Write(old, None), Write(new, Identity(identity=new.id, user_id=user_id))]


@audit_action("user.delete", "user", "user_id", command=True)
@looked_up_again
async def delete_user(stores: Stores, caller: Caller, user_id: UUID, attempt: Attempt) -> Done[User]:
    """Delete a user, whose link to their token stays.

    Raises:
        OpenOrders: an order of theirs is neither delivered nor cancelled.
    """
    caller = acting_for(caller, user_id, "user")
    user_ref, ledger = USER.ref(user_id), LEDGER.ref(user_id)
    before = await Snapshot.read(stores, [user_ref, ledger])
    standing = before.find(user_ref)
    claims = [_email_ref(stores, standing.email)] if standing else []
    orders = await orders_of(stores, user_id, before.find(ledger))

    def decide(seen: Snapshot) -> Decision[User]:
        user = _present(seen, user_ref)
        seen.require_unmoved([user_ref, ledger], before)
        require_settled(orders)
        gone = [Write(user_ref, None), *(Write(claim, None) for claim in claims)]
        return Decision(user, gone, "UserDeleted", {"user_id": str(user_id)}, relied_on=[ledger])

    command = Command("user.delete", "user", str(user_id), {"user_id": str(user_id)})
    return await carry_out(stores, caller, command, [user_ref, ledger, *claims], decide, attempt, User)


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
