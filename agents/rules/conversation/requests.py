"""What customers can want, and one thing that one of them does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")


class Intent(StrEnum):
    """What somebody can want; where two read the same words, the earlier one has them."""

    FIND_USER = "find_user"
    IDENTITY = "identity"
    OUTSIDE = "outside"
    HUMAN = "human"
    PAYMENT = "payment"
    ADDRESS = "address"
    CANCEL = "cancel"
    RETURN = "return"
    EXCHANGE = "exchange"
    PLACE = "place"
    QUOTE = "quote"
    PROFILE = "profile"
    ORDERS = "orders"
    STATUS = "status"
    PRODUCTS = "products"
    PRODUCT = "product"
    CAPABILITIES = "capabilities"
    OFF_TOPIC = "off_topic"
    CALCULATE = "calculate"
    GREETING = "greeting"
    THANKS = "thanks"
    YES = "yes"
    NO = "no"
    NEGATED = "negated"
    DAMAGED = "damaged"
    UNCLEAR = "unclear"


COMMANDS: Final = frozenset(
    {Intent.PAYMENT, Intent.ADDRESS, Intent.CANCEL, Intent.RETURN, Intent.EXCHANGE, Intent.PLACE}
)
LOOKUPS: Final = frozenset(
    {
        Intent.QUOTE,
        Intent.PROFILE,
        Intent.ORDERS,
        Intent.STATUS,
        Intent.PRODUCTS,
        Intent.PRODUCT,
        Intent.CALCULATE,
    }
)


@dataclass(frozen=True)
class Request:
    """One thing that the customer wants.

    Args:
        intent: What it is.
        words: Where its details stand, newest first: the answers to questions, then its part of a message.
        around: The whole message, for what its own part leaves open.
        before: What of the message stands before its own part.
        is_hint: Nothing asks for it outright.
        kept: The orders that it must leave as they are.
        about: The one order that a question about it named.
        waited: For how many turns nothing has answered it.
        is_amendment: It tells anew what was refused or declined.
        otherwise: How it is understood where its own words leave something open.
        is_fallback: It is only wanted where what stands before it can't be done.
        cited: What others say in the message, where its writer points to it: data, and never a wish.
    """

    intent: Intent
    words: tuple[str, ...]
    around: str = ""
    before: str = ""
    is_hint: bool = False
    kept: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    waited: int = 0
    is_amendment: bool = False
    otherwise: "Request | None" = None
    is_fallback: bool = False
    cited: str = ""

    @property
    def text(self) -> str:
        return self.words[-1]

    @property
    def said(self) -> str:
        """All its own words, newest first."""
        return "\n".join(self.words)

    def read(self, reader: Callable[[str], T]) -> T:
        """The first that its words give, newest first, then the message around; else what nothing gives."""
        for words in (*self.words, self.around):
            if found := reader(words):
                return found
        return reader("")

    def answered(self, answer: str) -> "Request":
        return replace(self, words=(answer, *self.words))
