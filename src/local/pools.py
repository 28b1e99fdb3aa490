"""The Cognito pool of stage `local`: made once, found again by its name."""

import hashlib
import hmac
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from src.local.errors import StartError
from src.local.home import Pool
from src.models.caller import Role

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient as Client

DEMO_USERS: Final = {
    "customer@example.com": (),
    "support@example.com": (Role.SUPPORT,),
    "admin@example.com": (Role.ADMIN,),
}
_PATIENCE: Final = Config(
    connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 3, "mode": "standard"}
)


def open_pool(endpoint: str, region: str, name: str, *, embedded: bool) -> Pool:
    """The pool of this name with its client, groups and demo users; what is missing is made."""
    with _connected(endpoint, region, embedded=embedded) as client:
        pool_id = _find_pool(client, name) or _make_pool(client, name)
        client_id = _find_client(client, pool_id, name) or _make_client(client, pool_id, name)
        for role in Role:
            with suppress(client.exceptions.GroupExistsException):
                client.create_group(UserPoolId=pool_id, GroupName=role.value)
        for email, roles in DEMO_USERS.items():
            _make_user(client, pool_id, email, roles)
    return Pool(endpoint=endpoint, region=region, pool_id=pool_id, client_id=client_id, embedded=embedded)


def issue_token(pool: Pool, email: str, secret: str) -> str:
    """An ID token of the pool's user with this e-mail; a user who is missing is made.

    The password comes from the secret, so that commands which run at once agree on it.
    """
    digest = hmac.new(secret.encode(), f"pool password\0{email}".encode(), hashlib.sha256).hexdigest()
    password = f"Aa1-{digest[:40]}"
    with _connected(pool.endpoint, pool.region, embedded=pool.embedded) as client:
        _make_user(client, pool.pool_id, email, DEMO_USERS.get(email, ()))
        client.admin_set_user_password(
            UserPoolId=pool.pool_id, Username=email, Password=password, Permanent=True
        )
        answer = client.admin_initiate_auth(
            UserPoolId=pool.pool_id,
            ClientId=pool.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
    return _given(answer["AuthenticationResult"].get("IdToken"))


@contextmanager
def _connected(endpoint: str, region: str, *, embedded: bool) -> Generator["Client"]:
    """The embedded pool takes any keys; another endpoint gets those of the usual AWS chain."""
    keys = "local" if embedded else None
    client: Client = boto3.client(  # pyright: ignore[reportUnknownMemberType] - stubs of two services alone
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=keys,
        aws_secret_access_key=keys,
        config=_PATIENCE,
    )
    try:
        yield client
    except (BotoCoreError, ClientError) as error:
        raise StartError(f"The Cognito pool at {endpoint} can't be used: {error}") from None
    finally:
        client.close()


def _find_pool(client: "Client", name: str) -> str | None:
    pages = client.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
    return next((p.get("Id") for page in pages for p in page["UserPools"] if p.get("Name") == name), None)


def _make_pool(client: "Client", name: str) -> str:
    made = client.create_user_pool(
        PoolName=name,
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )
    return _given(made["UserPool"].get("Id"))


def _find_client(client: "Client", pool_id: str, name: str) -> str | None:
    pages = client.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool_id)
    found = (each for page in pages for each in page["UserPoolClients"] if each.get("ClientName") == name)
    return next((each.get("ClientId") for each in found), None)


def _make_client(client: "Client", pool_id: str, name: str) -> str:
    made = client.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=name,
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    return _given(made["UserPoolClient"].get("ClientId"))


def _make_user(client: "Client", pool_id: str, email: str, roles: Iterable[Role]) -> None:
    attributes = {"email": email, "email_verified": "true"}
    with suppress(client.exceptions.UsernameExistsException):
        client.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        )
    for role in roles:
        client.admin_add_user_to_group(UserPoolId=pool_id, Username=email, GroupName=role.value)


def _given(value: str | None) -> str:
    if value is None:
        raise StartError("Cognito's answer lacks what was asked for; see that the endpoint is a Cognito.")
    return value
