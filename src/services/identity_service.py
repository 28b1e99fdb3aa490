"""From a token's claims to a caller: the user linked to its subject, and nothing else, says who calls."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from src.db.dynamo import Check, Operation, Put, TransactionCancelled, equals, get_item, transact_write
from src.db.dynamo import absent as no_attribute
from src.models.caller import Caller, Context, Role
from src.models.errors import Busy
from src.services.audit_service import log_user_action, new_entry
from src.services.contention import pauses
from src.services.records import IDENTITY, Identity, email_identity, linked_identity, subject_identity
from src.services.stores import Stores

# Subjects of other issuers than Cognito need not be UUIDs; imported users' ids are made in another namespace.
_SUBJECTS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:orderdesk:subject")


@dataclass(frozen=True)
class Claims:
    """What a verified token says: `email` is set only where the token vouches for it."""

    sub: str
    groups: frozenset[str] = frozenset()
    email: str | None = None


async def resolve_caller(stores: Stores, claims: Claims, context: Context) -> Caller:
    """The caller behind verified claims; a vouched-for e-mail links its user where nobody is linked yet."""
    roles = frozenset(role for role in Role if role.value in claims.groups)
    user_id = stores.links.get(claims.sub) or await _linked(stores, claims, context)
    return Caller(
        sub=claims.sub,
        user_id=user_id,
        roles=roles,
        subject_id=None if roles else user_id,
        email=claims.email,
        context=context,
    )


async def _linked(stores: Stores, claims: Claims, context: Context) -> UUID:
    standing = await _find(stores, subject_identity(claims.sub))
    if standing is None and claims.email is not None:
        standing = await _link_by_email(stores, claims, context)
    if standing is None:
        return user_id_of_subject(claims.sub)
    remember_link(stores, claims.sub, standing)
    return standing


def user_id_of_subject(sub: str) -> UUID:
    """The id of a user who registers themselves: their subject, if it is a UUID in its own spelling."""
    try:
        user_id = UUID(sub)
    except ValueError:
        return uuid.uuid5(_SUBJECTS, sub)
    return user_id if str(user_id) == sub else uuid.uuid5(_SUBJECTS, sub)


def remember_link(stores: Stores, sub: str, user_id: UUID) -> None:
    if len(stores.links) >= 100_000:
        stores.links.clear()
    stores.links[sub] = user_id


async def _link_by_email(stores: Stores, claims: Claims, context: Context) -> UUID | None:
    """The user with this e-mail, linked from now on; where they are linked already, whom the subject has."""
    claim = email_identity(str(claims.email), stores.signer)
    for pause in pauses():
        user_id = await _find(stores, claim)
        if user_id is None or await _find(stores, linked_identity(user_id)) is not None:
            return await _find(stores, subject_identity(claims.sub))
        try:
            await transact_write(
                stores.dynamo, _links(stores, claims.sub, claim, user_id), token=str(uuid4())
            )
        except TransactionCancelled:
            await asyncio.sleep(pause)
        else:
            caller = Caller(sub=claims.sub, user_id=user_id, subject_id=user_id, context=context)
            await log_user_action(stores, new_entry(caller, "user.link", "user", str(user_id)))
            return user_id
    raise Busy("Others are linking the same user; try again in a moment.")


def _links(stores: Stores, sub: str, claim: str, user_id: UUID) -> list[Operation]:
    """Both directions of the link, if neither stands and the e-mail is the user's still."""
    table = IDENTITY.table_of(stores.dynamo)
    links = [
        Identity(identity=name, user_id=user_id) for name in (subject_identity(sub), linked_identity(user_id))
    ]
    return [
        Check(table, IDENTITY.key(claim), equals("user_id", str(user_id))),
        *(
            Put(table, IDENTITY.to_item(link.identity, link, 1, stores.signer), no_attribute("identity"))
            for link in links
        ),
    ]


async def _find(stores: Stores, identity: str) -> UUID | None:
    item = await get_item(IDENTITY.table_of(stores.dynamo), IDENTITY.key(identity), consistent=True)
    return UUID(str(item["user_id"])) if item else None
