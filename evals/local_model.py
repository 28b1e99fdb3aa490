"""A model from a file: llama.cpp's own server within this process, spoken to as any OpenAI-compatible one."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

LOCAL: Final = "local:"
_CONTEXT: Final = 8_192
# A small model that has lost its way would write until its context is full.
_MOST_TOKENS: Final = 512
_ERRORS_ONLY: Final = 1


class NoModel(ValueError):
    """A model is not to be had, in a sentence that says what to do."""


@contextmanager
def local_model(path: Path, *, timeout: float) -> Generator[Model]:
    """The model in the GGUF file, served on loopback for the block.

    Raises:
        NoModel: there is no such file, llama.cpp is not installed or can't load it.
    """
    try:
        llama = import_module("xllamacpp")
    except ImportError as error:
        raise NoModel(
            "local: models need llama.cpp; run with `uv run --group local-model python -m evals ...`."
        ) from error
    if not path.is_file():
        raise NoModel(f"There is no model file {path}; name a GGUF file.")
    params = llama.CommonParams()
    params.model.path = str(path)
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.use_jinja, params.n_ctx, params.n_parallel = True, _CONTEXT, 1
    params.n_predict, params.verbosity = _MOST_TOKENS, _ERRORS_ONLY
    # Its threads wait for each other by spinning: one core is left to who asks, and to the desk's stores.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) - 1)
    params.sampling.seed, params.sampling.temp = 1, 0.0
    try:
        server = llama.Server(params)
    except RuntimeError as error:
        raise NoModel(f"llama.cpp can't load {path}: {error}") from error
    provider = OpenAIProvider(base_url=f"{server.listening_address}/v1", api_key="none")
    settings = ModelSettings(
        max_tokens=_MOST_TOKENS,
        temperature=0,
        timeout=timeout,
        # The server ends with the block; a connection that is kept would outlive it.
        extra_headers={"Connection": "close"},
    )
    try:
        yield OpenAIChatModel(path.stem, provider=provider, settings=settings)
    finally:
        del server
