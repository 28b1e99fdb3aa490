"""Looking users up."""

from uuid import UUID

from pydantic_ai import FunctionToolset, RunContext

from src.models.user import User
from src.services import user_reads
from tools.deps import Deps, caller_of

user_lookups = FunctionToolset[Deps](require_parameter_descriptions=True, docstring_format="google")


@user_lookups.tool
async def find_user_id_by_email(ctx: RunContext[Deps], email: str) -> str:
    """Find a user's id by their e-mail.

    Args:
        ctx: The run and whom it acts for.
        email: The e-mail address in any case, such as "ann.lee@example.com".
    """
    return str((await user_reads.find_user_by_email(ctx.deps.stores, caller_of(ctx), email)).id)


@user_lookups.tool
async def find_user_id_by_name_zip(ctx: RunContext[Deps], first_name: str, last_name: str, zip: str) -> str:  # noqa: A002
    """Find a user's id by their name and postcode, for customers who don't know their e-mail.

    Args:
        ctx: The run and whom it acts for.
        first_name: The first name in any case, such as "Ann".
        last_name: The last name in any case, such as "Lee".
        zip: The postcode of the user's address, such as "19122".
    """
    user = await user_reads.find_user_by_name_zip(ctx.deps.stores, caller_of(ctx), first_name, last_name, zip)
    return str(user.id)


@user_lookups.tool
async def get_user_details(ctx: RunContext[Deps], user_id: UUID) -> User:
    """Get a user's profile: name, e-mail, address and payment methods with gift card balances.

    Args:
        ctx: The run and whom it acts for.
        user_id: The user's id, a UUID such as "6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11".
    """
    return await user_reads.get_user(ctx.deps.stores, caller_of(ctx), user_id)
