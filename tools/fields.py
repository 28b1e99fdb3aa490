"""Arguments that several tools take."""

from typing import Annotated

from pydantic import BeforeValidator

from src.models.base import Identifier


def _without_hash(value: object) -> object:
    return value.strip().removeprefix("#") if isinstance(value, str) else value


OrderId = Annotated[Identifier, BeforeValidator(_without_hash)]
