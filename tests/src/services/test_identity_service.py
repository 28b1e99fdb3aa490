"""From a token's claims to a caller: links are written once, and by a vouched-for e-mail alone."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from src.models.caller import Caller, Context, Role
from src.models.commands import UserChange
from src.models.user import User
from src.services.audit_reads import get_user_audit_history
from src.services.commit import Attempt
from src.services.identity_service import Claims, resolve_caller
from src.services.stores import Stores
from src.services.user_service import create_user, delete_user, update_user
from tests.fixtures.callers import a_customer, a_profile, registered, staff
from tests.fixtures.faults import Wire, cancel, meanwhile

ADMIN = staff(Role.ADMIN)
TRANSACTION = "TransactWriteItems"


async def made_by_staff(stores: Stores) -> User:
    """A user whom no subject is linked to, as an import makes them."""
    new = a_profile().model_copy(update={"email": f"Ann.{uuid4()}@example.com"})
    return (await create_user(stores, staff(), new, Attempt())).result


async def resolve(stores: Stores, sub: str, email: str | None = None, *groups: str) -> Caller:
    """As a process that remembers no link from before."""
    claims = Claims(sub, frozenset(groups), email)
    return await resolve_caller(replace(stores, links={}), claims, Context(request_id=uuid4().hex))


class TestWithoutALink:
    async def test_the_subject_itself_says_who_calls(self, stores: Stores) -> None:
        sub = str(uuid4())
        for email in (None, f"{sub}@example.com"):
            caller = await resolve(stores, sub, email)
            assert (caller.sub, caller.user_id, caller.subject_id) == (sub, UUID(sub), UUID(sub))
            assert (caller.roles, caller.email) == (frozenset(), email)

    async def test_a_subject_that_is_no_uuid_has_an_id_of_its_own_all_the_same(self, stores: Stores) -> None:
        first, again = await resolve(stores, "auth0|7"), await resolve(stores, "auth0|7")
        assert first.user_id == again.user_id != (await resolve(stores, "auth0|8")).user_id

    @pytest.mark.parametrize("template", ["{0.urn}", "{{{0}}}", "{0.hex}"], ids=["urn", "braces", "hex"])
    async def test_a_uuid_spelt_otherwise_is_somebody_else(self, stores: Stores, template: str) -> None:
        sub = uuid4()
        assert (await resolve(stores, template.format(sub))).user_id != sub

    async def test_groups_that_are_no_roles_mean_nothing(self, stores: Stores) -> None:
        caller = await resolve(stores, str(uuid4()), None, "support", "ADMIN", "owners")
        assert (caller.roles, caller.subject_id) == ({Role.SUPPORT}, None)


class TestLinking:
    async def test_a_vouched_for_email_links_its_user_for_good(self, stores: Stores) -> None:
        user, sub = await made_by_staff(stores), str(uuid4())
        assert (await resolve(stores, sub)).user_id == UUID(sub)
        caller = await resolve(stores, sub, user.email.upper())
        assert (caller.user_id, caller.subject_id) == (user.id, user.id)
        # From here on without the e-mail too, and whatever becomes of it.
        assert (await resolve(stores, sub)).user_id == user.id
        await update_user(stores, ADMIN, user.id, UserChange(email=f"{uuid4()}@example.com"), Attempt())
        assert (await resolve(stores, sub, f"{uuid4()}@example.com")).user_id == user.id
        await delete_user(stores, ADMIN, user.id, Attempt())
        assert (await resolve(stores, sub)).user_id == user.id
        history = await get_user_audit_history(stores, ADMIN, str(user.id), 10)
        assert [entry.action for entry in history.items] == ["user.link"]

    async def test_a_second_subject_with_the_same_email_gets_nothing(self, stores: Stores) -> None:
        user, first, second = await made_by_staff(stores), str(uuid4()), str(uuid4())
        await resolve(stores, first, user.email)
        assert (await resolve(stores, second, user.email)).user_id == UUID(second)
        assert (await resolve(stores, first)).user_id == user.id

    async def test_who_registered_is_linked_to_nobody_else(self, stores: Stores) -> None:
        customer, user, thief = a_customer(), await made_by_staff(stores), str(uuid4())
        await registered(stores, customer)
        assert (await resolve(stores, customer.sub, user.email)).user_id == customer.user_id
        assert (await resolve(stores, thief, customer.email)).user_id == UUID(thief)

    async def test_of_many_subjects_at_once_one_is_linked(self, stores: Stores) -> None:
        user, subs = await made_by_staff(stores), [str(uuid4()) for _ in range(8)]
        callers = await asyncio.gather(*(resolve(stores, sub, user.email) for sub in subs))
        linked = [caller.sub for caller in callers if caller.user_id == user.id]
        assert len(linked) == 1
        for sub in subs:
            assert (await resolve(stores, sub)).user_id == (user.id if sub in linked else UUID(sub))

    async def test_all_first_requests_of_one_subject_are_the_same_user(self, stores: Stores) -> None:
        user, sub = await made_by_staff(stores), str(uuid4())
        callers = await asyncio.gather(*(resolve(stores, sub, user.email) for _ in range(8)))
        assert {caller.user_id for caller in callers} == {user.id}
        history = await get_user_audit_history(stores, ADMIN, str(user.id), 10)
        assert [entry.action for entry in history.items] == ["user.link"]


class TestOverTheWire:
    async def test_a_conflict_that_nobody_won_is_tried_again(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        user, sub = await made_by_staff(stores), str(uuid4())
        wire.plan(cancel("TransactionConflict"), at=TRANSACTION)
        assert (await resolve(wired, sub, user.email)).user_id == user.id

    async def test_an_email_that_moves_meanwhile_links_nobody(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        user, sub = await made_by_staff(stores), str(uuid4())
        change = update_user(stores, ADMIN, user.id, UserChange(email=f"{uuid4()}@example.com"), Attempt())
        wire.plan(meanwhile(lambda: change), at=TRANSACTION)
        assert (await resolve(wired, sub, user.email)).user_id == UUID(sub)
        assert (await resolve(stores, sub)).user_id == UUID(sub)

    @pytest.mark.parametrize("email", ["nobody at all", "@", "a@localhost", "\x00", "ü" * 300])
    async def test_an_odd_email_links_nobody(self, stores: Stores, email: str) -> None:
        sub = str(uuid4())
        assert (await resolve(stores, sub, email)).user_id == UUID(sub)
