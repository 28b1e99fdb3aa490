"""How many gets and puts a second one core makes through each DynamoDB client.

    uv run python -m benchmarks.dynamo_clients
    uv run --with aiobotocore python -m benchmarks.dynamo_clients      # with aiobotocore too

Emulators are slower than the clients, so a server in a process of its own answers every request at once, with
the same item. Each client runs in a process of its own, with 32 requests under way; what counts is operations
per second of its processor time. The rounds of the clients alternate, and the best round of each is taken:
the others were only disturbed more.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from asyncio import BaseTransport, Protocol, Transport
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from itertools import repeat
from time import perf_counter, process_time
from typing import Any, Final, TypeAlias, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from rich.console import Console
from rich.table import Table as Grid

from src.db.dynamo import Item, Key, get_item, get_table, open_dynamo, put_item

REGION: Final = "us-east-1"
CONCURRENCY: Final = 32
ROUNDS: Final = 3
GOAL: Final = 3.0
TABLE: Final = "users"
KEY: Final[Key] = {"id": "2f6b0f43-6a55-4b8e-9a3e-2d6a7b1c9e10"}
USER: Final[Item] = {
    **KEY,
    "email": "ada@example.com",
    "name": {"first_name": "Ada", "last_name": "Lovelace"},
    "address": {"address1": "12 Cedar Avenue", "city": "Chicago", "country": "USA", "zip": "60625"},
    "payment_methods": {"gift_card_1": {"source": "gift_card", "balance": Decimal("100.25")}},
    "version": 3,
}
WIRE_USER: Final = TypeSerializer().serialize(USER).get("M")


class Answers(Protocol):
    """HTTP/1.1 as far as a DynamoDB client speaks it: a GetItem gets the user, all else nothing."""

    def connection_made(self, transport: BaseTransport) -> None:
        self._transport, self._pending = cast(Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            if len(self._pending) < end + 4 + length:
                return
            self._pending = self._pending[end + 4 + length :]
            self._transport.write(_FOUND if b".getitem" in head else _DONE)


def _answer(body: object) -> bytes:
    text = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


_FOUND: Final = _answer({"Item": WIRE_USER})
_DONE: Final = _answer({})


async def serve() -> None:
    """Answer until the standard input ends; the first line written is the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answers, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


@dataclass(frozen=True)
class Client:
    get: Callable[[], Awaitable[object]]
    put: Callable[[], Awaitable[object]]


@asynccontextmanager
async def desk(url: str) -> AsyncGenerator[Client]:
    async with open_dynamo(region=REGION, endpoint_url=url, prefix="") as dynamo:
        users = get_table(dynamo, TABLE)
        yield Client(lambda: get_item(users, KEY), lambda: put_item(users, USER))


@asynccontextmanager
async def threads(url: str) -> AsyncGenerator[Client]:
    config = Config(max_pool_connections=CONCURRENCY)
    client: Any = import_module("boto3").client(
        "dynamodb", region_name=REGION, endpoint_url=url, config=config
    )
    write, read = TypeSerializer(), TypeDeserializer()

    def get() -> object:
        found = client.get_item(TableName=TABLE, Key={"id": {"S": str(KEY["id"])}})
        return {name: read.deserialize(value) for name, value in found.get("Item", {}).items()}

    def put() -> object:
        item = {name: write.serialize(value) for name, value in USER.items()}
        return client.put_item(TableName=TABLE, Item=item)

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        yield Client(lambda: loop.run_in_executor(pool, get), lambda: loop.run_in_executor(pool, put))


@asynccontextmanager
async def aiobotocore(url: str) -> AsyncGenerator[Client]:
    session: Any = import_module("aiobotocore.session").get_session()
    config: Any = import_module("aiobotocore.config").AioConfig(max_pool_connections=CONCURRENCY)
    write, read = TypeSerializer(), TypeDeserializer()
    async with session.create_client(
        "dynamodb", region_name=REGION, endpoint_url=url, config=config
    ) as client:

        async def get() -> object:
            found = await client.get_item(TableName=TABLE, Key={"id": {"S": str(KEY["id"])}})
            return {name: read.deserialize(value) for name, value in found["Item"].items()}

        async def put() -> object:
            return await client.put_item(
                TableName=TABLE, Item={name: write.serialize(value) for name, value in USER.items()}
            )

        yield Client(get, put)


CLIENTS: Final = {"boto3 in threads": threads, "aiobotocore": aiobotocore, "src.db.dynamo": desk}
Rates: TypeAlias = dict[str, float]


async def measure(name: str, url: str, seconds: float) -> Rates:
    async with CLIENTS[name](url) as client:
        if await client.get() != USER:
            raise SystemExit(f"{name} read something else than was answered")
        return {"put": await rate(client.put, seconds), "get": await rate(client.get, seconds)}


async def rate(call: Callable[[], Awaitable[object]], seconds: float) -> float:
    """Calls per second of this process's processor time, after a tenth to warm up."""

    async def until(end: float) -> int:
        done = 0
        while perf_counter() < end:
            await call()
            done += 1
        return done

    async def burst(length: float) -> int:
        end = perf_counter() + length
        return sum(await asyncio.gather(*(until(end) for _ in repeat(None, CONCURRENCY))))

    await burst(seconds / 10)
    start = process_time()
    done = await burst(seconds)
    return done / (process_time() - start)


def run(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.dynamo_clients", *arguments]


def compare(seconds: float) -> dict[str, Rates]:
    """The best rates of each client that is installed."""
    keys = os.environ | {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    names = [name for name in CLIENTS if name != "aiobotocore" or find_spec("aiobotocore")]
    best: dict[str, Rates] = {name: {"put": 0.0, "get": 0.0} for name in names}
    with subprocess.Popen(run("--serve"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        port = server.stdout.readline().strip() if server.stdout else ""
        for name in names * ROUNDS:
            arguments = run("--client", name, "--url", f"http://127.0.0.1:{port}", "--seconds", str(seconds))
            printed = subprocess.run(arguments, env=keys, check=True, capture_output=True, text=True).stdout  # noqa: S603
            rates: Rates = json.loads(printed)
            best[name] = {kind: max(rates[kind], best[name][kind]) for kind in rates}
    return best


def show(best: dict[str, Rates]) -> None:
    base = best["boto3 in threads"]
    grid = Grid(
        "client", "puts/s a core", "gets/s a core", "puts, times", "gets, times", title="DynamoDB clients"
    )
    for name, rates in best.items():
        ratios = (f"{rates[kind] / base[kind]:.1f}" for kind in ("put", "get"))
        grid.add_row(name, f"{rates['put']:,.0f}", f"{rates['get']:,.0f}", *ratios)
    console = Console()
    console.print(grid)
    least = min(best["src.db.dynamo"][kind] / base[kind] for kind in base)
    console.print(
        f"The goal of {GOAL:.0f} times boto3 in threads is {'reached' if least >= GOAL else 'missed'}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        asyncio.run(serve())
    elif chosen.client:
        sys.stdout.write(json.dumps(asyncio.run(measure(chosen.client, chosen.url, chosen.seconds))))
    else:
        show(compare(chosen.seconds))


if __name__ == "__main__":
    main()
