"""/api/agents/extraction/extract: reading values out of texts, each with the words that say it."""

import asyncio
from typing import Annotated, Final, Self

from fastapi import APIRouter, Body
from pydantic import Field, JsonValue, model_validator

from agents.extraction import extract
from src.api.answers import shown
from src.api.dependencies import CurrentCaller, CurrentEngine, CurrentStores
from src.api.docs import problems
from src.models.base import Record, Text
from src.models.extraction import BuiltIn, Extraction, built_in
from src.models.json_schema import JsonObject, checked_schema

MAX_TEXT: Final = 256 * 1024

_TEXT: Final = "Hi, this is Ann Lee, you can reach me at ann.lee@example.com."
_ASKED: Final[JsonValue] = {"text": _TEXT, "schema": "person"}
_ANSWER: Final[JsonValue] = {
    "data": {"first_name": "Ann", "last_name": "Lee", "email": "ann.lee@example.com"},
    "evidence": [
        {"path": "/first_name", "quote": "Ann", "start": 12, "end": 15},
        {"path": "/last_name", "quote": "Lee", "start": 16, "end": 19},
        {"path": "/email", "quote": "ann.lee@example.com", "start": 41, "end": 60},
    ],
    "missing": ["/phone", "/birth_date", "/company", "/job_title"],
}

router = APIRouter(prefix="/api/agents/extraction", tags=["agents"])

Words = Annotated[str, Field(min_length=1)]


class Document(Record):
    """A text, with a name that its answer carries."""

    text: Words
    name: Text | None = None


class ExtractionRequest(Record):
    """One text or several documents, and what to read out of them."""

    text: Words | None = None
    documents: Annotated[list[Document], Field(min_length=1, max_length=50)] | None = None
    target: Annotated[
        BuiltIn | dict[str, JsonValue],
        Field(
            alias="schema",
            description="`person`, `address`, `order`, or a JSON Schema (Draft 2020-12) of an object: "
            "at most 64 KiB and 16 levels, references only to its own `#/$defs/...`, patterns without "
            "look-around and back-references.",
        ),
    ]

    @model_validator(mode="after")
    def _sized(self) -> Self:
        if (self.text is None) == (self.documents is None):
            raise ValueError("give either text or documents")
        if sum(len(text.encode()) for text in self.texts) > MAX_TEXT:
            raise ValueError(f"the texts have more than {MAX_TEXT} bytes; send them in parts")
        return self

    @property
    def texts(self) -> list[str]:
        return [self.text] if self.text is not None else [each.text for each in self.documents or ()]


class DocumentExtraction(Extraction):
    """What one document bears out."""

    name: str | None = None


class DocumentExtractions(Record):
    """One answer for each document, in their order."""

    items: list[DocumentExtraction]


@router.post(
    "/extract",
    summary="Read values out of texts, each with its evidence",
    responses=shown(200, _ANSWER) | problems(401, 422, 503),
)
async def extract_values(
    stores: CurrentStores,
    caller: CurrentCaller,
    engine: CurrentEngine,
    asked: Annotated[ExtractionRequest, Body(openapi_examples={"an order": {"value": _ASKED}})],
) -> Extraction | DocumentExtractions:
    """What the text doesn't tell is left out of `data` and named in `missing`, required or not.

    Every value in `data` has its evidence: `quote` stands in the text from `start` to `end`, counted in
    Unicode code points. `documents` answer `{items: [...]}`, one for each.
    """
    schema = await asyncio.to_thread(_schema, asked.target)
    found = await extract(stores, caller, engine, asked.texts, schema)
    if asked.documents is None:
        return found[0]
    named = zip(asked.documents, found, strict=True)
    return DocumentExtractions(
        items=[DocumentExtraction(name=document.name, **dict(answer)) for document, answer in named]
    )


def _schema(target: BuiltIn | JsonObject) -> JsonObject:
    return built_in(target) if isinstance(target, BuiltIn) else checked_schema(target)
