"""What a run goes on: its model and its bounds."""

from dataclasses import dataclass

from pydantic_ai.capabilities import Instrumentation
from pydantic_ai.models import Model
from pydantic_ai.models.instrumented import InstrumentationSettings


@dataclass(frozen=True)
class Engine:
    """The model that answers; a run may take so many requests to it, and so many seconds.

    `instrumentation` says where its trace goes; without it there is none.
    """

    model: Model
    request_limit: int
    timeout: float
    instrumentation: InstrumentationSettings | None = None

    @property
    def capabilities(self) -> list[Instrumentation]:
        return [Instrumentation(self.instrumentation)] if self.instrumentation else []
