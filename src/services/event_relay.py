"""The relay: takes events from the outbox to the bus, in order for each stream, at least once.

An event that the bus refuses holds back its own stream only; a bus that is away holds back everything until
it is back. Any number of relays may run: a lease a shard keeps them out of each other's way.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Final
from uuid import uuid4

from src.db.dynamo import Dynamo
from src.models.errors import Unavailable
from src.services.outbox import SHARDS, Pending, end_lease, lease, refused, taken, waiting_in, waiting_streams
from src.utils.event_bus import MOST, BusUnavailable, EventBus

_logger = logging.getLogger(__name__)
_POLL: Final = 1.0
_LONGEST: Final = 60.0
_LEASE_SECONDS: Final = 60
_REFUSED_PAUSE: Final = 30.0


class Relay:
    """One relay; `run` until cancelled, or `sweep` once."""

    def __init__(self, dynamo: Dynamo, bus: EventBus) -> None:
        self._dynamo = dynamo
        self._bus = bus
        self._holder = str(uuid4())
        self._later: dict[str, float] = {}

    async def run(self) -> None:
        pause = _POLL
        while True:
            try:
                await self.sweep()
                pause = _POLL
            except (BusUnavailable, Unavailable) as error:
                pause = min(2 * pause, _LONGEST)
                _logger.warning("events are held back", extra={"reason": str(error), "seconds": pause})
            except Exception:
                # Whatever it is, the events wait on, and so must their relay.
                pause = _LONGEST
                _logger.exception("events could not be relayed")
            await asyncio.sleep(pause)

    async def sweep(self) -> None:
        """Send what waits, once.

        Raises:
            BusUnavailable: the bus is away; what was not sent waits on.
        """
        for shard in map(str, range(SHARDS)):
            streams = await waiting_streams(self._dynamo, shard)
            due = [stream for stream in streams if self._later.get(stream, 0) <= monotonic()]
            if due:
                try:
                    await self._relay(shard, due)
                finally:
                    await end_lease(self._dynamo, shard, self._holder)

    async def _lease(self, shard: str) -> bool:
        return await lease(self._dynamo, shard, self._holder, datetime.now(UTC), _LEASE_SECONDS)

    async def _relay(self, shard: str, streams: Sequence[str]) -> None:
        for first in range(0, len(streams), MOST):
            some = streams[first : first + MOST]
            if not await self._lease(shard):
                return
            await self._send({stream: await waiting_in(self._dynamo, stream) for stream in some})

    async def _send(self, waiting: Mapping[str, list[Pending]]) -> None:
        """The streams' first events side by side, then the second ones of those taken, and so on."""
        while heads := [events[0] for events in waiting.values() if events]:
            answers = await self._bus.put([head.event for head in heads])
            for head, refusal in zip(heads, answers, strict=True):
                if refusal is None:
                    await taken(self._dynamo, head)
                    self._later.pop(head.stream, None)
                    waiting[head.stream].pop(0)
                else:
                    await refused(self._dynamo, head, refusal)
                    waiting[head.stream].clear()
                    self._later[head.stream] = monotonic() + _REFUSED_PAUSE


@asynccontextmanager
async def open_relay(dynamo: Dynamo, bus: EventBus) -> AsyncGenerator[Relay]:
    """A relay at work beside whatever the block does."""
    relay = Relay(dynamo, bus)
    work = asyncio.create_task(relay.run(), name="event relay")
    try:
        yield relay
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
