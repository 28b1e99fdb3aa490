"""Settings: where things are and what is allowed, from the environment and `.env`.

Only what wires the service reads this module; everything below gets plain arguments.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Stage(StrEnum):
    LOCAL = "local"
    DEV = "dev"
    PROD = "prod"


HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]


class Settings(BaseSettings):
    """One field a setting; the environment variable is the field's name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    stage: Stage = Stage.LOCAL
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: HttpUrl | None = None
    data_dir: Path = Path("data")
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    log_level: Annotated[
        str, StringConstraints(to_upper=True, pattern=r"(?i)^(debug|info|warning|error)$")
    ] = "INFO"

    audit_hmac_key: SecretStr | None = None
    lookup_hmac_key: SecretStr | None = None

    aws_region: str = "us-east-1"
    aws_endpoint_url: HttpUrl | None = None
    aws_endpoint_url_dynamodb: HttpUrl | None = None
    aws_endpoint_url_eventbridge: HttpUrl | None = None
    event_bus: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/-]{1,256}$")] = "default"
    table_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,60}$")] = ""
    # Their passwords must not come out with the settings.
    redis_url: Annotated[str | None, Field(pattern=r"^(rediss?|unix)://", repr=False)] = None
    mongodb_url: Annotated[str | None, Field(pattern=r"^mongodb(\+srv)?://", repr=False)] = None
    mongodb_database: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")] = "orderdesk"

    cognito_user_pool_id: str | None = None
    cognito_app_client_id: str | None = None
    cognito_issuer: HttpUrl | None = None
    cognito_jwks_url: HttpUrl | None = None

    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()

    agent_model: str = "rules"
    agent_request_limit: Annotated[int, Field(ge=1, le=100)] = 12
    agent_timeout: Annotated[float, Field(gt=0, le=600)] = 60

    otel_exporter_otlp_endpoint: Annotated[HttpUrl | None, Field(repr=False)] = None
    trace_content: bool = False

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("cors_origins")
    @classmethod
    def _no_wildcard(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if "*" in origins:
            raise ValueError("name each origin; '*' would let every site act with a user's token")
        return origins

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.stage is not Stage.LOCAL:
            needed = ("audit_hmac_key", "redis_url", "mongodb_url", "cognito_app_client_id")
            missing = [name.upper() for name in needed if getattr(self, name) is None]
            if self.cognito_issuer is None and self.cognito_user_pool_id is None:
                missing.append("COGNITO_USER_POOL_ID")
            if missing:
                raise ValueError(f"stage {self.stage.value} needs {', '.join(missing)}")
        return self

    @property
    def issuer(self) -> str:
        """What tokens name as their issuer."""
        return self.cognito_issuer or (
            f"https://cognito-idp.{self.aws_region}.amazonaws.com/{self.cognito_user_pool_id}"
        )

    @property
    def jwks_url(self) -> str:
        return self.cognito_jwks_url or f"{self.issuer}/.well-known/jwks.json"

    @property
    def eventbridge_endpoint(self) -> str | None:
        return self.aws_endpoint_url_eventbridge or self.aws_endpoint_url

    @property
    def dynamodb_endpoint(self) -> str | None:
        return self.aws_endpoint_url_dynamodb or self.aws_endpoint_url
