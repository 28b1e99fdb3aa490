"""Tokens of the emulators' user pools, which both name the real AWS host as their issuer."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import httpx
import pytest

from src.api.cognito import TokenVerifier
from src.models.errors import NotAuthenticated

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

PASSWORD = "Correct-horse-7-battery"  # noqa: S105


@dataclass(frozen=True)
class Signed:
    """A user of a pool, and the tokens that they were given."""

    sub: str
    id_token: str
    access_token: str
    issuer: str
    jwks_url: str
    client_id: str


def sign_in(endpoint: str) -> Signed:
    cognito: CognitoIdentityProviderClient = boto3.client(  # pyright: ignore[reportUnknownMemberType] - as in src
        "cognito-idp", region_name="us-east-1", endpoint_url=endpoint
    )
    pool = cognito.create_user_pool(PoolName="desk")["UserPool"].get("Id", "")
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="desk",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        ReadAttributes=["email", "email_verified"],
    )["UserPoolClient"].get("ClientId", "")
    user = cognito.admin_create_user(
        UserPoolId=pool,
        Username="ann",
        UserAttributes=[
            {"Name": "email", "Value": "ann@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ],
    )["User"]
    cognito.admin_set_user_password(UserPoolId=pool, Username="ann", Password=PASSWORD, Permanent=True)
    cognito.create_group(UserPoolId=pool, GroupName="support")
    cognito.admin_add_user_to_group(UserPoolId=pool, Username="ann", GroupName="support")
    given = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in user.get("Attributes", [])}
    return Signed(
        sub=attributes["sub"],
        id_token=given.get("IdToken", ""),
        access_token=given.get("AccessToken", ""),
        issuer=f"https://cognito-idp.us-east-1.amazonaws.com/{pool}",
        jwks_url=f"{endpoint}/{pool}/.well-known/jwks.json",
        client_id=client,
    )


@pytest.fixture(scope="session")
async def signed_in(emulator: str, aws_keys: None) -> Signed:
    return await asyncio.to_thread(sign_in, emulator)


async def test_both_kinds_of_a_pools_tokens_are_good(signed_in: Signed) -> None:
    async with httpx.AsyncClient() as http:
        verifier = TokenVerifier(signed_in.issuer, signed_in.jwks_url, signed_in.client_id, http)
        for token, use in ((signed_in.id_token, "id"), (signed_in.access_token, "access")):
            claims = await verifier.verify(token)
            assert (claims.sub, claims.token_use, claims.groups) == (signed_in.sub, use, {"support"})
            assert claims.email == ("ann@example.com" if use == "id" else None)


async def test_another_client_of_the_same_pool_is_foreign(signed_in: Signed) -> None:
    async with httpx.AsyncClient() as http:
        verifier = TokenVerifier(signed_in.issuer, signed_in.jwks_url, "another-client", http)
        for token in (signed_in.id_token, signed_in.access_token):
            with pytest.raises(NotAuthenticated):
                await verifier.verify(token)
