"""/api/orders: orders and the commands on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response

from src.api import examples
from src.api.answers import shown, written
from src.api.dependencies import CurrentAttempt, CurrentCaller, CurrentStores, Cursor, Limit
from src.api.docs import problems
from src.models.base import Identifier
from src.models.caller import Caller
from src.models.commands import CancelOrder, ItemSwap, PaymentChange, PlaceOrder, ReturnItems
from src.models.order import CancelReason, Order, OrderStatus
from src.models.page import Page
from src.models.user import Address
from src.services import order_commands as commands
from src.services import order_reads, order_service
from src.services.access import turn_to
from src.services.commit import Attempt
from src.services.stores import Stores

router = APIRouter(prefix="/api/orders", tags=["orders"])

UserId = Annotated[UUID | None, Query(description="The customer concerned; for staff.")]
_COMMAND = shown(200, examples.ORDER) | problems(401, 404, 409, 412, 422)


async def get_order_caller(stores: CurrentStores, caller: CurrentCaller, user_id: UserId = None) -> Caller:
    """Staff may turn to one customer by `user_id`: what is not that customer's is then absent."""
    return await turn_to(stores, caller, user_id) if user_id else caller


OrderCaller = Annotated[Caller, Depends(get_order_caller)]


@router.post(
    "",
    status_code=201,
    summary="Place an order",
    responses=shown(201, examples.ORDER) | problems(401, 404, 409, 422),
)
async def place_order(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    asked: Annotated[PlaceOrder, Body(openapi_examples={"two kettles": {"value": examples.PLACE_ORDER}})],
    response: Response,
) -> Order:
    """Paid at once; without an address it goes to the customer's own. Staff name the customer."""
    order = await _carry_out(stores, caller, commands.placing(asked, stores.currency), attempt, response)
    response.headers["Location"] = f"/api/orders/{order.order_id}"
    return order


@router.get(
    "",
    summary="A user's orders, newest first",
    responses=shown(200, examples.page(examples.ORDER)) | problems(401, 404, 422),
)
async def list_orders(
    stores: CurrentStores,
    caller: CurrentCaller,
    user_id: UserId = None,
    status: OrderStatus | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[Order]:
    return await order_reads.list_orders(stores, caller, user_id, status, limit, cursor)


@router.get(
    "/{order_id}", summary="One order", responses=shown(200, examples.ORDER) | problems(401, 404, 422)
)
async def read_order(
    stores: CurrentStores, caller: OrderCaller, order_id: Identifier, response: Response
) -> Order:
    order = await order_reads.get_order(stores, caller, order_id)
    response.headers["ETag"] = f'"{order.version}"'
    return order


@router.post(
    "/{order_id}/cancel",
    summary="Cancel a pending order",
    responses=_COMMAND | shown(200, examples.CANCELLED),
)
async def cancel_order(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    asked: Annotated[
        CancelOrder, Body(openapi_examples={"a mistake": {"value": {"reason": "ordered by mistake"}}})
    ],
    response: Response,
) -> Order:
    """What was paid is refunded: gift cards at once, everything else in 5 to 7 business days."""
    return await _carry_out(stores, caller, commands.cancelling(order_id, asked), attempt, response)


@router.delete(
    "/{order_id}",
    summary="Cancel a pending order, the same as POST .../cancel",
    responses=_COMMAND | shown(200, examples.CANCELLED),
)
async def delete_order(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    reason: CancelReason,
    response: Response,
) -> Order:
    command = commands.cancelling(order_id, CancelOrder(reason=reason))
    return await _carry_out(stores, caller, command, attempt, response)


@router.post("/{order_id}/address", summary="Change a pending order's address", responses=_COMMAND)
async def change_address(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    address: Annotated[Address, Body(openapi_examples={"an address": {"value": examples.ADDRESS}})],
    response: Response,
) -> Order:
    return await _carry_out(stores, caller, commands.changing_address(order_id, address), attempt, response)


@router.post("/{order_id}/payment", summary="Pay a pending order otherwise", responses=_COMMAND)
async def change_payment(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    asked: Annotated[
        PaymentChange, Body(openapi_examples={"by PayPal": {"value": {"payment_method_id": "paypal_1"}}})
    ],
    response: Response,
) -> Order:
    return await _carry_out(stores, caller, commands.changing_payment(order_id, asked), attempt, response)


@router.post("/{order_id}/items", summary="Swap items of a pending order, once", responses=_COMMAND)
async def change_items(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    asked: Annotated[ItemSwap, Body(openapi_examples={"another colour": {"value": examples.SWAP}})],
    response: Response,
) -> Order:
    return await _carry_out(stores, caller, commands.changing_items(order_id, asked), attempt, response)


@router.post("/{order_id}/return", summary="Request a return of delivered items", responses=_COMMAND)
async def return_items(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    asked: Annotated[ReturnItems, Body(openapi_examples={"one item": {"value": examples.RETURN}})],
    response: Response,
) -> Order:
    return await _carry_out(stores, caller, commands.returning(order_id, asked), attempt, response)


@router.post("/{order_id}/exchange", summary="Request an exchange of delivered items", responses=_COMMAND)
async def exchange_items(
    stores: CurrentStores,
    caller: OrderCaller,
    attempt: CurrentAttempt,
    order_id: Identifier,
    asked: Annotated[ItemSwap, Body(openapi_examples={"another colour": {"value": examples.SWAP}})],
    response: Response,
) -> Order:
    return await _carry_out(stores, caller, commands.exchanging(order_id, asked), attempt, response)


async def _carry_out(
    stores: Stores,
    caller: Caller,
    command: commands.OrderCommand | commands.Placement,
    attempt: Attempt,
    response: Response,
) -> Order:
    done = await order_service.execute(stores, caller, command, attempt)
    written(response, done)
    return done.result
