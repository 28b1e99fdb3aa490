"""Requests on the demo data, played through /mcp by a real client, end where the rules of the desk say."""

import json
from pathlib import Path
from typing import Final

import pytest

from src.config import Settings
from src.services.import_service import DEMO
from tests.fixtures.replay import Played, replay
from tests.fixtures.tokens import Pool

REQUESTS: Final = Path(__file__).with_name("requests.json")

each_request = pytest.mark.parametrize("number", range(len(json.loads(REQUESTS.read_bytes()))))


@pytest.fixture(scope="module")
async def played(desk_settings: Settings, pool: Pool) -> list[Played]:
    return await replay(desk_settings, pool, DEMO, REQUESTS)


@each_request
def test_a_request_ends_where_the_rules_say(played: list[Played], number: int) -> None:
    request = played[number]
    assert request.outcomes == [action.outcome for action in request.task.actions]
    assert request.left == request.task.after


@each_request
def test_a_stranger_finds_nothing_and_changes_nothing(played: list[Played], number: int) -> None:
    request = played[number]
    assert request.for_a_stranger == [action.outcome_for_strangers for action in request.task.actions]
    assert request.left_by_the_stranger == request.task.before
