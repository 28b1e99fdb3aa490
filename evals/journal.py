"""What an interrupted run had done already, so that the next one goes on from there."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

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
    """One line a finished trial. It counts only for a run of the same kind on the same code and data."""

    def __init__(self, path: Path, run: str) -> None:
        self._path, self._known = path, dict[str, Outcome]()
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if lines and lines[0] == _Begun(run=run).model_dump_json():
            self._known = dict(_read(lines[1:]))
        else:
            path.write_text(_Begun(run=run).model_dump_json() + "\n", encoding="utf-8")

    def __len__(self) -> int:
        return len(self._known)

    def find(self, trial: Trial) -> Outcome | None:
        return self._known.get(trial.key)

    def keep(self, trial: Trial, outcome: Outcome) -> None:
        line = _Done(trial=trial.key, outcome=outcome).model_dump_json()
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def close(self) -> None:
        """The run is over: nothing is left to go on with."""
        self._path.unlink(missing_ok=True)


def _read(lines: Iterable[str]) -> Iterable[tuple[str, Outcome]]:
    for line in lines:
        try:
            done = _Done.model_validate_json(line)
        except ValidationError:
            # The run was ended while it wrote this line.
            return
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
