"""Settings as the command line reads them, and the sentence that tells what is wrong with them."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from src.config import Settings
from src.local.errors import StartError
from src.local.settings import adjusted, as_environment, read_settings
from tests.fixtures.cli import ROOT


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    return tmp_path


def test_options_come_before_the_environment_and_that_before_the_file(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / ".env").write_text("HOST=in.file\nPORT=1\nCURRENCY=EUR\n")
    monkeypatch.setenv("HOST", "in.environment")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.setenv("CURRENCY", "")
    settings = read_settings({"port": 3})
    assert (settings.host, settings.port, settings.currency) == ("in.environment", 3, "EUR")


def test_what_the_file_says_reaches_the_clients_of_model_providers(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://given")
    (elsewhere / ".env").write_text(
        "OPENAI_API_KEY='a key'\nOPENAI_BASE_URL=http://file\nANTHROPIC_API_KEY=\n"
    )
    read_settings()
    assert os.environ["OPENAI_API_KEY"] == "a key"
    assert os.environ["OPENAI_BASE_URL"] == "http://given"
    assert "ANTHROPIC_API_KEY" not in os.environ
    monkeypatch.delenv("OPENAI_API_KEY")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("redis_url", "http://user:secret@host"),
        ("mongodb_url", "secret"),
        ("port", "secret"),
        ("currency", "secret"),
    ],
)
def test_a_wrong_value_is_named_and_never_repeated(field: str, value: str) -> None:
    with pytest.raises(StartError) as error:
        read_settings({field: value})
    assert field.upper() in str(error.value)
    assert "a good value is" in str(error.value)
    assert "secret" not in str(error.value)


def test_the_environment_of_settings_leads_to_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = adjusted(
        read_settings(),
        {
            "port": 0,
            "audit_hmac_key": SecretStr("secret"),
            "cors_origins": ("https://a.example", "https://b.example"),
            "redis_url": "redis://127.0.0.1:1/0",
        },
    )
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_the_example_names_every_setting_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text()
    (Path(".env")).write_text(example)
    assert read_settings() == Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    assert all(f"\n{field.upper()}=" in example for field in Settings.model_fields)
