"""What routes depend on: who calls, the stores, the model, and how a write is asked for."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agents.engine import Engine
from src.api.cognito import TokenVerifier, refusal
from src.models.caller import Caller, Context
from src.models.errors import Invalid
from src.models.page import PageSize
from src.services.commit import CLIENTS, Attempt
from src.services.identity_service import Claims, resolve_caller
from src.services.stores import Stores
from src.utils.logging import bind, find_bound

_ETAG: Final = re.compile(r'^"?(\d{1,12})"?$')
KEY_PATTERN: Final = r"^[\x20-\x7e]{1,255}$"
_bearer = HTTPBearer(scheme_name="bearer", bearerFormat="JWT", auto_error=False)


@dataclass(frozen=True)
class Wiring:
    """What the lifespan opens and hands out."""

    stores: Stores
    verifier: TokenVerifier
    engine: Engine


def get_wiring(request: Request) -> Wiring:
    return cast(Wiring, request.state.wiring)


CurrentWiring = Annotated[Wiring, Depends(get_wiring)]


def get_stores(wiring: CurrentWiring) -> Stores:
    return wiring.stores


def get_engine(wiring: CurrentWiring) -> Engine:
    return wiring.engine


async def get_current_user(
    request: Request,
    wiring: CurrentWiring,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Caller:
    """The caller behind the bearer token.

    Raises:
        NotAuthenticated: there is no token, or it is not good.
    """
    if credentials is None:
        raise refusal()
    claims = await wiring.verifier.verify(credentials.credentials)
    context = Context(
        request_id=find_bound("request_id") or "-",
        source_ip=request.client.host if request.client else None,
        user_agent=request.headers.get("user-agent", "")[:200] or None,
    )
    caller = await resolve_caller(wiring.stores, Claims(claims.sub, claims.groups, claims.email), context)
    bind(user_id=str(caller.user_id))
    return caller


CurrentStores = Annotated[Stores, Depends(get_stores)]
CurrentEngine = Annotated[Engine, Depends(get_engine)]
CurrentCaller = Annotated[Caller, Depends(get_current_user)]


def get_attempt(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Makes the request happen once: the same key again answers what it answered before.",
            pattern=KEY_PATTERN,
        ),
    ] = None,
    if_match: Annotated[
        str | None,
        Header(description="The version that the record must have, as its ETag gives it.", max_length=32),
    ] = None,
) -> Attempt:
    key = effect_key(idempotency_key) if idempotency_key else None
    return Attempt(key=key, if_match=_version(if_match))


def effect_key(idempotency_key: str) -> str:
    """What a client's key is called among the effects' keys, whichever door it came by."""
    return f"{CLIENTS}{idempotency_key}"


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    if (found := _ETAG.match(if_match.strip())) is None:
        raise Invalid('If-Match takes one version as ETag gives it, such as "3".')
    return int(found[1])


CurrentAttempt = Annotated[Attempt, Depends(get_attempt)]
Limit = Annotated[PageSize, Query(description="How many items at most.")]
Cursor = Annotated[
    str | None, Query(description="The next_cursor of the page before.", min_length=1, max_length=4096)
]
