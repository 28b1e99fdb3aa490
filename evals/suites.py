"""The data sets: where they lie, how they are read, and which of them a run takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, TextIO, TypeVar

from pydantic import TypeAdapter
from pydantic_evals import Dataset

from evals.cases import ExpectedReading, ExpectedTalk, Meta, Reading, Talk
from src.models.json_schema import JsonObject
from src.services.import_service import DEMO

HOME: Final = Path(__file__).with_name("datasets")
SPLITS: Final = ("open", "held")

READINGS: Final = Dataset[Reading, ExpectedReading, Meta]
TALKS: Final = Dataset[Talk, ExpectedTalk, Meta]

T = TypeVar("T")


class UnknownData(ValueError):
    """What was asked for is not there, or can't be read."""


@cache
def demo() -> JsonObject:
    return TypeAdapter(JsonObject).validate_json(DEMO.read_bytes())


@dataclass(frozen=True)
class ReadingCase:
    name: str
    inputs: Reading
    expected: ExpectedReading
    meta: Meta


@dataclass(frozen=True)
class TalkCase:
    name: str
    inputs: Talk
    expected: ExpectedTalk
    meta: Meta


AnyCase = ReadingCase | TalkCase


@dataclass(frozen=True)
class Suite:
    """One split of a data set. Sets of one `group` are also counted together.

    `content` holds the desk's records that its conversations are about, in the retail file's form.
    """

    group: str
    name: str
    split: str
    cases: Sequence[AnyCase]
    content: JsonObject = field(default_factory=demo)

    @property
    def label(self) -> str:
        return f"{self.group}/{self.name}"


def load_suites(
    names: Sequence[str] = (), splits: Sequence[str] = ("open",), cases: Sequence[str] = ()
) -> list[Suite]:
    """The suites of these data sets or groups (all, if none is named), with only the cases named, if any.

    Raises:
        UnknownData: there is no such split, data set or case, or a file is not as its schema has it.
    """
    _require_known("split", splits, set(SPLITS))
    paths = sorted(HOME.glob("*/*/*.yaml"))
    _require_known("data set", names, set[str]().union(*map(_names, paths)))
    chosen = [path for path in paths if not names or not _names(path).isdisjoint(names)]
    suites = [load_suite(path) for split in splits for path in chosen if path.parent.parent.name == split]
    for split in splits:
        if not any(suite.split == split for suite in suites):
            raise UnknownData(f"There is no {split} part of {', '.join(names) or 'any data set'}.")
    return only_cases(suites, cases)


def _names(path: Path) -> set[str]:
    """What a file is called: by itself, with its group as reports have it, and its group."""
    return {path.stem, f"{path.parent.name}/{path.stem}", path.parent.name}


def only_cases(suites: Sequence[Suite], names: Sequence[str]) -> list[Suite]:
    """The suites with only the cases named, if any; UnknownData where one is in none of them."""
    _require_known("case", names, {case.name for suite in suites for case in suite.cases})
    return [only for suite in suites if (only := _only(suite, names)).cases]


def partial_groups(suites: Sequence[Suite]) -> set[str]:
    """The groups of which not all data sets are among these suites."""
    taken = {suite.label for suite in suites}
    groups = {suite.group for suite in suites}
    return {
        path.parent.name
        for path in HOME.glob("*/*/*.yaml")
        if path.parent.name in groups and f"{path.parent.name}/{path.stem}" not in taken
    }


@cache
def load_suite(path: Path) -> Suite:
    """One file, `SPLIT/GROUP/NAME.yaml`; the schema that its first line names says what its cases are.

    Raises:
        UnknownData: it is not as its schema has it.
    """
    with _opened(path) as file:
        read = _readings if file.readline().strip().endswith("extraction.json") else _talks
        try:
            cases = read(path)
        except ValueError as error:
            raise UnknownData(f"{path} can't be read: {error}") from error
    return Suite(path.parent.name, path.stem, path.parent.parent.name, cases)


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8")
    except OSError as error:
        raise UnknownData(f"{path} can't be read: {error.strerror}.") from error


def _readings(path: Path) -> list[AnyCase]:
    return [
        ReadingCase(_told(each.name), each.inputs, _told(each.expected_output), _told(each.metadata))
        for each in READINGS.from_file(path).cases
    ]


def _talks(path: Path) -> list[AnyCase]:
    return [
        TalkCase(_told(each.name), each.inputs, _told(each.expected_output), _told(each.metadata))
        for each in TALKS.from_file(path).cases
    ]


def _told(value: T | None) -> T:
    if value is None:
        raise ValueError("a case lacks its name, its expected_output or its metadata")
    return value


def _only(suite: Suite, names: Sequence[str]) -> Suite:
    kept = [case for case in suite.cases if not names or case.name in names]
    return replace(suite, cases=kept)


def _require_known(noun: str, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownData(f"There is no {noun} {name!r}; there are {', '.join(sorted(known))}.")
