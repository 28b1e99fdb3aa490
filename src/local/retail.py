"""`orderdesk import`: a retail file into the stores of the data directory."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

from src.config import Settings
from src.local.errors import StartError
from src.local.importing import open_retail, run_import
from src.local.screen import Screen
from src.local.stack import join_or_open_stack
from src.main import open_stores
from src.models.errors import DeskError
from src.models.retail import RetailFile


def import_file(settings: Settings, path: Path, screen: Screen) -> int:
    """Import the file and answer the exit code: 1 if some of its records are broken.

    Raises:
        StartError: it is no retail file, or a store can't be used.
    """
    with ExitStack() as opened:
        with screen.busy("Opening the stores"):
            file = open_retail(path)
            stack = opened.enter_context(join_or_open_stack(settings))
        try:
            return asyncio.run(_import(stack.settings, file, screen))
        except (DeskError, ValueError) as error:
            raise StartError(str(error)) from None


async def _import(settings: Settings, file: RetailFile, screen: Screen) -> int:
    async with open_stores(settings) as stores:
        return await run_import(stores, file, screen.console)
