"""Checks of what people type."""

from uuid import UUID

from email_validator import EmailNotValidError, validate_email


def validate_email_address(text: str) -> str:
    """The address in its normalised form.

    Args:
        text: an e-mail address as somebody wrote it.

    Returns:
        The address with its domain in lower case and Unicode composed; its mailbox is left as written.

    Raises:
        ValueError: it is no address that mail could reach.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


def validate_user_id(text: str) -> UUID:
    """A user's id.

    Args:
        text: the id in the canonical form of a UUID, with hyphens.

    Returns:
        The UUID.

    Raises:
        ValueError: it is not a UUID in that form.
    """
    user_id = UUID(text)
    if str(user_id) != text.lower():
        raise ValueError("a user id is a UUID with hyphens")
    return user_id
