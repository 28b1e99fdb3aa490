"""The worker: what goes on in the background where no API process does it."""

import asyncio
import signal

from src.config import Settings
from src.main import event_bus, open_stores
from src.services.event_relay import open_relay


async def work(settings: Settings) -> None:
    """Relay events until a signal asks to stop; what was under way then is sent again afterwards."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with open_stores(settings) as stores, open_relay(stores.dynamo, event_bus(settings)):
        await stopping.wait()
