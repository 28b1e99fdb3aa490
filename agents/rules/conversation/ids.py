"""The ids that a text names: of orders, items, products, payment methods and customers."""

import re
from typing import Final

_ID: Final = r"[A-Za-z0-9_-]{0,40}\d[A-Za-z0-9_-]{0,40}"
_ORDER: Final = re.compile(
    rf"(?<![\w-])#?(?P<plain>[Ww]\d{{4,20}})(?![\w-])|(?<!\w)#(?P<marked>{_ID})(?![\w-])"
    r"|\b(?:orders?|bestellung(?:en)?|commandes?|pedidos?|ordini?|ordine|bestelling)\b[ ]{0,3}"
    r"(?:numbers?|no\.?|nr\.?|num\.?|ids?|nummer|numero|n°)?[ :]{0,3}#?"
    r"(?P<named>[A-Za-z]{0,4}\d[A-Za-z0-9_-]{3,40})(?![\w-])",
    re.IGNORECASE,
)
_PAYMENT_ID: Final = re.compile(
    r"(?<![\w-])(?:credit_card|gift_card|paypal|debit_card|bank)_[A-Za-z0-9_-]{1,50}", re.IGNORECASE
)
_PRODUCT_ID: Final = re.compile(
    r"(?<![\w-])P[0-9A-F]{10}(?![\w-])"
    rf"|\b(?:product|produkt|produit|producto)s?(?: id| number| no\.?)?[ :#]{{1,3}}(?P<named>{_ID})(?![\w-])",
    re.IGNORECASE,
)
_LONG_NUMBER: Final = re.compile(r"(?<![\w.,#/+-])\d{8,14}(?![\w/]|[.,-]\d)")
_ITEMS: Final = re.compile(
    r"\b(?:items?|artikel|articles?|articulos?|variants?|skus?)\b(?: ids?| numbers?| no\.?)?[ :#]{1,3}"
    rf"(?P<ids>{_ID}(?:(?:, ?| and | & | or |, and | und | et | y ){_ID}){{0,20}})(?![\w-])",
    re.IGNORECASE,
)
_HEX_ITEM: Final = re.compile(r"(?<![\w-])i[0-9a-f]{12}(?![\w-])")
_UUID: Final = re.compile(r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])", re.IGNORECASE)


def order_ids(text: str) -> list[str]:
    """The orders that a text names, each once, as they are written but for the `#`."""
    found = (
        match["plain"] or match["marked"] or match["named"] for match in _ORDER.finditer(_less_others(text))
    )
    return list(dict.fromkeys(_order_id(each) for each in found))


def _order_id(written: str) -> str:
    return written.upper() if re.fullmatch(r"w\d+", written) else written


def _less_others(text: str) -> str:
    """The text without ids of other kinds."""
    return _PAYMENT_ID.sub(" ", _UUID.sub(" ", text))


def less_order_ids(text: str) -> str:
    """The text without the ids of orders."""
    for order_id in order_ids(text):
        text = re.sub(rf"#?{re.escape(order_id)}", " ", text, flags=re.IGNORECASE)
    return text


def user_ids(text: str) -> list[str]:
    return [match.group().lower() for match in _UUID.finditer(text)]


def payment_ids(text: str) -> list[str]:
    return list(dict.fromkeys(match.group() for match in _PAYMENT_ID.finditer(text)))


def product_ids(text: str) -> list[str]:
    return list(dict.fromkeys(match["named"] or match.group() for match in _PRODUCT_ID.finditer(text)))


def item_ids(text: str) -> list[str]:
    """The items that a text names by their ids, in its order and as often as it does."""
    products, orders = set(product_ids(text)), set(order_ids(text))
    found = {
        match.start(): match.group()
        for pattern in (_LONG_NUMBER, _HEX_ITEM)
        for match in pattern.finditer(text)
    }
    for match in _ITEMS.finditer(text):
        for each in re.finditer(_ID, match["ids"]):
            found[match.start("ids") + each.start()] = each.group()
    return [found[start] for start in sorted(found) if found[start] not in products | orders]
