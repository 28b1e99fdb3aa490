"""What a command changed, field by field, for the audit trail: personal data stands as a keyed digest."""

import json
from functools import cache
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
    fields = _touched(before, after)
    old, new = _flat(before, fields), _flat(after, fields)
    return [
        FieldChange(
            field=f"{noun}.{path}",
            old=_shown(path, old.get(path), noun, signer),
            new=_shown(path, new.get(path), noun, signer),
        )
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _touched(before: Record | None, after: Record | None) -> set[str]:
    """The fields that may differ: what a rule left alone is the very same object, save what is computed."""
    old, new = vars(before) if before else {}, vars(after) if after else {}
    touched = {name for name in old.keys() | new.keys() if old.get(name) is not new.get(name)}
    computed = _computed(type(before or after))
    return (touched - _BOOKKEEPING) | {
        name for name in computed if getattr(before, name, None) != getattr(after, name, None)
    }


@cache
def _computed(model: type[Record]) -> frozenset[str]:
    return frozenset(model.model_computed_fields) - _BOOKKEEPING


def _flat(record: Record | None, fields: set[str]) -> dict[str, JsonValue]:
    if record is None:
        return {}
    return dict(_leaves(record.model_dump(mode="json", include=fields, exclude_none=True)))


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
