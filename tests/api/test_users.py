"""Profiles over REST: made, found and listed by those who may."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from tests.fixtures.desk import ADDRESS, CARD, NAME, Desk, refusal

PROFILE = {"name": NAME, "address": ADDRESS}


def an_email() -> str:
    return f"Ann.{uuid4().hex}@example.com"


def unnumbered(answer: httpx.Response) -> dict[str, Any]:
    """A problem without the request's own id."""
    return {**answer.json(), "request_id": ""}


class TestRegistering:
    async def test_a_customer_registers_with_the_email_of_their_id_token(self, desk: Desk) -> None:
        email = an_email()
        customer = desk.person(email=email)
        answer = await customer.post("/api/users", PROFILE | {"payment_methods": {"card": CARD}})
        user = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/api/users/{customer.user_id}"
        assert answer.headers["etag"] == '"1"'
        assert (user["id"], user["email"], user["version"]) == (customer.user_id, email, 1)
        assert (user["name"], user["address"], user["payment_methods"]) == (NAME, ADDRESS, {"card": CARD})
        assert user["created_at"] == user["updated_at"]

    async def test_only_a_token_that_vouches_for_an_email_registers(self, desk: Desk) -> None:
        access = desk.person(email=an_email(), use="access")
        unverified = desk.person(email=an_email(), email_verified=False)
        nameless = desk.person()
        for customer in (access, unverified, nameless):
            assert refusal(await customer.post("/api/users", PROFILE)) == (403, "forbidden")
            assert refusal(await customer.get("/api/users/me")) == (404, "not_found")

    async def test_nobody_registers_twice(self, desk: Desk) -> None:
        customer = await desk.customer()
        again = desk.person(customer.user_id, email=an_email())
        assert refusal(await again.post("/api/users", PROFILE)) == (409, "already_exists")

    async def test_a_customer_names_neither_an_email_nor_a_gift_card(self, desk: Desk) -> None:
        customer = desk.person(email=an_email())
        gift = {"payment_methods": {"gift_card_1": {"source": "gift_card", "balance": "10"}}}
        for extra in ({"email": an_email()}, gift):
            assert refusal(await customer.post("/api/users", PROFILE | extra)) == (403, "forbidden")

    async def test_the_same_key_registers_once_and_answers_alike(self, desk: Desk) -> None:
        customer = desk.person(email=an_email())
        first = await customer.post("/api/users", PROFILE, Idempotency_Key="once")
        again = await customer.post("/api/users", PROFILE, Idempotency_Key="once")
        other = await customer.post("/api/users", PROFILE | {"payment_methods": {}}, Idempotency_Key="once")
        assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
        assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (
            None,
            "true",
        )
        assert other.json() == first.json()
        changed = PROFILE | {"name": NAME | {"first_name": "Eve"}}
        reused = await customer.post("/api/users", changed, Idempotency_Key="once")
        assert refusal(reused) == (422, "idempotency_key_reused")

    async def test_an_address_that_no_mail_can_reach_is_refused(self, desk: Desk) -> None:
        customer = desk.person(email="ann@localhost")
        assert refusal(await customer.post("/api/users", PROFILE)) == (422, "invalid")


class TestMakingForOthers:
    async def test_staff_name_the_new_users_email(self, desk: Desk) -> None:
        support, email = desk.support(), an_email()
        nameless = await support.post("/api/users", PROFILE)
        made = await support.post("/api/users", PROFILE | {"email": email})
        assert refusal(nameless) == (422, "invalid")
        assert (made.status_code, made.json()["email"]) == (201, email)
        assert made.json()["id"] != support.user_id
        assert (await support.get(made.headers["location"])).json() == made.json()

    async def test_admins_alone_hand_out_gift_cards(self, desk: Desk) -> None:
        gift = {"payment_methods": {"gift_card_1": {"source": "gift_card", "balance": "7.125"}}}
        refused = await desk.support().post("/api/users", PROFILE | gift | {"email": an_email()})
        made = await desk.admin().post("/api/users", PROFILE | gift | {"email": an_email()})
        assert refusal(refused) == (403, "forbidden")
        assert made.json()["payment_methods"]["gift_card_1"]["balance"] == "7.12"

    async def test_the_same_key_makes_one_user(self, desk: Desk) -> None:
        support, body = desk.support(), PROFILE | {"email": an_email()}
        first = await support.post("/api/users", body, Idempotency_Key="k")
        again = await support.post("/api/users", body, Idempotency_Key="k")
        other = await desk.support().post("/api/users", body, Idempotency_Key="k")
        assert again.json() == first.json()
        assert refusal(other) == (409, "duplicate_email")


class TestOneEmailOneUser:
    async def test_emails_that_differ_in_case_are_the_same(self, desk: Desk) -> None:
        email = an_email()
        await desk.admin().post("/api/users", PROFILE | {"email": email})
        for twin in (email, email.upper(), email.lower()):
            made = await desk.admin().post("/api/users", PROFILE | {"email": twin})
            assert refusal(made) == (409, "duplicate_email")

    async def test_of_a_hundred_at_once_one_gets_the_email(self, desk: Desk) -> None:
        email = an_email()
        customers = [desk.pool.token(email=email) for _ in range(50)]
        staff = [desk.pool.token(groups=["support"]) for _ in range(50)]

        async def ask(token: str, body: object) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"}
            return await desk.client.post("/api/users", json=body, headers=headers)

        named = PROFILE | {"email": email}
        answers = await asyncio.gather(
            *(ask(token, PROFILE) for token in customers), *(ask(token, named) for token in staff)
        )
        won = [answer for answer in answers if answer.status_code == 201]
        lost = {refusal(answer) for answer in answers if answer.status_code != 201}
        assert len(won) == 1
        # A customer's token may come to be linked to the user whom staff have just made.
        assert lost <= {(409, "duplicate_email"), (409, "already_exists")}
        found = (await desk.admin().get("/api/users", email=email)).json()["items"]
        assert found == [won[0].json()]


class TestReading:
    async def test_customers_read_themselves_by_me_and_by_id(self, desk: Desk) -> None:
        customer = await desk.customer()
        me, by_id = await customer.get("/api/users/me"), await customer.get(f"/api/users/{customer.user_id}")
        assert me.json() == by_id.json()
        assert me.headers["etag"] == by_id.headers["etag"] == '"1"'

    async def test_another_customer_is_answered_as_one_who_does_not_exist(self, desk: Desk) -> None:
        mine, theirs = await desk.customer(), await desk.customer()
        address = {**ADDRESS, "city": "Boston"}
        hidden = f"/api/users/{theirs.user_id}"
        absent = f"/api/users/{uuid4()}"
        pairs = [
            (await mine.get(hidden), await mine.get(absent)),
            (await mine.put(hidden, {}), await mine.put(absent, {})),
            (await mine.put(hidden, {}, If_Match='"9"'), await mine.put(absent, {}, If_Match='"9"')),
            (await mine.put(f"{hidden}/address", address), await mine.put(f"{absent}/address", address)),
            (await mine.delete(hidden), await mine.delete(absent)),
        ]
        for one, other in pairs:
            assert refusal(one) == (404, "not_found")
            assert unnumbered(one) == unnumbered(other)
        assert (await theirs.get("/api/users/me")).json()["version"] == 1

    async def test_staff_read_everybody_and_a_stranger_has_no_profile(self, desk: Desk) -> None:
        customer, support = await desk.customer(), desk.support()
        assert (await support.get(f"/api/users/{customer.user_id}")).json()["id"] == customer.user_id
        assert refusal(await support.get("/api/users/me")) == (404, "not_found")


class TestFinding:
    async def test_by_email_in_whatever_case(self, desk: Desk) -> None:
        email = an_email()
        made = await desk.admin().post("/api/users", PROFILE | {"email": email})
        for written in (email, email.upper(), f" {email.lower()} "):
            found = (await desk.support().get("/api/users", email=written)).json()
            assert found == {"items": [made.json()], "next_cursor": None}

    async def test_by_email_in_whatever_encoding_of_its_domain(self, desk: Desk) -> None:
        mailbox = uuid4().hex
        await desk.admin().post("/api/users", PROFILE | {"email": f"{mailbox}@bücher.example"})
        encoded = f"{mailbox}@xn--bcher-kva.example"
        found = await desk.support().get("/api/users", email=encoded)
        twin = await desk.admin().post("/api/users", PROFILE | {"email": encoded})
        assert [user["email"] for user in found.json()["items"]] == [f"{mailbox}@bücher.example"]
        assert refusal(twin) == (409, "duplicate_email")

    async def test_by_name_and_zip_in_whatever_case(self, desk: Desk) -> None:
        surname = uuid4().hex
        customer = await desk.customer(name={"first_name": "Ann Mary", "last_name": surname})
        names = {"first_name": " ANN  mary", "last_name": surname.upper(), "zip": ADDRESS["zip"]}
        for finder in (customer, desk.support()):
            found = (await finder.get("/api/users", **names)).json()["items"]
            assert [user["id"] for user in found] == [customer.user_id]

    async def test_customers_find_themselves_alone(self, desk: Desk) -> None:
        mine, surname = await desk.customer(), uuid4().hex
        theirs = await desk.customer(name={"first_name": "Ann", "last_name": surname})
        names = {"first_name": "Ann", "last_name": surname, "zip": ADDRESS["zip"]}
        email = f"{theirs.user_id}@example.com"
        hidden = [await mine.get("/api/users", email=email), await mine.get("/api/users", **names)]
        absent = await mine.get("/api/users", email=an_email())
        assert all(unnumbered(answer) == unnumbered(absent) for answer in hidden)
        assert refusal(absent) == (404, "not_found")
        own = await mine.get("/api/users", email=f"{mine.user_id}@example.com")
        assert [user["id"] for user in own.json()["items"]] == [mine.user_id]

    async def test_namesakes_are_found_by_themselves_but_not_told_apart_by_staff(self, desk: Desk) -> None:
        surname = uuid4().hex
        namesakes = [await desk.customer(name={"first_name": "Al", "last_name": surname}) for _ in range(2)]
        names = {"first_name": "Al", "last_name": surname, "zip": ADDRESS["zip"]}
        assert refusal(await desk.support().get("/api/users", **names)) == (404, "not_found")
        for customer in namesakes:
            found = (await customer.get("/api/users", **names)).json()["items"]
            assert [user["id"] for user in found] == [customer.user_id]

    async def test_a_name_without_a_zip_finds_nobody(self, desk: Desk) -> None:
        answer = await desk.support().get("/api/users", first_name="Ann", last_name="Lee")
        assert refusal(answer) == (422, "invalid")


class TestListing:
    async def test_staff_list_all_users_page_by_page(self, desk: Desk) -> None:
        made = {(await desk.customer()).user_id for _ in range(3)}
        support, listed, cursor = desk.support(), list[str](), {}
        while True:
            page = (await support.get("/api/users", limit=7, **cursor)).json()
            assert len(page["items"]) == 7 or page["next_cursor"] is None
            listed += [user["id"] for user in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert len(listed) == len(set(listed))
        assert made <= set(listed)

    async def test_a_customers_list_is_empty(self, desk: Desk) -> None:
        customer = await desk.customer()
        assert (await customer.get("/api/users")).json() == {"items": [], "next_cursor": None}
