"""The requests of the retail data set, played through /mcp by a real client, end where the data set says."""

from pathlib import Path
from typing import Final

import pytest

from src.config import Settings
from tests.fixtures.replay import Played, replay
from tests.fixtures.tokens import Pool

FOLDER: Final = Path(__file__).parents[3] / "shared" / "retail"
NUMBER_OF_REQUESTS: Final = 74

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"The retail data set is not at {FOLDER}.")
each_request = pytest.mark.parametrize("number", range(NUMBER_OF_REQUESTS))


@pytest.fixture(scope="module")
async def played(desk_settings: Settings, pool: Pool) -> list[Played]:
    return await replay(desk_settings, pool, FOLDER / "db.json", FOLDER / "train.json")


@each_request
def test_a_request_ends_where_the_data_set_says(played: list[Played], number: int) -> None:
    request = played[number]
    assert request.outcomes == [action.outcome for action in request.task.actions]
    assert request.left == request.task.after


@each_request
def test_a_stranger_finds_nothing_and_changes_nothing(played: list[Played], number: int) -> None:
    request = played[number]
    assert request.for_a_stranger == [action.outcome_for_strangers for action in request.task.actions]
    assert request.left_by_the_stranger == request.task.before


def test_every_request_is_played_and_most_change_something(played: list[Played]) -> None:
    assert len(played) == NUMBER_OF_REQUESTS
    assert sum(request.task.after != request.task.before for request in played) > NUMBER_OF_REQUESTS / 2
