"""What a command changed, field by field, for the audit trail: personal data stands as a keyed digest."""

import json
from typing import Final

from pydantic import JsonValue

from src.models.audit import FieldChange
from src.models.base import Record
from src.services.signing import Signer

_PERSONAL: Final = frozenset({"email", "name", "address", "brand", "last_four", "summary"})
_BOOKKEEPING: Final = frozenset({"version", "updated_at", "created_at", "recent"})


def changes_between(
    before: Record | None, after: Record | None, noun: str, signer: Signer
) -> list[FieldChange]:
    """Each field whose value differs, named `noun.path.to.field`."""
    old, new = _flat(before), _flat(after)
    return [
        FieldChange(
            field=f"{noun}.{path}",
            old=_shown(path, old.get(path), noun, signer),
            new=_shown(path, new.get(path), noun, signer),
        )
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _flat(record: Record | None) -> dict[str, JsonValue]:
    if record is None:
        return {}
    fields: dict[str, JsonValue] = record.model_dump(mode="json", exclude_none=True)
    return dict(_leaves({k: v for k, v in fields.items() if k not in _BOOKKEEPING}))


def _leaves(value: dict[str, JsonValue], path: str = "") -> list[tuple[str, JsonValue]]:
    rows: list[tuple[str, JsonValue]] = []
    for key, inner in value.items():
        rows += _leaves(inner, f"{path}{key}.") if isinstance(inner, dict) else [(f"{path}{key}", inner)]
    return rows


def _shown(path: str, value: JsonValue, noun: str, signer: Signer) -> JsonValue:
    """A product's name is nobody's; everything else that is called name, address or card is somebody's."""
    if value is None or noun in {"product", "item"} or _PERSONAL.isdisjoint(path.split(".")):
        return value
    return "digest:" + signer.digest(f"change {path}", json.dumps(value, sort_keys=True))[:32]
