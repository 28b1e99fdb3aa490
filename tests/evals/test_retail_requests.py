"""Requests of the retail form: replayed without a model, and as cases for one."""

from pathlib import Path
from typing import Final

import pytest

from agents.rules import RulesModel
from evals.retail import Requests, as_suite, read_requests, replay
from evals.suites import TalkCase
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


def test_a_request_is_a_case_with_its_commands_and_end_state(requests: Requests) -> None:
    case = as_suite(requests, "mine").cases[0]
    assert isinstance(case, TalkCase)
    assert [call.tool for call in case.expected.all_calls] == ["cancel_pending_order"]
    assert case.expected.changed.orders["W1735415"]["status"] == "cancelled"
    assert case.inputs.errand == requests.requests[0].request
