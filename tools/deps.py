"""What a run carries: who it acts for, on which stores, and what has been settled in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue
from pydantic_ai import RunContext

from src.models.caller import Caller
from src.models.conversation import CommandOutcome
from src.models.quote import Quote
from src.services.stores import Stores


@dataclass(frozen=True)
class Approved:
    """A person has approved exactly this command; `quote` is the money they saw, if any was shown.

    `key` makes the command happen once; without one this call is a command of its own.
    """

    key: str | None
    quote: Quote | None


@dataclass(frozen=True)
class Deps:
    """A run's dependencies.

    Args:
        stores: what the services stand on.
        caller: who the run acts for, turned to the one customer it is about.
        approved: set only while an approved command is carried out; without it a command waits.
        settled: the commands of this run that were decided already, by the digest of tool and arguments.
    """

    stores: Stores
    caller: Caller
    approved: Approved | None = None
    settled: Mapping[str, CommandOutcome] = field(default_factory=dict[str, CommandOutcome])


def caller_of(ctx: RunContext[Deps]) -> Caller:
    """The run's caller in the course of this very tool call."""
    return ctx.deps.caller.during(tool_call_id=ctx.tool_call_id)


def digest_of(tool: str, arguments: Mapping[str, JsonValue]) -> str:
    """The digest of a tool's name and its canonical arguments: equal calls have equal ones."""
    body = json.dumps([tool, arguments], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()
