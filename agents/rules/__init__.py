"""A rule-based model: no language model, but one that any PydanticAI agent can run on."""

from agents.rules.model import RulesModel

__all__ = ["RulesModel"]
