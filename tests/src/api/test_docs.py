import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from src.api.docs import add_docs, problems
from src.api.errors import every_error, status_of
from src.models.errors import ConversationBusy, NotFound, OutOfStock, WrongStatus
from tests.fixtures.edge import edge_app

PAGES = ["/docs", "/redoc", "/docs/errors"]


class Links(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.found += [link for name in ("src", "href", "spec-url") if (link := named.get(name))]
        self.inline += tag == "script" and "src" not in named


def answers(schema: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every documented answer of every operation, with its status."""
    for path in schema["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                yield int(status), answer


@pytest.mark.parametrize("page", PAGES)
async def test_all_that_a_page_loads_is_served_from_here(edge: httpx.AsyncClient, page: str) -> None:
    response = await edge.get(page)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    links = Links(response.text)
    assert links.inline == 0
    for link in links.found:
        if link != "data:,":
            found = await edge.get(str(httpx.URL(page).join(link)))
            assert found.status_code == 200, link
            assert len(found.content) > 200


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_may_load_nothing_from_elsewhere(edge: httpx.AsyncClient, page: str) -> None:
    policy = (await edge.get(page)).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert not re.search(r"https?:|\*|unsafe-eval", policy)


async def test_no_asset_names_a_picture_of_a_cdn(edge: httpx.AsyncClient) -> None:
    assert b"cdn.redoc.ly" not in (await edge.get("/docs/assets/redoc.standalone.js")).content


async def test_the_table_of_errors_has_them_all(edge: httpx.AsyncClient) -> None:
    page, described = (
        (await edge.get("/docs/errors")).text,
        (await edge.get("/openapi.json")).json()["info"]["description"],
    )
    for kind in every_error():
        assert f'<tr id="{kind.code}"><td>{status_of(kind)}</td>' in page
        assert f"| {status_of(kind)} | `{kind.code}` |" in described


async def test_a_problems_type_leads_to_its_row(edge: httpx.AsyncClient) -> None:
    problem = (await edge.get("/nowhere")).json()
    page = await edge.get(problem["type"])
    assert f'id="{problem["type"].partition("#")[2]}"' in page.text


async def test_every_operation_documents_what_the_edge_answers(edge: httpx.AsyncClient) -> None:
    schema = (await edge.get("/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    make = schema["paths"]["/api/things"]["post"]["responses"]
    assert [*make] == ["201", "400", "409", "413", "415", "422"]
    me = schema["paths"]["/api/users/me"]["get"]
    assert me["security"] == [{"bearer": []}]
    assert [*me["responses"]] == ["200", "401", "404", "503"]
    assert [*me["responses"]["503"]["content"]["application/problem+json"]["examples"]] == [
        "cognito_unavailable",
        "dynamodb_unavailable",
    ]


async def test_every_error_answer_is_a_problem_with_examples(edge: httpx.AsyncClient) -> None:
    schema = (await edge.get("/openapi.json")).json()
    assert schema["components"]["schemas"]["Problem"]["required"]
    assert "HTTPValidationError" not in str(schema)
    for status, answer in answers(schema):
        if status >= 400:
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for code, example in content["examples"].items():
                assert (example["value"]["code"], example["value"]["status"]) == (code, status)


def test_a_route_names_its_errors_by_class_or_by_status() -> None:
    named = problems(NotFound, WrongStatus, ConversationBusy)
    assert [*named] == [404, 409]
    assert [*named[409]["content"]["application/problem+json"]["examples"]] == [
        "conversation_busy",
        "wrong_status",
    ]
    by_status = problems(404, 409)
    assert [*by_status[404]["content"]["application/problem+json"]["examples"]] == ["not_found"]
    assert OutOfStock.code in by_status[409]["content"]["application/problem+json"]["examples"]


def test_the_document_stays_the_same_when_it_is_read_again() -> None:
    app = edge_app()
    assert app.openapi() == app.openapi()


def test_the_frameworks_own_pages_must_be_off() -> None:
    with pytest.raises(ValueError, match="docs_url=None"):
        add_docs(FastAPI())
