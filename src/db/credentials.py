"""AWS credentials for the asyncio client: botocore's chain, off the event loop."""

import asyncio
import logging
import os
from asyncio import Task
from typing import TYPE_CHECKING, Final

from aiodynamo.credentials import Credentials, EnvironmentCredentials, Key
from aiodynamo.http.types import HttpImplementation

from src.models.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from botocore.credentials import Credentials as Source

_log = logging.getLogger(__name__)
_TOO_LATE: Final = 10 * 60
_MISSING: Final = (
    "No AWS credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, "
    "or give the machine a role."
)
_REFUSED: Final = (
    "AWS credentials can't be had just now; check the profile, role or identity provider in use."
)


def find_credentials() -> Credentials:
    """Keys in the environment come first in AWS's chain too, and spare the start botocore's 0.3 s."""
    if os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"):
        return EnvironmentCredentials()
    return ChainCredentials()


class ChainCredentials(Credentials):
    """What botocore finds: profile, SSO, web identity, assumed role, container, instance.

    A key that expires is fetched anew ahead of time, beside the running requests; only one that is nearly
    spent is waited for. However many requests want it, one thread fetches.
    """

    def __init__(self) -> None:
        self._source: Source | None = None
        self._key: Key | None = None
        self._fetching: Task[Key] | None = None

    async def get_key(self, http: HttpImplementation) -> Key:  # noqa: ARG002 - botocore brings its own
        if self._key is not None and not self._due():
            return self._key
        if self._fetching is None:
            self._fetching = asyncio.create_task(asyncio.to_thread(self._fetch))
            self._fetching.add_done_callback(self._fetched)
        if self._key is not None and not self._due(_TOO_LATE):
            return self._key
        return await asyncio.shield(self._fetching)

    def invalidate(self) -> bool:
        """Forget everything, so that a file or role that has changed is read again."""
        self._source = self._key = None
        return True

    def is_disabled(self) -> bool:
        return False

    def _due(self, within: int | None = None) -> bool:
        refresh_needed = getattr(self._source, "refresh_needed", None)
        return self._source is None or (refresh_needed is not None and refresh_needed(within))

    def _fetch(self) -> Key:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow, and rarely needed
        from botocore.session import Session  # noqa: PLC0415

        try:
            source = self._source or Session().get_credentials()
            frozen = source.get_frozen_credentials() if source else None
        except (BotoCoreError, ClientError) as exc:
            _log.warning("AWS credentials can't be had: %s", exc)
            raise DatabaseUnavailable(_REFUSED) from exc
        if source is None or frozen is None or not frozen.access_key or not frozen.secret_key:
            raise DatabaseUnavailable(_MISSING)
        self._source = source
        return Key(frozen.access_key, frozen.secret_key, frozen.token)

    def _fetched(self, task: Task[Key]) -> None:
        self._fetching = None
        if not task.cancelled() and task.exception() is None:
            self._key = task.result()
