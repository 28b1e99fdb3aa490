"""Lines of a bill that are no items: totals, taxes, postage, what was paid."""

import re
from functools import cache
from typing import Final

from agents.rules.text import Span
from agents.rules.vocabulary import load, longest_prefix, longest_suffix, meanings, normal, word_set

_SUMS: Final = frozenset({"total", "subtotal", "tax", "shipping_cost", "discount"})
_LABELS: Final = {
    "payment_method",
    "order_id",
    "order_date",
    "invoice_id",
    "due_date",
    "phone",
    "zip",
    "weight",
    "currency",
}
_PLAIN: Final = frozenset({"total", "subtotal", "tax", "discount"})
_BLURS: Final = str.maketrans("015", "ols")
_LONGEST: Final = 60
_COMPOUND: Final = re.compile(
    r"\w{2,}(?:rabatt|rabat|versand|versandkosten|kosten|gebuhr\w*|steuer|betrag|summe|pauschale|zuschlag|gutschein"
    r"|korting|toeslag|kostnad\w*|avgift|omkostning\w*|gebyr|kulut|maksu|alennus|dij)"
)


def _words(key: str) -> frozenset[str]:
    return word_set("small", "receipt", key)


@cache
def _called() -> frozenset[str]:
    """What the amounts below the items are called; a word that things are called by, too, is none."""
    phrases = {normal(phrase) for names in load("sums")["called"].values() for phrase in names}
    return frozenset(phrase for phrase in phrases if "item_name" not in meanings().get(phrase, ()))


@cache
def _compact() -> frozenset[str]:
    """Words of charges without their blanks, for scans that tear words apart."""
    known = {phrase for phrase, found in meanings().items() if found & _SUMS}
    return frozenset(phrase.replace(" ", "") for phrase in known | _words("paying") | _words("alone"))


def is_charge(text: str, name: Span) -> bool:
    """A line of the bill that is no item: the total, the tax, the postage."""
    plain = normal(re.sub(r"\([^)]*\)|[\d%.,]*\d[\d%.,]*|[%.,()*:]+", " ", name.of(text)[:_LONGEST]))
    words = plain.split()
    if not words:
        return False
    return _is_charge(words) or _is_charge(_unblurred(name.of(text)[:_LONGEST]))


def _unblurred(name: str) -> list[str]:
    """The words with the letters that a scanner took for figures; a torn word is put together again."""
    plain = re.sub(r"(?<!\w)[\d.,]+ ?%?(?!\w)", " ", name)
    words = normal(plain).translate(_BLURS).split()
    joined = "".join(words[:2])
    return [joined, *words[2:]] if joined in _compact() else words


def _is_charge(words: list[str]) -> bool:
    paying, alone = _words("paying"), _words("alone")
    phrase = " ".join(words)
    if (
        phrase in alone
        or phrase in _called()
        or words[-1:] == ["shipping"]
        or any(" ".join(words[:n]) in paying for n in (1, 2, 3))
    ):
        return True
    if _COMPOUND.fullmatch(words[0]):
        return True
    count, found = longest_suffix(words[:5], meanings())
    is_most = count >= min(len(words), 2) or (count and len(words) <= 3)
    first_count, first = longest_prefix(words, meanings())
    is_sum = bool(first & _SUMS) and (first_count > 1 or (bool(first & _PLAIN) and len(words) <= 4))
    is_charged = bool(found & _SUMS and is_most) or bool(found & _LABELS and count == len(words))
    return (is_charged and not found & {"item_name"}) or (is_sum and not first & {"item_name"})
