import asyncio
import re
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.fixtures.edge import edge_app
from tests.fixtures.log import Log
from tests.fixtures.serving import served

Case = tuple[str, str, dict[str, str], int]
EVERY_KIND_OF_ANSWER: list[Case] = [
    ("GET", "/api/things/a", {}, 200),
    ("GET", "/nowhere", {}, 404),
    ("PATCH", "/api/things/a", {}, 405),
    ("DELETE", "/api/things/wrong_status", {}, 409),
    ("POST", "/api/things", {"Content-Type": "text/plain", "Content-Length": "0"}, 422),
    ("GET", "/api/things/a", {"Host": "evil.example"}, 421),
    ("GET", "/bugs/raised", {}, 500),
    ("GET", "/docs", {}, 200),
    ("GET", "/openapi.json", {}, 200),
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), EVERY_KIND_OF_ANSWER)
async def test_every_answer_carries_the_id_and_the_headers_that_guard_it(
    edge: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = await edge.request(method, path, headers=headers | {"X-Request-ID": "id-of_the-client-1"})
    assert response.status_code == status
    assert response.headers["X-Request-ID"] == "id-of_the-client-1"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "given", ["", "short-1", "a" * 65, "with space", "semi;colon", "\xfcnicode-id", "eyJhbGci.eyJz.x"]
)
async def test_an_id_of_another_shape_is_replaced(edge: httpx.AsyncClient, given: str) -> None:
    response = await edge.get("/api/things/a", headers=[(b"X-Request-ID", given.encode("latin-1"))])
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


async def test_requests_side_by_side_keep_their_own_ids(edge: httpx.AsyncClient, log: Log) -> None:
    names = [f"request-{number}" for number in range(50)]
    answers = await asyncio.gather(
        *(edge.get(f"/api/things/{name}", headers={"X-Request-ID": name}) for name in names)
    )
    assert [answer.headers["X-Request-ID"] for answer in answers] == names
    lines = log.lines("src.api.middleware")
    assert {(line["request_id"], line["user_id"]) for line in lines} == {
        (name, "user-of-" + name) for name in names
    }


async def test_each_request_is_one_line_that_names_the_route_and_not_what_it_was_asked(
    edge: httpx.AsyncClient, log: Log
) -> None:
    await edge.get(
        "/api/things/my-secret-thing?email=ann@example.com", headers={"X-Request-ID": "a-request-1"}
    )
    [line] = log.lines()
    assert isinstance(line.pop("ms"), float)
    assert line.pop("timestamp")
    assert line == {
        "level": "INFO",
        "logger": "src.api.middleware",
        "message": "Answered a request",
        "request_id": "a-request-1",
        "run_id": None,
        "user_id": "user-of-my-secret-thing",
        "method": "GET",
        "path": "/api/things/{thing_id}",
        "status": 200,
    }


@pytest.mark.parametrize(("method", "path", "headers", "status"), EVERY_KIND_OF_ANSWER)
async def test_every_kind_of_answer_has_its_line(
    edge: httpx.AsyncClient, log: Log, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    await edge.request(method, path, headers=headers)
    [line] = [line for line in log.lines() if line["message"] == "Answered a request"]
    assert line["status"] == status
    assert line["user_id"] is None or "user-of" in str(line["user_id"])


@pytest.fixture
async def crossed() -> AsyncGenerator[httpx.AsyncClient]:
    app = edge_app(cors_origins=("https://shop.example",))
    async with served(app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


def asking(origin: str, **more: str) -> dict[str, str]:
    return {"Origin": origin, "Access-Control-Request-Method": "POST"} | more


async def test_a_site_that_is_named_may_ask_with_a_token(crossed: httpx.AsyncClient) -> None:
    headers = asking(
        "https://shop.example",
        **{"Access-Control-Request-Headers": "authorization, content-type, idempotency-key"},
    )
    response = await crossed.options("/api/things", headers=headers)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Credentials" not in response.headers


async def test_what_a_named_site_is_answered_can_be_read_by_it_errors_too(crossed: httpx.AsyncClient) -> None:
    for path in ("/api/things/a", "/nowhere", "/bugs/raised"):
        response = await crossed.get(path, headers={"Origin": "https://shop.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "X-Request-ID" in response.headers["Access-Control-Expose-Headers"]


async def test_a_site_that_is_not_named_may_not_ask(crossed: httpx.AsyncClient) -> None:
    response = await crossed.options("/api/things", headers=asking("https://evil.example"))
    assert (response.status_code, response.json()["code"]) == (400, "foreign_origin")
    plain = await crossed.get("/api/things/a", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in plain.headers


async def test_without_named_sites_nothing_is_allowed_to_any(edge: httpx.AsyncClient) -> None:
    response = await edge.options("/api/things", headers=asking("https://shop.example"))
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert not [name for name in response.headers if name.startswith("access-control")]
