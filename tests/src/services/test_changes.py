"""What an entry tells of a change: every field that differs, and nothing personal in clear text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from src.models.user import Address, CreditCard, Name, User
from src.services.changes import changes_between
from src.services.signing import Signer
from tests.fixtures.records import a_gift_card, a_user

SIGNER = Signer(b"audit", b"look-ups")
words = st.text(st.characters(codec="utf-8", categories=("L",)), min_size=6, max_size=12).map(
    lambda text: f"secret{text}"
)
names = st.builds(Name, first_name=words, last_name=words)
addresses = st.builds(Address, address1=words, city=words, country=words, zip=words)
cards = st.builds(CreditCard, brand=words, last_four=st.just("7391"))


@st.composite
def profiles(draw: st.DrawFn) -> User:
    methods = {"card": draw(cards), "gift": a_gift_card(draw(st.decimals(0, 99, places=2)))}
    return a_user(
        email=f"secret{draw(st.integers(0, 10**9))}@example.com",
        name=draw(names),
        address=draw(addresses),
        methods=methods,
    )


@given(profiles(), profiles())
def test_nothing_personal_is_told_in_clear_text(before: User, after: User) -> None:
    for old, new in ((None, after), (before, after), (before, None)):
        told = [change.model_dump() for change in changes_between(old, new, "user", SIGNER)]
        text = json.dumps(told, ensure_ascii=False).casefold()
        assert "secret" not in text
        assert '"7391"' not in text
        assert "@" not in text


@given(profiles(), profiles())
def test_what_one_change_ends_with_the_next_begins_with(before: User, after: User) -> None:
    there = {
        change.field: (change.old, change.new) for change in changes_between(before, after, "user", SIGNER)
    }
    back = {
        change.field: (change.new, change.old) for change in changes_between(after, before, "user", SIGNER)
    }
    assert there == back
    assert all(old != new for old, new in there.values())


@given(profiles())
def test_what_stays_is_not_told(user: User) -> None:
    assert changes_between(user, user, "user", SIGNER) == []
    stamped = user.model_copy(update={"version": 7})
    assert changes_between(user, stamped, "user", SIGNER) == []


def test_balances_are_told_as_they_are() -> None:
    before = a_user(methods={"gift": a_gift_card("30.00")})
    after = before.model_copy(update={"payment_methods": {"gift": a_gift_card("20.00")}})
    [change] = changes_between(before, after, "user", SIGNER)
    assert change.field == "user.payment_methods.gift.balance"
    assert (change.old, change.new) == ("30.00", "20.00")
