"""Settings: what is refused, and what is never shown."""

import pytest
from pydantic import SecretStr, ValidationError

from src.config import Settings, Stage


def test_passwords_and_keys_are_not_shown() -> None:
    settings = Settings(
        redis_url="rediss://:hunter2@cache:6379",
        mongodb_url="mongodb+srv://desk:hunter2@db",
        audit_hmac_key=SecretStr("hunter2"),
    )
    assert "hunter2" not in repr(settings)


def test_a_wildcard_is_no_origin() -> None:
    with pytest.raises(ValidationError, match="name each origin"):
        Settings(cors_origins=("*",))


def test_outside_stage_local_what_is_missing_is_named() -> None:
    with pytest.raises(ValidationError, match="stage prod needs AUDIT_HMAC_KEY, REDIS_URL"):
        Settings(stage=Stage.PROD)


def test_the_issuer_follows_from_region_and_pool() -> None:
    settings = Settings(aws_region="eu-west-1", cognito_user_pool_id="eu-west-1_Abc")
    assert settings.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
    assert settings.jwks_url == f"{settings.issuer}/.well-known/jwks.json"
