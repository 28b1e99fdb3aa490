"""Entries of reads: gathered and written in batches, so that no request waits for them or fails by them."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from src.db.dynamo import Dynamo, batch_write, get_table
from src.models.audit import AuditEntry
from src.models.errors import DatabaseUnavailable

_logger = logging.getLogger("orderdesk.audit")
_PAUSE: Final = 0.5
_BATCH: Final = 200
_KEPT_AT_MOST: Final = 20_000


class ReadTrail:
    """A bounded queue of entries and the one task that empties it."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._table = get_table(dynamo, "audit-logs")
        self._waiting: deque[AuditEntry] = deque()
        self._arrived = asyncio.Event()
        self._writing = asyncio.Lock()

    def add(self, entry: AuditEntry) -> None:
        if len(self._waiting) >= _KEPT_AT_MOST:
            keep_in_log(self._waiting.popleft())
        self._waiting.append(entry)
        self._arrived.set()

    async def run(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(_PAUSE)
            try:
                await self.flush()
            except Exception:
                # Whatever it is, the entries wait on, and so must the one task that writes them.
                _logger.exception("audit entries could not be written")

    async def flush(self) -> bool:
        """Write what waits; what can't be written waits on. True when nothing is left."""
        async with self._writing:
            return await self._flush()

    async def _flush(self) -> bool:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            try:
                await batch_write(self._table, [e.model_dump(mode="json", exclude_none=True) for e in batch])
            except DatabaseUnavailable:
                self._waiting.extendleft(reversed(batch))
                return False
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise
        self._arrived.clear()
        return True

    async def close(self) -> None:
        if not await self.flush():
            for entry in self._waiting:
                keep_in_log(entry)


def keep_in_log(entry: AuditEntry) -> None:
    """The last resort, from which entries are recovered: one line that holds the whole entry."""
    _logger.error(
        "audit entry not stored", extra={"audit_entry": entry.model_dump(mode="json", exclude_none=True)}
    )


@asynccontextmanager
async def open_read_trail(dynamo: Dynamo) -> AsyncGenerator[ReadTrail]:
    trail = ReadTrail(dynamo)
    writer = asyncio.create_task(trail.run(), name="read trail")
    try:
        yield trail
    finally:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        await trail.close()
