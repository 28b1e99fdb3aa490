"""The stores of stage `local`: embedded where no setting points elsewhere, one set for each directory."""

import os
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from src.config import Settings, Stage
from src.local.home import Claim, Found, Pool, find_or_claim, find_or_make_key, locate
from src.local.processes import Processes
from src.local.settings import adjusted
from src.local.signals import deferred, undisturbed
from src.local.start import Missing, Report, Start, find_missing

_EMULATED_KEYS: Final = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
_WHERE_STORES_ARE: Final = {
    "currency",
    "aws_region",
    "aws_endpoint_url",
    "aws_endpoint_url_dynamodb",
    "aws_endpoint_url_eventbridge",
    "event_bus",
    "table_prefix",
    "redis_url",
    "mongodb_url",
    "mongodb_database",
    "cognito_user_pool_id",
    "cognito_app_client_id",
    "cognito_issuer",
    "cognito_jwks_url",
}


@dataclass(frozen=True)
class Stack:
    """What a command stands on: settings that lead to all stores, and the pool if it is the desk's own."""

    settings: Settings
    environment: Mapping[str, str]
    pool: Pool | None

    @property
    def found(self) -> Found:
        """The same for other commands, without the keys."""
        where = self.settings.model_dump(mode="json", include=_WHERE_STORES_ARE)
        return Found(settings=where, environment=dict(self.environment), pool=self.pool)


def _unreported(_part: str) -> None:
    pass


def _nothing() -> None:
    pass


@contextmanager
def open_stack(
    settings: Settings, home: Path, *, report: Report = _unreported, beside: Callable[[], object] = _nothing
) -> Generator[Stack]:
    """Start what no setting points to, with its data in `home`, and end it after the block.

    Args:
        settings: those of stage `local`.
        home: a data directory that the present process has claimed.
        report: told of each part that is ready.
        beside: done while the stores start.

    Raises:
        StartError: a part can't be had; nothing is left running.
    """
    missing = find_missing(settings)
    processes, threads = Processes(home), ThreadPoolExecutor(thread_name_prefix="start")
    clean_up = ExitStack()
    try:
        clean_up.callback(processes.end)
        clean_up.callback(threads.shutdown, cancel_futures=True)
        clean_up.callback(processes.give_up)
        environment = clean_up.enter_context(_in_environment(_keys(settings, missing)))
        with deferred() as check:
            start = Start(_with_key(settings, home), missing, home, processes, threads, report, check)
            located, pool = start.run(beside)
        yield Stack(located, environment, pool)
    finally:
        with undisturbed():
            clean_up.close()


@contextmanager
def join_or_open_stack(settings: Settings, *, report: Report = _unreported) -> Generator[Stack]:
    """The stores of the service that runs on the data directory; where none runs, its own for the block."""
    if settings.stage is not Stage.LOCAL:
        yield Stack(settings, {}, None)
        return
    with find_or_claim(settings.data_dir) as place:
        if isinstance(place, Claim):
            with open_stack(settings, place.home, report=report) as stack:
                yield stack
        else:
            keyed = _with_key(settings, locate(settings.data_dir))
            with _in_environment(place.environment) as environment:
                yield Stack(adjusted(keyed, place.settings), environment, place.pool)


def _with_key(settings: Settings, home: Path) -> Settings:
    if settings.audit_hmac_key is not None:
        return settings
    return adjusted(settings, {"audit_hmac_key": SecretStr(find_or_make_key(home))})


def _keys(settings: Settings, missing: Missing) -> Mapping[str, str]:
    """Keys for the emulator, which takes any; Bedrock needs the user's own, and those will do for both."""
    given = all(os.environ.get(name) for name in _EMULATED_KEYS)
    return {} if given or not missing.dynamodb or "bedrock:" in settings.agent_model else _EMULATED_KEYS


@contextmanager
def _in_environment(variables: Mapping[str, str]) -> Generator[Mapping[str, str]]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield variables
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
