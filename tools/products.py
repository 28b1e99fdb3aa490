"""Looking products and their items up."""

from pydantic_ai import FunctionToolset, RunContext

from src.models.base import Identifier
from src.models.product import Item, Product, ProductType
from src.services import product_service
from tools.deps import Deps, caller_of

product_lookups = FunctionToolset[Deps](require_parameter_descriptions=True, docstring_format="google")


@product_lookups.tool
async def list_all_product_types(ctx: RunContext[Deps]) -> list[ProductType]:
    """List the names of all products with their ids, sorted by name."""
    return await product_service.list_product_types(ctx.deps.stores, caller_of(ctx))


@product_lookups.tool
async def get_product_details(ctx: RunContext[Deps], product_id: Identifier) -> Product:
    """Get a product with its variants: each item's id, options, price and whether it is available.

    Args:
        ctx: The run and whom it acts for.
        product_id: The product's id (not an item's), such as "6086499569".
    """
    return await product_service.get_product(ctx.deps.stores, caller_of(ctx), product_id)


@product_lookups.tool
async def get_item_details(ctx: RunContext[Deps], item_id: Identifier) -> Item:
    """Get one item, which is a variant of a product: its options, price and whether it is available.

    Args:
        ctx: The run and whom it acts for.
        item_id: The item's id, such as "1008292230".
    """
    return await product_service.get_item_details(ctx.deps.stores, caller_of(ctx), item_id)
