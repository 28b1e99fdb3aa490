"""`orderdesk import FILE` as people see it: a bar while it runs, then what came of it."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from src.local.errors import StartError
from src.models.errors import Invalid
from src.models.retail import Broken, ImportReport, RetailFile, read_retail
from src.services.import_service import import_retail
from src.services.stores import Stores

SOUND: Final = 0
BROKEN: Final = 1


def open_retail(path: Path) -> RetailFile:
    """The file at the path; `StartError` says why it is none, before any store is asked for."""
    try:
        return read_retail(path.read_bytes())
    except OSError as error:
        raise StartError(f"{path} can't be read: {error.strerror}; name a retail file.") from error
    except Invalid as error:
        raise StartError(f"{path} can't be imported. {error.detail}") from error


async def run_import(stores: Stores, file: RetailFile, console: Console) -> int:
    """Import with a bar, list what is broken, and answer the exit code: 1 if anything was."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Importing", total=None)
        report = await import_retail(
            stores, file, progress=lambda done, total: progress.update(bar, completed=done, total=total)
        )
    _tell(report, console)
    return BROKEN if report.broken else SOUND


def _tell(report: ImportReport, console: Console) -> None:
    for fault in report.broken:
        console.print(_line(fault), style="red", markup=False, highlight=False, soft_wrap=True)
    for noun in ("users", "products", "orders"):
        made, there = report.made[noun], report.already_there[noun]
        console.print(f"{noun:<9}{made:>8,} made{there:>8,} there already", highlight=False)
    if report.broken:
        console.print("Mend what is listed above and import the file again; the rest is in.", highlight=False)


def _line(fault: Broken) -> str:
    return f"{fault.place}: {fault.reason}"
