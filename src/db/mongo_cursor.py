"""Paging by position: a cursor names the last document seen, so that no page skips or repeats one."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import bson
from bson import ObjectId
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from bson.decimal128 import Decimal128
from bson.errors import BSONError
from bson.int64 import Int64

from src.models.errors import InvalidCursor

Document = dict[str, object]
Direction = Literal[1, -1]

_CODEC: Final[CodecOptions[Document]] = CodecOptions(
    document_class=dict, tz_aware=True, uuid_representation=UuidRepresentation.STANDARD
)
# What a listing is ordered by. Anything else in a cursor (a pattern, code) was not put there by us.
_POSITIONS: Final = {type(None), bool, int, Int64, float, str, bytes, datetime, ObjectId, UUID, Decimal128}


@dataclass(frozen=True)
class Sort:
    """The top-level field that orders a listing, of one type or absent; equals follow their `_id`."""

    field: str
    direction: Direction = 1

    @property
    def keys(self) -> list[tuple[str, Direction]]:
        return [(name, self.direction) for name in dict.fromkeys((self.field, "_id"))]

    @property
    def label(self) -> str:
        return f"{self.field}:{self.direction}"


def cursor_after(document: Mapping[str, object], sort: Sort) -> str:
    position = {"s": sort.label, "v": document.get(sort.field), "i": document["_id"]}
    return base64.urlsafe_b64encode(bson.encode(position, codec_options=_CODEC)).decode().rstrip("=")


def beyond(cursor: str, sort: Sort) -> Document:
    """The filter for what follows a cursor; raises InvalidCursor for one that is not of this listing."""
    value, identity = _position(cursor, sort)
    after = "$gt" if sort.direction == 1 else "$lt"
    if sort.field == "_id":
        return {"_id": {after: identity}}
    # Comparisons never match null, which sorts first.
    equals: Document = {sort.field: {"$eq": value}, "_id": {after: identity}}
    nulls: Document = {sort.field: {"$eq": None}}
    if value is None:
        return {"$or": [equals, {"$nor": [nulls]}]} if sort.direction == 1 else equals
    further: list[Document] = [{sort.field: {after: value}}, equals]
    return {"$or": further if sort.direction == 1 else [*further, nulls]}


def _position(cursor: str, sort: Sort) -> tuple[object, object]:
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = bson.decode(packed, _CODEC)  # pyright: ignore[reportUnknownMemberType]
    except (ValueError, BSONError) as error:
        raise InvalidCursor(_REFUSAL) from error
    value, identity = position.get("v"), position.get("i")
    if position.get("s") != sort.label or not {type(value), type(identity)} <= _POSITIONS:
        raise InvalidCursor(_REFUSAL)
    return value, identity


_REFUSAL: Final = "This cursor does not belong to this listing: start again without one."
