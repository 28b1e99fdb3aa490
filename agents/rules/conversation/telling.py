"""The desk's things in plain words."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from agents.rules.conversation.things import Item, Method, Order, Payment, Product, User

_KINDS: Final = {"credit_card": "credit card", "paypal": "PayPal", "gift_card": "gift card"}
_SHOWN: Final = 20


def listed(things: Iterable[str]) -> str:
    """Some things in one sentence."""
    *most, last = list(things) or ["nothing"]
    return f"{'; '.join(most)}; and {last}" if len(most) > 1 else f"{most[0]} and {last}" if most else last


def priced(amount: Decimal, currency: str = "") -> str:
    return f"{amount} {currency}".strip()


def method_label(method_id: str, methods: dict[str, Method] | None = None) -> str:
    """A way to pay as its owner knows it."""
    method = (methods or {}).get(method_id)
    if method is None:
        kind = next((name for key, name in _KINDS.items() if method_id.startswith(key)), "payment method")
        return f"{kind} ({method_id})"
    kind = _KINDS.get(method.source, method.source)
    if method.last_four:
        return f"{method.brand or kind} ending in {method.last_four} ({method_id})"
    balance = f" with a balance of {method.balance}" if method.balance is not None else ""
    return f"{kind}{balance} ({method_id})"


def order_in_short(order: Order) -> str:
    """One line of a list of orders."""
    names = ", ".join(dict.fromkeys(item.name for item in order.items)) or "no items"
    day = f", {order.order_date[:10]}" if order.order_date else ""
    return f"{order.number} ({order.status}{day}): {names}, {priced(order.total_amount, order.currency)}"


def _moved(payment: Payment, currency: str) -> str:
    verb = "refunded to" if payment.transaction_type == "refund" else "paid with"
    return f"{priced(payment.amount, currency)} {verb} {method_label(payment.payment_method_id)}"


def order_in_full(order: Order) -> str:
    """All that a customer wants to know of an order."""
    parts = [f"Order {order.number} is {order.status}."]
    items = listed(
        f"{item.label} at {priced(item.price, order.currency)} (item {item.item_id})" for item in order.items
    )
    parts.append(f"It holds {items}; the total is {priced(order.total_amount, order.currency)}.")
    if order.order_date:
        parts.append(f"It was placed on {order.order_date[:10]}.")
    if order.address:
        parts.append(f"It goes to {order.address.written}.")
    if order.payment_history:
        parts.append(f"Payments: {listed(_moved(each, order.currency) for each in order.payment_history)}.")
    parts += [told for told in (_tracking(order), _return(order), _exchange(order)) if told]
    return " ".join(parts)


def _tracking(order: Order) -> str:
    """The numbers of its parcels, each with what it holds where there are several."""
    parcels = [each for each in order.fulfillments if each.tracking_id]
    if len(parcels) < 2:
        numbers = ", ".join(number for each in parcels for number in each.tracking_id)
        return f"Tracking: {numbers}." if numbers else ""
    told = listed(f"{', '.join(each.tracking_id)} with {_names(order, each.item_ids)}" for each in parcels)
    return f"Tracking: {told}."


def _names(order: Order, item_ids: Iterable[str]) -> str:
    """Items of an order by their names, each with how often it is meant."""
    labels = {item.item_id: item.label for item in order.items}
    counts = Counter(item_ids)
    return listed(f"{count} x {labels.get(item_id, f'item {item_id}')}" for item_id, count in counts.items())


def _return(order: Order) -> str:
    if not order.return_items:
        return ""
    method = method_label(order.return_payment_method_id or "")
    refund = priced(returned_amount(order), order.currency)
    named = _names(order, order.return_items)
    return f"The return asked for is of {named}; the refund of {refund} goes to {method}."


def returned_amount(order: Order) -> Decimal:
    """What the items cost that are sent back."""
    prices = {item.item_id: item.price for item in order.items}
    return sum((prices.get(item_id, Decimal(0)) for item_id in order.return_items or []), Decimal(0))


def _exchange(order: Order) -> str:
    """What is exchanged for what, and what that costs."""
    if not order.exchange_items:
        return ""
    swapped = f"{_names(order, order.exchange_items)} for item {', '.join(order.exchange_new_items or [])}"
    difference = priced(order.exchange_price_difference or Decimal(0), order.currency)
    method = method_label(order.exchange_payment_method_id or "")
    return f"The exchange asked for is of {swapped}; the difference is {difference}, settled with {method}."


def who_is(user: User) -> str:
    return f"Your name is {user.name.first_name} {user.name.last_name} and your e-mail is {user.email}."


def address_of(user: User) -> str:
    return f"Your address is {user.address.written}." if user.address else "You have no address on file."


def methods_of(user: User) -> str:
    methods = listed(method_label(each, user.payment_methods) for each in user.payment_methods)
    return (
        f"Your payment methods: {methods}."
        if user.payment_methods
        else "You have no payment methods on file."
    )


def item_in_full(item: Item) -> str:
    stock = "available" if item.available else "not available at present"
    return f"{item.label}, item {item.item_id}, costs {item.price} and is {stock}."


def product_in_full(product: Product, items: Iterable[Item]) -> str:
    available = sum(each.available for each in product.variants.values())
    head = f"{product.name} comes in {len(product.variants)} variants, {available} of them available:"
    return "\n".join([head, *[f"- {_variant(item)}" for item in items][:_SHOWN]])


def _variant(item: Item) -> str:
    options = ", ".join(f"{name}: {value}" for name, value in item.options.items()) or item.name
    return f"{options}: {item.price}{'' if item.available else ', not available'} (item {item.item_id})"


def price_beside(own: Item, others: Iterable[Item]) -> str:
    """What other variants cost more or less than one that the customer has."""
    told = listed(
        f"{_options(item)}: {abs(item.price - own.price)} {_more_or_less(item, own)}" for item in others
    )
    return f"Yours ({_options(own)}) cost {own.price}. Beside it, {told}."


def _more_or_less(item: Item, own: Item) -> str:
    return "less" if item.price < own.price else "more"


def _options(item: Item) -> str:
    return ", ".join(item.options.values()) or item.name
