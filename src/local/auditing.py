"""`orderdesk audit`: walking the chains, recovering what the log kept, removing what was kept long enough."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from src.config import Settings, Stage
from src.local.errors import StartError
from src.local.screen import Screen
from src.local.stack import join_or_open_stack
from src.main import open_stores
from src.models.errors import DeskError
from src.services.audit_keeping import recover_entries, remove_expired
from src.services.audit_verify import actors, walk
from src.services.stores import Stores

Work = Callable[[Stores], Awaitable[int]]


def verify(settings: Settings, user_id: str | None, screen: Screen) -> int:
    """Walk one actor's chain, or all; the exit code is 1 where something was found."""

    async def work(stores: Stores) -> int:
        broken, known = 0, await actors(stores)
        if user_id is not None and user_id not in known:
            raise StartError(f"Nobody called {user_id} has a chain; check the id, or leave it out for all.")
        screen.say(f"{len(known)} chains stand in the trail.")
        for actor in [user_id] if user_id is not None else known:
            found = await walk(stores, actor)
            broken += not found.intact
            for finding in found.findings:
                print(f"{finding.audit_id}\t{finding.kind}\t{finding.detail}")  # noqa: T201 - the command's answer
            screen.say(f"{actor}: {found.entries} entries, {'intact' if found.intact else 'NOT INTACT'}")
        return int(broken > 0)

    return _on_stores(settings, work, screen)


def recover(settings: Settings, log: Path, screen: Screen) -> int:
    """Store the entries that the log kept; those that are stored already are left alone."""
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"The log {log} can't be read: {error}.") from None

    async def work(stores: Stores) -> int:
        report = await recover_entries(stores, lines)
        screen.say(
            f"{report.recovered} recovered, {report.known} there already, {report.unreadable} unreadable"
        )
        return int(report.unreadable > 0)

    return _on_stores(settings, work, screen)


def clean(settings: Settings, screen: Screen) -> int:
    """Remove what has been kept long enough, from each chain's beginning; a signed anchor stays."""

    async def work(stores: Stores) -> int:
        removed = await remove_expired(stores)
        screen.say(f"{removed} entries removed")
        return 0

    return _on_stores(settings, work, screen)


def _on_stores(settings: Settings, work: Work, screen: Screen) -> int:
    if settings.stage is Stage.LOCAL and not settings.data_dir.is_dir():
        raise StartError(
            f"There is no data directory {settings.data_dir}; name the one that the service uses."
        )
    with screen.busy("Opening the stores"), join_or_open_stack(settings) as stack:
        try:
            return asyncio.run(_run(stack.settings, work))
        except (DeskError, ValueError) as error:
            raise StartError(str(error)) from None


async def _run(settings: Settings, work: Work) -> int:
    async with open_stores(settings) as stores:
        return await work(stores)
