"""Arguments that several tools take."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from src.models.base import Identifier


def _without_hash(value: object) -> object:
    return value.strip().removeprefix("#") if isinstance(value, str) else value


_Written = Annotated[str, StringConstraints(pattern=r"^#?[A-Za-z0-9_-]{1,64}$")]
OrderId = Annotated[Identifier, BeforeValidator(_without_hash, json_schema_input_type=_Written)]
