"""Draft 2020-12 validation whose patterns run in linear time and whose formats are assertions."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import reduce
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Protocol, cast
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError, best_match  # pyright: ignore[reportUnknownVariableType]
from pydantic import JsonValue

from src.models.linear_pattern import linear_pattern
from src.models.pointer import child
from src.utils.validation import validate_email_address


class Validator(Protocol):
    """What of jsonschema's validators is used here."""

    def is_valid(self, instance: JsonValue) -> bool: ...
    def iter_errors(self, instance: JsonValue) -> Iterator[ValidationError]: ...


class _Maker(Protocol):
    def __call__(self, schema: JsonValue, *, format_checker: FormatChecker) -> Validator: ...


class _Descending(Protocol):
    def descend(self, instance: JsonValue, schema: JsonValue, path: str) -> Iterator[ValidationError]: ...


def _pattern(_: object, pattern: str, instance: JsonValue, __: object) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not linear_pattern(pattern)(instance):
        yield ValidationError(f"does not match {pattern!r}")


def _pattern_properties(
    validator: _Descending, patterns: Mapping[str, JsonValue], instance: JsonValue, _: object
) -> Iterator[ValidationError]:
    for name, value in instance.items() if isinstance(instance, dict) else ():
        for pattern, schema in patterns.items():
            if linear_pattern(pattern)(name):
                yield from validator.descend(value, schema, path=name)


def _additional_properties(
    validator: _Descending, allowed: JsonValue, instance: JsonValue, schema: Mapping[str, JsonValue]
) -> Iterator[ValidationError]:
    """As the standard has it, with each unwelcome property an error at its own place."""
    named = cast("Mapping[str, JsonValue]", schema.get("properties", {}))
    patterns = cast("Mapping[str, JsonValue]", schema.get("patternProperties", {}))
    for name, value in instance.items() if isinstance(instance, dict) else ():
        if name in named or any(linear_pattern(pattern)(name) for pattern in patterns):
            continue
        if allowed is False:
            yield ValidationError("is not a property of the schema", path=[name])
        else:
            yield from validator.descend(value, allowed, path=name)


def _canonical(parse: Callable[[str], object], *, length: int | None = None) -> Callable[[object], bool]:
    def conforms(instance: object) -> bool:
        if isinstance(instance, str):
            parse(instance)
            return length is None or len(instance) == length
        return True

    return conforms


def _moment(text: str) -> None:
    if "T" not in text.upper() or datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a date-time has a T and an offset")


def _uri(text: str) -> None:
    if not urlsplit(text).scheme or any(letter.isspace() for letter in text):
        raise ValueError("a URI has a scheme and no spaces")


_FORMATS: Final = FormatChecker(formats=())
for _name, _check in {
    "date": _canonical(date.fromisoformat, length=10),
    "date-time": _canonical(_moment),
    "time": _canonical(time.fromisoformat),
    "email": _canonical(validate_email_address),
    "ipv4": _canonical(IPv4Address),
    "ipv6": _canonical(IPv6Address),
    "uri": _canonical(_uri),
    "uuid": _canonical(UUID, length=36),
}.items():
    _FORMATS.checks(_name, raises=ValueError)(_check)

_KEYWORDS: Final = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
}
_LinearValidator: Final = cast(
    "_Maker",
    validators.extend(Draft202012Validator, _KEYWORDS),  # pyright: ignore[reportUnknownMemberType]
)


def validator_of(schema: JsonValue) -> Validator:
    """A validator of a schema that the guard has let through."""
    return _LinearValidator(schema, format_checker=_FORMATS)


def misfits(validator: Validator, value: JsonValue) -> list[tuple[str, str]]:
    """Where the value breaks the schema, as JSON Pointers, and how; of alternatives the likeliest counts."""
    found: list[tuple[str, str]] = []
    for error in validator.iter_errors(value):
        likeliest = cast("ValidationError", best_match([error]))
        place = reduce(child, likeliest.absolute_path, "")
        reason = likeliest.message if len(likeliest.message) <= 200 else f"{likeliest.message[:200]}…"
        found.append((place, f"does not fit the schema: {reason}"))
    return found
