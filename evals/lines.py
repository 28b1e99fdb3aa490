"""Files of one JSON document a line, written while a run goes on and taken up again by the next."""

from pathlib import Path


def reopen(path: Path) -> None:
    """Make sure that the file can be written, and that what is appended begins a line.

    A last line that was cut off would run into the next one, and take it with it.
    """
    with path.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)


def append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
