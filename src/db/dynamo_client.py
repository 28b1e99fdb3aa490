"""The open connection to DynamoDB."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aiodynamo.client import Client
from aiodynamo.http.aiohttp import AIOHTTP
from aiodynamo.models import StaticDelayRetry
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from src.db.credentials import find_credentials

# Its DEBUG records carry whole items.
logging.getLogger("aiodynamo").setLevel(logging.WARNING)

_CONNECTIONS: Final = 200
_CONNECT_SECONDS: Final = 2.0
# The retries are `attempts.py`'s: only there is it known what may be repeated, and how to tell of it.
_ONE_ATTEMPT: Final = StaticDelayRetry(time_limit_secs=-1)


@dataclass(frozen=True)
class Dynamo:
    """DynamoDB as one region, account and table prefix see it.

    Args:
        client: what sends a request once.
        prefix: stands before the name of every table.
        patience: no further attempt is begun this many seconds after the first.
    """

    client: Client
    prefix: str
    patience: float


@asynccontextmanager
async def open_dynamo(
    *,
    region: str,
    endpoint_url: str | None,
    prefix: str,
    timeout: float = 5.0,  # noqa: ASYNC109 - of each attempt
) -> AsyncGenerator[Dynamo]:
    """Nothing connects before the first request. Credentials come from the usual AWS chain.

    Args:
        region: the AWS region.
        endpoint_url: where DynamoDB is, if not at AWS.
        prefix: stands before the name of every table.
        timeout: seconds for one attempt; a request gives up within three times that.
    """
    connector = TCPConnector(limit=_CONNECTIONS)
    limits = ClientTimeout(total=timeout, sock_connect=min(timeout, _CONNECT_SECONDS))
    async with ClientSession(connector=connector, timeout=limits, cookie_jar=DummyCookieJar()) as session:
        client = Client(
            AIOHTTP(session),
            find_credentials(),
            region,
            endpoint=URL(endpoint_url) if endpoint_url else None,
            numeric_type=Decimal,
            throttle_config=_ONE_ATTEMPT,
        )
        yield Dynamo(client, prefix, patience=2 * timeout)
