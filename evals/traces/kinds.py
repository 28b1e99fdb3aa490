"""The kinds of personal data, and the fields that hold them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from evals.cases import ME
from src.models.order import CancelReason, OrderStatus, TransactionType


class Kind(StrEnum):
    """Each by what its values are called together."""

    NAME = "names"
    COMPANY = "companies"
    BIRTH = "birth dates"
    MOMENT = "order dates"
    EMAIL = "e-mails"
    PHONE = "phones"
    STREET = "streets"
    TOWN = "towns"
    POSTCODE = "postcodes"
    CARD = "card digits"
    USER = "user ids"
    ORDER = "order ids"
    METHOD = "payment method ids"
    TRACKING = "tracking numbers"
    IP = "IPs"
    IBAN = "IBANs"
    LOGIN = "logins in URLs"
    KEY = "access keys"
    ID = "other ids"
    NUMBER = "other numbers"


FIELDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("first_name", "last_name", "customer_name"), Kind.NAME),
    **dict.fromkeys(("email", "customer"), Kind.EMAIL),
    "company": Kind.COMPANY,
    "birth_date": Kind.BIRTH,
    "order_date": Kind.MOMENT,
    "phone": Kind.PHONE,
    **dict.fromkeys(("address1", "address2"), Kind.STREET),
    "city": Kind.TOWN,
    "zip": Kind.POSTCODE,
    "last_four": Kind.CARD,
    **dict.fromkeys(("user_id", "id", "closed_by"), Kind.USER),
    "order_id": Kind.ORDER,
    **dict.fromkeys(
        ("payment_method_id", "return_payment_method_id", "exchange_payment_method_id"), Kind.METHOD
    ),
    "tracking_id": Kind.TRACKING,
}
_KEYED: Final[Mapping[str, Kind]] = {
    "users": Kind.USER,
    "orders": Kind.ORDER,
    "payment_methods": Kind.METHOD,
}
# The desk's own words, sums and products: nobody's, and a case doesn't hold without them.
PLAIN: Final = frozenset(
    {
        "amount",
        "balance",
        "brand",
        "created_at",
        "currency",
        "exchange_price_difference",
        "expires_at",
        "kind",
        "language",
        "options",
        "price",
        "products",
        "source",
        "status",
        "tags",
        "target",
        "tool",
        "total_amount",
        "transaction_type",
        "updated_at",
        "variants",
    }
)
# What a model writes, at whose names for things nobody looks.
_WRITTEN: Final = frozenset({"arguments", "data"})
_DESKS_OWN: Final = frozenset({"", ME, *CancelReason, *OrderStatus, *TransactionType})
See = Callable[[Kind | None, str], str]


def walk(value: JsonValue, see: See, plain: frozenset[str] = PLAIN, field: str = "") -> JsonValue:
    """The value with every text as `see` answers it, which is told its kind; None of a free text.

    Args:
        value: records, arguments, cases: anything whose fields are called as the desk calls them.
        see: answers what stands instead of a text.
        plain: the fields that are left alone, with all below them, but for what a model wrote.
        field: under which name the value stands.
    """
    match value:
        case dict():
            of_keys = _KEYED.get(field)
            return {
                see(of_keys, key) if of_keys else key: part
                if key in plain
                else walk(part, see, frozenset() if key in _WRITTEN else plain, key)
                for key, part in value.items()
            }
        case list():
            return [walk(part, see, plain, field) for part in value]
        case str():
            return value if value in _DESKS_OWN else see(FIELDS.get(field), value)
        case _:
            return value
