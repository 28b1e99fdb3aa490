"""Writing a data set as a person would: what fits in a line in one, the rest line by line."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast

from pydantic import JsonValue

from evals.cases import ExpectedTalk
from evals.schemas import FOLDER
from evals.suites import AnyCase, ReadingCase
from src.models.base import Record
from src.models.json_schema import JsonObject

_WIDTH: Final = 110
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_WORDS_OF_YAML: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# `python -m evals pin` reads the lines that these stand on, and writes the end state just so.
_IN_ONE_LINE: Final = frozenset({"changed", "target"})
_IN_LINES: Final = frozenset({"inputs", "expected_output", "turns"})


def write_cases(path: Path, cases: Sequence[AnyCase]) -> None:
    """The data set file of these cases, which are all of one kind."""
    schema = "extraction" if isinstance(cases[0], ReadingCase) else "talk"
    place = os.path.relpath(FOLDER / f"{schema}.json", path.parent)
    head = f"# yaml-language-server: $schema={Path(place).as_posix()}\nname: {_scalar(path.stem)}\ncases:\n"
    blocks = ["\n".join(_list([_shown(case)], "")) for case in cases]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + "\n\n".join(blocks) + "\n", encoding="utf-8")


def _shown(case: AnyCase) -> JsonValue:
    return {
        "name": case.name,
        "inputs": _fields(case.inputs),
        "expected_output": _fields(case.expected),
        "metadata": _fields(case.meta),
    }


def _fields(record: Record) -> JsonObject:
    """What is not left out; that no call is wanted is said, as the other data sets do."""
    fields = cast("JsonObject", record.model_dump(mode="json", exclude_defaults=True))
    return {"calls": [], **fields} if isinstance(record, ExpectedTalk) else fields


def _map(value: JsonObject, indent: str) -> Iterator[str]:
    for name, part in value.items():
        yield from _entry(f"{indent}{_scalar(name)}:", name, part, indent)


def _entry(head: str, name: str, value: JsonValue, indent: str) -> Iterator[str]:
    line = f"{head} {_json(value) if name in _IN_ONE_LINE else _flow(value)}"
    if isinstance(value, str) and _is_literal(value):
        yield f"{head} |-"
        yield from (f"{indent}  {text}" if text else "" for text in value.split("\n"))
    elif not value or not isinstance(value, dict | list) or _fits(name, line):
        yield line
    else:
        yield head
        yield from _map(value, f"{indent}  ") if isinstance(value, dict) else _list(value, indent)


def _fits(name: str, line: str) -> bool:
    return name in _IN_ONE_LINE or (len(line) <= _WIDTH and name not in _IN_LINES)


def _list(values: Sequence[JsonValue], indent: str) -> Iterator[str]:
    for value in values:
        line = f"{indent}- {_flow(value)}"
        if not isinstance(value, dict) or (
            len(line) <= _WIDTH and "name" not in value and "say" not in value
        ):
            yield line
            continue
        first, *rest = _map(value, f"{indent}  ")
        yield f"{indent}- {first.lstrip()}"
        yield from rest


def _flow(value: JsonValue) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_scalar(name)}: {_flow(part)}" for name, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case _:
            return _scalar(value)


def _scalar(value: JsonValue) -> str:
    """A word as it is, the rest as JSON."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    return _json(value)


def _json(value: JsonValue) -> str:
    """Which is YAML too, but for signs that can't be seen: those are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _is_literal(text: str) -> bool:
    """Whether it stands by itself in YAML's `|-`: no sign is lost and none is misread."""
    lines = text.split("\n")
    return len(lines) > 1 and not text[0].isspace() and text[-1] != "\n" and all(map(str.isprintable, lines))
