"""Where the street and the house number stand in a part of an address.

Each word is a letter that tells its kind, and a street is a pattern of letters: `12 High Street` is `NCT`.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.reading.dates import is_month
from agents.rules.reading.names import is_nobody
from agents.rules.reading.units import starts_unit
from agents.rules.text import Span, fold
from agents.rules.vocabulary import alternatives, load, normal, word_set

_TOKEN: Final = re.compile(r"[,#]|[^\s,#()\"“”„]+")
_NUMBER: Final = re.compile(
    r"\d{1,5}[a-z]?(?:[-/\u2013&+]\d{1,5}[a-z]?){0,3}(?:[-/][a-z])?\.?|[a-z]\d{1,4}(?:[-/]\d{1,4})+",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(r"\d{1,4}(?:st|nd|rd|th|º|°|ª|er|e|\.)", re.IGNORECASE)
_DIRECTION: Final = re.compile(
    r"[nsew]|[ns][ew]|north|south|east|west|upper|lower|(?:north|south)(?:east|west)"
)
_NAMED: Final = re.compile(
    r"\.? ?(?:[A-ZÀ-ÖØ-ÞŁŚŻŹĆČŠŽ]|(?:d[aeio]|d[eo]s|das|du|dei|del|della|la|le|les)(?!\w)|[dl]['\u2019])"
)
_CLEAR: Final = re.compile(
    r"(?:stras+e|str|weg|gasse|allee|platz|straat|laan|gracht|gatan|vagen|veien|gata|vej|katu)$"
)
_FEW: Final = 10
_ROUTES: Final = "psc|cmr|unit|rr|hc|rural route|star route"
_MORE: Final = frozenset({"bis", "ter", "quater", "½"})
_NAME: Final = "[CLDOITPBMAXVG]"
_PATTERNS: Final = tuple(
    (re.compile(pattern), is_weak)
    for pattern, is_weak in (
        (r"[Kn]?,?Nb?,?[PBG](?:[CDITXVG]|L{1,3}(?=[CDITOXVGPBM])|O(?=C)|c(?=$)){1,8}(?:N(?=$|,|#))?", False),
        (r"[Kn]?,?Nb?,?D?C?G{1,2}T?#?N", False),
        (rf"[Kn]?,?Nb?,?{_NAME}{{0,5}}?[CDOIMGAXV][TBX]{{1,3}}D?(?:(?<=[TB])N(?=#))?", False),
        (r"[Kn]?,?Nb?,?D?[TBX][TB]{1,3}D?", False),
        (r"[Kn]?,?Nb?,?[CDOIL]{0,4}(?:T(?=$|,|#)|G#?N)", False),
        (r"KN[CDOITB]{1,5}N", False),
        (r"[PB](?:[CDILOXVTAM]|N(?=[#nL])){0,8},?[#n]?,?(?<!P)[#n]?N{1,2}(?:aN?)?(?:#N)?", False),
        (r"(?:AL?V?|(?:^|(?<=V))[CD])?(?:V|(?<=V))?M,?[#n]?N{1,2}(?:aN?)?", False),
        (r"(?:^C{1,3}|V[CD]{0,2}|[CD]{1,3})X[#n]?N{1,2}a?", False),
        (r"X[CDLI]{1,4},?[#n]?N{1,2}a?", False),
        (r"(?<!C)A[L]?V?[C]{1,3}N{1,2}a?(?=$|,|#|u)", False),
        (r"[PB][cL]{1,5},?[#n]?N{1,2}a?", False),
        (r"K?ND?c{1,3}[TB]{1,2}(?=$|,|[cz]|#|u)", False),
        (r"K?,?Nb?,?[PB]c{1,5}", False),
        (r"^[ACDILTBXPVO]{1,5},?n?N{1,2}a?(?=$|u)", True),
        (r"(?<=[czL])C{1,3},?n?N{1,2}a?(?=$|u)", True),
        (r"^(?:K#?,?)?Nb?,?[CDOITXBPG]{1,4}$", True),
        (r"^(?:L?[CDIVT]{1,4}[TBXG]|[PBG][CDLITXV]+)D?$", True),
    )
)
_NEVER_NAMES: Final = re.compile(r"\b(?:tel|fax|order|invoice|dear|ref|page|version|iso|item|qty)\b")


@dataclass(frozen=True)
class _Word:
    span: Span
    kind: str


def find_street(text: str, *, is_weak: bool = False) -> Span | None:
    """The street with its house number, or None; a weak one is a street only beside its town."""
    box = _box().search(fold(text))
    if box:
        return Span(*box.span())
    words = _words(text)
    kinds = "".join(word.kind for word in words)
    if "N" not in kinds and not is_weak:
        return None
    for pattern, is_only_weak in _PATTERNS:
        if is_only_weak and not is_weak:
            continue
        for match in pattern.finditer(kinds):
            span = Span(words[match.start()].span.start, words[match.end() - 1].span.end)
            if _is_believable(span.of(text)):
                return _trimmed(text, span)
    return None


def _is_believable(street: str) -> bool:
    letters = [word for word in re.findall(r"[^\W\d_]+", street) if len(word) > 1]
    names = [word for word in letters if fold(word) not in _links() and _types().get(fold(word)) != "A"]
    return bool(letters) and not all(map(is_month, names)) and not _NEVER_NAMES.match(fold(street))


def _trimmed(text: str, span: Span) -> Span:
    end = span.end
    while text[end - 1] in ",;:!?" or (text[end - 1] == "." and text[end - 2].isdigit()):
        end -= 1
    return Span(span.start, end)


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _TOKEN.finditer(text):
        kind = _kind(match.group(), text, match.start())
        if kind == "z" and match.group()[0].isupper() and words and words[-1].kind in ("P", "B", "L"):
            kind = "C"
        words.append(_Word(Span(*match.span()), kind))
    return words


def _kind(word: str, text: str, start: int) -> str:
    """The letter of a word: N a number, T, P, B, X, M, G streets' types, C a name, L a link, c a word."""
    if word in ",#":
        return word
    plain = fold(word).strip(".!?:;'")
    known = _type_of(word, plain)
    if known == "K" and re.match(r"[ .#]{1,3}\d", text[start + len(plain) : start + len(plain) + 4]):
        return "K"
    if starts_unit(text, start):
        return "u"
    rest = text[start + len(word) :]
    counted = _number_kind(word, plain, rest)
    if counted:
        return counted
    if len(plain) == 1 and plain.isalpha() and re.search(r"\d $", text[max(0, start - 2) : start]):
        is_followed = re.match(r"\.? +[^\W\d_]{2}", text[start + 1 : start + 8])
        return "D" if is_followed and plain in "nsew" else "a"
    is_capital = word[:1].isupper() or (text.islower() and not re.match(r" ?[^\W_]", rest))
    is_capital = is_capital or (text.islower() and known == "P")
    return _type_kind(plain, known, is_capital=is_capital, following=rest[:12]) or _name_kind(word, plain)


def _type_of(word: str, plain: str) -> str:
    """A street's type; one letter is one only with its full stop."""
    known = _types().get(plain) or _types().get(normal(word), "")
    return "" if len(plain) == 1 and known in ("T", "X") and not word.endswith(".") else known


def _number_kind(word: str, plain: str, rest: str) -> str:
    is_spelled = plain in _spelled() and word[:1].islower() == rest.lstrip()[:1].islower()
    if is_spelled or _NUMBER.fullmatch(word.rstrip(".!?:;")):
        return "N"
    if _ORDINAL.fullmatch(plain):
        return "O"
    return "b" if plain in _MORE else ""


def _type_kind(plain: str, known: str, *, is_capital: bool, following: str) -> str:
    if known in ("V", "n", "X"):
        return known
    if known in ("P", "B"):
        is_type = is_capital or _NAMED.match(following) or (known == "B" and plain in _plain())
        return known if is_type else ""
    if known in ("T", "W", "G"):
        is_type = is_capital or plain in _plain() or (known == "G" and bool(_NAMED.match(following)))
        return ("T" if known == "W" else known) if is_type else ""
    if known == "A":
        return "A" if is_capital else ""
    is_street = is_capital or _CLEAR.search(plain)
    return "M" if is_street and _ending().fullmatch(plain) else ""


def _name_kind(word: str, plain: str) -> str:
    if plain in _links() or re.fullmatch(r"[dl]'", plain):
        return "L"
    if _DIRECTION.fullmatch(plain) and word[:1].isupper():
        return "D"
    if word[:1].isupper() or re.match(r"(?:[a-z]{0,3}l|d)['\u2019][^\W\d_]", word):
        return "z" if is_nobody(word) else "C"
    return "z" if is_nobody(word) or not plain.isalpha() else "c"


@cache
def _spelled() -> frozenset[str]:
    """Numbers in words, as they are told on the telephone: `forty-two`, but no `one` or `two`."""
    numbers = load("numbers")["spelled"]
    high = {fold(word) for words in numbers.values() for word in words[_FEW:]}
    tens = {fold(word) for word in words_of("tens")}
    return frozenset(high | tens | {f"{ten}-{unit}" for ten in tens for unit in words_of("ones")})


def words_of(key: str) -> frozenset[str]:
    return word_set("places", "spelled", key)


@cache
def _links() -> frozenset[str]:
    return word_set("places", "streets", "links")


@cache
def _plain() -> frozenset[str]:
    return word_set("places", "streets", "plain")


@cache
def _types() -> dict[str, str]:
    """Each known word with its kind; `W` where only a capital makes it a street's type."""
    kinds = {
        "describing": "V", "houses": "K", "numbers": "n", "pointing": "A", "loose": "W", "numbered": "X",
        "after": "T", "both": "B", "before": "P", "routes": "G",
    }  # fmt: skip
    return {phrase: kind for key, kind in kinds.items() for phrase in word_set("places", "streets", key)}


@cache
def _ending() -> re.Pattern[str]:
    endings = {normal(each) for each in word_set("places", "streets", "endings")}
    return re.compile(rf"[^\W\d_][\w'-]{{1,40}}(?:{alternatives(endings)})")


@cache
def _box() -> re.Pattern[str]:
    names = "|".join(
        re.escape(name).replace(r"\ ", r"\.? ?")
        for name in sorted(word_set("places", "streets", "boxes"), key=len, reverse=True)
    )
    return re.compile(
        rf"(?<![\w.])(?:(?:{_ROUTES}) \d{{1,5}},? (?=box))?(?:{names})(?!\w)\.?:? ?"
        rf"(?:(?:no|nr|n°|nº)\.? ?)?[a-z]?\d[\d ]{{0,7}}(?!\d)(?<! )"
    )
