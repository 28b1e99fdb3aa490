"""What a run goes on: its model and its bounds."""

from dataclasses import dataclass

from pydantic_ai.models import Model


@dataclass(frozen=True)
class Engine:
    """The model that answers; a run may take so many requests to it, and so many seconds."""

    model: Model
    request_limit: int
    timeout: float
