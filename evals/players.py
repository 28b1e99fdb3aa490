"""Who plays: models by their names, recorded or replayed where that is asked for."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from pydantic_ai.models import Model

from agents.models import choose_model
from evals.local_model import LOCAL, NoModel, local_model
from evals.recording import RecordingModel, ReplayedModel, Tape

AGENT: Final = "agent"
CUSTOMER: Final = "customer"
JUDGE: Final = "judge"

Casting = Callable[[str, str], Model]


@contextmanager
def open_casting(record: Path | None, tape: Tape | None, timeout: float) -> Generator[Casting]:
    """Where the run's models come from: call it with a name and a role.

    Args:
        record: the file in which to write down what they answer, behind what stands there.
        tape: what they answered before; then nobody is asked anything.
        timeout: seconds that one request may take.

    Raises:
        NoModel: it is asked for one that is not to be had.
    """
    with ExitStack() as stack:

        def cast_for(name: str, role: str) -> Model:
            if tape is not None:
                return ReplayedModel(tape, name, role)
            if name.startswith(LOCAL):
                model = stack.enter_context(local_model(Path(name.removeprefix(LOCAL)), timeout=timeout))
            else:
                model = _chosen(name, timeout)
            return RecordingModel(model, role, record) if record else model

        yield cast_for


def _chosen(name: str, timeout: float) -> Model:
    try:
        return choose_model(name, timeout=timeout)
    except ValueError as error:
        raise NoModel(str(error).replace("AGENT_MODEL", "--model")) from error
