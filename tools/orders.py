"""Looking orders up, and the commands on them: in a conversation each waits for the customer's approval."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue
from pydantic_ai import FunctionToolset, RunContext

from src.models.base import Identifier, OptionalText, Text
from src.models.commands import CancelOrder, ItemSwap, PaymentChange, PlaceOrder, ReturnItems
from src.models.order import CancelReason, Order, OrderLine
from src.models.page import Page
from src.models.user import Address
from src.services import order_commands as commands
from src.services import order_reads, order_service
from tools.commands import command
from tools.deps import Deps, caller_of
from tools.fields import OrderId

order_lookups = FunctionToolset[Deps](require_parameter_descriptions=True, docstring_format="google")
order_changes = FunctionToolset[Deps](
    require_parameter_descriptions=True, docstring_format="google", sequential=True
)

ItemIds = Annotated[list[Identifier], Field(min_length=1, max_length=100)]


@order_lookups.tool
async def get_order_details(ctx: RunContext[Deps], order_id: OrderId) -> Order:
    """Get an order: its items with prices, status, address, payments and refunds.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156"; a leading "#" does no harm.
    """
    return await order_reads.get_order(ctx.deps.stores, caller_of(ctx), order_id)


@order_lookups.tool
async def list_orders(ctx: RunContext[Deps], user_id: UUID) -> Page[Order]:
    """List a user's orders, newest first: the 20 newest.

    Args:
        ctx: The run and whom it acts for.
        user_id: The user's id, a UUID such as "6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11".
    """
    return await order_reads.list_orders(ctx.deps.stores, caller_of(ctx), user_id, None, 20, None)


@order_changes.tool
async def place_order(
    ctx: RunContext[Deps],
    items: Annotated[list[OrderLine], Field(min_length=1, max_length=50)],
    payment_method_id: Identifier,
    address: Address | None = None,
) -> Order:
    """Place an order for the customer, paid at once.

    Args:
        ctx: The run and whom it acts for.
        items: The items and how many of each, such as [{"item_id": "1008292230", "quantity": 2}].
        payment_method_id: One of the customer's own payment methods, such as "credit_card_4190576".
        address: Where to deliver; leave it out for the customer's own address.
    """
    asked = PlaceOrder(items=items, payment_method_id=payment_method_id, address=address)
    return await _command(ctx, commands.placing(asked, ctx.deps.stores.currency))


@order_changes.tool
async def cancel_pending_order(ctx: RunContext[Deps], order_id: OrderId, reason: CancelReason) -> Order:
    """Cancel an order whose status is "pending"; what was paid is refunded.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156".
        reason: The customer's reason, either "no longer needed" or "ordered by mistake".
    """
    return await _command(ctx, commands.cancelling(order_id, CancelOrder(reason=reason)))


@order_changes.tool
async def modify_pending_order_address(
    ctx: RunContext[Deps],
    order_id: OrderId,
    address1: Text,
    address2: OptionalText,
    city: Text,
    state: OptionalText,
    country: Text,
    zip: Text,  # noqa: A002
) -> Order:
    """Change where a pending order is delivered.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156".
        address1: Street and number, such as "763 Broadway".
        address2: What the first line leaves out, such as "Suite 135", or "".
        city: The city, such as "Philadelphia".
        state: The state or region, such as "PA", or "".
        country: The country, such as "USA".
        zip: The postcode, such as "19122".
    """
    address = Address(address1=address1, address2=address2, city=city, state=state, country=country, zip=zip)
    return await _command(ctx, commands.changing_address(order_id, address))


@order_changes.tool
async def modify_pending_order_payment(
    ctx: RunContext[Deps], order_id: OrderId, payment_method_id: Identifier
) -> Order:
    """Pay a pending order by another method; the first one is refunded.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156".
        payment_method_id: Another of the customer's own payment methods, such as "paypal_3017803".
    """
    asked = PaymentChange(payment_method_id=payment_method_id)
    return await _command(ctx, commands.changing_payment(order_id, asked))


@order_changes.tool
async def modify_pending_order_items(
    ctx: RunContext[Deps],
    order_id: OrderId,
    item_ids: ItemIds,
    new_item_ids: ItemIds,
    payment_method_id: Identifier,
) -> Order:
    """Swap items of a pending order for other items of the same products; this can be done only once.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156".
        item_ids: The items to swap, such as ["1008292230"]; name one twice to swap two of it.
        new_item_ids: The new item for each, in the same order.
        payment_method_id: What pays or gets the difference, such as "gift_card_7245904".
    """
    asked = ItemSwap(item_ids=item_ids, new_item_ids=new_item_ids, payment_method_id=payment_method_id)
    return await _command(ctx, commands.changing_items(order_id, asked))


@order_changes.tool
async def return_delivered_order_items(
    ctx: RunContext[Deps], order_id: OrderId, item_ids: ItemIds, payment_method_id: Identifier
) -> Order:
    """Request the return of items of a delivered order.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156".
        item_ids: The items to return, such as ["1008292230"]; name one twice to return two of it.
        payment_method_id: Where the refund goes: what first paid the order, or an own gift card.
    """
    asked = ReturnItems(item_ids=item_ids, payment_method_id=payment_method_id)
    return await _command(ctx, commands.returning(order_id, asked))


@order_changes.tool
async def exchange_delivered_order_items(
    ctx: RunContext[Deps],
    order_id: OrderId,
    item_ids: ItemIds,
    new_item_ids: ItemIds,
    payment_method_id: Identifier,
) -> Order:
    """Request the exchange of items of a delivered order for items of the same products.

    Args:
        ctx: The run and whom it acts for.
        order_id: The order's id, such as "W2378156".
        item_ids: The items to give back, such as ["1008292230"]; name one twice for two of it.
        new_item_ids: The new item for each, in the same order.
        payment_method_id: What pays or gets the difference, such as "paypal_3017803".
    """
    asked = ItemSwap(item_ids=item_ids, new_item_ids=new_item_ids, payment_method_id=payment_method_id)
    return await _command(ctx, commands.exchanging(order_id, asked))


async def _command(ctx: RunContext[Deps], asked: commands.OrderCommand | commands.Placement) -> Order:
    stores, caller = ctx.deps.stores, caller_of(ctx)
    return await command(
        ctx,
        Order,
        _arguments(asked),
        lambda: order_service.propose(stores, caller, asked),
        lambda attempt: order_service.execute(stores, caller, asked, attempt),
    )


def _arguments(asked: commands.OrderCommand | commands.Placement) -> dict[str, JsonValue]:
    if isinstance(asked, commands.Placement):
        return asked.asked.model_dump(mode="json", exclude={"user_id"})
    return {"order_id": asked.order_id, **asked.arguments}
