"""First stop: nobody gets in without a token, and the token alone says who somebody is."""

from uuid import uuid4

from tests.fixtures.desk import ADDRESS, NAME, Desk


async def test_without_a_token_there_is_nothing_to_see(desk: Desk) -> None:
    answer = await desk.client.get("/api/users/me")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_newcomer_registers_with_the_email_that_their_token_vouches_for(desk: Desk) -> None:
    newcomer = desk.person(email=f"{uuid4()}@example.com")
    assert (await newcomer.get("/api/users/me")).status_code == 404
    registered = await newcomer.post("/api/users", {"name": NAME, "address": ADDRESS})
    assert registered.status_code == 201
    assert (await newcomer.get("/api/users/me")).json() == registered.json()


async def test_a_customer_sees_themselves_alone(desk: Desk) -> None:
    ann, bob = await desk.customer(), await desk.customer()
    assert (await ann.get(f"/api/users/{ann.user_id}")).status_code == 200
    assert (await ann.get(f"/api/users/{bob.user_id}")).status_code == 404


async def test_staff_see_the_customer_they_turn_to(desk: Desk) -> None:
    ann = await desk.customer()
    found = await desk.support().get("/api/users", email=f"{ann.user_id}@EXAMPLE.com")
    assert [user["id"] for user in found.json()["items"]] == [ann.user_id]
