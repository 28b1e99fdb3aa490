"""What a walk along an actor's chain of audit entries finds."""

from enum import StrEnum

from src.models.base import Record


class FindingKind(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    ADDED = "added"


class Finding(Record):
    """One entry that is not as it was written, by its `audit_id`."""

    audit_id: str
    kind: FindingKind
    detail: str


class Verification(Record):
    """One actor's chain: `entries` were read, from `first` to `last`; intact where nothing was found."""

    user_id: str
    entries: int
    first: int
    last: int
    intact: bool
    findings: list[Finding]
