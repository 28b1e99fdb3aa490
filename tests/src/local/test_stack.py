"""The embedded stores: there, reachable, and started only where no setting points elsewhere."""

import socket
from pathlib import Path

import jwt
import pytest
from pydantic import SecretStr

from src.config import Settings
from src.db.dynamo import open_dynamo
from src.db.mongo import open_mongo
from src.db.mongo import ping as ping_mongo
from src.db.redis import cache_get, cache_set, open_redis
from src.db.tables import check_tables
from src.local.home import claim
from src.local.pools import issue_token, open_pool
from src.local.processes import record_path
from src.local.stack import Stack, join_or_open_stack, open_stack
from src.local.start import find_missing
from tests.fixtures.cli import processes


def test_each_store_runs_in_a_process_of_its_own(local_settings: Settings) -> None:
    assert set(processes(local_settings.data_dir)) == {"valkey", "mongodb", "aws"}


async def test_the_settings_lead_to_all_of_them(local_settings: Settings) -> None:
    assert local_settings.redis_url is not None
    assert local_settings.mongodb_url is not None
    async with (
        open_redis(local_settings.redis_url) as cache,
        open_mongo(local_settings.mongodb_url, local_settings.mongodb_database) as mongo,
        open_dynamo(
            region=local_settings.aws_region, endpoint_url=local_settings.dynamodb_endpoint, prefix=""
        ) as dynamo,
    ):
        assert await cache_set(cache, "key", "value", ttl=10)
        assert await cache_get(cache, "key") == "value"
        await ping_mongo(mongo)
        await check_tables(dynamo)


def test_they_listen_on_loopback_alone(local_settings: Settings) -> None:
    outside = _address_of_this_machine()
    for name in processes(local_settings.data_dir):
        port = int(record_path(local_settings.data_dir, name).read_text().split()[1])
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((outside, port), timeout=5)


@pytest.mark.parametrize(
    ("email", "groups"),
    [("customer@example.com", None), ("support@example.com", ["support"]), ("admin@example.com", ["admin"])],
)
def test_the_pool_gives_tokens_that_the_settings_verify(
    local_stack: Stack, email: str, groups: list[str] | None
) -> None:
    assert local_stack.pool is not None
    settings = local_stack.settings
    token = issue_token(local_stack.pool, email, "a secret")
    key = jwt.PyJWKClient(settings.jwks_url).get_signing_key_from_jwt(token)
    claims = jwt.decode(
        token, key, algorithms=["RS256"], issuer=settings.issuer, audience=settings.cognito_app_client_id
    )
    assert claims["token_use"] == "id"  # noqa: S105 - what Cognito calls an ID token
    assert (claims["email"], claims.get("cognito:groups")) == (email, groups)


def test_the_pool_is_found_again(local_stack: Stack) -> None:
    assert local_stack.pool is not None
    pool = local_stack.pool
    assert open_pool(pool.endpoint, pool.region, "orderdesk", embedded=True) == pool


def test_a_user_keeps_their_subject(local_stack: Stack) -> None:
    assert local_stack.pool is not None
    tokens = [issue_token(local_stack.pool, "new@example.com", secret) for secret in ("one", "two")]
    subjects = {jwt.decode(token, options={"verify_signature": False})["sub"] for token in tokens}
    assert len(subjects) == 1


def test_where_all_settings_point_elsewhere_nothing_starts(local_stack: Stack, tmp_path: Path) -> None:
    with claim(tmp_path) as place, open_stack(local_stack.settings, place.home) as stack:
        assert not processes(tmp_path)
        assert stack.pool is None
        assert stack.settings == local_stack.settings


def test_a_command_joins_the_service_of_its_directory(local_stack: Stack, tmp_path: Path) -> None:
    elsewhere = local_stack.settings.model_copy(
        update={"data_dir": tmp_path, "audit_hmac_key": SecretStr("key")}
    )
    with claim(tmp_path) as place, open_stack(elsewhere, place.home) as stack:
        place.publish(stack.found)
        bare = Settings(_env_file=None, data_dir=tmp_path, audit_hmac_key=SecretStr("key"))  # pyright: ignore[reportCallIssue]
        with join_or_open_stack(bare) as joined:
            assert joined.settings == elsewhere
        assert not processes(tmp_path)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, {"redis", "mongodb", "dynamodb", "cognito", "aws"}),
        ({"redis_url": "redis://r"}, {"mongodb", "dynamodb", "cognito", "aws"}),
        ({"mongodb_url": "mongodb://m"}, {"redis", "dynamodb", "cognito", "aws"}),
        ({"aws_endpoint_url": "http://a"}, {"redis", "mongodb", "cognito"}),
        ({"aws_endpoint_url_dynamodb": "http://d"}, {"redis", "mongodb", "cognito", "aws"}),
        (
            {"cognito_user_pool_id": "p", "cognito_app_client_id": "c"},
            {"redis", "mongodb", "dynamodb", "aws"},
        ),
        (
            {
                "cognito_user_pool_id": "p",
                "cognito_app_client_id": "c",
                "aws_endpoint_url_dynamodb": "http://d",
            },
            {"redis", "mongodb"},
        ),
    ],
)
def test_only_what_no_setting_points_to_is_missing(given: dict[str, str], missing: set[str]) -> None:
    found = find_missing(Settings(_env_file=None, **given))  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert {name for name, value in vars(found).items() if value} == missing


def _address_of_this_machine() -> str:
    """Where others would reach it; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback's")
        return probe.getsockname()[0]
