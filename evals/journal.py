"""What an interrupted run had done already, so that the next one goes on from there."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from evals.lines import append, reopen
from evals.outcomes import Outcome
from evals.suites import HOME
from evals.trials import Trial
from src.models.base import Record

_CODE: Final = ("agents", "tools", "evals", "src")


class _Begun(Record):
    run: str


class _Done(Record):
    trial: str
    outcome: Outcome


class Journal:
    """One line a finished trial. It counts only for a run of the same kind on the same code and data.

    `goes_on` tells whether such a run was begun before.
    """

    def __init__(self, path: Path, run: str) -> None:
        reopen(path)
        self._path, self._known = path, dict[str, Outcome]()
        begun, lines = _Begun(run=run).model_dump_json(), path.read_bytes().splitlines()
        self.goes_on = lines[:1] == [begun.encode()]
        if self.goes_on:
            self._known = dict(_read(lines[1:]))
        else:
            path.write_text(begun + "\n", encoding="utf-8")

    def __len__(self) -> int:
        return len(self._known)

    def find(self, trial: Trial) -> Outcome | None:
        return self._known.get(trial.key)

    def keep(self, trial: Trial, outcome: Outcome) -> None:
        append(self._path, _Done(trial=trial.key, outcome=outcome).model_dump_json())

    def close(self) -> None:
        """The run is over: nothing is left to go on with."""
        self._path.unlink(missing_ok=True)


def _read(lines: Iterable[bytes]) -> Iterable[tuple[str, Outcome]]:
    for line in lines:
        # A trial whose line can't be read is taken again.
        with suppress(ValidationError):
            done = _Done.model_validate_json(line)
            yield done.trial, done.outcome


def fingerprint(asked: object, files: Iterable[Path]) -> str:
    """What a run must share with the one it goes on from: what was asked for, and all code and data."""
    digest = hashlib.sha256(repr(asked).encode())
    for path in files:
        digest.update(path.read_bytes())
    top = HOME.parent.parent
    for folder in _CODE:
        for path in sorted((top / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(top)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
