"""Order lines as people write them: `2 x Desk Lamp @ 19.99`, `Desk Lamp (x2) - 39.98`, a row of a receipt."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.reading.money import Amount, find_amounts
from agents.rules.reading.numbers import find_figures, number_words
from agents.rules.text import Span, fold, trimmed
from agents.rules.vocabulary import load, longest_suffix, meanings, normal, word_set

CHARGES: Final = frozenset(
    {
        "total",
        "subtotal",
        "tax",
        "shipping_cost",
        "discount",
        "payment_method",
        "order_id",
        "order_date",
        "invoice_id",
        "due_date",
        "phone",
        "zip",
        "weight",
    }
)
_BULLET: Final = re.compile(
    r"\s*(?:[>*•·‣▪+-]+\s+|\(?\d{1,2}[.)]\s+|pos\.? ?\d{1,3}[:.)]?\s+)", re.IGNORECASE
)
_TIMES: Final = r"(?:x|\u00d7|mal)"
_QUANTITY_AFTER: Final = re.compile(
    rf"(?:[(\[]\s?(?:{_TIMES} ?(?P<a>\d{{1,5}})|(?P<b>\d{{1,5}}) ?{_TIMES})\s?[)\]]"
    rf"|(?<!\w){_TIMES} ?(?P<c>\d{{1,5}})(?![\w.,]*\d)"
    r"|(?<!\w)(?:qty|quantity|quantite|qte|anzahl|menge|cantidad|cant|quantita|qta|aantal|antal"
    r"|ilosc|quantidade|qtd|qnty|pcs|stk)\b\.? ?[:=]? ?(?P<d>\d{1,5})(?![\w.,]*\d)"
    r"|(?<![\w.,])(?P<e>\d{1,5}) ?(?:pcs|pieces|pc|units|stk|stuck|pieces|pz|uds|unidades|st"
    r"|stuks|szt|kpl|ks)\b\.?)"
)
_ID: Final = re.compile(
    r"[(\[]?(?<!\w)(?:sku|item(?: (?:no|id|number|nr|code))?|art(?:icle|ikel)?\.?(?:-| )?(?:nr"
    r"|no|num)?|ref(?:erence|erencia)?|code|product (?:id|no|code)|prod\.? ?(?:id|no)|part "
    r"(?:no|number)|id|model|best\.-nr|cod|codigo|codice)\b"
    r"[.:#°º\s]{0,4}(?P<id>#?(?=[\w-]{0,30}\d)[a-z0-9][\w./-]{1,40})[)\]]?",
)
_HASH: Final = re.compile(r"[(\[]?#(?P<id>[a-z0-9][\w-]{2,40})[)\]]?")
_END: Final = re.compile(
    r"\s*(?:[@,;:|=\u2013\u2014→-]+|\bat\b|\bfor\b|\bà\b|\ba\b|\bzu\b|\bje\b|\bfür\b|\bpour\b"
    r"|\bpor\b|\bper\b|\bvoor\b|\bför\b|\bfor\b|\beach\b|\.{2,}|\()*\s*$",
    re.IGNORECASE,
)


@dataclass
class Row:
    """An item of an order: by meaning, the value and where it stands."""

    cells: dict[str, tuple[str | Decimal, Span]] = field(
        default_factory=dict[str, tuple[str | Decimal, Span]]
    )

    def add(self, key: str, value: str | Decimal, span: Span) -> None:
        if key not in self.cells and span.start < span.end:
            self.cells[key] = (value, span)


@cache
def _leading(language: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(number_words(language), key=len, reverse=True))
    units = "|".join(
        re.escape(fold(word)) for word in sorted(load("quantities")["units"]["pieces"], key=len, reverse=True)
    )
    return re.compile(
        rf"\s*(?:(?P<figures>\d{{1,5}})|(?P<words>{words})(?![\w-])) "
        rf"?(?P<unit>(?:{units})(?!\w)\.?|[x\u00d7*](?!\w))?(?=[\s\[(\"'])\s*"
    )


@cache
def _each() -> re.Pattern[str]:
    words = sorted((fold(word) for word in load("quantities")["each"]["each"]), key=len, reverse=True)
    return re.compile(rf"\s?(?:{'|'.join(re.escape(word) for word in words)})(?!\w)")


def parse_line(
    text: str, line: Span, *, language: str = "en", order: list[frozenset[str]] | None = None
) -> Row | None:
    """The item of one line, or None where the line tells of something else.

    Args:
        text: The whole text.
        line: The line in it.
        language: Whose words for numbers count.
        order: What a heading above says the columns are, from left to right.
    """
    bullet = _BULLET.match(text, line.start, line.end)
    start = bullet.end() if bullet else line.start
    row = Row()
    start = _leading_quantity(
        text, Span(start, line.end), row, language, is_column=bool(order and "quantity" in order[0])
    )
    prices = _prices(text, Span(start, line.end), is_table=order is not None)
    end = prices[0].span.start if prices else line.end
    _quantity_after(text, Span(start, line.end), row, order)
    add_identifier(text, Span(start, end), row)
    name = _name(text, start, end, row)
    if name.start == name.end or is_charge(text, name) or not _has_letters(text, name):
        return None
    row.add("item_name", name.of(text), name)
    _add_prices(text, row, prices, order)
    return row if row.cells.keys() & {"quantity", "unit_price", "line_total", "price"} else None


def _has_letters(text: str, name: Span) -> bool:
    return sum(character.isalpha() for character in name.of(text)) >= 2


def _leading_quantity(text: str, rest: Span, row: Row, language: str, *, is_column: bool) -> int:
    match = _leading(language).match(fold(rest.of(text)))
    if match is None:
        return rest.start
    following = rest.of(text)[match.end() :]
    is_counted = (
        bool(match["unit"]) or bool(match["words"]) or is_column or bool(re.match(r"[^\W\d_]", following))
    )
    if not is_counted:
        return rest.start
    if match["figures"] and not int(match["figures"]):
        return rest.start
    value = Decimal(match["figures"]) if match["figures"] else Decimal(number_words(language)[match["words"]])
    group = "figures" if match["figures"] else "words"
    row.add("quantity", value, Span(rest.start + match.start(group), rest.start + match.end(group)))
    return rest.start + match.end()


def find_prices(text: str, *, is_table: bool = False) -> list[Amount]:
    """Amounts with a currency; where there are none, figures that look like prices."""
    found = find_amounts(text)
    if not found:
        figures = [
            each
            for each in find_figures(text)
            if _is_price(text[each[1] : each[2]]) or (is_table and not text[each[2] :].strip())
        ]
        found = [Amount(value, "", Span(start, end), Span(start, end)) for value, start, end in figures]
    return found


def _prices(text: str, rest: Span, *, is_table: bool) -> list[Amount]:
    return [moved(amount, rest.start) for amount in find_prices(rest.of(text), is_table=is_table)]


def _is_price(figures: str) -> bool:
    return bool(re.fullmatch(r"[\d.,' ]*\d[.,]\d{2}", figures))


def moved(amount: Amount, by: int) -> Amount:
    """The amount, found in a part of a text that begins so much later."""
    return Amount(
        amount.value,
        amount.currency,
        Span(amount.span.start + by, amount.span.end + by),
        Span(amount.number.start + by, amount.number.end + by),
    )


def _quantity_after(text: str, rest: Span, row: Row, order: list[frozenset[str]] | None) -> None:
    match = _QUANTITY_AFTER.search(fold(rest.of(text)))
    if match:
        group = next(name for name in "abcde" if match[name])
        row.add(
            "quantity",
            Decimal(match[group]),
            Span(rest.start + match.start(group), rest.start + match.end(group)),
        )
    elif order and "quantity" not in row.cells:
        lone = re.search(r"(?<=\s)(\d{1,4})(?=\s+[^\w\s]{0,3}\s?\d[\d.,]*)", rest.of(text))
        if lone:
            row.add("quantity", Decimal(lone[1]), Span(rest.start + lone.start(1), rest.start + lone.end(1)))


def add_identifier(text: str, rest: Span, row: Row) -> None:
    """The item's own number: `SKU: 4711`, `(item 123)`, `#123`."""
    folded = fold(rest.of(text))
    match = _ID.search(folded) or _HASH.search(folded)
    if match:
        span = Span(rest.start + match.start("id"), rest.start + match.end("id"))
        row.add(
            "item_id", span.of(text).lstrip("#"), Span(span.end - len(span.of(text).lstrip("#")), span.end)
        )


def _name(text: str, start: int, end: int, row: Row) -> Span:
    """What is left of the line when quantity, number and prices are taken away."""
    for key in ("quantity", "item_id"):
        if key in row.cells and row.cells[key][1].start >= start:
            end = min(end, _start_of_mark(text, start, row.cells[key][1].start))
    if "item_id" in row.cells and end <= start + 2:
        start, end = row.cells["item_id"][1].end, max(end, _first_price(text, row.cells["item_id"][1].end))
    name = text[start:end]
    name = name[: _END.search(name).start()] if _END.search(name) else name  # type: ignore[union-attr]
    gap = re.search(r"\s{3,}|\s\|\s|\t| [\u2013\u2014-] | -- ", name.lstrip()) if name.strip() else None
    stop = len(name) - len(name.lstrip()) + gap.start() if gap else len(name)
    span = trimmed(text, start, start + stop, strip=" \t\r,;:|*_.-\u2013\u2014@=")
    return (
        trimmed(text, span.start, span.end, strip='"“”„')
        if span.of(text)[:1] in '"“„' and span.of(text)[-1:] in '"”“'
        else span
    )


def _start_of_mark(text: str, start: int, position: int) -> int:
    """Where `(x2)`, `Qty: 2` or `SKU: 4711` begins, whose figures stand at `position`."""
    before = text[start:position]
    match = re.search(
        r"[(\[]?\s?(?:[A-Za-zÀ-ÿ.-]{1,12}\.?(?: (?:no|nr|id|number"
        r"|code)\.?)?\s?[:#=.°º]{0,2}\s?|[x\u00d7*#]\s?|[(\[]\s?)$",
        before,
    )
    return (
        start + match.start()
        if match
        and re.search(
            r"[:#=(\[x\u00d7*]|qty|sku|ref|art|item|anz|menge|cant|qt|aant", match.group(), re.IGNORECASE
        )
        else position
    )


def _first_price(text: str, start: int) -> int:
    line_end = text.find("\n", start)
    end = line_end if line_end >= 0 else len(text)
    prices = _prices(text, Span(start, end), is_table=False)
    return prices[0].span.start if prices else end


def is_charge(text: str, name: Span) -> bool:
    """A line of the bill that is no item: the total, the tax, the postage."""
    words = normal(re.sub(r"[\d%.,()]+", " ", name.of(text))).split()
    count, found = longest_suffix(words[:4], meanings())
    is_item = bool(found & {"item_name"})
    first = meanings().get(words[0], frozenset[str]()) if words else frozenset[str]()
    if words and words[0] in word_set("small", "receipt", "paying"):
        return True
    is_most = count >= min(len(words), 2) or (count and len(words) <= 3)
    return bool(found & CHARGES and is_most and not is_item) or bool(
        first & {"total", "subtotal", "tax", "shipping_cost", "discount"} and len(words) <= 4
    )


def _add_prices(text: str, row: Row, prices: list[Amount], order: list[frozenset[str]] | None) -> None:
    """One price is a piece's where the line says so; of two, the first is a piece's, the last the line's."""
    if not prices:
        return
    keys = (
        [key for column in order or [] for key in ("unit_price", "line_total") if column & {key}]
        if order
        else []
    )
    if len(prices) == 1 and len(set(keys)) != 1:
        _add_price(row, "unit_price" if is_each(text, prices[0]) else "price", prices[0])
        return
    _add_price(row, "unit_price", prices[0]) if len(prices) > 1 or "unit_price" in keys else _add_price(
        row, "line_total", prices[0]
    )
    if len(prices) > 1:
        _add_price(row, "line_total", prices[-1])


def is_each(text: str, amount: Amount) -> bool:
    """Whether the words beside an amount make it the price of one piece."""
    after = fold(text[amount.span.end : amount.span.end + 16])
    before = fold(text[max(0, amount.span.start - 14) : amount.span.start]).rstrip()
    return (
        bool(_each().match(after))
        or before.endswith(("@", " at", " je", " a", "unit price", "each", " a:", "price:"))
        or before.split(" ")[-1:] == ["zu"]
    )


def _add_price(row: Row, key: str, amount: Amount) -> None:
    row.add(key, amount.value, amount.number)
    if amount.currency:
        row.add("currency", amount.currency, amount.span)
