"""The data directory: one user at a time, who may tell others where the stores are."""

import json
import stat
from pathlib import Path
from threading import Event, Thread

import pytest

from src.local.errors import StartError
from src.local.home import Claim, Found, claim, find_or_claim, find_or_make_key

FOUND = Found(settings={"redis_url": "redis://127.0.0.1:1/0"}, environment={"A": "b"}, pool=None)


def test_only_one_may_claim_it(tmp_path: Path) -> None:
    with (
        claim(tmp_path / "desk"),
        pytest.raises(StartError, match="Another orderdesk"),
        claim(tmp_path / "desk"),
    ):
        pass


def test_it_is_free_again_afterwards(tmp_path: Path) -> None:
    with claim(tmp_path):
        pass
    with claim(tmp_path) as place:
        assert place.home == tmp_path


def test_others_find_what_its_user_publishes(tmp_path: Path) -> None:
    with claim(tmp_path) as place:
        place.publish(FOUND)
        with find_or_claim(tmp_path) as other:
            assert other == FOUND


def test_others_claim_it_where_nobody_is(tmp_path: Path) -> None:
    with find_or_claim(tmp_path) as place:
        assert isinstance(place, Claim)


def test_what_a_dead_user_published_counts_no_longer(tmp_path: Path) -> None:
    with claim(tmp_path) as place:
        place.publish(FOUND)
    with find_or_claim(tmp_path) as place:
        assert isinstance(place, Claim)
        [run_file] = (tmp_path / "run").glob("*.json")
        assert json.loads(run_file.read_text())["found"] is None


def test_a_command_is_waited_for(tmp_path: Path) -> None:
    came, got_it = Event(), Event()

    def come() -> None:
        came.set()
        with find_or_claim(tmp_path):
            got_it.set()

    waiting = Thread(target=come)
    with find_or_claim(tmp_path):
        waiting.start()
        assert came.wait(60)
        assert not got_it.is_set()
    waiting.join(60)
    assert got_it.is_set()


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with claim(tmp_path / "desk") as place:
        find_or_make_key(place.home)
    assert stat.S_IMODE((tmp_path / "desk").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "desk" / "audit.key").stat().st_mode) == 0o600


def test_the_key_is_made_once(tmp_path: Path) -> None:
    key = find_or_make_key(tmp_path)
    assert len(key) == 64
    assert find_or_make_key(tmp_path) == key
