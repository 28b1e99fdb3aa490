"""/api/audit: the trail, for admins."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from src.api import examples
from src.api.answers import shown
from src.api.dependencies import CurrentCaller, CurrentStores, Cursor, Limit
from src.api.docs import problems
from src.models.audit import AuditEntry, AuditStatus, ResourceType
from src.models.audit_query import AuditQuery
from src.models.page import Page
from src.models.verification import Verification
from src.services import audit_reads, audit_verify

router = APIRouter(prefix="/api/audit", tags=["audit"])

Id = Annotated[str | None, Query(min_length=1, max_length=128)]


@router.get(
    "",
    summary="Audit entries, newest first (admins)",
    responses=shown(200, examples.page(examples.AUDIT_ENTRY)) | problems(401, 403, 422),
)
async def list_entries(
    stores: CurrentStores,
    caller: CurrentCaller,
    user_id: Annotated[Id, Query(description="The actor.")] = None,
    subject_id: Annotated[Id, Query(description="The customer concerned.")] = None,
    resource_type: ResourceType | None = None,
    request_id: Id = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    status: AuditStatus | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[AuditEntry]:
    """Commands and refusals stand in their actor's chain; reads beside it, without a number."""
    query = AuditQuery(
        user_id=user_id,
        subject_id=subject_id,
        resource_type=resource_type,
        request_id=request_id,
        since=since,
        until=until,
        status=status,
    )
    return await audit_reads.find_entries(stores, caller, query, limit, cursor)


@router.get(
    "/verify",
    summary="Walk one actor's chain and name what is not as it was written (admins)",
    responses=shown(200, examples.VERIFICATION) | problems(401, 403, 422),
)
async def verify_chain(
    stores: CurrentStores,
    caller: CurrentCaller,
    user_id: Annotated[str, Query(description="The actor.", min_length=1, max_length=128)],
) -> Verification:
    """A head rolled back as a whole can only be seen against a copy kept elsewhere."""
    return await audit_verify.verify_chain(stores, caller, user_id)
