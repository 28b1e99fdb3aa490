"""What the customer reads: plain words, made of what is known and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

Kind = Literal["answer", "question", "done", "declined"]

_WEIGHT: Final[tuple[Kind, ...]] = ("question", "done", "declined", "answer")
_LONGEST: Final = 6_000


@dataclass(frozen=True)
class Reply:
    """Plain words, what kind of reply they are, and the orders that they are about."""

    message: str
    kind: Kind = "answer"
    order_ids: tuple[str, ...] = ()


def ask(message: str, *order_ids: str) -> Reply:
    return Reply(message, "question", order_ids)


def decline(message: str, *order_ids: str) -> Reply:
    return Reply(message, "declined", order_ids)


def joined(replies: Sequence[Reply]) -> Reply:
    """Several replies as one: questions come last, and make it a question."""
    ordered = sorted(replies, key=lambda each: each.kind == "question")
    messages = list(dict.fromkeys(each.message for each in ordered if each.message))
    first = min(replies, key=lambda each: _WEIGHT.index(each.kind), default=Reply(""))
    order_ids = tuple(dict.fromkeys(order_id for each in ordered for order_id in each.order_ids))
    separator = "\n\n" if any("\n" in message for message in messages) else " "
    return Reply(separator.join(messages), first.kind, order_ids)


def shaped(reply: Reply, schema: Mapping[str, object], *, is_plain: bool = False) -> dict[str, object]:
    """The reply as far as the schema of the output has a place for its parts.

    Args:
        reply: The reply.
        schema: The JSON Schema of the output.
        is_plain: Only what must be there: the last answer was refused.
    """
    properties = cast("Mapping[str, object]", schema.get("properties") or {})
    order_ids = [] if is_plain else list(reply.order_ids)[:20]
    values: dict[str, object] = {
        "message": reply.message[:_LONGEST],
        "kind": reply.kind,
        "order_ids": order_ids,
    }
    return {name: _chosen(value, properties[name]) for name, value in values.items() if name in properties}


def _chosen(value: object, schema: object) -> object:
    choices = cast("Mapping[str, object]", schema).get("enum") if isinstance(schema, Mapping) else None
    return value if not isinstance(choices, list) or value in choices else cast("list[object]", choices)[0]
