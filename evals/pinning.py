"""Writing down the end state that a case's calls lead to, as the desk's own services carry them out.

So nobody works out refunds by hand: name the calls, `python -m evals pin FILE`, and read what it has written.
"""

import json
import re
from collections.abc import Iterable
from uuid import uuid4

from pydantic_ai.models import Model

from evals.cases import ANYTHING, ME, AnyOf, Call, Changed, Talk
from evals.suites import TalkCase
from evals.tasks.talking import speaker
from evals.world import World, changes
from src.models.caller import Caller
from src.models.errors import DeskError
from tools.deps import Approved, Deps
from tools.execution import call_tool
from tools.toolsets import COMMANDS


class Unpinnable(ValueError):
    """The calls of a case are not ones that the desk carries out."""


async def pinned(world: World, model: Model, text: str, cases: Iterable[TalkCase]) -> str:
    """A data set's text with the end state of each case; what a person wrote with `*` stays as it is.

    Raises:
        Unpinnable: a call is refused; its arguments must be whole.
    """
    for case in cases:
        if not _by_hand(case):
            text = _written(text, case.name, await end_state(world, model, case))
    return text


def _by_hand(case: TalkCase) -> bool:
    """Where anything will do, only a person knows what may come."""
    return f'"{ANYTHING}"' in case.expected.changed.model_dump_json()


async def end_state(world: World, model: Model, case: TalkCase) -> Changed:
    """What changes when the case's commands are carried out, those that its customer approves of."""
    await world.begin(case.inputs.given)
    try:
        user_id = world.start.user_of(case.inputs.customer).id
        caller = speaker(case.inputs, user_id).on_behalf_of(user_id)
        for wanted in case.expected.calls:
            call = wanted.any_of[0] if isinstance(wanted, AnyOf) else wanted
            if call.tool in COMMANDS and not call.declined and _approves(case.inputs):
                await _carry_out(world, model, caller, case.name, call)
        return changes(world.start, await world.now())
    finally:
        await world.end()


def _approves(case: Talk) -> bool:
    """Whether any turn says yes to anything; where none does, nothing is carried out."""
    return any(any(turn.approve) if isinstance(turn.approve, list) else turn.approve for turn in case.turns)


async def _carry_out(world: World, model: Model, caller: Caller, case: str, call: Call) -> None:
    own = {key: str(caller.subject_id) if value == ME else value for key, value in call.arguments.items()}
    arguments = {"summary": "-", **own} if call.tool == "transfer_to_human_agents" else own
    deps = Deps(world.stores, caller, Approved(None, None))
    try:
        await call_tool(deps, model, call.tool, arguments, str(uuid4()))
    except (DeskError, ValueError) as error:
        raise Unpinnable(f"{case}: {call.tool} can't be carried out: {error}") from error


def _written(text: str, case: str, changed: Changed) -> str:
    """The file's text with the case's `changed`, in one line before its metadata, and all else untouched."""
    begin = re.search(rf"^- name: {re.escape(case)}\s*$", text, re.MULTILINE)
    if begin is None:
        raise Unpinnable(f"{case} does not stand in the file as `- name: {case}`.")
    head, rest = text[: begin.end()], text[begin.end() :]
    end = rest.index("\n  metadata:")
    body = re.sub(r"\n    changed: .*", "", rest[:end])
    fields = changed.model_dump(mode="json", exclude_defaults=True)
    line = f"\n    changed: {json.dumps(fields, ensure_ascii=False)}" if fields else ""
    return head + body + line + rest[end:]
