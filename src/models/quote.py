"""What a command costs, and what it makes of the records."""

from dataclasses import dataclass

from src.models.base import Money, Record
from src.models.order import Currency, Order, Transaction
from src.models.user import User


class Quote(Record):
    """The money that a command moves at once, or will move when a return or an exchange is settled.

    An approval holds for one quote: a command whose quote is no longer equal to it is refused.
    `price_difference` is set where items are swapped: the new prices' sum minus the old ones'.
    """

    currency: Currency
    movements: list[Transaction]
    price_difference: Money | None = None


@dataclass(frozen=True)
class Change:
    """The records as a command leaves them; `user` only where a gift card's balance moved."""

    order: Order
    user: User | None
    quote: Quote


@dataclass(frozen=True)
class Proposal:
    """What a command would come to now: the money if any moves, and a sentence for whoever approves it."""

    quote: Quote | None
    summary: str
