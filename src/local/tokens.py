"""`orderdesk token`: a bearer token of the local pool, for a demo user or any stored one."""

import asyncio
from uuid import uuid4

from src.config import Settings, Stage
from src.local.errors import StartError
from src.local.screen import Screen
from src.local.stack import join_or_open_stack
from src.models.caller import Caller, Context, Role
from src.models.errors import DeskError, NotFound


def token_of(settings: Settings, email: str, screen: Screen) -> str:
    """An ID token for the user with this e-mail; the pool's user is made where there is none.

    Raises:
        StartError: nobody has this e-mail, or the pool isn't the desk's own.
    """
    if settings.stage is not Stage.LOCAL:
        raise StartError("Tokens are made in stage local alone; get one from your Cognito pool.")
    with screen.busy("Getting a token"), join_or_open_stack(settings) as stack:
        from src.local.pools import DEMO_USERS, issue_token  # noqa: PLC0415 - boto3 is slow

        key = stack.settings.audit_hmac_key
        if stack.pool is None or key is None:
            raise StartError("COGNITO_USER_POOL_ID names a pool of yours; get the token from it.")
        owner = email.strip().casefold()
        if owner not in DEMO_USERS:
            owner = asyncio.run(_stored_email(stack.settings, email.strip()))
        return issue_token(stack.pool, owner, key.get_secret_value())


async def _stored_email(settings: Settings, email: str) -> str:
    """The e-mail as it is stored with its user."""
    from src.main import open_stores  # noqa: PLC0415 - seconds that the demo users' tokens don't cost
    from src.services.import_service import OPERATOR  # noqa: PLC0415
    from src.services.user_reads import find_user_by_email  # noqa: PLC0415

    caller = Caller("operator", OPERATOR, frozenset({Role.ADMIN}), context=Context(request_id=str(uuid4())))
    try:
        async with open_stores(settings) as stores:
            return (await find_user_by_email(stores, caller, email)).email
    except NotFound:
        raise StartError(
            f"No user has the e-mail {email}; try customer@, support@ or admin@example.com."
        ) from None
    except (DeskError, ValueError) as error:
        raise StartError(str(error)) from None
