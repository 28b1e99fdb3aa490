"""What agents hand over to a human."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from src.models.base import Moment, Record, Version

HandoverSummary = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]


class HandoverStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Handover(Record):
    """A customer's request that no command serves, for staff to take up; `closed_by` is who did."""

    handover_id: str
    user_id: UUID
    summary: HandoverSummary
    status: HandoverStatus = HandoverStatus.OPEN
    conversation_id: str | None = None
    closed_by: UUID | None = None
    created_at: Moment
    updated_at: Moment
    version: Version = 1


class HandoverRequest(Record):
    summary: HandoverSummary
