"""The user pool's public keys: fetched off the request's path, kept, and fetched anew when they have aged."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Annotated, Literal

import httpx
import jwt
from pydantic import BaseModel, Field, ValidationError

from src.models.errors import IdentityUnavailable

_logger = logging.getLogger(__name__)


class _Jwk(BaseModel):
    """A key that signs RS256 tokens; keys of other kinds and uses don't fit."""

    kid: str
    kty: Literal["RSA"]
    use: Literal["sig"] = "sig"
    alg: Literal["RS256"] = "RS256"
    n: Annotated[str, Field(min_length=342)]  # 2048 bits
    e: str


class _KeySet(BaseModel):
    keys: list[dict[str, object]]


class Jwks:
    """The keys at one URL.

    They are fetched by one task at a time and at most once in `interval` seconds, however many tokens name
    unknown keys. Keys older than `lifetime` are fetched again; while that fails, the known ones go on.
    """

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        *,
        lifetime: float = 600,
        interval: float = 5,
        timeout: float = 3,
    ) -> None:
        self._url = url
        self._http = http
        self._lifetime = lifetime
        self._interval = interval
        self._timeout = timeout
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fresh_until = self._next_fetch = float("-inf")
        self._away = False
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of this id; None where the pool has none.

        Raises:
            IdentityUnavailable: The key isn't known, and the keys can't be fetched now.
        """
        key = self._keys.get(kid)
        if key is not None and time.monotonic() < self._fresh_until:
            return key
        fetching = self._start_fetch()
        if fetching is not None and not (key and self._away):
            await asyncio.shield(fetching)
            key = self._keys.get(kid)
        if key is None and self._away:
            raise IdentityUnavailable(
                "The user pool's keys can't be fetched now; try again in a few seconds."
            )
        return key

    def _start_fetch(self) -> asyncio.Task[None] | None:
        """The fetch under way, or a new one if that isn't too soon."""
        if self._fetching is None and time.monotonic() >= self._next_fetch:
            self._next_fetch = time.monotonic() + self._interval
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._http.get(self._url, follow_redirects=False)
            keys = _usable(response.raise_for_status().content)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            if not self._away:
                _logger.warning("The user pool's keys can't be fetched: %s", repr(error))
            self._away = True
        else:
            self._keys, self._away = keys, False
            self._fresh_until = time.monotonic() + self._lifetime
        finally:
            self._fetching = None


def _usable(body: bytes) -> Mapping[str, jwt.PyJWK]:
    """The keys in a JWKS document that sign RS256 tokens; ValueError where there are none."""
    keys: dict[str, jwt.PyJWK] = {}
    for candidate in _KeySet.model_validate_json(body).keys:
        try:
            jwk = _Jwk.model_validate(candidate)
            keys[jwk.kid] = jwt.PyJWK.from_dict(jwk.model_dump(), algorithm="RS256")
        except (ValidationError, jwt.PyJWTError):
            continue
    if not keys:
        raise ValueError("no RSA key for signatures among them")
    return keys
