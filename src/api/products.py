"""/api/products and /api/items: what can be ordered."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from src.api import examples
from src.api.answers import shown, written
from src.api.dependencies import CurrentAttempt, CurrentCaller, CurrentStores, Cursor, Limit
from src.api.docs import problems
from src.models.base import Identifier
from src.models.commands import NewProduct, ProductChange
from src.models.page import Page
from src.models.product import Item, Product
from src.services import product_service

router = APIRouter(prefix="/api", tags=["products"])


@router.get(
    "/products",
    summary="Products by name",
    responses=shown(200, examples.page(examples.PRODUCT)) | problems(401, 422),
)
async def list_products(
    stores: CurrentStores, caller: CurrentCaller, limit: Limit = 20, cursor: Cursor = None
) -> Page[Product]:
    return await product_service.list_products(stores, caller, limit, cursor)


@router.get(
    "/products/{product_id}",
    summary="One product with its variants",
    responses=shown(200, examples.PRODUCT) | problems(401, 404, 422),
)
async def read_product(
    stores: CurrentStores, caller: CurrentCaller, product_id: Identifier, response: Response
) -> Product:
    product = await product_service.get_product(stores, caller, product_id)
    response.headers["ETag"] = f'"{product.version}"'
    return product


@router.get(
    "/items/{item_id}",
    summary="One item, a product's variant",
    responses=shown(200, examples.ITEM) | problems(401, 404, 422),
)
async def read_item(stores: CurrentStores, caller: CurrentCaller, item_id: Identifier) -> Item:
    return await product_service.get_item_details(stores, caller, item_id)


@router.post(
    "/products",
    status_code=201,
    summary="Make a product (admins)",
    responses=shown(201, examples.PRODUCT) | problems(401, 403, 409, 422),
)
async def create_product(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    new: Annotated[NewProduct, Body(openapi_examples={"a kettle": {"value": examples.NEW_PRODUCT}})],
    response: Response,
) -> Product:
    done = await product_service.create_product(stores, caller, new, attempt)
    written(response, done)
    response.headers["Location"] = f"/api/products/{done.result.product_id}"
    return done.result


@router.put(
    "/products/{product_id}",
    summary="Change what is sent of a product (admins)",
    responses=shown(200, examples.PRODUCT) | problems(401, 403, 404, 409, 412, 422),
)
async def update_product(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    product_id: Identifier,
    change: Annotated[ProductChange, Body(openapi_examples={"another name": {"value": {"name": "Kettle"}}})],
    response: Response,
) -> Product:
    """`variants` replaces the whole set; orders keep the names and prices that they were placed with."""
    done = await product_service.update_product(stores, caller, product_id, change, attempt)
    written(response, done)
    return done.result


@router.delete(
    "/products/{product_id}",
    status_code=204,
    summary="Delete a product (admins)",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def delete_product(
    stores: CurrentStores,
    caller: CurrentCaller,
    attempt: CurrentAttempt,
    product_id: Identifier,
    response: Response,
) -> None:
    done = await product_service.delete_product(stores, caller, product_id, attempt)
    written(response, done)
