"""The audit trail's entries: who did what to which thing, in which request, and what came of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue

from src.models.base import Moment, Record


class AuditStatus(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"


class ResourceType(StrEnum):
    USER = "user"
    PRODUCT = "product"
    ITEM = "item"
    ORDER = "order"
    HANDOVER = "handover"
    CONVERSATION = "conversation"
    AGENT = "agent"
    APPROVAL = "approval"
    DOCUMENT = "document"
    AUDIT = "audit"
    IMPORT = "import"


class FieldChange(Record):
    """One changed field by its dotted path; personal data stands as a keyed digest."""

    field: str
    old: JsonValue = None
    new: JsonValue = None


class AuditEntry(Record):
    """`user_id` is the actor, `subject_id` the customer concerned.

    A chained entry is kept until `keep_until` and removed by the clean-up alone, as part of a prefix; a read
    carries no chain and expires by its `ttl`. Both are seconds since 1970.
    """

    audit_id: str
    timestamp: Moment
    user_id: str
    subject_id: str | None = None
    action: str
    resource_type: ResourceType
    resource_id: str | None = None
    status: AuditStatus
    code: str | None = None
    changes: list[FieldChange] = Field(default=[])
    request_id: str
    source_ip: str | None = None
    user_agent: str | None = None
    run_id: str | None = None
    conversation_id: str | None = None
    tool_call_id: str | None = None
    approval_id: str | None = None
    recovered_from: str | None = None
    number: Annotated[int, Field(ge=1)] | None = None
    previous_hash: str | None = None
    hash: str | None = None
    key_id: str | None = None
    mac: str | None = None
    keep_until: int | None = None
    ttl: int | None = None
