"""What the customer reads, and the shape in which the agent wants it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["answer", "question", "done", "declined"]


@dataclass(frozen=True)
class Reply:
    """Plain words, what kind of reply they are, and the orders that they are about."""

    message: str
    kind: Kind
    order_ids: tuple[str, ...] = ()


def shaped(reply: Reply, schema: Mapping[str, object]) -> dict[str, object]:
    """The reply as far as the schema of the output has a place for its parts."""
    properties = cast("Mapping[str, object]", schema.get("properties") or {})
    values: dict[str, object] = {
        "message": reply.message,
        "kind": reply.kind,
        "order_ids": list(reply.order_ids),
    }
    return {name: value for name, value in values.items() if name in properties}
