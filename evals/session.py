"""One run from its options to its report."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agents.engine import Engine
from agents.models import RULES
from evals.figures import figures
from evals.journal import Journal, fingerprint
from evals.lines import reopen
from evals.options import Options
from evals.players import AGENT, CUSTOMER, JUDGE, Casting, open_casting
from evals.recording import NotRecorded, read_tape
from evals.report import Report, write_report
from evals.results import CaseResult, failures_in
from evals.retail import as_suite, read_requests
from evals.running import Course, Players, Worlds, open_worlds, run_suite
from evals.suites import Suite, TalkCase, load_suites, only_cases, partial_groups
from evals.trials import Trial
from src.config import Settings
from src.local.home import claim
from src.local.stack import open_stack


@contextmanager
def embedded_stores(models: Sequence[str] = (RULES,)) -> Generator[Settings]:
    """Settings that lead to stores of the run's own, which are gone afterwards with all that they held.

    No setting of the environment leads elsewhere: an eval never touches a real desk. The models are named
    since one on Bedrock needs the user's own AWS keys, beside the emulator.
    """
    with TemporaryDirectory(prefix="evals-") as directory:
        bare = Settings.model_construct(data_dir=Path(directory), agent_model=",".join(models))
        with claim(bare.data_dir) as place, open_stack(bare, place.home) as stack:
            yield stack.settings


def chosen_suites(options: Options) -> list[Suite]:
    if options.requests and options.data:
        suite = as_suite(read_requests(options.requests, options.data), options.requests.stem)
        return only_cases([suite], options.cases)
    return load_suites(options.datasets, options.splits, options.cases)


# Where a model of the same name may be another one.
_WHERE: Final = ("OPENAI_BASE_URL", "OLLAMA_BASE_URL", "VLLM_BASE_URL", "ANTHROPIC_BASE_URL", "AWS_REGION")


async def run(options: Options, settings: Settings | None, console: Console) -> Report:
    """Take every case by every model, and write `report.json`.

    A run that was interrupted, or in which trials failed, is gone on with by the next of the same kind.

    Args:
        options: what is asked for.
        settings: lead to the stores that conversations are held on; None where there are none to hold.
        console: where the progress is shown.

    Raises:
        UnknownData, NotRecorded, NoModel: something that was named is not to be had.
    """
    began, started = datetime.now(UTC), perf_counter()
    suites, tape = chosen_suites(options), read_tape(options.replay) if options.replay else None
    names = options.models or (tape.models if tape else [RULES])
    with open_casting(options.record, tape, options.timeout) as casting:
        everyone = [_players(name, options, casting) for name in names]
        journal = _journal(options, names, console)
        with _progress(console, suites, len(names) * options.repeat) as told:
            course = Course(options.repeat, options.concurrency, journal, told)
            results = await _results(everyone, suites, settings, course)
    report = Report(
        began=began,
        seconds=perf_counter() - started,
        models=names,
        splits=list(dict.fromkeys(suite.split for suite in suites)),
        repeat=options.repeat,
        figures=await asyncio.to_thread(figures, results, options.repeat, partial_groups(suites)),
        results=results,
    )
    write_report(report, options.output / "report.json")
    # What was paid for is not taken again where the report failed, nor for the sake of trials that failed.
    if failures_in(results):
        console.print("Trials failed; the same call goes on with these alone.")
    else:
        journal.close()
    return report


async def _results(
    everyone: Sequence[Players], suites: list[Suite], settings: Settings | None, course: Course
) -> list[CaseResult]:
    results: list[CaseResult] = []
    async with _open_all(settings, suites, course.concurrency) as worlds:
        for players in everyone:
            for suite, own in zip(suites, worlds, strict=True):
                results += await run_suite(suite, players, own, course)
    return results


def _players(name: str, options: Options, casting: Casting) -> Players:
    engine = Engine(casting(name, AGENT), options.request_limit, options.timeout)
    customer = casting(options.customer, CUSTOMER) if options.customer else None
    judge = casting(options.judge, JUDGE) if options.judge else None
    return Players(name, engine, customer, judge)


def _journal(options: Options, names: list[str], console: Console) -> Journal:
    options.output.mkdir(parents=True, exist_ok=True)
    asked = (names, options.datasets, options.splits, options.cases, options.repeat, options.customer)
    how = (options.timeout, options.request_limit, options.record, [os.environ.get(name) for name in _WHERE])
    files = [path for path in (options.requests, options.data, options.replay) if path]
    run = fingerprint((asked, how), files)
    path = options.output / f"unfinished-{run[:12]}.jsonl"
    if options.fresh:
        path.unlink(missing_ok=True)
    journal = Journal(path, run)
    try:
        _open_record(options.record, goes_on=journal.goes_on)
    except (NotRecorded, OSError):
        if not journal.goes_on:
            journal.close()
        raise
    if len(journal):
        done = f"{len(journal)} trials are done (--fresh begins anew)"
        console.print(f"Going on with an unfinished run: {done}.")
    return journal


def _open_record(record: Path | None, *, goes_on: bool) -> None:
    """Whether answers can be recorded is found out before the first is paid for."""
    if record is None:
        return
    if not goes_on and record.exists() and record.stat().st_size:
        raise NotRecorded(f"{record} exists; name another file, for it may hold what was paid for.")
    reopen(record)


@asynccontextmanager
async def _open_all(
    settings: Settings | None, suites: list[Suite], number: int
) -> AsyncGenerator[list[Worlds]]:
    """The desks of each suite; suites on the same records share theirs, readings have none."""
    opened: dict[int, Worlds] = {}
    async with AsyncExitStack() as stack:
        for suite in suites:
            if settings is None or id(suite.content) in opened or not has_talks([suite]):
                continue
            worlds = await stack.enter_async_context(open_worlds(settings, number, suite.content))
            opened[id(suite.content)] = worlds
        yield [opened.get(id(suite.content)) or asyncio.Queue() for suite in suites]


def has_talks(suites: list[Suite]) -> bool:
    return any(isinstance(case, TalkCase) for suite in suites for case in suite.cases)


@contextmanager
def _progress(console: Console, suites: list[Suite], times: int) -> Generator[Callable[[Trial], None]]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        total = times * sum(len(suite.cases) for suite in suites)
        bar = progress.add_task("Taking cases", total=total)

        def told(trial: Trial) -> None:
            progress.update(bar, advance=1, description=f"{trial.model} {trial.suite.label}")

        yield told
