"""Every operation of the desk under input that nobody should send: a problem each time, never a 500."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from tests.fixtures.desk import Desk, Person, refusal

UUID: Final = str(uuid4())
ODD_IDS: Final = [
    "\x00",
    "..",
    ".",
    "a" * 300,
    "ünï",
    "'; --",
    "{}",
    "%",
    "#W1",
    " ",
    "😀",
    "-1",
    UUID + "\n",
    UUID,
]
ODD_VALUES: Final = ["", "\x00", "-1", "9" * 400, "ünï", "eyJhIjoxfQ", "a" * 5000]
ODD_BODIES: Final[list[Any]] = [
    None,
    True,
    -1,
    1.5,
    10**300,
    "",
    "text",
    [],
    [[]],
    {},
    {"": ""},
    {"\x00": "\x00"},
    {"unknown": {"deep": [{"a": None}]}},
]


def paths_of(template: str) -> Iterator[str]:
    """The template with each odd id in the place of all its parameters, or as it is where it has none."""
    if "{" not in template:
        yield template
        return
    for odd in ODD_IDS:
        parts = [quote(odd, safe="") if part.startswith("{") else part for part in template.split("/")]
        yield "/".join(parts)


def values_for(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[Any]:
    """Bodies of the right shape with one field wrong at a time, and those that are wrong altogether."""
    yield from ODD_BODIES
    named = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
    for field in named.get("properties", {}):
        for odd in ("", "\x00", -1, 10**30, True, None, [], {}, [None], {"a": {"b": 1}}, "x" * 9000):
            yield {field: odd}


@pytest.fixture(scope="session")
async def document(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.client.get("/openapi.json")).json()
    return found


async def assert_refused_well(person: Person, method: str, path: str, **sent: Any) -> None:
    answer = await person.http.request(method, path, **sent)
    about = f"{method} {path[:80]} {str(sent)[:200]}: {answer.status_code} {answer.text[:200]}"
    assert answer.status_code < 500, about
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", about
        assert answer.json()["code"], about


@pytest.fixture(params=["customer", "admin"])
async def person(request: pytest.FixtureRequest, desk: Desk) -> Person:
    return await desk.customer() if request.param == "customer" else desk.admin()


async def test_odd_ids_are_refused_or_found_absent(document: dict[str, Any], person: Person) -> None:
    for template, item in document["paths"].items():
        for method in item:
            await asyncio.gather(
                *(assert_refused_well(person, method.upper(), path) for path in paths_of(template))
            )


async def test_odd_queries_are_refused_or_lead_to_nothing(document: dict[str, Any], person: Person) -> None:
    for template, item in document["paths"].items():
        [*_, path] = paths_of(template)
        for method, told in item.items():
            names = [given["name"] for given in told.get("parameters", ()) if given["in"] == "query"]
            asked = [{name: odd} for name in names for odd in ODD_VALUES]
            await asyncio.gather(
                *(assert_refused_well(person, method.upper(), path, params=each) for each in asked)
            )


async def test_odd_bodies_are_refused(document: dict[str, Any], person: Person) -> None:
    for template, item in document["paths"].items():
        for method, told in item.items():
            path = template.replace("{", "").replace("}", "")
            for content in told.get("requestBody", {}).get("content", {}).values():
                for body in values_for(content["schema"], document):
                    await assert_refused_well(person, method.upper(), path, json=body)


@pytest.mark.parametrize(
    "header", ["Idempotency-Key", "If-Match", "Authorization", "X-Request-ID", "Last-Event-ID"]
)
async def test_odd_headers_are_refused_or_ignored(person: Person, header: str) -> None:
    path = f"/api/orders/{uuid4().hex}/cancel"
    for odd in ("ü" * 10, "a" * 5000, '"', "W/", "*", "-1", "a, b", "Bearer", "bearer a b c", "Basic YTpi"):
        headers = {name: value for name, value in person.http.headers.items() if name != header.lower()}
        sent = [(name.encode(), value.encode("latin-1")) for name, value in {**headers, header: odd}.items()]
        async with httpx.AsyncClient(base_url=person.http.base_url, headers=[]) as plain:
            answer = await plain.post(path, json={"reason": "no longer needed"}, headers=sent)
        assert refusal(answer)[0] in {401, 404, 412, 422}, odd


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (b'"' + b"a" * 1024 * 1024 + b'"', "application/json", (413, "too_large")),
        (b'{"reason": "no longer needed"}', "text/plain", (415, "not_json")),
        (b'{"reason": "no longer needed"', "application/json", (400, "malformed_json")),
        (b'{"reason": NaN}', "application/json", (400, "malformed_json")),
    ],
    ids=["large", "plain", "cut", "nan"],
)
async def test_a_body_that_is_no_good_json_cancels_nothing(
    desk: Desk, content: bytes, content_type: str, expected: tuple[int, str]
) -> None:
    customer = await desk.customer()
    path = f"/api/orders/{(await desk.order(customer))['order_id']}"
    headers = {"Content-Type": content_type}
    assert refusal(await customer.http.post(f"{path}/cancel", content=content, headers=headers)) == expected
    assert (await customer.get(path)).json()["status"] == "pending"


@pytest.mark.parametrize("quantity", [0, -1, 101, 1.5, 10**30, None, "two", [1]], ids=str)
async def test_an_odd_quantity_orders_nothing(desk: Desk, quantity: object) -> None:
    customer = await desk.customer()
    [item_id] = await desk.product("10.00")
    body = {"items": [{"item_id": item_id, "quantity": quantity}], "payment_method_id": "credit_card_1"}
    assert refusal(await customer.post("/api/orders", body)) == (422, "invalid")
    assert (await customer.get("/api/orders")).json()["items"] == []
