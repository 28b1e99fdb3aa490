"""Credentials from AWS's usual chain, seen by the key that signs the requests."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from src.db.dynamo import Dynamo, Table, get_item, get_table, open_dynamo
from src.db.tables import TABLES
from src.models.errors import DatabaseUnavailable
from tests.fixtures.dynamodb import REGION, free_port, open_tables
from tests.fixtures.faults import Wire, open_wire, refuse

_ROLE: Final = "arn:aws:iam::123456789012:role/desk"


@pytest.fixture(scope="module")
async def wire(moto: str) -> AsyncGenerator[Wire]:
    async with open_wire(moto) as wire:
        yield wire


@pytest.fixture(scope="module")
async def prefix(wire: Wire, aws_keys: None) -> AsyncGenerator[str]:
    """Of tables that exist."""
    async with open_tables(wire.url, {"users": TABLES["users"]}) as dynamo:
        yield dynamo.prefix


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moto: str) -> Path:
    """An environment without keys, whose AWS files lie here and whose STS is moto."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", moto)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return tmp_path


@pytest.fixture
async def users(wire: Wire, prefix: str, home: Path) -> AsyncGenerator[Table]:
    async with open_dynamo(region=REGION, endpoint_url=wire.url, prefix=prefix) as dynamo:
        wire.plan()
        yield get_table(dynamo, "users")


def keep_key(home: Path, key_id: str, profile: str = "default") -> None:
    (home / "credentials").write_text(
        f"[{profile}]\naws_access_key_id = {key_id}\naws_secret_access_key = secret\n"
    )


def assume_role(home: Path, monkeypatch: pytest.MonkeyPatch, seconds: int = 3600) -> None:
    keep_key(home, "SOURCE", profile="source")
    (home / "config").write_text(
        f"[profile desk]\nrole_arn = {_ROLE}\nsource_profile = source\nduration_seconds = {seconds}\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "desk")


def minutes_on(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


async def signed_by(wire: Wire, users: Table) -> str:
    await get_item(users, {"id": "1"})
    return wire.seen[-1].key_id


async def test_keys_of_the_environment_come_first(
    wire: Wire, prefix: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_key(home, "FILE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    async with open_dynamo(region=REGION, endpoint_url=wire.url, prefix=prefix) as dynamo:
        assert await signed_by(wire, get_table(dynamo, "users")) == "ENVIRONMENT"


async def test_a_profile_of_the_credentials_file_is_used(
    wire: Wire, users: Table, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_key(home, "PROFILE", profile="desk")
    monkeypatch.setenv("AWS_PROFILE", "desk")
    assert await signed_by(wire, users) == "PROFILE"


async def test_a_role_is_assumed(
    wire: Wire, users: Table, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume_role(home, monkeypatch)
    key_id = await signed_by(wire, users)
    assert key_id.startswith("ASIA")
    assert await signed_by(wire, users) == key_id


async def test_a_web_identity_is_exchanged_for_a_role(
    wire: Wire, users: Table, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "token").write_text("a token of the cluster's")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(home / "token"))
    monkeypatch.setenv("AWS_ROLE_ARN", _ROLE)
    assert (await signed_by(wire, users)).startswith("ASIA")


async def test_a_key_that_is_nearly_spent_is_replaced_before_the_request(
    wire: Wire, users: Table, home: Path
) -> None:
    (home / "config").write_text(f"[default]\ncredential_process = cat {home / 'answer'}\n")
    for key_id in ("FIRST", "SECOND"):
        answer = {
            "Version": 1,
            "AccessKeyId": key_id,
            "SecretAccessKey": "secret",
            "Expiration": minutes_on(5),
        }
        (home / "answer").write_text(json.dumps(answer))
        assert await signed_by(wire, users) == key_id


async def test_a_key_that_will_expire_is_replaced_beside_the_requests(
    wire: Wire, users: Table, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume_role(home, monkeypatch, seconds=900)
    first = await signed_by(wire, users)
    assert await signed_by(wire, users) == first, "it is good for more than ten minutes"
    async with asyncio.timeout(10):
        while await signed_by(wire, users) == first:
            pass


async def test_many_requests_at_once_fetch_one_key(
    wire: Wire, users: Table, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume_role(home, monkeypatch)
    await asyncio.gather(*(get_item(users, {"id": "1"}) for _ in range(30)))
    assert len(wire.seen) == 30
    assert len({seen.key_id for seen in wire.seen}) == 1


async def test_a_request_that_is_given_up_does_not_take_the_key_from_the_others(
    wire: Wire, users: Table, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume_role(home, monkeypatch)
    first, second = (asyncio.create_task(get_item(users, {"id": "1"})) for _ in range(2))
    await asyncio.wait([first], timeout=0)
    first.cancel()
    assert await second is None
    assert first.cancelled()


async def test_an_expired_key_is_looked_up_again(wire: Wire, users: Table, home: Path) -> None:
    keep_key(home, "OLD")
    assert await signed_by(wire, users) == "OLD"
    keep_key(home, "NEW")
    wire.plan(refuse("ExpiredTokenException"))
    assert await signed_by(wire, users) == "NEW"
    assert [seen.key_id for seen in wire.seen] == ["OLD", "NEW"]


async def test_no_credentials_anywhere_is_told_with_what_to_do(users: Table) -> None:
    with pytest.raises(DatabaseUnavailable, match="No AWS credentials were found; set AWS_ACCESS_KEY_ID"):
        await get_item(users, {"id": "1"})


async def test_an_unknown_profile_is_told_with_what_to_do(
    users: Table, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(DatabaseUnavailable, match="check the profile, role or identity provider"):
        await get_item(users, {"id": "1"})
    assert "nobody" in caplog.text


async def test_an_sts_that_is_away_is_told_and_tried_again_by_the_next_request(
    wire: Wire, users: Table, home: Path, moto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume_role(home, monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(DatabaseUnavailable, match="check the profile, role or identity provider"):
        await get_item(users, {"id": "1"})
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", moto)
    assert (await signed_by(wire, users)).startswith("ASIA")


async def test_no_secret_shows_in_what_is_printed_of_a_client(
    wire: Wire, users: Table, home: Path, dynamo: Dynamo
) -> None:
    (home / "credentials").write_text(
        "[default]\naws_access_key_id = ID\naws_secret_access_key = hush\naws_session_token = psst\n"
    )
    assert await signed_by(wire, users) == "ID"
    printed = repr(users) + repr(vars(users.dynamo.client.credentials)) + repr(dynamo.client.credentials)
    assert "hush" not in printed
    assert "psst" not in printed
