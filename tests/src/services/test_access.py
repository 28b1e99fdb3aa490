"""Whose things a caller may touch."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.models.caller import Caller, Role
from src.models.errors import Forbidden, NotFound
from src.services.access import absent, acting_for, require_admin, require_staff, turn_to
from src.services.audit_reads import get_failed_actions
from src.services.stores import Stores
from tests.fixtures.callers import a_customer, staff

people = st.builds(a_customer) | st.builds(staff, st.sampled_from(Role))


class TestActingFor:
    @given(people, st.uuids())
    def test_customers_act_for_themselves_and_staff_for_anybody(self, caller: Caller, other: UUID) -> None:
        for user_id in (caller.user_id, other):
            if caller.is_staff or user_id == caller.user_id:
                assert acting_for(caller, user_id, "order").subject_id == user_id
            else:
                with pytest.raises(NotFound):
                    acting_for(caller, user_id, "order")

    @given(st.sampled_from(Role), st.uuids(), st.uuids())
    def test_staff_who_turned_to_one_customer_see_no_other(
        self, role: Role, named: UUID, other: UUID
    ) -> None:
        caller = staff(role).on_behalf_of(named)
        assert acting_for(caller, named, "order") == caller
        if other != named:
            with pytest.raises(NotFound):
                acting_for(caller, other, "order")

    @given(people, st.uuids())
    def test_who_acts_stays_who_they_are(self, caller: Caller, other: UUID) -> None:
        turned = caller.on_behalf_of(other)
        assert (turned.sub, turned.user_id, turned.roles) == (caller.sub, caller.user_id, caller.roles)
        assert turned.subject_id == (other if caller.is_staff else caller.user_id)

    def test_anothers_is_refused_in_the_words_for_what_does_not_exist(self) -> None:
        with pytest.raises(NotFound) as refused:
            acting_for(a_customer(), uuid4(), "order")
        assert refused.value.detail == absent("order").detail


class TestRoles:
    @pytest.mark.parametrize(
        ("caller", "is_staff", "is_admin"),
        [(a_customer(), False, False), (staff(), True, False), (staff(Role.ADMIN), True, True)],
        ids=["customer", "support", "admin"],
    )
    def test_what_only_some_may_do_is_forbidden_to_the_others(
        self, caller: Caller, is_staff: bool, is_admin: bool
    ) -> None:
        for require, may in ((require_staff, is_staff), (require_admin, is_admin)):
            if may:
                require(caller)
            else:
                with pytest.raises(Forbidden):
                    require(caller)


async def test_turning_to_another_is_recorded_where_it_is_refused(stores: Stores) -> None:
    customer, support, other = a_customer(), staff(), uuid4()
    assert (await turn_to(stores, support, other)).subject_id == other
    assert await turn_to(stores, customer, customer.user_id) == customer
    with pytest.raises(NotFound):
        await turn_to(stores, customer, other)
    [entry, *_] = (await get_failed_actions(stores, staff(Role.ADMIN), 1)).items
    assert (entry.user_id, entry.action) == (str(customer.user_id), "user.turn_to")
    assert (entry.resource_id, entry.code) == (str(other), "not_found")
