"""What a run goes on: its model and its bounds."""

from dataclasses import dataclass, replace

from opentelemetry.trace import TracerProvider
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

    def traced(self, provider: TracerProvider, *, content: bool) -> "Engine":
        """With its runs' traces at this provider, by the GenAI conventions; `content`: with what is said."""
        settings = InstrumentationSettings(
            tracer_provider=provider,
            include_content=content,
            include_binary_content=content,
            include_model_request_parameters=False,
        )
        return replace(self, instrumentation=settings)

    @property
    def capabilities(self) -> list[Instrumentation]:
        return [Instrumentation(self.instrumentation)] if self.instrumentation else []
