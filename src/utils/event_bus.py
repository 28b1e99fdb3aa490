"""EventBridge: events out, off the loop, with short time limits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE: Final = "orderdesk"
MOST: Final = 10


@dataclass(frozen=True)
class BusEvent:
    """One event as the bus takes it; `detail` is JSON."""

    type: str
    detail: str


class BusUnavailable(Exception):
    """EventBridge can't be reached, or refused the whole call; nothing is known to have been taken."""


class EventBus:
    """A bus by its name; the client is made at first use, for its import is slow."""

    def __init__(self, name: str, region: str, endpoint_url: str | None, *, timeout: float = 5.0) -> None:
        self._name = name
        self._region = region
        self._endpoint_url = endpoint_url
        self._timeout = timeout
        self._client: EventBridgeClient | None = None

    async def put(self, events: Sequence[BusEvent]) -> list[str | None]:
        """Put up to ten events; for each None where it was taken, or the bus's code for the refusal.

        Raises:
            BusUnavailable: the call failed as a whole.
        """
        return await asyncio.to_thread(self._put, events)

    def _put(self, events: Sequence[BusEvent]) -> list[str | None]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow, and not on every path

        entries = [
            {"Source": SOURCE, "DetailType": event.type, "Detail": event.detail, "EventBusName": self._name}
            for event in events
        ]
        try:
            answer = self._connected().put_events(Entries=entries)  # pyright: ignore[reportArgumentType]
        except (BotoCoreError, ClientError) as error:
            raise BusUnavailable(_reason(error)) from error
        return [entry.get("ErrorCode") for entry in answer["Entries"]]

    def _connected(self) -> "EventBridgeClient":
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        if self._client is None:
            config = Config(
                connect_timeout=self._timeout,
                read_timeout=self._timeout,
                retries={"mode": "standard", "max_attempts": 2},
            )
            self._client = boto3.client(  # pyright: ignore[reportUnknownMemberType] - stubs of some services alone
                "events", region_name=self._region, endpoint_url=self._endpoint_url, config=config
            )
        return self._client


def _reason(error: Exception) -> str:
    """AWS's code for it, or what kind of error it was; its words may hold anything."""
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", type(error).__name__))
