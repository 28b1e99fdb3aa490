"""What a command costs: its calls on the wire, and its speed next to the bare calls that it can't do without.

    uv run python -m benchmarks.commands

On the embedded stores. First each command is carried out once through proxies that count its calls. Then a
customer changes an order's address again and again, and beside it run the bare batch read and the bare
transaction of the same items, 16 under way. They take turns in short rounds, and each round is held against
the one beside it: what disturbs the machine disturbs both, so the median of the ratios is told, with the
middle half of them. The emulator shares the machine, so commands a second are mostly its doing; those a
second of this process's processor time show what the desk itself adds.
"""

import argparse
import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count, repeat
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import uuid4

from rich.console import Console
from rich.table import Table as Grid

from src.config import Settings
from src.db.dynamo import Dynamo, Key, Operation, Put, Table, batch_get, equals, transact_write
from src.local.home import claim
from src.local.stack import open_stack
from src.main import open_stores
from src.models.caller import Caller
from src.models.commands import CancelOrder, ItemSwap, PaymentChange
from src.models.order import CancelReason, Order
from src.services import commit
from src.services import order_commands as commands
from src.services.commit import Attempt
from src.services.order_service import execute
from src.services.stores import Stores
from src.services.user_service import change_address
from tests.fixtures.callers import staff
from tests.fixtures.records import an_address
from tests.fixtures.shopping import GIFT_CARD, a_shopper, bought, items_for_sale
from tests.fixtures.tripwire import Tripwire, dynamodb_calls, redis_calls, wire_through

AT_ONCE: Final = 16
ROUNDS: Final = 31
GOAL: Final = 0.8

Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Rate:
    """Acts a second, and a second of this process's processor time."""

    by_clock: float
    by_processor: float

    def over(self, base: "Rate") -> "Rate":
        return Rate(self.by_clock / base.by_clock, self.by_processor / base.by_processor)


@dataclass(frozen=True)
class Bare:
    """What one command asked of DynamoDB; `again` asks the same of it for the command's next time."""

    dynamo: Dynamo
    keys: Sequence[tuple[Table, Key]]
    operations: Sequence[Operation]
    numbers: "count[int]"

    async def again(self) -> None:
        await batch_get(self.dynamo, self.keys, consistent=True)
        number = next(self.numbers)
        operations = [_advanced(each, number) for each in self.operations]
        await transact_write(self.dynamo, operations, token=str(uuid4()))


def _advanced(operation: Operation, by: int) -> Operation:
    """The write of the record's later version, or of another record where each time makes a new one."""
    if not isinstance(operation, Put):
        return operation
    table, item = operation.table, operation.item
    counter = {"orders": "version", "audit-logs": "number"}.get(table.name.removeprefix(table.dynamo.prefix))
    if counter is not None and item.get("timestamp", "head") == "head":
        later = int(str(item[counter])) + by
        return Put(table, {**item, counter: later}, equals(counter, later - 1))
    if "sequence" in item:
        return replace(operation, item={**item, "sequence": int(str(item["sequence"])) + by})
    new = "audit_id" if "audit_id" in item else "effect_id"
    return replace(operation, item={**item, new: f"{item[new]}:{by}"})


async def an_order(stores: Stores) -> tuple[Caller, Order]:
    shopper, items = await a_shopper(stores), await items_for_sale(stores, "10.00", "12.00")
    return shopper, await bought(stores, shopper, items[0])


def changing(stores: Stores, shopper: Caller, order: Order) -> Act:
    """The command: the order goes to another address each time."""
    numbers = count(1)

    async def change() -> None:
        address = an_address(f"{next(numbers)} Elm Street")
        await execute(stores, shopper, commands.changing_address(order.order_id, address), Attempt())

    return change


async def bare(stores: Stores, shopper: Caller, order: Order) -> Act:
    """The same without the desk: what one command was seen to read and write."""
    seen_keys: list[tuple[Table, Key]] = []
    seen_operations: list[Operation] = []

    async def read(dynamo: Dynamo, keys: Sequence[tuple[Table, Key]], *, consistent: bool) -> object:
        seen_keys.extend(keys)
        return await batch_get(dynamo, keys, consistent=consistent)

    async def write(dynamo: Dynamo, operations: Sequence[Operation], *, token: str) -> None:
        seen_operations.extend(operations)
        await transact_write(dynamo, operations, token=token)

    with patch.object(commit, "batch_get", read), patch.object(commit, "transact_write", write):
        await changing(stores, shopper, order)()
    return Bare(stores.dynamo, seen_keys, seen_operations, count(1)).again


async def rate(acts: Sequence[Act], seconds: float) -> Rate:
    async def until(act: Act, end: float) -> int:
        done = 0
        while perf_counter() < end:
            await act()
            done += 1
        return done

    begun, spent = perf_counter(), process_time()
    done = sum(await asyncio.gather(*(until(act, begun + seconds) for act in acts)))
    return Rate(done / (perf_counter() - begun), done / (process_time() - spent))


async def compare(stores: Stores, seconds: float) -> list[tuple[Rate, Rate]]:
    """The rates of the bare calls and of the command, round by round."""
    bares: list[Act] = []
    own: list[Act] = []
    for _ in repeat(None, AT_ONCE):
        bares.append(await bare(stores, *await an_order(stores)))
        own.append(changing(stores, *await an_order(stores)))
    for warming_up in (bares, own):
        await rate(warming_up, seconds)
    return [(await rate(bares, seconds), await rate(own, seconds)) for _ in repeat(None, ROUNDS)]


async def count_calls(stores: Stores, tripwire: Tripwire) -> dict[str, list[str]]:
    """The calls of each command, by whom it is given."""
    counted: dict[str, list[str]] = {}
    for role in ("customer", "staff"):
        for name, act in (await each_command(stores, role)).items():
            tripwire.arm()
            await act()
            counted[f"{name}, by {role}"] = [*tripwire.passed]
    return counted


async def each_command(stores: Stores, role: str) -> dict[str, Act]:
    """One of each, on fresh orders of one customer's; a customer's own are placed by the customer alone."""
    shopper, items = await a_shopper(stores), await items_for_sale(stores, "10.00", "12.00")
    caller = shopper if role == "customer" else staff()
    order, other, third = [(await bought(stores, shopper, items[0])).order_id for _ in range(3)]
    swap = ItemSwap(item_ids=[items[0]], new_item_ids=[items[1]], payment_method_id=GIFT_CARD)
    card = PaymentChange(payment_method_id="credit_card_1")
    reason = CancelOrder(reason=CancelReason.NO_LONGER_NEEDED)
    key = Attempt(key=f"{commit.CLIENTS}{uuid4()}")

    def on_order(asked: commands.OrderCommand, attempt: Attempt | None = None) -> Act:
        return lambda: execute(stores, caller, asked, attempt)

    placing: dict[str, Act] = {"place order": lambda: bought(stores, shopper, items[0])}
    return (placing if role == "customer" else {}) | {
        "change address": on_order(commands.changing_address(order, an_address())),
        "change payment": on_order(commands.changing_payment(order, card)),
        "change items": on_order(commands.changing_items(other, swap)),
        "cancel": on_order(commands.cancelling(order, reason)),
        "cancel with a key": on_order(commands.cancelling(third, reason), key),
        "change a user's address": lambda: change_address(
            stores, caller, shopper.user_id, an_address(), Attempt()
        ),
    }


@asynccontextmanager
async def counted_stores(settings: Settings, tripwire: Tripwire) -> AsyncGenerator[Stores]:
    """The same stores, through proxies that count."""
    dynamodb, redis = urlsplit(str(settings.dynamodb_endpoint)), urlsplit(str(settings.redis_url))
    async with AsyncExitStack() as stack:
        ports = [
            await stack.enter_async_context(wire_through(tripwire, parts.port or 0, store, calls))
            for parts, store, calls in (
                (dynamodb, "DynamoDB", dynamodb_calls),
                (redis, "Redis", redis_calls),
            )
        ]
        through = settings.model_copy(
            update={
                "aws_endpoint_url_dynamodb": f"http://127.0.0.1:{ports[0]}",
                "redis_url": redis._replace(netloc=f"127.0.0.1:{ports[1]}").geturl(),
            }
        )
        yield await stack.enter_async_context(open_stores(through))


def show_calls(console: Console, counted: dict[str, list[str]]) -> None:
    grid = Grid("command", "calls", "which", title="Calls on the wire")
    for name, calls in counted.items():
        grid.add_row(name, str(len(calls)), ", ".join(calls))
    console.print(grid)


def show_rates(console: Console, rounds: list[tuple[Rate, Rate]]) -> None:
    grid = Grid("", "a second", "a second of processor time", title="Commands next to bare calls (medians)")
    bares, own = zip(*rounds, strict=True)
    ratios = [mine.over(base) for base, mine in rounds]
    for name, rates, digits in (
        ("bare read and transaction", bares, 0),
        ("command", own, 0),
        ("ratio", ratios, 2),
    ):
        clock = [each.by_clock for each in rates]
        processor = [each.by_processor for each in rates]
        grid.add_row(name, _middle(clock, digits), _middle(processor, digits))
    console.print(grid)
    ratio = median(each.by_clock for each in ratios)
    console.print(f"The goal of {GOAL} of the bare calls is {'reached' if ratio >= GOAL else 'missed'}.")


def _middle(values: list[float], digits: int) -> str:
    """The median, and between what the middle half of the values lies."""
    low, middle, high = quantiles(values, n=4)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


async def measure(settings: Settings, seconds: float) -> None:
    console, tripwire = Console(), Tripwire()
    async with counted_stores(settings, tripwire) as stores:
        show_calls(console, await count_calls(stores, tripwire))
    async with open_stores(settings) as stores:
        show_rates(console, await compare(stores, seconds))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=0.5, help="of each round")
    seconds = parser.parse_args().seconds
    with TemporaryDirectory() as directory:
        settings = Settings(_env_file=None, data_dir=Path(directory))  # pyright: ignore[reportCallIssue]
        with claim(settings.data_dir) as place, open_stack(settings, place.home) as stack:
            os.environ.update(stack.environment)
            asyncio.run(measure(stack.settings, seconds))


if __name__ == "__main__":
    main()
