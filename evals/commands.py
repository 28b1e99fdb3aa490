"""The commands beside a run: `replay`, `pin` and `schemas`."""

import argparse
import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from rich.console import Console

from agents.rules import RulesModel
from evals.pinning import pinned
from evals.retail import Played, Requests, read_requests, replay
from evals.schemas import write_schemas
from evals.session import embedded_stores
from evals.suites import Suite, TalkCase, load_suite
from evals.world import open_world
from src.config import Settings

Command = Callable[[list[str]], int]


def replay_requests(arguments: list[str]) -> int:
    """Carry out the calls of requests in the retail form, and hold what comes of them against what must."""
    parser = argparse.ArgumentParser(prog="python -m evals replay", description=replay_requests.__doc__)
    parser.add_argument("requests", type=Path, metavar="REQUESTS", help="a JSON array of requests")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FILE", help="the retail file they are about"
    )
    asked = parser.parse_args(arguments)
    requests, console = read_requests(asked.requests, asked.data), Console(highlight=False)
    with embedded_stores() as settings:
        played = asyncio.run(_replay(settings, requests))
    off = [each for each in played if each.misfits]
    for each in off:
        console.print(f"request {each.id}: {'; '.join(each.misfits)}", style="red", markup=False)
    console.print(f"{len(played) - len(off)} of {len(played)} requests went as they must.")
    return int(bool(off))


async def _replay(settings: Settings, requests: Requests) -> list[Played]:
    async with open_world(settings, "replay", requests.content) as world:
        return [await replay(world, RulesModel(), request) for request in requests.requests]


def pin(arguments: list[str]) -> int:
    """Write into data sets of conversations the end state that each case's calls lead to."""
    parser = argparse.ArgumentParser(prog="python -m evals pin", description=pin.__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a data set's YAML file")
    for path in parser.parse_args(arguments).files:
        suite = load_suite(path)
        with embedded_stores() as settings:
            text = asyncio.run(_pinned(settings, suite, path.read_text(encoding="utf-8")))
        path.write_text(text, encoding="utf-8")
    return 0


async def _pinned(settings: Settings, suite: Suite, text: str) -> str:
    async with open_world(settings, "pin", suite.content) as world:
        return await pinned(world, RulesModel(), text, [c for c in suite.cases if isinstance(c, TalkCase)])


def schemas(arguments: list[str]) -> int:
    """Write the JSON Schemas of data sets anew, after a change of what cases hold."""
    argparse.ArgumentParser(prog="python -m evals schemas", description=schemas.__doc__).parse_args(arguments)
    write_schemas()
    return 0


COMMANDS: Final[Mapping[str, Command]] = {"replay": replay_requests, "pin": pin, "schemas": schemas}
