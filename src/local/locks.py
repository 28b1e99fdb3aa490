"""Files that a process keeps locked as long as it lives: the system lets go of the lock when it dies."""

import fcntl
import os
from pathlib import Path


def hold(path: Path) -> int | None:
    """The descriptor of the file, locked, or None where another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_held(path: Path) -> bool:
    descriptor = hold(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
