import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.api.errors import MalformedBody
from src.api.gate import MAX_BODY, MAX_DEPTH, MAX_PARTS, check_json
from tests.fixtures.edge import edge_app
from tests.fixtures.serving import served

JSON = {"Content-Type": "application/json"}


def code_of(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["X-Request-ID"] == response.json()["request_id"]
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nope",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": 1} {"b": 2}',
        b'{"a": 1, "a": 2}',
        b'{"deep": [{"a": 1, "a": 1}]}',
        b"NaN",
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b"1e999",
        b"[-1e400]",
        b"9" * 5000,
        b"[" * 9_000,
        b"[" * 9_000 + b"]" * 9_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"\xff\xfe",
        b'"\xc3\x28"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b'"\\udc00\\ud800"',
        '{"a": 1}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'"a\x00b"',
        b'"a\nb"',
        b" ",
    ],
    ids=lambda body: f"{body[:24]!r} of {len(body)}",
)
async def test_a_body_that_is_not_clear_json_is_malformed(edge: httpx.AsyncClient, body: bytes) -> None:
    response = await edge.put("/api/things/a", content=body, headers=JSON)
    assert code_of(response) == (400, "malformed_json")


@pytest.mark.parametrize(
    "value",
    [None, False, 0, 10**400, 1.5, "", "ünï😀\u0000", [], {}, {"": {"ä": [1, {"a": None}]}}, "\ud83d\ude00"],
    ids=lambda value: repr(value)[:24],
)
async def test_any_clear_json_comes_through(edge: httpx.AsyncClient, value: object) -> None:
    body = json.dumps(value).encode()
    response = await edge.put("/api/things/a", content=body, headers=JSON)
    assert response.status_code == 200
    assert response.content.decode() == json.dumps(
        json.loads(body), ensure_ascii=False, separators=(",", ":")
    )


def test_as_many_levels_as_are_allowed_come_through() -> None:
    check_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    check_json(b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH)
    check_json(b"[" + b"[]," * 1000 + b"[]]")


@given(st.binary() | st.text().map(str.encode))
def test_bytes_are_either_clear_json_or_malformed(body: bytes) -> None:
    try:
        check_json(body)
    except MalformedBody:
        return
    json.dumps(json.loads(body), allow_nan=False, ensure_ascii=False).encode()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values, st.booleans())
def test_whatever_a_program_writes_as_json_is_clear(value: object, ascii_only: bool) -> None:
    check_json(json.dumps(value, ensure_ascii=ascii_only).encode())


async def test_a_body_of_a_mebibyte_is_taken_and_one_byte_more_is_not(edge: httpx.AsyncClient) -> None:
    most = b'"' + b"a" * (MAX_BODY - 2) + b'"'
    assert (await edge.put("/api/things/a", content=most, headers=JSON)).status_code == 200
    response = await edge.put("/api/things/a", content=most + b" ", headers=JSON)
    assert code_of(response) == (413, "too_large")


async def test_a_body_of_too_many_values_is_refused_whatever_it_says(edge: httpx.AsyncClient) -> None:
    for unit in (b"1", b"[]", b"{}", b'""', b'{"a":1}'):
        body = b"[" + (unit + b",") * MAX_PARTS + unit + b"]"
        assert code_of(await edge.put("/api/things/a", content=body, headers=JSON)) == (413, "too_large")
    assert code_of(await edge.put("/api/things/a", content=b"[" * 100_000, headers=JSON)) == (
        413,
        "too_large",
    )


async def test_what_looks_like_values_inside_a_text_is_text(edge: httpx.AsyncClient) -> None:
    text = 'a, b, [c], {"d"}, \\ ' * 20_000
    assert (await edge.put("/api/things/a", json=text)).json() == text
    many = [1] * (MAX_PARTS - 1)
    assert (await edge.put("/api/things/a", json=many)).json() == many


async def test_a_body_without_a_length_is_cut_off_at_the_limit(edge: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    response = await edge.put("/api/things/a", content=endless(), headers=JSON)
    assert code_of(response) == (413, "too_large")
    assert (await edge.get("/api/things/a")).status_code == 200


async def spoken(edge: httpx.AsyncClient, request: bytes) -> bytes:
    """What the server answers to these bytes before it hangs up or has said one answer."""
    address = urlsplit(str(edge.base_url))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(request)
        await writer.drain()
        return await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


@pytest.mark.parametrize("length", [b"1048577", b"999999999999999999", b"9" * 5000])
async def test_a_length_that_is_too_large_is_refused_before_the_body_comes(
    edge: httpx.AsyncClient, length: bytes
) -> None:
    answer = await spoken(
        edge,
        b"POST /api/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: " + length + b"\r\n\r\n",
    )
    assert answer.split(b" ", 2)[1] in {b"413", b"400"}


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"],
)
async def test_a_body_of_another_type_is_refused(edge: httpx.AsyncClient, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = await edge.post("/api/things", content=b'{"a": 1}', headers=headers)
    assert code_of(response) == (415, "not_json")


async def test_a_compressed_body_is_refused(edge: httpx.AsyncClient) -> None:
    response = await edge.post("/api/things", content=b"{}", headers=JSON | {"Content-Encoding": "gzip"})
    assert code_of(response) == (415, "not_json")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"]
)
async def test_a_body_of_any_json_type_is_taken(edge: httpx.AsyncClient, content_type: str) -> None:
    response = await edge.put("/api/things/a", content=b"1", headers={"Content-Type": content_type})
    assert response.json() == 1


async def test_no_body_needs_no_type(edge: httpx.AsyncClient) -> None:
    assert (await edge.get("/api/things/a")).status_code == 200
    assert code_of(await edge.post("/api/things")) == (422, "invalid")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
        "a b",
        "[::2]",
        "local host",
    ],
)
async def test_a_foreign_host_is_refused(edge: httpx.AsyncClient, host: str) -> None:
    for path in ("/api/things/a", "/docs", "/openapi.json"):
        assert code_of(await edge.get(path, headers={"Host": host})) == (421, "foreign_host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "localhost.", "127.0.0.1:8000", "[::1]:8000"])
async def test_the_names_of_loopback_are_known(edge: httpx.AsyncClient, host: str) -> None:
    assert (await edge.get("/api/things/a", headers={"Host": host})).status_code == 200


@pytest.fixture
async def public() -> AsyncGenerator[httpx.AsyncClient]:
    app = edge_app(public_url="https://desk.example:8443/base")
    async with served(app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def test_the_public_host_is_known_under_any_port(public: httpx.AsyncClient) -> None:
    for host in ("desk.example", "Desk.Example:8443"):
        assert (await public.get("/api/things/a", headers={"Host": host})).status_code == 200
    assert code_of(await public.get("/api/things/a", headers={"Host": "x.desk.example"})) == (
        421,
        "foreign_host",
    )


async def test_two_hosts_are_foreign(edge: httpx.AsyncClient) -> None:
    answer = await spoken(edge, b"GET /api/things/a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
    assert answer.split(b" ", 2)[1] in {b"421", b"400"}


async def test_a_client_that_leaves_before_the_end_of_its_body_breaks_nothing(
    edge: httpx.AsyncClient,
) -> None:
    address = urlsplit(str(edge.base_url))
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        b"POST /api/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )
    await writer.drain()
    writer.close()
    assert (await edge.get("/api/things/a")).status_code == 200
