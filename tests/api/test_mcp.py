"""The door /mcp: who comes in, by which protocol, and at exactly which path."""

import asyncio
import json
from uuid import uuid4

import httpx2
import pytest
from mcp import MCPError

from src.api.gate import MAX_BODY
from src.config import Settings
from tests.fixtures.desk import Desk, open_desk, refusal
from tests.fixtures.mcp import Era, call, content_of, mcp_client
from tests.fixtures.tokens import Pool

ACCEPT = {"Accept": "application/json, text/event-stream"}
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, mcp-method, mcp-name, mcp-protocol-version",
}
CALCULATE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "calculate", "arguments": {"expression": "2 * 3"}},
}


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_clients_of_the_newest_protocol_and_of_older_ones_are_served(desk: Desk, era: Era) -> None:
    customer = await desk.customer()
    async with mcp_client(desk, customer, era=era) as client:
        user = content_of(await call(client, "get_user_details", user_id=customer.user_id))
        assert client.server_info
        assert client.server_info.name == "orderdesk"
    assert user == (await customer.get("/api/users/me")).json()


async def test_a_single_post_at_exactly_this_path_is_answered_as_json(desk: Desk) -> None:
    answer = await desk.person().http.post("/mcp", json=CALCULATE, headers=ACCEPT)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["result"]["structuredContent"] == {"result": "6.00"}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_there_is_neither_a_stream_to_open_nor_a_session_to_end(desk: Desk, method: str) -> None:
    answer = await desk.person().http.request(method, "/mcp", headers=ACCEPT)
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic YTpi"])
async def test_without_a_good_token_there_is_401(desk: Desk, authorization: str | None) -> None:
    headers = ACCEPT | ({"Authorization": authorization} if authorization else {})
    answer = await desk.client.post("/mcp", json=CALCULATE, headers=headers)
    assert refusal(answer) == (401, "not_authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_expired_token_is_refused_to_a_real_client(desk: Desk) -> None:
    person = desk.person()
    person.token = desk.pool.token(expires_in=-60)
    with pytest.raises(BaseExceptionGroup) as failed:
        async with mcp_client(desk, person):
            pytest.fail("it came in")
    assert failed.group_contains((MCPError, httpx2.HTTPStatusError))


async def test_a_foreign_host_is_refused(desk: Desk) -> None:
    headers = ACCEPT | {"Host": "evil.example"}
    answer = await desk.person().http.post("/mcp", json=CALCULATE, headers=headers)
    assert refusal(answer) == (421, "foreign_host")


async def test_pages_ask_from_the_service_itself_and_from_the_origins_that_are_named(
    desk_settings: Settings, pool: Pool
) -> None:
    settings = desk_settings.model_copy(update={"cors_origins": ("https://shop.example",)})
    async with open_desk(settings, pool) as desk:
        person = desk.person()
        answers = {
            origin: await person.http.post("/mcp", json=CALCULATE, headers=ACCEPT | {"Origin": origin})
            for origin in (desk.url, "https://shop.example", "https://evil.example", "null", "http://[")
        }
        preflight = await desk.client.options("/mcp", headers=PREFLIGHT | {"Origin": "https://shop.example"})
    assert [answer.status_code for answer in answers.values()] == [200, 200, 403, 403, 403]
    assert refusal(answers["https://evil.example"]) == (403, "forbidden")
    assert preflight.status_code == 200


async def test_a_body_may_be_as_large_as_anywhere_else(desk: Desk) -> None:
    large = CALCULATE | {"params": {"name": "calculate", "arguments": {"expression": "1" * MAX_BODY}}}
    answer = await desk.person().http.post("/mcp", json=large, headers=ACCEPT)
    assert refusal(answer) == (413, "too_large")


async def test_an_answer_carries_the_requests_id(desk: Desk) -> None:
    request_id = uuid4().hex
    headers = ACCEPT | {"X-Request-ID": request_id}
    answer = await desk.person().http.post("/mcp", json=CALCULATE, headers=headers)
    assert answer.headers["x-request-id"] == request_id


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_callers_at_the_same_time_are_never_taken_for_each_other(desk: Desk, era: Era) -> None:
    customers = [await desk.customer() for _ in range(6)]

    async def seen_by(number: int) -> list[str]:
        async with mcp_client(desk, customers[number], era=era) as client:
            calls = [call(client, "get_user_details", user_id=each.user_id) for each in customers]
            results = await asyncio.gather(*calls)
        return [content_of(result)["id"] for result in results if not result.is_error]

    seen = await asyncio.gather(*(seen_by(number) for number in range(len(customers))))
    assert seen == [[customer.user_id] for customer in customers]


async def test_the_rest_documents_do_not_speak_of_it(desk: Desk) -> None:
    document = (await desk.client.get("/openapi.json")).text
    assert "/mcp" not in json.loads(document)["paths"]
