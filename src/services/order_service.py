"""Carrying out the commands on orders, and saying beforehand what one would come to."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from src.models.caller import Caller
from src.models.errors import AlreadyExists, Conflict, DeskError, Invalid, QuoteChanged
from src.models.order import Order
from src.models.product import Item
from src.models.quote import Change, Proposal, Quote
from src.models.user import User
from src.services.access import absent, acting_for
from src.services.audit_service import log_refusal
from src.services.commit import Attempt, Command, Decision, Done, Snapshot, Write, carry_out
from src.services.order_commands import OrderCommand, Placement
from src.services.order_reads import find_order
from src.services.records import ITEM, LEDGER, ORDER, USER, Ledger, Ref
from src.services.stores import Stores


@dataclass(frozen=True)
class _Plan:
    """A command with everything it needs: who for, which records, and the rule over them."""

    caller: Caller
    command: Command
    event: str
    order: Ref[Order]
    user: Ref[User]
    items: Mapping[str, Ref[Item]]
    rule: Callable[[Snapshot], Change]

    @property
    def ledger(self) -> Ref[Ledger]:
        return LEDGER.ref(self.user.id)

    @property
    def refs(self) -> list[Ref[Order] | Ref[User] | Ref[Ledger] | Ref[Item]]:
        return [self.order, self.user, self.ledger, *self.items.values()]


async def execute(
    stores: Stores, caller: Caller, asked: OrderCommand | Placement, attempt: Attempt | None = None
) -> Done[Order]:
    """Carry a command out, exactly once for one key.

    Raises:
        NotFound: the order is another's, or there is none.
        QuoteChanged: it would move other money than was approved.
        DeskError: the rule's refusal.
    """
    attempt = attempt or Attempt()
    async with _planned(stores, caller, asked) as plan:
        decide = _decision(plan, attempt.quote)
        return await carry_out(stores, plan.caller, plan.command, plan.refs, decide, attempt, Order)


async def propose(stores: Stores, caller: Caller, asked: OrderCommand | Placement) -> Proposal:
    """What the command would come to now; nothing changes. Refusals are those of `execute`."""
    async with _planned(stores, caller, asked) as plan:
        seen = await Snapshot.read(stores, plan.refs)
        change = plan.rule(seen)
    user = seen.find(plan.user)
    if user is None:
        raise absent("user")
    order = seen.find(plan.order) or change.order
    return Proposal(change.quote, asked.summary(order, user, _known(seen, plan.items), change.quote))


@asynccontextmanager
async def _planned(stores: Stores, caller: Caller, asked: OrderCommand | Placement) -> AsyncGenerator[_Plan]:
    """The plan; refusals are recorded with the customer whom the command is about, once that is known."""
    action = asked.action if isinstance(asked, OrderCommand) else "order.place"
    order_id = asked.order_id if isinstance(asked, OrderCommand) else None
    turned = caller
    try:
        plan = await _plan(stores, caller, asked)
        turned = plan.caller
        yield plan
    except DeskError as refusal:
        await log_refusal(stores, turned, action, "order", order_id, refusal)
        raise


async def _plan(stores: Stores, caller: Caller, asked: OrderCommand | Placement) -> _Plan:
    if isinstance(asked, Placement):
        return _placement_plan(caller, asked)
    owner = caller.subject_id or await _owner(stores, asked.order_id)
    order, user = ORDER.ref(asked.order_id), USER.ref(owner)
    items = {item_id: ITEM.ref(item_id) for item_id in asked.item_ids}

    def rule(seen: Snapshot) -> Change:
        standing, customer = seen.find(order), seen.find(user)
        if standing is None or customer is None or standing.user_id != owner:
            raise absent("order")
        if items and standing.currency != stores.currency:
            raise Conflict(
                f"Order {standing.order_id} is in {standing.currency}; its items can't be changed here."
            )
        return asked.rule(standing, customer, _known(seen, items))

    command = Command(asked.action, "order", asked.order_id, {"order_id": asked.order_id, **asked.arguments})
    return _Plan(acting_for(caller, owner, "order"), command, asked.event, order, user, items, rule)


def _placement_plan(caller: Caller, asked: Placement) -> _Plan:
    owner = asked.user_id or caller.subject_id
    if owner is None:
        raise Invalid("Name the customer the order is for as user_id.")
    order, user = ORDER.ref(asked.order_id), USER.ref(owner)
    items = {line.item_id: ITEM.ref(line.item_id) for line in asked.asked.items}

    def rule(seen: Snapshot) -> Change:
        customer = seen.find(user)
        if customer is None:
            raise absent("user")
        if seen.find(order) is not None:
            raise AlreadyExists("This order number is taken; try again.")
        return asked.rule(customer, _known(seen, items), seen.now)

    command = Command("order.place", "order", asked.order_id, asked.asked.model_dump(mode="json"))
    return _Plan(acting_for(caller, owner, "user"), command, "OrderPlaced", order, user, items, rule)


async def _owner(stores: Stores, order_id: str) -> UUID:
    """Whose order it is, known before anything is said about it; it stays theirs for ever."""
    order = await find_order(stores, order_id)
    if order is None:
        raise absent("order")
    return order.user_id


def _known(seen: Snapshot, items: Mapping[str, Ref[Item]]) -> dict[str, Item]:
    return {item_id: item for item_id, ref in items.items() if (item := seen.find(ref)) is not None}


def _decision(plan: _Plan, approved: Quote | None) -> Callable[[Snapshot], Decision[Order]]:
    def decide(seen: Snapshot) -> Decision[Order]:
        change = plan.rule(seen)
        if approved is not None and change.quote != approved:
            raise QuoteChanged("The amounts have changed since this was approved; ask for it again.")
        order = seen.next(plan.order, change.order)
        user = change.user and seen.next(plan.user, change.user)
        writes: list[Write[Any]] = [Write(plan.order, order)]
        if user:
            writes.append(Write(plan.user, user))
        if change.quote.movements:
            ledger = seen.find(plan.ledger) or Ledger()
            writes.append(Write(plan.ledger, ledger.noting(order.order_id)))
        data = {
            "order_id": order.order_id,
            "user_id": str(order.user_id),
            "status": order.status.value,
            "total_amount": str(order.total_amount),
            "currency": order.currency,
        }
        return Decision(order, writes, plan.event, data, relied_on=() if user else (plan.user,))

    return decide
