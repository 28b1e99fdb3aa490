"""A list's page."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")

PageSize = Annotated[int, Field(ge=1, le=100)]


class Page(BaseModel, Generic[T]):
    """Some of a list's items, and the cursor by which the next ones are asked for."""

    items: list[T]
    next_cursor: str | None = None
