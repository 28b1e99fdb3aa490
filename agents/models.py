"""Which model answers: the rule-based one, a provider's, or a chain of them."""

import os
import re
from typing import Final

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings, merge_model_settings

from agents.rules import RulesModel

RULES: Final = "rules"
_EXAMPLES: Final = "'rules', or a provider and its model such as 'anthropic:claude-sonnet-4-5'"
_VARIABLE: Final = re.compile(r"`([A-Z][A-Z_]*[A-Z])`")


class BoundedModel(WrapperModel):
    """A provider's model under our own time limit: by default SDKs wait for minutes and try three times."""

    def __init__(self, wrapped: Model, *, timeout: float) -> None:
        super().__init__(wrapped)
        self._bounds = _bounds(wrapped, timeout)

    @property
    def settings(self) -> ModelSettings | None:
        return merge_model_settings(self._bounds, self.wrapped.settings)


def choose_model(name: str, *, timeout: float) -> Model:
    """The model that the setting AGENT_MODEL names; a comma list is a chain, tried from left to right.

    Args:
        name: `rules`, a PydanticAI name such as `openai:gpt-5`, or several of them with commas between.
        timeout: Seconds that one request to one model may take, with all its attempts.

    Raises:
        ValueError: A name that no provider knows, a missing key or package, in one sentence.
    """
    names = [part.strip() for part in name.split(",") if part.strip()]
    if not names:
        raise ValueError(f"AGENT_MODEL is empty; set it to {_EXAMPLES}.")
    models = [_model(each, timeout) for each in names]
    if len(models) == 1 and isinstance(models[0], RulesModel):
        return models[0]
    return BoundedModel(_chain(models), timeout=timeout)


def _chain(models: list[Model]) -> Model:
    return models[0] if len(models) == 1 else FallbackModel(models[0], *models[1:])


def _model(name: str, timeout: float) -> Model:
    if name == RULES:
        return RulesModel()
    provider, _, model = name.partition(":")
    if not provider or not model.strip():
        raise ValueError(f"AGENT_MODEL names no model with {name!r}; set it to {_EXAMPLES}.")
    try:
        return _bedrock(model, timeout) if provider == "bedrock" else infer_model(name)
    except ImportError as error:
        raise ValueError(
            f"AGENT_MODEL={name} needs a package that is not installed; add pydantic-ai-slim[{provider}]."
        ) from error
    except (UserError, ValueError) as error:
        raise ValueError(_sentence(name, str(error))) from error


def _bedrock(model: str, timeout: float) -> Model:
    """Bedrock's client runs in a thread that no deadline ends, so it gets time limits of its own."""
    from pydantic_ai.models.bedrock import BedrockConverseModel  # noqa: PLC0415 - brings boto3
    from pydantic_ai.providers.bedrock import BedrockProvider  # noqa: PLC0415 - brings boto3

    provider = BedrockProvider(aws_read_timeout=timeout, aws_connect_timeout=min(timeout, 10))
    return BedrockConverseModel(model, provider=provider)


def _sentence(name: str, reason: str) -> str:
    if "Unknown model" in reason or "Unknown provider" in reason:
        return f"AGENT_MODEL={name} is not a model that any provider here knows; set it to {_EXAMPLES}."
    if "region" in reason.lower():
        return f"AGENT_MODEL={name} needs a region; set AWS_REGION."
    variables = [each for each in _VARIABLE.findall(reason) if each not in os.environ]
    if variables:
        return f"AGENT_MODEL={name} needs the environment variable {variables[0]}; set it."
    return f"AGENT_MODEL={name} can't be used: {reason.split('. ')[0].rstrip('.')}."


def _bounds(model: Model, timeout: float) -> ModelSettings:
    """`request_timeout` bounds the whole request; the others end its attempts sooner where they can."""
    bounds = ModelSettings(request_timeout=timeout, timeout=timeout, max_retries=1)
    members: list[Model] = getattr(model, "models", [model])
    ignored = frozenset[str]().union(*(member.unsupported_settings for member in members))
    return ModelSettings(**{key: value for key, value in bounds.items() if key not in ignored})  # type: ignore[typeddict-item]
