"""Requests in the form of the τ²-bench retail domain: as cases, and as a replay that needs no model.

A file of requests is a JSON array. Each has an `id`, the `request` in words, the `users` whose data it is
about, its `actions` with their outcomes, and `changed`: the users and orders that differ afterwards, money in
cents; an order that the request makes stands under `new`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_ai.models import Model

from evals.cases import ME, Call, Changed, ExpectedTalk, Given, Meta, Talk, Turn
from evals.comparing.states import state_misfits
from evals.suites import Suite, TalkCase, UnknownData
from evals.world import State, UnfitCase, World, changes, state_of
from src.models.base import Record, plain
from src.models.caller import Caller
from src.models.errors import DeskError
from src.models.json_schema import JsonObject
from src.models.retail import user_id
from tools.deps import Approved, Deps
from tools.execution import call_tool
from tools.toolsets import COMMANDS

CODES: Final[Mapping[str, str]] = {
    "no such user": "not_found",
    "no such order": "not_found",
    "no such product": "not_found",
    "no such item": "not_found",
    "gift card too low": "insufficient_balance",
}
_OK: Final = "ok"
_NEW: Final = "new"
_HAND_OVER: Final = "transfer_to_human_agents"


class _Action(Record):
    name: str
    arguments: JsonObject
    outcome: str

    @property
    def expected(self) -> str:
        return CODES.get(self.outcome) or self.outcome

    @property
    def call(self) -> Call:
        """The call with the desk's own ids."""
        ours = {k: str(user_id(str(v))) if k == "user_id" else v for k, v in self.arguments.items()}
        return Call(tool=self.name, arguments=ours)


class _Request(Record):
    id: str
    request: str
    users: list[str]
    actions: list[_Action]
    changed: dict[str, dict[str, JsonObject]]


@dataclass(frozen=True)
class Requests:
    """The requests of a file, and the records that they are about."""

    content: JsonObject
    requests: Sequence[_Request]


@dataclass(frozen=True)
class Played:
    """What a request came to without a model: where it went another way than it must, in sentences."""

    id: str
    actions: int
    misfits: list[str]


def read_requests(requests: Path, data: Path) -> Requests:
    """Raises UnknownData where either file can't be read, is not of its form, or they don't go together."""
    try:
        content = TypeAdapter(JsonObject).validate_json(data.read_bytes())
        asked = TypeAdapter(list[_Request]).validate_json(requests.read_bytes())
    except OSError as error:
        raise UnknownData(f"{error.filename} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        raise UnknownData(f"{requests} or {data} is not of the retail form: {error}") from error
    if not asked:
        raise UnknownData(f"{requests} holds no requests; name a file with one at least.")
    if problem := _problem(content, asked):
        raise UnknownData(f"{data} {problem}; name the retail file that the requests are about.")
    concerned = _concerned(content, asked)
    try:
        state_of(concerned)
    except UnfitCase as error:
        raise UnknownData(f"{data} is not of the retail form: {error}") from error
    return Requests(concerned, asked)


def _problem(content: JsonObject, asked: Sequence[_Request]) -> str | None:
    """Why the records can't be those of the requests."""
    for section in ("users", "orders", "products"):
        if not _fields(content.get(section)):
            return f"has no {section}"
    users = _fields(content["users"])
    unknown = (name for request in asked for name in request.users if name not in users)
    return next((f"has no user {name}" for name in unknown), None)


def as_suite(requests: Requests, name: str) -> Suite:
    """The requests as talk cases: said as they are written, or the errand of a simulated customer."""
    cases = [_case(request, requests.content) for request in requests.requests]
    return Suite("retail", name, "open", cases, requests.content)


async def replay(world: World, model: Model, request: _Request) -> Played:
    """Carry the request's actions out as the customers concerned; `model` is not asked."""
    await world.begin(Given())
    try:
        misfits: list[str] = []
        for place, action in enumerate(request.actions, 1):
            outcome = await _carry_out(world, model, request, action)
            if outcome != action.expected:
                misfits.append(f"action {place}, {action.name}, is {outcome}, not {action.expected}")
        found = changes(world.start, await world.now())
        misfits += state_misfits(_changed(request, world.content), found)
        return Played(request.id, len(request.actions), misfits)
    finally:
        await world.end()


async def _carry_out(world: World, model: Model, request: _Request, action: _Action) -> str:
    owner = _owner(request, action, world.start)
    caller = Caller(sub=str(owner), user_id=owner, subject_id=owner)
    deps, call = Deps(world.stores, caller, Approved(None, None)), action.call
    try:
        await call_tool(deps, model, call.tool, call.arguments, str(uuid4()))
    except DeskError as refusal:
        return refusal.code
    except ValidationError:
        return "invalid"
    return _OK


def _owner(request: _Request, action: _Action, state: State) -> UUID:
    """Whose data an action touches: the user that its arguments name, or else the request's first."""
    asked = action.arguments
    order = state.orders.get(str(asked.get("order_id")).removeprefix("#"))
    concerned = [user_id(name) for name in request.users] or [next(iter(state.users.values())).id]
    for each in concerned:
        user = state.users[str(each)]
        named = {"first_name": asked.get("first_name"), "last_name": asked.get("last_name")}
        if (
            (order is not None and order.user_id == each)
            or asked.get("email") == user.email
            or named == user.name.model_dump()
            or (isinstance(asked.get("user_id"), str) and user_id(str(asked["user_id"])) == each)
        ):
            return each
    return concerned[0]


def _case(request: _Request, content: JsonObject) -> TalkCase:
    users = content["users"]
    first = request.users[0] if request.users else next(iter(_fields(users)))
    done = [each.call for each in request.actions if each.name in COMMANDS and each.expected == _OK]
    calls = [_with_me(call, str(user_id(first))) for call in done]
    return TalkCase(
        name=f"request-{request.id}",
        inputs=Talk(
            customer=str(_fields(_fields(users)[first])["email"]),
            turns=[Turn(say=request.request, approve=True)],
            errand=request.request,
        ),
        expected=ExpectedTalk(calls=[*calls], changed=_changed(request, content)),
        meta=Meta(language="en", tags=["retail"]),
    )


def _with_me(call: Call, own: str) -> Call:
    arguments = {key: ME if value == own else value for key, value in call.arguments.items()}
    return call.model_copy(update={"arguments": arguments})


def _changed(request: _Request, content: JsonObject) -> Changed:
    """The end state in the form that cases have it."""
    before = _concerned(content, [request]) | {"products": {}}
    after = before.copy()
    for noun in ("users", "orders"):
        after[noun] = changed_records(_fields(before[noun]), request.changed.get(noun, {}))
    orders = _fields(after["orders"])
    if _NEW in orders:
        orders[_NEW] = {"order_id": _NEW, **_fields(orders[_NEW])}
    handed_over = [each for each in request.actions if each.name == _HAND_OVER and each.expected == _OK]
    found = changes(state_of(before), state_of(after))
    return found.model_copy(update={"handovers": len(handed_over)})


def changed_records(before: JsonObject, changed: Mapping[str, JsonValue]) -> JsonObject:
    """The records with what changed of them, whose amounts are in cents."""
    return before | {name: _merged(before.get(name), change) for name, change in changed.items()}


def _merged(before: JsonValue, change: JsonValue) -> JsonValue:
    match change:
        case bool():
            return change
        case int():
            return plain(Decimal(change) / 100)
        case list():
            return [_merged(None, each) for each in change]
        case dict():
            return changed_records(before if isinstance(before, dict) else {}, change)
        case _:
            return change


def _concerned(content: JsonObject, requests: Sequence[_Request]) -> JsonObject:
    """The products, and of the users and their orders those that a request is about."""
    users, orders = _fields(content["users"]), _fields(content["orders"])
    names = {name for request in requests for name in request.users} or {next(iter(users))}
    concerned: JsonObject = {
        "users": {name: user for name, user in users.items() if name in names},
        "orders": {key: order for key, order in orders.items() if _fields(order).get("user_id") in names},
    }
    return content | concerned


def _fields(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
