"""The JSON Schemas of the data sets' files, by which editors check and complete them."""

import json
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel

from evals.cases import ExpectedReading, ExpectedTalk, Meta, Reading, Talk
from evals.suites import HOME
from src.models.base import Record

Inputs = TypeVar("Inputs", bound=BaseModel)
Expected = TypeVar("Expected", bound=BaseModel)

FOLDER: Final = HOME / "schemas"


class Case(Record, Generic[Inputs, Expected]):
    name: str
    inputs: Inputs
    expected_output: Expected
    metadata: Meta


class DataSet(Record, Generic[Inputs, Expected]):
    """What of pydantic-evals' own form our files use."""

    name: str
    cases: list[Case[Inputs, Expected]]


def schemas() -> dict[Path, str]:
    """Each schema's file and its content."""
    kinds = {"extraction": DataSet[Reading, ExpectedReading], "talk": DataSet[Talk, ExpectedTalk]}
    return {
        FOLDER / f"{name}.json": json.dumps(kind.model_json_schema(), indent=1) + "\n"
        for name, kind in kinds.items()
    }


def write_schemas() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path, content in schemas().items():
        path.write_text(content, encoding="utf-8")
