"""What things of the catalogue would cost together, and what of it a gift card leaves to be paid."""

from agents.rules.conversation.arithmetic import expression_in
from agents.rules.conversation.commands import bought
from agents.rules.conversation.desk import Desk, Said
from agents.rules.conversation.ids import order_ids
from agents.rules.conversation.items import products_in
from agents.rules.conversation.lookups import tell_order, tell_product, tell_sum
from agents.rules.conversation.replies import Reply
from agents.rules.conversation.requests import Request
from agents.rules.conversation.slots import has, kinds_in
from agents.rules.conversation.telling import listed, priced


def tell_quote(request: Request, desk: Desk) -> Reply:
    """The sum of what is named; what was ordered already is told of as orders are."""
    if request.read(expression_in):
        return tell_sum(request, desk)
    products = [] if request.read(order_ids) else products_in(request, desk)
    if not products:
        return tell_order(request, desk)
    items = {item.item_id: item for product in products for item in product.items}
    try:
        chosen = bought(request, desk)
    except Said:
        return tell_product(request, desk)
    lines = [(items[item_id], count) for item_id, count in chosen if item_id in items]
    named = listed(f"{count} x {item.label} at {priced(item.price)}" for item, count in lines)
    expression = " + ".join(f"{count} * {item.price}" for item, count in lines)
    if balance := _balance(request, desk):
        expression = f"{expression} - {balance}"
        named = f"{named}, less the {balance} of your gift card"
    return Reply(f"{named}: that comes to {desk.look('calculate', expression=expression)}.")


def _balance(request: Request, desk: Desk) -> str:
    """What the gift cards hold, where they are to be used up."""
    if "gift_card" not in request.read(kinds_in) or not has(request.around, "which", "difference"):
        return ""
    balances = [each.balance for each in desk.user().payment_methods.values() if each.balance]
    return str(sum(balances)) if balances else ""
