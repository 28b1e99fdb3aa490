"""`python -m evals from-traces`: eval cases of the conversations that a service has stored."""

import argparse
import asyncio
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final
from uuid import uuid4

from rich.console import Console

from agents.catalogue import AGENTS
from agents.rules import RulesModel
from evals.pinning import Unpinnable, end_state
from evals.session import embedded_stores
from evals.suites import AnyCase, ReadingCase, TalkCase, demo
from evals.traces.gathering import Gathered, gather
from evals.traces.kinds import Kind
from evals.traces.masking import find, masked, pseudonyms_for
from evals.traces.reading import UnknownTrace, Wanted
from evals.traces.writing import write_cases
from evals.world import UnfitCase, World, given_state, open_world
from src.config import Settings, Stage
from src.db.dynamo import open_dynamo
from src.db.dynamo_errors import DynamoError
from src.db.tables import check_tables
from src.local.errors import StartError
from src.local.home import holds_a_desk
from src.local.settings import read_settings
from src.local.stack import join_or_open_stack
from src.main import open_stores
from src.models.errors import DeskError
from tools.toolsets import COMMANDS

_WRONG_CALL: Final = 2
_ABOUT: Final = """\
Makes eval cases of stored conversations, with invented names, addresses, numbers and ids instead of the real
ones. It reads the stores of the service that runs on the data directory, or those that the settings name, and
changes nothing there. What people wrote is searched for personal data, not understood: read the file before
you commit it.
"""


def from_traces(arguments: Sequence[str]) -> int:
    """Write the data set file that is asked for, and answer the exit code; a wrong call is 2."""
    asked = _parser().parse_args(arguments)
    try:
        _make(asked, asked.output)
    except (UnknownTrace, StartError) as error:
        sys.stderr.write(f"{error}\n")
        return _WRONG_CALL
    return 0


def _make(asked: argparse.Namespace, output: Path) -> None:
    if output.exists():
        raise UnknownTrace(f"{output} exists; name another file, for a person may have mended this one.")
    gathered = _gathered(asked, _name(output))
    pseudonyms = pseudonyms_for(find(gathered))
    cases = [masked(case, pseudonyms) for case in gathered.cases]
    cases = _pinned([*_fitting(cases, gathered.unusable)])
    if not cases:
        raise UnknownTrace(" ".join(["No stored conversation makes a case.", *gathered.unusable]))
    write_cases(output, cases)
    _tell(output, len(cases), gathered, pseudonyms.counts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals from-traces",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--output", type=Path, required=True, metavar="FILE.yaml", help="the data set file to write")
    add("--data-dir", type=Path, metavar="DIR", help="the service's data directory (DATA_DIR, default: data)")
    add("--conversation", action="append", default=[], metavar="ID", help="only this one; repeat it for more")
    add("--agent", choices=sorted(AGENTS), default="support", help="whose conversations (support)")
    add(
        "--since",
        type=_day,
        metavar="YYYY-MM-DD",
        help="only those that went on since that day",
    )
    add("--limit", type=_number, metavar="N", help="only the N newest")
    add("--language", default="en", metavar="CODE", help="what they are held in, as ISO 639-1 has it (en)")
    return parser


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a number from 1 on")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("give a day such as 2026-11-26") from None


def _name(output: Path) -> str:
    """What the cases are called after."""
    words = re.sub(r"[^a-z0-9]+", "-", output.stem.lower()).strip("-")
    return words if words[:1].isalpha() else f"trace-{words}".strip("-")


def _gathered(asked: argparse.Namespace, name: str) -> Gathered:
    settings = _settings(asked.data_dir)
    wanted = Wanted(asked.agent, asked.conversation, asked.since, asked.limit)
    try:
        if settings.stage is Stage.LOCAL and settings.dynamodb_endpoint:
            # The stack makes the tables that it doesn't find, even where a setting leads elsewhere.
            asyncio.run(_check_tables(settings))
        with join_or_open_stack(settings) as stack:
            sys.stderr.write(f"Reading {_place(stack.settings)}.\n")
            return asyncio.run(_read(stack.settings, wanted, name, asked.language))
    except (DeskError, DynamoError) as error:
        raise StartError(str(error)) from None


def _settings(data_dir: Path | None) -> Settings:
    settings = read_settings({"data_dir": data_dir} if data_dir else {})
    if settings.stage is not Stage.LOCAL and data_dir:
        stage = settings.stage.value
        raise StartError(f"--data-dir is for stage local; the settings are of stage {stage}: leave it out.")
    if settings.stage is Stage.LOCAL and not holds_a_desk(settings.data_dir):
        raise StartError(f"There is no desk in {settings.data_dir}; name the directory that a service uses.")
    return settings


async def _check_tables(settings: Settings) -> None:
    async with open_dynamo(
        region=settings.aws_region, endpoint_url=settings.dynamodb_endpoint, prefix=settings.table_prefix
    ) as dynamo:
        await check_tables(dynamo)


async def _read(settings: Settings, wanted: Wanted, name: str, language: str) -> Gathered:
    async with open_stores(settings, as_they_are=True) as stores:
        return await gather(stores, wanted, name, language)


def _place(settings: Settings) -> str:
    """Where the stores are, without the logins that lead there."""
    dynamodb = settings.dynamodb_endpoint or f"AWS {settings.aws_region}"
    mongodb = re.sub(r"//[^/]*@", "//", str(settings.mongodb_url).partition("?")[0])
    return (
        f"the tables {settings.table_prefix}* of {dynamodb} "
        f"and the database {settings.mongodb_database} of {mongodb}"
    )


def _fitting(cases: Sequence[AnyCase], unusable: list[str]) -> Iterator[AnyCase]:
    """The cases that the demo desk can be set up for."""
    for case in cases:
        try:
            if isinstance(case, TalkCase):
                given_state(demo(), case.inputs.given).user_of(case.inputs.customer)
            yield case
        except UnfitCase as reason:
            unusable.append(f"{case.name}: {reason}")


def _pinned(cases: Sequence[AnyCase]) -> list[AnyCase]:
    """The cases with the end states that their commands lead to, tried on stores of our own."""
    if not any(isinstance(case, TalkCase) and _changes_something(case) for case in cases):
        return [*cases]
    with embedded_stores() as settings:
        return asyncio.run(_end_states(settings, cases))


async def _end_states(settings: Settings, cases: Sequence[AnyCase]) -> list[AnyCase]:
    async with open_world(settings, f"w{uuid4().hex[:8]}", demo()) as world:
        return [
            case if isinstance(case, ReadingCase) else await with_end_state(world, case) for case in cases
        ]


async def with_end_state(world: World, case: TalkCase) -> TalkCase:
    """The case with what changes; where that can't be told from its calls, a note says so."""
    try:
        changed = await end_state(world, RulesModel(), case)
    except Unpinnable as reason:
        why = str(reason).splitlines()[0]
        note = "; ".join(filter(None, (case.meta.note, f"the end state is not known: {why}")))
        return replace(case, meta=case.meta.model_copy(update={"note": note}))
    return replace(case, expected=case.expected.model_copy(update={"changed": changed}))


def _changes_something(case: TalkCase) -> bool:
    return any(call.tool in COMMANDS and not call.declined for call in case.expected.all_calls)


def _tell(output: Path, cases: int, gathered: Gathered, counts: Mapping[Kind, int]) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"{output}: {cases} cases of {gathered.conversations} conversations.")
    for sentence in gathered.unusable:
        console.print(f"Left out: {sentence}.")
    replaced = ", ".join(f"{number} {kind.value}" for kind, number in counts.items())
    console.print(f"Replaced: {replaced or 'nothing'}.")
    console.print(
        "What people wrote was searched for these, not understood: read it before you commit it, for other "
        "names, dates of birth and whatever else tells who they are."
    )
