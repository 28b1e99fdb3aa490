"""The side-by-side start of the stores that no setting points to."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from src.config import Settings
from src.local.errors import StartError
from src.local.home import Pool
from src.local.processes import LOOPBACK, Processes, Program, free_ports
from src.local.programs import ministack, secantusdb, valkey
from src.local.settings import adjusted

Report = Callable[[str], None]
_Part = Future[Pool | None]
_POOL: Final = "orderdesk"
_POLL: Final = 0.05


@dataclass(frozen=True)
class Missing:
    """Which of the stores no setting points to; `aws` is the emulator for the two before it."""

    redis: bool
    mongodb: bool
    dynamodb: bool
    cognito: bool
    aws: bool


def find_missing(settings: Settings) -> Missing:
    given = settings.cognito_user_pool_id or settings.cognito_issuer
    if bool(given) != bool(settings.cognito_app_client_id):
        raise StartError(
            "Set both COGNITO_USER_POOL_ID and COGNITO_APP_CLIENT_ID to use a pool of yours, or neither."
        )
    dynamodb = settings.dynamodb_endpoint is None
    return Missing(
        redis=settings.redis_url is None,
        mongodb=settings.mongodb_url is None,
        dynamodb=dynamodb,
        cognito=not given,
        aws=settings.aws_endpoint_url is None and (dynamodb or not given),
    )


@dataclass(frozen=True)
class Start:
    """One start: the programs begin at once, and what needs one of them waits for that one alone.

    `check` raises what is to break the start off.
    """

    settings: Settings
    missing: Missing
    home: Path
    processes: Processes
    threads: ThreadPoolExecutor
    report: Report
    check: Callable[[], None]

    def run(self, beside: Callable[[], object]) -> tuple[Settings, Pool | None]:
        """The settings that lead to all stores, and the desk's own pool; `beside` runs meanwhile."""
        ports = free_ports(3)
        programs = self._programs(*ports)
        begun = {program.port: self._begin(program.name, self._launch(program)) for program in programs}
        # Late, for the programs start meanwhile; by one thread, since imports that wait for each other fail.
        from src.local import pools, tables  # noqa: PLC0415

        settings, aws = self._located(*ports), begun.get(ports[2])
        endpoint = self.settings.aws_endpoint_url or f"http://{LOOPBACK}:{ports[2]}"

        def make_tables() -> None:
            asyncio.run(tables.make_tables(settings, self.home))

        def open_pool() -> Pool:
            return pools.open_pool(endpoint, settings.aws_region, _POOL, embedded=self.missing.aws)

        parts = [*begun.values(), self._begin("DynamoDB tables", make_tables, after=aws)]
        if self.missing.cognito:
            parts.append(self._begin("Cognito pool", open_pool, after=aws))
        beside()
        self._wait_for(parts)
        pool = parts[-1].result()
        self.check()
        return (adjusted(settings, _pointing_to(pool)) if pool else settings), pool

    def _wait_for(self, parts: Sequence[_Part]) -> None:
        """Until all are ready, or one has failed."""
        waiting: Collection[_Part] = parts
        while waiting:
            self.check()
            done, waiting = wait(parts, timeout=_POLL, return_when=FIRST_EXCEPTION)
            for part in done:
                part.result()

    def _programs(self, redis: int, mongodb: int, aws: int) -> list[Program]:
        programs: list[Program] = []
        if self.missing.aws:
            programs.append(ministack(self.home, aws))
        if self.missing.mongodb:
            programs.append(secantusdb(self.home, mongodb))
        if self.missing.redis:
            programs.append(valkey(self.home, redis))
        return programs

    def _located(self, redis: int, mongodb: int, aws: int) -> Settings:
        where: dict[str, str] = {}
        if self.missing.redis:
            where["redis_url"] = f"redis://{LOOPBACK}:{redis}/0"
        if self.missing.mongodb:
            where["mongodb_url"] = f"mongodb://{LOOPBACK}:{mongodb}/?directConnection=true"
        if self.missing.aws and self.settings.aws_endpoint_url_eventbridge is None:
            where["aws_endpoint_url_eventbridge"] = f"http://{LOOPBACK}:{aws}"
        if self.missing.dynamodb:
            where["aws_endpoint_url_dynamodb"] = f"http://{LOOPBACK}:{aws}"
        return adjusted(self.settings, where)

    def _launch(self, program: Program) -> Callable[[], None]:
        return lambda: self.processes.start(program)

    def _begin(self, name: str, work: Callable[[], Pool | None], *, after: _Part | None = None) -> _Part:
        def step() -> Pool | None:
            if after is not None:
                after.result()
            result = work()
            self.report(name)
            return result

        return self.threads.submit(step)


def _pointing_to(pool: Pool) -> dict[str, str]:
    return {
        "cognito_user_pool_id": pool.pool_id,
        "cognito_app_client_id": pool.client_id,
        "cognito_jwks_url": f"{pool.endpoint}/{pool.pool_id}/.well-known/jwks.json",
    }
