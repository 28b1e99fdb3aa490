"""Looking users up, and changing their address: in a conversation that waits for approval."""

from uuid import UUID

from pydantic_ai import FunctionToolset, RunContext

from src.models.base import OptionalText, Text
from src.models.user import Address, User
from src.services import user_reads, user_service
from tools.commands import command
from tools.deps import Deps, caller_of

user_changes = FunctionToolset[Deps](
    require_parameter_descriptions=True, docstring_format="google", sequential=True
)
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


@user_changes.tool
async def modify_user_address(
    ctx: RunContext[Deps],
    user_id: UUID,
    address1: Text,
    address2: OptionalText,
    city: Text,
    state: OptionalText,
    country: Text,
    zip: Text,  # noqa: A002
) -> User:
    """Change a user's own address; orders that were placed before keep theirs.

    Args:
        ctx: The run and whom it acts for.
        user_id: The user's id, a UUID such as "6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11".
        address1: Street and number, such as "763 Broadway".
        address2: What the first line leaves out, such as "Suite 135", or "".
        city: The city, such as "Philadelphia".
        state: The state or region, such as "PA", or "".
        country: The country, such as "USA".
        zip: The postcode, such as "19122".
    """
    address = Address(address1=address1, address2=address2, city=city, state=state, country=country, zip=zip)
    stores, caller = ctx.deps.stores, caller_of(ctx)
    return await command(
        ctx,
        User,
        {"user_id": str(user_id), **address.model_dump(mode="json")},
        lambda: user_service.propose_address(stores, caller, user_id, address),
        lambda attempt: user_service.change_address(stores, caller, user_id, address, attempt),
    )
