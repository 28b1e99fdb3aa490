"""What was read, as a value that a schema takes, or nothing where it does not fit."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Final, cast

from agents.rules.extraction.schema import Schema, Shape, kind_of
from agents.rules.reading.dates import Day, find_days
from agents.rules.reading.numbers import find_figures
from agents.rules.text import Span
from agents.rules.vocabulary import normal

Raw = str | Decimal | Day | bool
Scalar = str | int | float | bool
_LONGEST_CHECKED: Final = 200
_MOST_REPETITIONS: Final = 2
_YES: Final = frozenset(
    [
        "yes",
        "y",
        "true",
        "on",
        "ja",
        "oui",
        "si",
        "sì",
        "sim",
        "tak",
        "kylla",
        "1",
        "x",
        "checked",
        "enabled",
        "agreed",
        "accepted",
    ]
)
_NO: Final = frozenset(
    [
        "no",
        "n",
        "false",
        "off",
        "nein",
        "non",
        "nao",
        "não",
        "nee",
        "nej",
        "nie",
        "ei",
        "0",
        "none",
        "unchecked",
        "disabled",
        "declined",
    ]
)


@dataclass(frozen=True)
class Candidate:
    """What may be the value, the words that bear it out, and how plainly they do (higher is plainer)."""

    raw: Raw
    quote: Span
    score: float


def best(candidates: list[Candidate], *, margin: float = 0.5) -> Candidate | None:
    """The plainest candidate; None where another one with a different value is as plain."""
    if not candidates:
        return None
    top = max(candidates, key=lambda candidate: candidate.score)
    rivals = {_key(candidate.raw) for candidate in candidates if candidate.score > top.score - margin}
    return top if len(rivals) == 1 else None


def _key(raw: Raw) -> object:
    return normal(raw) if isinstance(raw, str) else (raw.value, raw.other) if isinstance(raw, Day) else raw


def fitted(raw: Raw, shape: Shape, *, day_first: bool | None = None) -> Scalar | None:
    """The value in the form of the first alternative that takes it."""
    for variant in sorted(shape.variants, key=lambda each: _preference(raw, each)):
        value = _rendered(raw, variant, day_first)
        if value is not None and _satisfies(value, variant):
            return value
    return None


def _preference(raw: Raw, variant: Schema) -> int:
    """Amounts keep their decimals as text where a schema takes both."""
    return 0 if isinstance(raw, Decimal) and kind_of(variant) == "string" and "pattern" in variant else 1


def _rendered(raw: Raw, schema: Schema, day_first: bool | None) -> Scalar | None:
    choices = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if isinstance(choices, list):
        return _choice(raw, cast("list[object]", choices))
    kind = kind_of(schema)
    if kind in ("number", "integer"):
        return _number(raw, is_integer=kind == "integer")
    if kind == "boolean":
        return _truth(raw)
    if kind in ("string", "any"):
        return _string(raw, str(schema.get("format", "")), day_first)
    return None


def _choice(raw: Raw, choices: list[object]) -> Scalar | None:
    """The listed value that the words name."""
    text = normal(raw if isinstance(raw, str) else str(raw)).replace("-", " ")
    for choice in choices:
        if (
            isinstance(choice, str | int | float | bool)
            and normal(str(choice)).replace("-", " ").replace("_", " ") == text
        ):
            return choice
    return None


def _number(raw: Raw, *, is_integer: bool) -> int | float | None:
    if isinstance(raw, str):
        figures = find_figures(raw)
        raw = figures[0][0] if len(figures) == 1 else raw
    if not isinstance(raw, Decimal):
        return None
    if raw == raw.to_integral_value():
        return int(raw) if is_integer or raw.as_tuple().exponent == 0 else float(raw)
    return None if is_integer else float(raw)


def _truth(raw: Raw) -> bool | None:
    if isinstance(raw, bool):
        return raw
    word = normal(raw) if isinstance(raw, str) else ""
    return True if word in _YES else False if word in _NO else None


def _string(raw: Raw, form: str, day_first: bool | None) -> str | None:
    if isinstance(raw, str) and form in ("date", "date-time", "time"):
        days = find_days(raw)
        raw = days[0] if len(days) == 1 else raw
    if isinstance(raw, Day):
        return _moment(raw, form, day_first)
    if form in ("date", "date-time", "time") or isinstance(raw, bool):
        return None
    return format(raw, "f") if isinstance(raw, Decimal) else _form(" ".join(raw.split()), form)


def _form(text: str, form: str) -> str | None:
    patterns = {
        "email": r"[^@\s]+@[^@\s]+\.\w{2,}",
        "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        "uri": r"\S+",
        "url": r"\S+",
    }
    return text if form not in patterns or re.fullmatch(patterns[form], text) else None


def _moment(day: Day, form: str, day_first: bool | None) -> str | None:
    value = day.settled(day_first)
    if value is None:
        return None
    if form == "time":
        return day.clock.isoformat() + (day.zone or "Z") if day.clock else None
    if form == "date-time":
        return datetime.combine(value, day.clock or time()).isoformat() + (day.zone or "Z")
    return value.isoformat()


def _satisfies(value: Scalar, schema: Schema) -> bool:
    if isinstance(value, str):
        return _fits_length(value, schema) and _fits_pattern(value, schema.get("pattern"))
    if isinstance(value, bool):
        return True
    low, high = (
        schema.get("minimum", schema.get("exclusiveMinimum")),
        schema.get("maximum", schema.get("exclusiveMaximum")),
    )
    return not (isinstance(low, int | float) and value < low) and not (
        isinstance(high, int | float) and value > high
    )


def _fits_length(value: str, schema: Schema) -> bool:
    low, high = schema.get("minLength"), schema.get("maxLength")
    return (
        bool(value)
        and not (isinstance(low, int) and len(value) < low)
        and not (isinstance(high, int) and len(value) > high)
    )


def _fits_pattern(value: str, pattern: object) -> bool:
    """A pattern that could take long is left to whoever validates the answer."""
    if not isinstance(pattern, str) or len(value) > _LONGEST_CHECKED or not _is_tame(pattern):
        return True
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True


def _is_tame(pattern: str) -> bool:
    """Without repeated groups, and with two open repetitions at most, a short text takes no time to match."""
    is_nested = re.search(r"\)(?:[*+]|\{\d*,?\d*\})|\\[1-9]|\(\?[^:]", pattern)
    return not is_nested and len(re.findall(r"[*+]|\{\d*,\d*\}", pattern)) <= _MOST_REPETITIONS


def choices_of(shape: Shape) -> list[str]:
    """The words among a schema's listed values."""
    return [
        choice
        for variant in shape.variants
        for choice in _list(variant.get("enum"))
        if isinstance(choice, str)
    ]


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
