"""What every answer to a write carries, and how the docs show answers."""

from typing import Any

from fastapi import Response
from pydantic import JsonValue

from src.models.handover import Handover
from src.models.order import Order
from src.models.product import Product
from src.models.user import User
from src.services.commit import Done


def written(response: Response, done: Done[User] | Done[Order] | Done[Product] | Done[Handover]) -> None:
    """Tell the record's version, and whether the request had been carried out before."""
    response.headers["ETag"] = f'"{done.result.version}"'
    if done.replayed:
        response.headers["Idempotent-Replayed"] = "true"


def shown(status: int, example: JsonValue) -> dict[int | str, dict[str, Any]]:
    """An example of a good answer, for the docs."""
    return {status: {"content": {"application/json": {"example": example}}}}
