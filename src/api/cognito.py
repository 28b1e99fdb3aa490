"""Who a bearer token speaks for: RS256 tokens of one Cognito user pool and one app client, nothing else."""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import httpx
import jwt
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from src.api.jwks import Jwks
from src.models.errors import NotAuthenticated

MAX_TOKEN: Final = 8192
_LEEWAY: Final = 30
_REQUIRED: Final = ["exp", "iat", "iss", "sub", "token_use"]
_FAR_FUTURE: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claims:
    """What a good token says; `email` only where it is an ID token's and verified."""

    sub: str
    groups: frozenset[str]
    token_use: Literal["id", "access"]
    email: str | None
    expires_at: datetime


class _Token(BaseModel):
    sub: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,128}$")]
    exp: Annotated[float, Field(gt=0, lt=_FAR_FUTURE)]
    groups: Annotated[tuple[str, ...], Field(alias="cognito:groups")] = ()


class _IdToken(_Token):
    token_use: Literal["id"]
    audience: Annotated[str, Field(alias="aud")]
    email: str | None = None
    email_verified: object = False

    def verified_email(self) -> str | None:
        # A string where an administrator or a federated provider set the attribute.
        return self.email if self.email_verified is True or self.email_verified == "true" else None


class _AccessToken(_Token):
    token_use: Literal["access"]
    audience: Annotated[str, Field(alias="client_id")]

    def verified_email(self) -> None:
        return None


_TOKEN: Final[TypeAdapter[_IdToken | _AccessToken]] = TypeAdapter(
    Annotated[_IdToken | _AccessToken, Field(discriminator="token_use")]
)


def refusal() -> NotAuthenticated:
    """One sentence for every token that isn't good and for none at all: it tells nothing of the reason."""
    return NotAuthenticated(
        "Send a good token as 'Authorization: Bearer <token>'; this one is missing or refused."
    )


class TokenVerifier:
    """Checks tokens against the pool's keys, which it fetches with its owner's client."""

    def __init__(self, issuer: str, jwks_url: str, client_id: str, http: httpx.AsyncClient) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._keys = Jwks(jwks_url, http)

    async def verify(self, token: str) -> Claims:
        """What the token says.

        Raises:
            NotAuthenticated: The token isn't good, for whatever reason.
            IdentityUnavailable: The key that it names isn't known, and the keys can't be fetched now.
        """
        try:
            key = await self._keys.find(_key_id(token))
            if key is None:
                raise jwt.InvalidKeyError("unknown key")
            return self._check(token, key)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            _logger.debug("Refused a bearer token", extra={"reason": type(error).__name__})
            raise refusal() from None

    def _check(self, token: str, key: jwt.PyJWK) -> Claims:
        payload = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=self._issuer,
            leeway=_LEEWAY,
            options={"require": _REQUIRED, "verify_aud": False},
        )
        said = _TOKEN.validate_python(payload)
        # The leeway is for clocks behind the pool's, not for tokens past their end.
        if said.exp <= time.time():
            raise jwt.ExpiredSignatureError
        if said.audience != self._client_id:
            raise jwt.InvalidAudienceError
        return Claims(
            sub=said.sub,
            groups=frozenset(said.groups),
            token_use=said.token_use,
            email=said.verified_email(),
            expires_at=datetime.fromtimestamp(said.exp, UTC),
        )


def _key_id(token: str) -> str:
    if len(token) > MAX_TOKEN:
        raise jwt.InvalidTokenError("too long")
    header = jwt.get_unverified_header(token)
    if header.get("alg") != "RS256":
        raise jwt.InvalidAlgorithmError
    return str(header.get("kid"))
