"""One sentence for each command, made by code: what a person approves is what will be done.

Each function takes what its rule takes and the quote that the rule came to. Whatever somebody wrote
themselves (names, options, addresses, brands) stands on one line within quotation marks that it can't end.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from unicodedata import category

from src.models.base import plain, rounded
from src.models.order import CancelReason, Order, OrderItem, Transaction, TransactionType
from src.models.product import Item
from src.models.quote import Quote
from src.models.rules.lines import claimed, swaps
from src.models.user import Address, CreditCard, GiftCard, User

_WORD: Final = re.compile(r"[A-Za-z]{1,20}")
_LOOKS_LIKE_A_QUOTE: Final = frozenset('"\u201e\u201a\u2033\u2036\u301d\u301e\u301f\uff02')


def place(order: Order, user: User, quote: Quote) -> str:
    """`order` is the one that would be placed."""
    bought = _counted([f"{_item(line)} at {_money(line.price, order.currency)}" for line in order.items])
    return f"Place an order: {bought}; deliver to {_address(order.address)}; {_moves(user, quote)}."


def cancel(order: Order, user: User, reason: CancelReason, quote: Quote) -> str:
    return f"Cancel order {order.order_id} ({reason}): {_moves(user, quote)}."


def change_address(order: Order, address: Address) -> str:
    return f"Change the delivery address of order {order.order_id} to {_address(address)}."


def change_user_address(address: Address) -> str:
    return f"Change the customer's own address to {_address(address)}."


def change_payment(order: Order, user: User, quote: Quote) -> str:
    return f"Change the payment of order {order.order_id}: {_moves(user, quote)}."


def change_items(
    order: Order,
    user: User,
    items: Mapping[str, Item],
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    quote: Quote,
) -> str:
    swapped = _swapped(order, items, item_ids, new_item_ids)
    moves = _moves(user, quote)
    return f"Change items of order {order.order_id}, which can be done only once: {swapped}; {moves}."


def return_items(order: Order, user: User, item_ids: Sequence[str], quote: Quote) -> str:
    returned = _counted([_item(order.items[position]) for position in claimed(order, item_ids)])
    moves = _moves(user, quote, "once the return is settled")
    return f"Return from order {order.order_id}: {returned}; {moves}."


def exchange_items(
    order: Order,
    user: User,
    items: Mapping[str, Item],
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    quote: Quote,
) -> str:
    swapped = _swapped(order, items, item_ids, new_item_ids)
    moves = _moves(user, quote, "once the exchange is settled")
    return f"Exchange in order {order.order_id}: {swapped}; {moves}."


def hand_over(text: str) -> str:
    return f"Hand over to a human: {quoted(text)}."


def quoted(text: str) -> str:
    """The text on one line, without invisible characters, in quotation marks that nothing in it can end."""
    return f'"{" ".join("".join(map(_harmless, text)).split())}"'


def _harmless(character: str) -> str:
    kind = category(character)
    if kind.startswith(("C", "Z")):
        return " "
    return "'" if kind in {"Pi", "Pf"} or character in _LOOKS_LIKE_A_QUOTE else character


def _swapped(
    order: Order, items: Mapping[str, Item], item_ids: Sequence[str], new_item_ids: Sequence[str]
) -> str:
    pairs = swaps(order, items, item_ids, new_item_ids, same_item_allowed=True)
    return _counted([f"{_item(pair.old)} for {_item(pair.new)}" for pair in pairs])


def _counted(things: Sequence[str]) -> str:
    return ", ".join(f"{times} \u00d7 {thing}" for thing, times in Counter(things).items())


def _item(line: OrderItem) -> str:
    options = (f"{name}: {value}" for name, value in line.options.items())
    return f"{quoted(', '.join([line.name, *options]))} (item {line.item_id})"


def _address(address: Address) -> str:
    parts = (
        address.address1,
        address.address2,
        address.city,
        f"{address.state} {address.zip}",
        address.country,
    )
    return quoted(", ".join(part for part in parts if part))


def _moves(user: User, quote: Quote, when: str | None = None) -> str:
    """Every movement of money and, for those that don't happen at once, when it happens."""
    moves = [_move(user, movement, quote.currency, when) for movement in quote.movements if movement.amount]
    return " and ".join(moves) or "no money moves"


def _move(user: User, movement: Transaction, currency: str, when: str | None) -> str:
    value, method = _money(movement.amount, currency), _method(user, movement.payment_method_id)
    if movement.transaction_type is TransactionType.PAYMENT:
        return f"pay {value} with {method}" + (f" {when}" if when else "")
    is_gift_card = isinstance(user.payment_methods.get(movement.payment_method_id), GiftCard)
    usual = "at once" if is_gift_card else "in 5 to 7 business days"
    return f"refund {value} to {method} {when or usual}"


def _method(user: User, payment_method_id: str) -> str:
    method = user.payment_methods.get(payment_method_id)
    if method is None:
        return f"{payment_method_id} (no longer on file)"
    if isinstance(method, CreditCard):
        brand = method.brand if _WORD.fullmatch(method.brand) else quoted(method.brand)
        return f"{payment_method_id} ({brand} ending {method.last_four})"
    return f"{payment_method_id} ({'gift card' if isinstance(method, GiftCard) else 'PayPal'})"


def _money(value: Decimal, currency: str) -> str:
    return f"{plain(rounded(value, currency))} {currency}"
