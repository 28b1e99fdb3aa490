"""/health: alive, and able to work."""

from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import JsonValue

from src.api.answers import shown
from src.api.dependencies import CurrentStores
from src.models.base import Record
from src.services.health_service import DependencyState, check_dependencies

_NOT_VITAL = frozenset({"redis", "events"})
router = APIRouter(prefix="/health", tags=["health"])


class Alive(Record):
    status: str = "alive"


class Readiness(StrEnum):
    READY = "ready"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


class Ready(Record):
    """`degraded`: slower without the cache, or late with events; `unavailable`: a store is away."""

    status: Readiness
    dependencies: dict[str, DependencyState]


def _example(status: str, state: str) -> JsonValue:
    return {
        "status": status,
        "dependencies": dict.fromkeys(("dynamodb", "redis", "mongodb", "events"), state),
    }


_AWAY = shown(503, _example("unavailable", "away"))[503]


@router.get("", summary="Alive", responses=shown(200, {"status": "alive"}))
async def alive() -> Alive:
    return Alive()


@router.get(
    "/ready",
    summary="Able to work: each dependency with its state",
    responses=shown(200, _example("ready", "ok")) | {503: {"model": Ready, **_AWAY}},
)
async def ready(stores: CurrentStores, response: Response) -> Ready:
    found = await check_dependencies(stores)
    if any(state is DependencyState.AWAY for name, state in found.items() if name not in _NOT_VITAL):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return Ready(status=Readiness.UNAVAILABLE, dependencies=found)
    degraded = any(state is not DependencyState.OK for state in found.values())
    return Ready(status=Readiness.DEGRADED if degraded else Readiness.READY, dependencies=found)
