"""Running cases: each trial is taken by the agent it is for, and judged by pydantic-evals."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from uuid import uuid4

from pydantic_ai.models import Model
from pydantic_evals import Case, Dataset

from agents.engine import Engine
from evals.cases import Meta
from evals.customer import SimulatedCustomer
from evals.evaluators import evaluators_for
from evals.journal import Journal
from evals.outcomes import Outcome, TalkOutcome
from evals.recording import begin
from evals.results import CaseResult, results_of
from evals.suites import ReadingCase, Suite, TalkCase
from evals.tasks.reading import read
from evals.tasks.talking import talk
from evals.trials import Trial
from evals.world import World, open_world
from src.config import Settings
from src.models.json_schema import JsonObject

Worlds = asyncio.Queue[World]


@dataclass(frozen=True)
class Players:
    """The models of a run: who is measured, and who plays the customer and the judge, if anybody does."""

    name: str
    engine: Engine
    customer: Model | None = None
    judge: Model | None = None


@dataclass(frozen=True)
class Course:
    """How trials are taken: how often, how many at once, what was done before, who is told of each."""

    repeat: int
    concurrency: int
    journal: Journal
    told: Callable[[Trial], None]


@asynccontextmanager
async def open_worlds(settings: Settings, number: int, content: JsonObject) -> AsyncGenerator[Worlds]:
    """So many desks with these records, each for one conversation at a time."""
    worlds: Worlds = asyncio.Queue()
    async with AsyncExitStack() as stack:
        for _ in range(number):
            name = f"w{uuid4().hex[:8]}"
            worlds.put_nowait(await stack.enter_async_context(open_world(settings, name, content)))
        yield worlds


async def run_suite(suite: Suite, players: Players, worlds: Worlds, course: Course) -> list[CaseResult]:
    """Every case of the suite by one model; a trial that fails is a result too."""
    numbers = range(1, course.repeat + 1)
    trials = [Trial(players.name, suite, case, number) for case in suite.cases for number in numbers]
    cases = [
        Case(
            name=trial.key,
            inputs=trial,
            metadata=trial.case.meta,
            evaluators=evaluators_for(suite, trial.case, players.judge),
        )
        for trial in trials
    ]
    dataset = Dataset[Trial, Outcome, Meta](name=suite.label, cases=cases)
    report = await dataset.evaluate(
        _taking(players, worlds, course),
        name=players.name,
        max_concurrency=course.concurrency,
        progress=False,
    )
    return results_of(report)


def _taking(players: Players, worlds: Worlds, course: Course) -> Callable[[Trial], Awaitable[Outcome]]:
    async def take(trial: Trial) -> Outcome:
        begin(trial)
        try:
            outcome = course.journal.find(trial)
            if outcome is None:
                began = perf_counter()
                fresh = await _take(trial, players, worlds)
                outcome = fresh.model_copy(update={"seconds": perf_counter() - began})
                course.journal.keep(trial, outcome)
            return outcome
        finally:
            course.told(trial)

    return take


async def _take(trial: Trial, players: Players, worlds: Worlds) -> Outcome:
    match trial.case:
        case ReadingCase(inputs=inputs):
            return await read(players.engine, inputs)
        case TalkCase() as case:
            return await _talk(case, players, worlds)


async def _talk(case: TalkCase, players: Players, worlds: Worlds) -> TalkOutcome:
    customer = (
        SimulatedCustomer(players.customer, case.inputs.errand)
        if players.customer is not None and case.inputs.errand
        else None
    )
    world = await worlds.get()
    try:
        return await talk(world, players.engine, case.inputs, customer)
    finally:
        worlds.put_nowait(world)
