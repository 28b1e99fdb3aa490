"""Who may come in at all, and whom a token speaks for."""

import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from tests.fixtures.desk import ADDRESS, NAME, Desk, Person, refusal
from tests.fixtures.tokens import rsa_key

PROFILE = {"name": NAME, "address": ADDRESS}
OPEN = {"/health", "/health/ready"}


async def whoever(desk: Desk, authorization: str | None) -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return await desk.client.get("/api/users/me", headers=headers)


class TestTheDoor:
    async def test_nothing_but_health_is_answered_without_a_token(self, desk: Desk) -> None:
        document: dict[str, Any] = (await desk.client.get("/openapi.json")).json()
        for path, operations in document["paths"].items():
            for method in operations:
                answer = await desk.client.request(method, path.replace("{", "").replace("}", ""), json={})
                if path not in OPEN:
                    assert refusal(answer) == (401, "not_authenticated"), f"{method} {path}"
                    assert answer.headers["www-authenticate"] == "Bearer"

    async def test_tokens_that_are_not_good_are_all_answered_alike(self, desk: Desk) -> None:
        sub, now = str(uuid4()), int(time.time())
        claims = jwt.decode(desk.pool.token(sub), options={"verify_signature": False})
        header, body, seal = desk.pool.token(sub).split(".")
        tokens = {
            "expired": desk.pool.token(sub, expires_in=-60),
            "of another client": desk.pool.token(sub, aud="another"),
            "of another pool": desk.pool.token(sub, iss="https://cognito-idp.us-east-1.amazonaws.com/other"),
            "a refresh token": desk.pool.sign(claims | {"token_use": "refresh"}),
            "not yet good": desk.pool.sign(claims | {"nbf": now + 3600}),
            "without a subject": desk.pool.sign({k: v for k, v in claims.items() if k != "sub"}),
            "unsigned": jwt.encode(claims, "", "none"),
            "signed symmetrically": jwt.encode(claims, "k" * 64, "HS256", headers={"kid": desk.pool.kid}),
            "signed by somebody else": jwt.encode(
                claims, rsa_key("thief"), "RS256", headers={"kid": desk.pool.kid}
            ),
            "cut": f"{header}.{body}.{seal[:-8]}",
            "changed": f"{header}.{body[:-4]}AAAA.{seal}",
            "no token": "nonsense",
        }
        expected = refusal(await whoever(desk, None)), (await whoever(desk, None)).json()["detail"]
        assert expected[0] == (401, "not_authenticated")
        for name, token in tokens.items():
            answer = await whoever(desk, f"Bearer {token}")
            assert (refusal(answer), answer.json()["detail"]) == expected, name

    @pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
    async def test_a_good_token_under_another_scheme_is_none(self, desk: Desk, scheme: str) -> None:
        answer = await whoever(desk, f"{scheme} {desk.pool.token()}".strip())
        assert refusal(answer) == (401, "not_authenticated")

    async def test_the_scheme_is_written_in_any_case(self, desk: Desk) -> None:
        assert (await whoever(desk, f"bearer {desk.pool.token()}")).status_code == 404


class TestRoles:
    async def test_they_are_the_pools_groups(self, desk: Desk) -> None:
        customer = await desk.customer()
        path = f"/api/users/{customer.user_id}"
        statuses = {
            groups: (await desk.person(groups=groups).get(path)).status_code
            for groups in [(), ("support",), ("admin",), ("Admin",), ("owners",), ("support", "owners")]
        }
        assert statuses == {
            (): 404,
            ("support",): 200,
            ("admin",): 200,
            ("Admin",): 404,
            ("owners",): 404,
            ("support", "owners"): 200,
        }

    async def test_nothing_in_the_request_makes_anybody_more(self, desk: Desk) -> None:
        mine, theirs = await desk.customer(), await desk.customer()
        order = await desk.order(theirs)
        [item_id] = await desk.product("10.00")
        body = {"items": [{"item_id": item_id}], "payment_method_id": "credit_card_1"}
        answers = [
            await mine.post("/api/orders", body | {"user_id": theirs.user_id}),
            await mine.get("/api/orders", user_id=theirs.user_id),
            await mine.http.get(f"/api/orders/{order['order_id']}", params={"user_id": theirs.user_id}),
            await mine.http.get(f"/api/orders/{order['order_id']}", headers={"X-User-Id": theirs.user_id}),
        ]
        assert {refusal(answer) for answer in answers} == {(404, "not_found")}
        assert (await theirs.get("/api/orders")).json()["items"] == [order]

    async def test_staff_who_turned_to_a_customer_see_nothing_of_others(self, desk: Desk) -> None:
        mine, theirs, support = await desk.customer(), await desk.customer(), desk.support()
        path = f"/api/orders/{(await desk.order(theirs))['order_id']}"
        for who, status in ((theirs, 200), (mine, 404)):
            assert (await support.http.get(path, params={"user_id": who.user_id})).status_code == status


class TestLinking:
    async def made(self, desk: Desk) -> tuple[str, str]:
        """A user whom nobody's token speaks for yet: their id and e-mail."""
        email = f"Ann.{uuid4()}@example.com"
        answer = await desk.admin().post("/api/users", PROFILE | {"email": email})
        return answer.json()["id"], email

    async def who(self, person: Person) -> str | None:
        answer = await person.get("/api/users/me")
        return answer.json()["id"] if answer.status_code == 200 else None

    async def test_a_verified_email_links_once_and_access_tokens_follow(self, desk: Desk) -> None:
        user_id, email = await self.made(desk)
        sub = str(uuid4())
        before = desk.person(sub, use="access")
        assert await self.who(before) is None
        assert await self.who(desk.person(sub, email=email.upper())) == user_id
        assert await self.who(before) == user_id
        assert (await before.put(f"/api/users/{user_id}", {"name": NAME})).json()["version"] == 2
        again = await desk.person(sub, email=email).post("/api/users", PROFILE)
        assert refusal(again) == (409, "already_exists")

    async def test_a_second_subject_with_the_same_email_gets_nothing(self, desk: Desk) -> None:
        user_id, email = await self.made(desk)
        assert await self.who(desk.person(email=email)) == user_id
        second = desk.person(email=email)
        assert await self.who(second) is None
        assert refusal(await second.get(f"/api/users/{user_id}")) == (404, "not_found")
        assert refusal(await second.post("/api/users", PROFILE)) == (409, "duplicate_email")

    @pytest.mark.parametrize("verified", [False, None, "false", "True", 1, [True]])
    async def test_an_email_that_is_not_verified_links_nobody(self, desk: Desk, verified: object) -> None:
        user_id, email = await self.made(desk)
        assert await self.who(desk.person(email=email, email_verified=verified)) is None
        assert await self.who(desk.person(email=email)) == user_id

    async def test_an_email_in_an_access_token_links_nobody(self, desk: Desk) -> None:
        user_id, email = await self.made(desk)
        claims = jwt.decode(desk.pool.token(use="access"), options={"verify_signature": False})
        token = desk.pool.sign(claims | {"email": email, "email_verified": True})
        assert (await whoever(desk, f"Bearer {token}")).status_code == 404
        assert await self.who(desk.person(email=email)) == user_id
