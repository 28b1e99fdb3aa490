"""The audit trail: what callers did, read and were refused."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from src.db.dynamo import TransactionCancelled, get_item, get_table, transact_write
from src.models.audit import AuditEntry, AuditStatus, FieldChange, ResourceType
from src.models.caller import Caller
from src.models.errors import Busy, DeskError, Unavailable
from src.models.user import User
from src.services.audit_chain import (
    KEPT_COMMANDS,
    KEPT_READS,
    TABLE,
    chain_writes,
    expiry,
    head_key,
    read_head,
)
from src.services.contention import pauses
from src.services.read_trail import keep_in_log
from src.services.stores import Stores

P = ParamSpec("P")
T = TypeVar("T")


def new_entry(
    caller: Caller,
    action: str,
    resource_type: str,
    resource_id: str | None,
    *,
    status: AuditStatus = AuditStatus.SUCCESS,
    code: str | None = None,
    changes: list[FieldChange] | None = None,
    read: bool = False,
) -> AuditEntry:
    """An entry about what this caller does now; it gets its number when it is chained."""
    now, context = datetime.now(UTC), caller.context
    return AuditEntry(
        audit_id=f"read:{uuid4()}",
        timestamp=now,
        user_id=str(caller.user_id),
        subject_id=str(caller.subject_id) if caller.subject_id else None,
        action=action,
        resource_type=ResourceType(resource_type),
        resource_id=resource_id,
        status=status,
        code=code,
        changes=changes or [],
        request_id=context.request_id,
        source_ip=context.source_ip,
        user_agent=context.user_agent,
        run_id=context.run_id,
        conversation_id=context.conversation_id,
        tool_call_id=context.tool_call_id,
        approval_id=context.approval_id,
        ttl=expiry(now, KEPT_READS) if read else None,
        keep_until=None if read else expiry(now, KEPT_COMMANDS),
    )


async def log_user_action(stores: Stores, entry: AuditEntry) -> None:
    """Add an entry to its actor's chain; if the trail can't be written the entry goes to the log, whole.

    Commands don't call this: their entry is written by the transaction that carries them out.
    """
    try:
        async with stores.actors.of(entry.user_id):
            await lengthen_chain(stores, entry)
    except Unavailable:
        keep_in_log(entry)


async def lengthen_chain(stores: Stores, entry: AuditEntry) -> None:
    table = get_table(stores.dynamo, TABLE)
    for pause in pauses():
        head = read_head(await get_item(table, head_key(entry.user_id), consistent=True))
        writes = chain_writes(stores.dynamo, entry, head, stores.signer)
        try:
            return await transact_write(stores.dynamo, writes, token=str(uuid4()))
        except TransactionCancelled:
            await asyncio.sleep(pause)
    raise Busy("The audit trail is too busy; try again in a moment.")


async def log_refusal(
    stores: Stores,
    caller: Caller,
    action: str,
    resource_type: str,
    resource_id: str | None,
    refusal: DeskError,
) -> None:
    """A refusal lengthens the caller's chain; what waiting mends is none."""
    if refusal.retry_after is None:
        entry = new_entry(
            caller, action, resource_type, resource_id, status=AuditStatus.FAILURE, code=refusal.code
        )
        await log_user_action(stores, entry)


def audit_action(
    action: str,
    resource_type: str,
    resource: str | None = None,
    *,
    command: bool = False,
    chained: bool = False,
) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """Record each call of a service function `(stores, caller, ...)`: what was read, and what was refused.

    Args:
        action: what is done, such as `order.read`.
        resource_type: the noun it is done to.
        resource: the name of the argument that says which one.
        command: the function changes something, so its success is recorded by its own transaction.
        chained: it changes something without one, so its success lengthens the chain as a refusal does.
    """

    def decorate(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        async def audited(*args: P.args, **kwargs: P.kwargs) -> T:
            arguments = signature.bind(*args, **kwargs).arguments
            stores, caller = _stores_and_caller(arguments)
            resource_id = str(arguments[resource]) if resource and resource in arguments else None
            turned = _turned(caller, arguments.get("user_id"))
            try:
                result = await function(*args, **kwargs)
            except DeskError as refusal:
                await log_refusal(stores, turned, action, resource_type, resource_id, refusal)
                raise
            if not command:
                found = result.id if isinstance(result, User) else None
                turned = _turned(turned, getattr(result, "user_id", found))
                resource_id = resource_id or (str(found) if found else None)
                entry = new_entry(turned, action, resource_type, resource_id, read=not chained)
                if chained:
                    await log_user_action(stores, entry)
                else:
                    stores.reads.add(entry)
            return result

        return audited

    return decorate


def _turned(caller: Caller, user_id: object) -> Caller:
    """Staff's entries name the customer whom they are about, even if staff had not turned to them."""
    if caller.subject_id is not None or not isinstance(user_id, UUID):
        return caller
    return caller.on_behalf_of(user_id)


def _stores_and_caller(arguments: Mapping[str, object]) -> tuple[Stores, Caller]:
    stores, caller, *_ = arguments.values()
    if not isinstance(stores, Stores) or not isinstance(caller, Caller):
        raise TypeError("an audited function takes `stores` and `caller`")
    return stores, caller
