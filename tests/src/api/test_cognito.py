import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from src.api.cognito import MAX_TOKEN, TokenVerifier, refusal
from src.models.errors import NotAuthenticated
from tests.fixtures.log import Log
from tests.fixtures.tokens import Pool, encoded, jwk_of, rsa_key, signed


@pytest.fixture(scope="session")
async def verifier(pool: Pool) -> AsyncGenerator[TokenVerifier]:
    async with httpx.AsyncClient() as http:
        yield TokenVerifier(pool.issuer, pool.jwks_url, pool.client_id, http)


async def assert_refused(verifier: TokenVerifier, token: str) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        await verifier.verify(token)
    assert refused.value.detail == refusal().detail
    assert refused.value.__cause__ is None


async def test_an_id_token_says_who_its_bearer_is(pool: Pool, verifier: TokenVerifier) -> None:
    sub, ends = str(uuid4()), int(time.time()) + 60
    claims = await verifier.verify(pool.token(sub, groups=["support"], email="Ann@example.com", exp=ends))
    assert (claims.sub, claims.groups, claims.token_use) == (sub, {"support"}, "id")
    assert claims.email == "Ann@example.com"
    assert claims.expires_at == datetime.fromtimestamp(ends, UTC)


async def test_an_access_token_says_it_without_an_email(pool: Pool, verifier: TokenVerifier) -> None:
    sub = str(uuid4())
    token = pool.token(sub, groups=["admin"], use="access")
    claims = await verifier.verify(token)
    assert (claims.sub, claims.groups, claims.token_use, claims.email) == (sub, {"admin"}, "access", None)


async def test_an_email_in_an_access_token_counts_for_nothing(pool: Pool, verifier: TokenVerifier) -> None:
    told = jwt.decode(pool.token(use="access"), options={"verify_signature": False})
    claims = await verifier.verify(pool.sign(told | {"email": "ann@example.com", "email_verified": True}))
    assert claims.email is None


# The same for every process that collects the tests: a day that no run of them sees.
TOMORROW = 4_000_000_000


@pytest.mark.parametrize(
    ("verified", "shown"),
    [
        (True, True),
        ("true", True),
        (False, False),
        ("false", False),
        (None, False),
        ("yes", False),
        (1, False),
        ([], False),
    ],
    ids=repr,
)
async def test_an_email_counts_only_where_the_pool_has_verified_it(
    pool: Pool, verifier: TokenVerifier, verified: object, shown: bool
) -> None:
    claims = await verifier.verify(pool.token(email="ann@example.com", email_verified=verified))
    assert claims.email == ("ann@example.com" if shown else None)


async def test_a_token_without_groups_has_none(pool: Pool, verifier: TokenVerifier) -> None:
    assert (await verifier.verify(pool.token())).groups == frozenset()


@pytest.mark.parametrize(
    "claims",
    [
        {"expires_in": 0},
        {"expires_in": -1},
        {"expires_in": -3600},
        {"exp": None},
        {"exp": "never"},
        {"exp": 1e300},
        {"exp": float("inf")},
        {"exp": True},
        {"iat": TOMORROW},
        {"iat": None},
        {"iat": "soon"},
        {"nbf": TOMORROW},
        {"nbf": []},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"},
        {"iss": None},
        {"iss": ["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Tests"]},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": None, "client_id": "orderdesk-tests"},
        {"aud": ["orderdesk-tests", "another-client"]},
        {"use": "access", "client_id": "another-client"},
        {"use": "access", "client_id": None, "aud": "orderdesk-tests"},
        {"token_use": "refresh"},
        {"token_use": None},
        {"token_use": ["id"]},
        {"sub": None},
        {"sub": ""},
        {"sub": "a subject with spaces"},
        {"sub": 7},
        {"cognito:groups": "admin"},
        {"cognito:groups": [1, 2]},
        {"email": 7},
    ],
    ids=repr,
)
async def test_a_token_with_wrong_or_missing_claims_is_refused(
    pool: Pool, verifier: TokenVerifier, claims: dict[str, object]
) -> None:
    made: Callable[..., str] = pool.token
    token = made(**{name: value for name, value in claims.items() if name != "sub"})
    if "sub" in claims:
        told = jwt.decode(token, options={"verify_signature": False})
        token = pool.sign(told | {"sub": claims["sub"]})
    await assert_refused(verifier, token)


async def test_an_unsigned_token_is_refused_whatever_it_calls_its_algorithm(
    pool: Pool, verifier: TokenVerifier
) -> None:
    _, payload, signature = pool.token().split(".")
    algorithms: list[object] = ["none", "None", "NONE", "", "RS256", None, ["RS256"], {"RS256": 1}]
    for algorithm in algorithms:
        header = encoded({"alg": algorithm, "kid": pool.kid, "typ": "JWT"})
        for end in ("", "e30", signature):
            await assert_refused(verifier, f"{header}.{payload}.{end}")
        await assert_refused(verifier, f"{header}.{payload}")


async def test_the_public_key_is_no_secret_to_sign_with(pool: Pool, verifier: TokenVerifier) -> None:
    payload = pool.token().split(".")[1]
    public = rsa_key(pool.kid).public_key()
    for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1):
        for encoding in (Encoding.PEM, Encoding.DER):
            secret = public.public_bytes(encoding, form)
            head = f"{encoded({'alg': 'HS256', 'kid': pool.kid})}.{payload}"
            digest = hmac.digest(secret, head.encode(), hashlib.sha256)
            await assert_refused(verifier, f"{head}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_other_algorithms_of_the_same_key_are_refused(
    pool: Pool, verifier: TokenVerifier, algorithm: str
) -> None:
    told = jwt.decode(pool.token(), options={"verify_signature": False})
    await assert_refused(verifier, jwt.encode(told, rsa_key(pool.kid), algorithm, headers={"kid": pool.kid}))


async def test_a_key_of_somebody_else_is_refused_under_any_name(pool: Pool, verifier: TokenVerifier) -> None:
    told = jwt.decode(pool.token(), options={"verify_signature": False})
    kids: list[object] = [pool.kid, "a-stranger", "", 7, None, ["key-1"]]
    for kid in kids:
        await assert_refused(verifier, signed({"alg": "RS256", "kid": kid}, told, "a-stranger"))
    await assert_refused(verifier, signed({"alg": "RS256"}, told, pool.kid))


async def test_a_key_that_the_token_brings_along_is_ignored(pool: Pool, verifier: TokenVerifier) -> None:
    told = jwt.decode(pool.token(), options={"verify_signature": False})
    brought: list[dict[str, object]] = [{"jwk": jwk_of("a-stranger")}, {"jku": "http://127.0.0.1:9/keys"}]
    for key in brought:
        await assert_refused(verifier, signed({"alg": "RS256", "kid": pool.kid} | key, told, "a-stranger"))


async def test_a_token_that_was_changed_is_refused(pool: Pool, verifier: TokenVerifier) -> None:
    header, payload, signature = pool.token().split(".")
    told = json.loads(base64.urlsafe_b64decode(payload + "=="))
    await assert_refused(verifier, f"{header}.{encoded(told | {'cognito:groups': ['admin']})}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "null",
        "e30.e30.e30",
        "\u0000",
        "\ud800.e30.e30",
        "ünï.cödé.tökén",
        f"{encoded([])}.e30.e30",
        f"{encoded('RS256')}.e30.e30",
        base64.urlsafe_b64encode(b"[" * 5000).decode() + ".e30.e30",
        base64.urlsafe_b64encode(b'{"alg":' + b"9" * 5000 + b"}").decode() + ".e30.e30",
        base64.urlsafe_b64encode(b"\xff\xfe\x00").decode() + ".e30.e30",
        "e30." * 2000,
    ],
    ids=lambda token: f"{token[:16]!a} of {len(token)}",
)
async def test_what_is_no_token_at_all_is_refused(verifier: TokenVerifier, token: str) -> None:
    await assert_refused(verifier, token)


@given(
    st.text()
    | st.lists(st.binary().map(lambda part: base64.urlsafe_b64encode(part).decode()), max_size=4).map(
        ".".join
    )
)
async def test_no_text_is_mistaken_for_a_token(verifier: TokenVerifier, token: str) -> None:
    await assert_refused(verifier, token)


async def test_a_token_longer_than_any_of_cognitos_is_refused_unread(
    pool: Pool, verifier: TokenVerifier
) -> None:
    token = pool.token(padding="x" * MAX_TOKEN)
    assert len(token) > MAX_TOKEN
    await assert_refused(verifier, token)


async def test_a_clock_a_little_behind_the_pools_is_forgiven(pool: Pool, verifier: TokenVerifier) -> None:
    ahead = int(time.time()) + 10
    assert await verifier.verify(pool.token(iat=ahead, nbf=ahead))


async def test_a_refusal_is_logged_for_developers_without_the_token(
    pool: Pool, verifier: TokenVerifier, log: Log
) -> None:
    token = pool.token(expires_in=-60)
    await assert_refused(verifier, token)
    [line] = log.lines("src.api.cognito")
    assert (line["level"], line["reason"]) == ("DEBUG", "ExpiredSignatureError")
    assert not [part for part in token.split(".") if part in log.text]
