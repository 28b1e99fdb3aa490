"""The import command at the terminal: what it says and how it exits."""

import json
from collections.abc import AsyncGenerator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from src.local.errors import StartError
from src.local.importing import open_retail, run_import
from src.services.import_service import DEMO
from src.services.stores import Stores
from tests.fixtures.retail import a_file, open_table_stores, user_entry


@pytest.fixture
async def stores(ministack: str, aws_keys: None) -> AsyncGenerator[Stores]:
    async with open_table_stores(ministack) as opened:
        yield opened


def a_console(*, terminal: bool = False) -> tuple[Console, StringIO]:
    text = StringIO()
    return Console(file=text, force_terminal=terminal, width=80), text


async def test_a_sound_file_exits_0_and_says_what_was_made(stores: Stores) -> None:
    console, text = a_console()
    assert await run_import(stores, a_file(users=3), console) == 0
    assert text.getvalue().splitlines() == [
        "users           3 made       0 there already",
        "products        1 made       0 there already",
        "orders          2 made       0 there already",
    ]


async def test_a_broken_record_is_listed_with_its_place_and_exits_1(stores: Stores) -> None:
    console, text = a_console()
    users = {"user_0": user_entry(0), "user_1": {**user_entry(1), "email": "[b]nobody[/b]"}}
    assert await run_import(stores, a_file(users=users, orders=1), console) == 1
    listed, *_, last = text.getvalue().splitlines()
    assert listed.startswith("users/user_1/email: value is not a valid email address")
    assert last == "Mend what is listed above and import the file again; the rest is in."


async def test_a_terminal_is_shown_a_bar(stores: Stores) -> None:
    console, text = a_console(terminal=True)
    assert await run_import(stores, open_retail(DEMO), console) == 0
    assert "125/125" in text.getvalue()


@pytest.mark.parametrize("content", [None, "no JSON", json.dumps({"users": {}})])
def test_what_is_no_retail_file_is_told_in_one_sentence(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "retail.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(StartError, match=r"retail\.json can't be (read|imported)[:.] .+\.$"):
        open_retail(path)
