"""What the audit trail is asked."""

from datetime import MINYEAR, UTC, datetime

from pydantic import AwareDatetime

from src.models.audit import AuditStatus, ResourceType
from src.models.base import Record, stamp

EARLIEST = stamp(datetime.min.replace(tzinfo=UTC))
LATEST = stamp(datetime.max.replace(tzinfo=UTC))


class AuditQuery(Record):
    """Which entries are wanted, newest first: all those that fit every filter that is given."""

    user_id: str | None = None
    subject_id: str | None = None
    resource_type: ResourceType | None = None
    request_id: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    status: AuditStatus | None = None

    @property
    def period(self) -> tuple[str, str]:
        return _edge(self.since, EARLIEST), _edge(self.until, LATEST)


def _edge(moment: datetime | None, otherwise: str) -> str:
    try:
        return stamp(moment) if moment else otherwise
    except OverflowError:
        # Within the calendar in its own zone, but not in UTC.
        return EARLIEST if moment and moment.year == MINYEAR else LATEST
