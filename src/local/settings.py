"""The settings as a command finds them: its options, the environment, `.env`; and what is wrong with them."""

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import DotEnvSettingsSource

from src.config import Settings
from src.local.errors import StartError

_ENV_FILE: Final = Path(".env")
_EXAMPLES: Final = {
    "port": "8000",
    "public_url": "https://desk.example.com",
    "currency": "USD",
    "aws_endpoint_url": "http://127.0.0.1:4566",
    "aws_endpoint_url_dynamodb": "http://127.0.0.1:8001",
    "aws_endpoint_url_eventbridge": "http://127.0.0.1:4566",
    "table_prefix": "orderdesk-",
    "redis_url": "redis://127.0.0.1:6379/0",
    "mongodb_url": "mongodb://127.0.0.1:27017",
    "mongodb_database": "orderdesk",
    "cognito_issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example",
    "cognito_jwks_url": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example/.well-known/jwks.json",
    "cors_origins": "https://shop.example.com,https://desk.example.com",
    "log_level": "INFO",
}


def read_settings(options: Mapping[str, object] | None = None) -> Settings:
    """The settings by options, environment and `.env`, in this order.

    What `.env` says goes into the environment too: model providers look for their keys there.
    """
    try:
        given = DotEnvSettingsSource(Settings, env_file=_ENV_FILE, case_sensitive=True).env_vars
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"The file .env can't be read ({error}); mend or remove it.") from None
    for name, value in given.items():
        if value and not os.environ.get(name):
            os.environ[name] = value
    return adjusted(Settings, options or {})


def adjusted(settings: Settings | type[Settings], changes: Mapping[str, object]) -> Settings:
    """The settings with some fields changed; of the class, those of the environment."""
    kept = settings.model_dump() if isinstance(settings, Settings) else {}
    try:
        return Settings.model_validate({**kept, **changes})
    except ValidationError as error:
        raise StartError(_sentence(error.errors(include_input=False, include_url=False))) from None


def as_environment(settings: Settings, fields: Iterable[str] = Settings.model_fields) -> dict[str, str]:
    """The environment variables that say the same, of the fields that are set at all."""
    values = {field.upper(): _written(getattr(settings, field)) for field in fields}
    return {name: value for name, value in values.items() if value}


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case SecretStr():
            return value.get_secret_value()
        case StrEnum():
            return value.value
        case tuple():
            return ",".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return str(value)


def _sentence(errors: Iterable[ErrorDetails]) -> str:
    return "Wrong settings: " + "; ".join(_fault(error) for error in errors) + "."


def _fault(error: ErrorDetails) -> str:
    fault = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return fault
    field = str(error["loc"][0])
    example = f"; a good value is {_EXAMPLES[field]}" if field in _EXAMPLES else ""
    return f"{field.upper()}: {fault[:1].lower()}{fault[1:]}{example}"
