"""/api/users: profiles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response

from src.api import examples
from src.api.answers import shown, written
from src.api.dependencies import CurrentAttempt, CurrentCaller, CurrentStores, Cursor, Limit
from src.api.docs import problems
from src.models.commands import NewUser, UserChange
from src.models.errors import Invalid
from src.models.page import Page
from src.models.user import Address, User
from src.services import user_reads, user_service

router = APIRouter(prefix="/api/users", tags=["users"])

Found = Annotated[str | None, Query(min_length=1, max_length=200)]


@router.post(
    "",
    status_code=201,
    summary="Register, or make a user",
    responses=shown(201, examples.USER) | problems(401, 403, 409, 412, 422),
)
async def create_user(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    new: Annotated[NewUser, Body(openapi_examples={"a customer": {"value": examples.NEW_USER}})],
    response: Response,
) -> User:
    """A customer's own profile, with the e-mail that their ID token vouches for; staff name another's."""
    done = await user_service.create_user(stores, caller, new, attempt)
    written(response, done)
    response.headers["Location"] = f"/api/users/{done.result.id}"
    return done.result


@router.get(
    "/me", summary="The caller's own profile", responses=shown(200, examples.USER) | problems(401, 404)
)
async def read_own_user(stores: CurrentStores, caller: CurrentCaller, response: Response) -> User:
    user = await user_reads.get_user(stores, caller, caller.user_id)
    response.headers["ETag"] = f'"{user.version}"'
    return user


@router.get(
    "",
    summary="Find or list users",
    responses=shown(200, examples.page(examples.USER)) | problems(401, 404, 422),
)
async def list_users(
    stores: CurrentStores,
    caller: CurrentCaller,
    email: Found = None,
    first_name: Found = None,
    last_name: Found = None,
    zip: Found = None,  # noqa: A002
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[User]:
    """By `email`, by `first_name`, `last_name` and `zip`, or all; a customer finds but themselves."""
    names = (first_name, last_name, zip)
    if email is not None:
        return Page(items=[await user_reads.find_user_by_email(stores, caller, email)])
    if first_name and last_name and zip:
        user = await user_reads.find_user_by_name_zip(stores, caller, first_name, last_name, zip)
        return Page(items=[user])
    if any(names):
        raise Invalid("Name first_name, last_name and zip together.")
    return await user_reads.list_users(stores, caller, limit, cursor)


@router.get("/{user_id}", summary="One user", responses=shown(200, examples.USER) | problems(401, 404, 422))
async def read_user(stores: CurrentStores, caller: CurrentCaller, user_id: UUID, response: Response) -> User:
    user = await user_reads.get_user(stores, caller, user_id)
    response.headers["ETag"] = f'"{user.version}"'
    return user


@router.put(
    "/{user_id}",
    summary="Change what is sent of a user",
    responses=shown(200, examples.USER) | problems(401, 403, 404, 409, 412, 422),
)
async def update_user(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    user_id: UUID,
    change: Annotated[UserChange, Body(openapi_examples={"a new name": {"value": {"name": examples.NAME}}})],
    response: Response,
) -> User:
    """`payment_methods` replaces the set: gift cards stay, and what paid for an order can't be left out."""
    done = await user_service.update_user(stores, caller, user_id, change, attempt)
    written(response, done)
    return done.result


@router.delete(
    "/{user_id}",
    status_code=204,
    summary="Delete a user without open orders",
    responses=problems(401, 404, 409, 412, 422),
)
async def delete_user(
    stores: CurrentStores, caller: CurrentCaller, attempt: CurrentAttempt, user_id: UUID, response: Response
) -> None:
    done = await user_service.delete_user(stores, caller, user_id, attempt)
    written(response, done)


@router.put(
    "/{user_id}/address",
    summary="Change a user's address",
    responses=shown(200, examples.USER) | problems(401, 404, 409, 412, 422),
)
async def change_address(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    user_id: UUID,
    address: Annotated[Address, Body(openapi_examples={"an address": {"value": examples.ADDRESS}})],
    response: Response,
) -> User:
    done = await user_service.change_address(stores, caller, user_id, address, attempt)
    written(response, done)
    return done.result
