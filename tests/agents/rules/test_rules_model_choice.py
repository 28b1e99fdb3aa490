"""Which model the setting AGENT_MODEL chooses, and the sentence that says what is wrong with it."""

import pytest
from pydantic_ai.models.fallback import FallbackModel

from agents.models import BoundedModel, choose_model
from agents.rules import RulesModel


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "ANTHROPIC_API_KEY",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)


def test_without_a_provider_the_rules_answer() -> None:
    assert isinstance(choose_model("rules", timeout=5), RulesModel)


def test_a_providers_model_is_bounded_in_time_and_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    model = choose_model("openai-chat:some-model", timeout=5)
    assert isinstance(model, BoundedModel)
    assert model.settings == {"request_timeout": 5, "timeout": 5, "max_retries": 1}


def test_a_comma_list_is_a_chain_that_may_end_in_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    model = choose_model("openai-chat:some-model, rules", timeout=5)
    assert isinstance(model, BoundedModel)
    assert isinstance(model.wrapped, FallbackModel)
    assert [each.model_name for each in model.wrapped.models] == ["some-model", "rules"]


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("openai:gpt-5", "OPENAI_API_KEY"),
        ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("nobody:model", "AGENT_MODEL=nobody:model"),
        ("gpt-5", "AGENT_MODEL"),
        ("openai:", "AGENT_MODEL"),
        (" , ", "AGENT_MODEL is empty"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(name: str, needed: str) -> None:
    with pytest.raises(ValueError, match=needed) as error:
        choose_model(name, timeout=5)
    assert str(error.value).endswith(".")
