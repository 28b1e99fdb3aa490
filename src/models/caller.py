"""Who calls, for whom, and in the course of what."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self
from uuid import UUID


class Role(StrEnum):
    SUPPORT = "support"
    ADMIN = "admin"


@dataclass(frozen=True)
class Context:
    """What an audit entry tells of the request behind an action."""

    request_id: str
    source_ip: str | None = None
    user_agent: str | None = None
    run_id: str | None = None
    conversation_id: str | None = None
    tool_call_id: str | None = None
    approval_id: str | None = None


@dataclass(frozen=True)
class Caller:
    """The person a token speaks for, and the one customer that this request is about.

    `user_id` is the user linked to the token's subject, or the subject itself where no link stands.
    `subject_id` is the customer whose things may be seen: a customer's own id, the one that staff named,
    or None where staff named nobody yet. `email` is set only where the token carries a verified one.
    """

    sub: str
    user_id: UUID
    roles: frozenset[Role] = frozenset()
    subject_id: UUID | None = None
    email: str | None = None
    context: Context = field(default_factory=lambda: Context(request_id="-"))

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    def on_behalf_of(self, subject_id: UUID) -> Self:
        """Staff turning to one customer; a customer stays with themselves whatever is named."""
        return replace(self, subject_id=subject_id) if self.is_staff else self

    def during(self, **context: str | None) -> Self:
        return replace(self, context=replace(self.context, **context))
