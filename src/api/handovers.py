"""/api/handovers: what agents handed over to humans, for staff."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from src.api import examples
from src.api.answers import shown, written
from src.api.dependencies import CurrentAttempt, CurrentCaller, CurrentStores, Cursor, Limit
from src.api.docs import problems
from src.models.handover import Handover
from src.models.page import Page
from src.services import handover_service

router = APIRouter(prefix="/api/handovers", tags=["handovers"])


@router.get(
    "",
    summary="Hand-overs, open ones first (staff)",
    responses=shown(200, examples.page(examples.HANDOVER)) | problems(401, 403, 422),
)
async def list_handovers(
    stores: CurrentStores, caller: CurrentCaller, limit: Limit = 20, cursor: Cursor = None
) -> Page[Handover]:
    return await handover_service.list_handovers(stores, caller, limit, cursor)


@router.post(
    "/{handover_id}/close",
    summary="Close a hand-over (staff)",
    responses=shown(200, examples.HANDOVER) | problems(401, 403, 404, 409, 412, 422),
)
async def close_handover(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    handover_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
    response: Response,
) -> Handover:
    done = await handover_service.close_handover(stores, caller, handover_id, attempt)
    written(response, done)
    return done.result
