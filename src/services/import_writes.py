"""How an import writes: a record whole or not at all, and only where its keys are free."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeVar
from uuid import uuid4

from src.db.dynamo import Put, TransactionCancelled, absent, batch_get, transact_write
from src.models.base import Record
from src.models.errors import Busy
from src.models.order import Order
from src.models.product import Product
from src.models.retail import Broken, ImportReport
from src.models.user import User
from src.services.records import (
    IDENTITY,
    ITEM,
    ORDER,
    PRODUCT,
    USER,
    Identity,
    Kind,
    email_identity,
    product_parts,
)
from src.services.stores import Stores

R = TypeVar("R", bound=Record)

_WRITES: Final = 50
_SIDE_BY_SIDE: Final = 8
_ATTEMPTS: Final = 8


@dataclass(frozen=True)
class Unit:
    """A record of the file and what it takes to store it.

    The first put is the record's own. Where the key of a further one is taken the record can't go in, for the
    reason at its position in `clashes`.
    """

    noun: str
    place: str
    puts: list[Put]
    clashes: list[Broken] = field(default_factory=list[Broken])


def user_unit(stores: Stores, place: str, user: User) -> Unit:
    claim = Identity(identity=email_identity(user.email, stores.signer), user_id=user.id)
    puts = [_put(stores, USER, str(user.id), user), _put(stores, IDENTITY, claim.identity, claim)]
    return Unit("users", place, puts, [Broken(f"{place}/email", "Another user of the desk has this e-mail")])


def product_unit(stores: Stores, place: str, product: Product) -> Unit:
    head, items = product_parts(product)
    puts = [_put(stores, PRODUCT, head.product_id, head), *(_put(stores, ITEM, i.item_id, i) for i in items)]
    taken = "Another product of the desk has this item"
    return Unit("products", place, puts, [Broken(f"{place}/variants/{i.item_id}", taken) for i in items])


def order_unit(stores: Stores, place: str, order: Order) -> Unit:
    return Unit("orders", place, [_put(stores, ORDER, order.order_id, order)])


def _put(stores: Stores, kind: Kind[R], record_id: str, record: R) -> Put:
    item = kind.to_item(record_id, record, 1, stores.signer)
    return Put(kind.table_of(stores.dynamo), item, absent(kind.key_name))


class Tally:
    """What has become of an import's records so far."""

    def __init__(self, report: ImportReport, total: int, progress: Callable[[int, int], None]) -> None:
        self._report, self._total, self._progress, self._done = report, total, progress, 0

    def made(self, units: Sequence[Unit]) -> None:
        self._report.made.update(unit.noun for unit in units)
        self._advance(len(units))

    def there(self, units: Sequence[Unit]) -> None:
        self._report.already_there.update(unit.noun for unit in units)
        self._advance(len(units))

    def broken(self, reasons: Sequence[Broken]) -> None:
        """One record that can't go in, for all these reasons."""
        self._report.broken.extend(reasons)
        self._advance(1)

    def _advance(self, number: int) -> None:
        self._done += number
        self._progress(self._done, self._total)


async def missing(stores: Stores, units: Sequence[Unit], tally: Tally) -> list[Unit]:
    """Those whose record the desk has not; a deleted one leaves its key, and so is had."""
    found = await batch_get(stores.dynamo, [(unit.puts[0].table, _key(unit.puts[0])) for unit in units])
    tally.there([unit for unit, item in zip(units, found, strict=True) if item is not None])
    return [unit for unit, item in zip(units, found, strict=True) if item is None]


async def write(stores: Stores, units: Sequence[Unit], tally: Tally) -> None:
    """Store the units in batches, several side by side; what another writer was faster with is left alone."""
    free = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def one(batch: list[Unit]) -> None:
        async with free:
            await _write_batch(stores, batch, tally)

    try:
        async with asyncio.TaskGroup() as tasks:
            for batch in _batches(units):
                tasks.create_task(one(batch))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed


async def _write_batch(stores: Stores, units: list[Unit], tally: Tally) -> None:
    for attempt in range(_ATTEMPTS + len(units)):
        try:
            puts = [put for unit in units for put in unit.puts]
            await transact_write(stores.dynamo, puts, token=str(uuid4()))
        except TransactionCancelled as cancelled:
            units = _unsettled(units, cancelled.reasons, tally)
        else:
            return tally.made(units)
        if not units:
            return None
        pause = random.uniform(0, 0.01 * 2 ** min(attempt, _ATTEMPTS))  # noqa: S311 - jitter is no secret
        await asyncio.sleep(pause)
    raise Busy("Others are changing the same records; import the file again in a moment.")


def _unsettled(units: Sequence[Unit], reasons: Sequence[str | None], tally: Tally) -> list[Unit]:
    """The units that a cancelled transaction says nothing against."""
    codes, left = iter(reasons), list[Unit]()
    for unit in units:
        own, *others = (code == "ConditionalCheckFailed" for code in islice(codes, len(unit.puts)))
        if own:
            tally.there([unit])
        elif any(others):
            tally.broken([clash for clash, hit in zip(unit.clashes, others, strict=True) if hit])
        else:
            left.append(unit)
    return left


def _batches(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    batch, size = list[Unit](), 0
    for unit in units:
        if batch and size + len(unit.puts) > _WRITES:
            yield batch
            batch, size = [], 0
        batch.append(unit)
        size += len(unit.puts)
    if batch:
        yield batch


def _key(put: Put) -> dict[str, str]:
    return {name: str(put.item[name]) for name in put.table.schema.key}
