import json
from http import HTTPStatus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.api.errors import STATUSES, NoSuchPath, answer, every_error, status_of, title_of
from src.models.errors import ConversationBusy, DeskError, NotAuthenticated, NotFound
from tests.fixtures.log import Log


@pytest.mark.parametrize("kind", [*every_error()], ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_a_code_of_its_own_and_a_meaning(kind: type[DeskError]) -> None:
    assert kind.__dict__["__doc__"]
    assert any(base in STATUSES for base in kind.__mro__)
    assert kind.code in kind.__dict__.values()
    assert [other.code for other in every_error()].count(kind.code) == 1


def test_a_problem_has_the_members_of_rfc_9457_and_a_stable_code() -> None:
    response = answer(NotFound("There is no such order."))
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.media_type == "application/problem+json"
    assert json.loads(bytes(response.body)) == {
        "type": "/docs/errors#not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no such order.",
        "code": "not_found",
        "request_id": "-",
    }


def test_waiting_is_named_where_it_helps() -> None:
    assert answer(ConversationBusy("Wait.")).headers["Retry-After"] == "2"
    assert "Retry-After" not in answer(NotFound("No.")).headers


def test_a_refused_token_is_answered_with_the_scheme_to_use() -> None:
    assert answer(NotAuthenticated("No.")).headers["WWW-Authenticate"] == "Bearer"


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_makes_a_problem_fail(detail: str) -> None:
    assert json.loads(bytes(answer(NotFound(detail)).body))["detail"] == detail


def test_an_error_that_derives_from_another_shares_its_status() -> None:
    assert NoSuchPath not in STATUSES
    assert status_of(NoSuchPath) == HTTPStatus.NOT_FOUND
    assert title_of(NoSuchPath) == "No such path"


@pytest.mark.parametrize(
    ("code", "status"),
    [("not_found", 404), ("wrong_status", 409), ("conversation_busy", 409), ("dynamodb_unavailable", 503)],
)
async def test_an_error_that_a_route_raises_is_answered_as_its_problem(
    edge: httpx.AsyncClient, code: str, status: int
) -> None:
    response = await edge.delete(f"/api/things/{code}", headers={"X-Request-ID": "a-request-of-mine"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"], problem["detail"]) == (status, code, f"About {code}.")
    assert problem["request_id"] == "a-request-of-mine"


async def test_the_cause_of_a_503_is_logged_and_not_shown(edge: httpx.AsyncClient, log: Log) -> None:
    response = await edge.delete("/api/things/dynamodb_unavailable")
    assert "route" not in response.text
    [line] = log.lines("src.api.errors")
    assert line["code"] == "dynamodb_unavailable"
    assert line["cause"] == "ConnectionError('no route to [redacted]')"


async def test_a_path_that_leads_nowhere_is_no_such_path(edge: httpx.AsyncClient) -> None:
    for path in (
        "/",
        "/nowhere",
        "/api/things/",
        "/api/things/a/b",
        "/docs/assets/..%2f..%2fmodels",
        "/docs/assets/other.js",
        "/%00",
        "/%ff",
    ):
        response = await edge.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "no_such_path"), path


async def test_a_wrong_method_is_answered_with_every_right_one(edge: httpx.AsyncClient) -> None:
    response = await edge.patch("/api/things/a")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "DELETE, GET, PUT"


@pytest.mark.parametrize(("status", "code"), [(403, "forbidden"), (409, "conflict"), (418, "bad_request")])
async def test_what_a_library_refuses_is_a_problem_too(
    edge: httpx.AsyncClient, status: int, code: str
) -> None:
    response = await edge.get(f"/bugs/library/{status}")
    assert (response.status_code, response.json()["status"], response.json()["code"]) == (
        status,
        status,
        code,
    )
    assert response.headers["X-Library"] == "yes"


async def test_a_bug_answers_500_and_shows_nothing_of_itself(edge: httpx.AsyncClient, log: Log) -> None:
    response = await edge.get("/bugs/raised", headers={"X-Request-ID": "the-buggy-one"})
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert response.json()["request_id"] == response.headers["X-Request-ID"] == "the-buggy-one"
    assert not {"hunter2", "RuntimeError", "Traceback"} & {*response.text.split()}
    [line] = [line for line in log.lines() if line["level"] == "ERROR"]
    assert line["request_id"] == "the-buggy-one"
    assert "RuntimeError" in str(line["exc_info"])
    assert "hunter2" not in log.text


async def test_a_bug_in_the_midst_of_an_answer_breaks_it_off(edge: httpx.AsyncClient, log: Log) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await edge.get("/bugs/streamed")
    assert sum("RuntimeError" in str(line.get("exc_info")) for line in log.lines()) == 1


async def test_the_service_goes_on_after_a_bug(edge: httpx.AsyncClient) -> None:
    await edge.get("/bugs/raised")
    assert (await edge.get("/api/things/a")).json() == "a"
