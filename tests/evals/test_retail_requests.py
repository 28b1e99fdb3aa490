"""Requests of the retail form: replayed without a model, and as cases for one."""

import json
from pathlib import Path
from typing import Final

import pytest

from agents.rules import RulesModel
from evals.retail import Requests, as_suite, read_requests, replay
from evals.suites import TalkCase, UnknownData, demo
from evals.world import World
from src.services.import_service import DEMO

REQUESTS: Final = Path(__file__).parents[1] / "integration" / "requests.json"


@pytest.fixture(scope="module")
def requests() -> Requests:
    return read_requests(REQUESTS, DEMO)


async def test_requests_go_as_they_must(world: World, requests: Requests) -> None:
    played = [await replay(world, RulesModel(), request) for request in requests.requests]
    assert [each.misfits for each in played] == [[]] * len(requests.requests)


async def test_a_request_that_goes_otherwise_is_told_of(world: World, requests: Requests) -> None:
    request = requests.requests[0]
    wrong = request.model_copy(update={"actions": request.actions[:3]})
    found = await replay(world, RulesModel(), wrong)
    assert any("status" in misfit for misfit in found.misfits)


@pytest.mark.parametrize("section", ["users", "orders", "products"])
def test_a_file_without_a_section_is_refused(tmp_path: Path, section: str) -> None:
    data = tmp_path / "data.json"
    data.write_text(json.dumps({key: value for key, value in demo().items() if key != section}))
    with pytest.raises(UnknownData, match=f"has no {section}; name the retail file"):
        read_requests(REQUESTS, data)


def test_requests_about_nobody_in_the_file_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text(json.dumps(demo() | {"users": {"nobody_1": {}}}))
    with pytest.raises(UnknownData, match=r"has no user .*; name the retail file"):
        read_requests(REQUESTS, data)


def test_a_file_with_a_broken_record_is_refused(tmp_path: Path) -> None:
    users = demo()["users"]
    assert isinstance(users, dict)
    data = tmp_path / "data.json"
    data.write_text(json.dumps(demo() | {"users": {name: {} for name in users}}))
    with pytest.raises(UnknownData, match="not of the retail form: users/"):
        read_requests(REQUESTS, data)


def test_a_file_without_requests_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "requests.json"
    empty.write_text("[]")
    with pytest.raises(UnknownData, match="holds no requests"):
        read_requests(empty, DEMO)


def test_a_request_is_a_case_with_its_commands_and_end_state(requests: Requests) -> None:
    case = as_suite(requests, "mine").cases[0]
    assert isinstance(case, TalkCase)
    assert [call.tool for call in case.expected.all_calls] == ["cancel_pending_order"]
    assert case.expected.changed.orders["W1735415"]["status"] == "cancelled"
    assert case.inputs.errand == requests.requests[0].request
