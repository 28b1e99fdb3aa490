"""How money moves: amounts, payment methods and the balances of gift cards."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from src.models.base import plain, rounded
from src.models.errors import InsufficientBalance, Invalid, InvalidPaymentMethod
from src.models.order import Transaction, TransactionType
from src.models.user import GiftCard, PaymentMethod, User

# `Money` holds 18 digits, up to four of them decimals: a larger amount could be written but not read again.
_LIMIT: Final = Decimal(10) ** 14


def amount(value: Decimal, currency: str) -> Decimal:
    """The value with its currency's decimals; Invalid where it is too large to be stored."""
    result = _storable(rounded(value, currency))
    return abs(result) if result.is_zero() else result


def payment(value: Decimal, payment_method_id: str) -> Transaction:
    return Transaction(
        transaction_type=TransactionType.PAYMENT, amount=value, payment_method_id=payment_method_id
    )


def refund(value: Decimal, payment_method_id: str) -> Transaction:
    return Transaction(
        transaction_type=TransactionType.REFUND, amount=value, payment_method_id=payment_method_id
    )


def settlement(difference: Decimal, payment_method_id: str) -> Transaction:
    """What a price difference comes to: a payment of more, else a refund, which may be one of nothing."""
    if difference > 0:
        return payment(difference, payment_method_id)
    return refund(abs(difference), payment_method_id)


def signed(movement: Transaction) -> Decimal:
    """What the movement adds to what has been paid."""
    is_payment = movement.transaction_type is TransactionType.PAYMENT
    return movement.amount if is_payment else -movement.amount


def own_method(user: User, payment_method_id: str) -> PaymentMethod:
    method = user.payment_methods.get(payment_method_id)
    if method is None:
        own = ", ".join(user.payment_methods) or "none so far, so add one first"
        raise InvalidPaymentMethod(
            f"{payment_method_id} is not one of the customer's payment methods; choose one of theirs ({own})."
        )
    return method


def settled(user: User, movements: Iterable[Transaction], currency: str) -> User | None:
    """The user after the movements, or None where no balance moves; InsufficientBalance where one is too low.

    A method that the user no longer has moves no balance: its refund still stands in the order's history,
    by which a human can settle it, and is not lost with the card.
    """
    methods = dict(user.payment_methods)
    for movement in movements:
        method = methods.get(movement.payment_method_id)
        if isinstance(method, GiftCard):
            methods[movement.payment_method_id] = _charged(method, movement, currency)
    return None if methods == user.payment_methods else user.model_copy(update={"payment_methods": methods})


def _charged(card: GiftCard, movement: Transaction, currency: str) -> GiftCard:
    balance = _storable(card.balance - signed(movement))
    if balance < 0:
        raise InsufficientBalance(
            f"Gift card {movement.payment_method_id} holds {plain(card.balance)} {currency}, which does not "
            f"cover {plain(movement.amount)} {currency}; choose another payment method."
        )
    return GiftCard(balance=balance)


def _storable(value: Decimal) -> Decimal:
    if abs(value) >= _LIMIT:
        raise Invalid(f"The amount {plain(value)} is larger than can be booked; do it in smaller parts.")
    return value
