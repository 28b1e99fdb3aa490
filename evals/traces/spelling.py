"""How values are written: what makes two spellings the same value, and how one is written like another."""

import re
import unicodedata
from typing import Final

# The letters that Python's case-insensitive matching takes for one another, though casefold doesn't.
_TWINS: Final = str.maketrans({"\N{LATIN SMALL LETTER DOTLESS I}": "i", "\N{LATIN SMALL LETTER LONG S}": "s"})
_LETTERS: Final = str.maketrans(dict(zip("øØłŁđĐðÐ", "oOlLdDdD", strict=True))) | str.maketrans(
    {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th"}
)
_SPELT_OUT: Final = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ø": "oe",
        "ü": "ue",
        "å": "aa",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ø": "Oe",
        "Ü": "Ue",
        "Å": "Aa",
    }
)
_SEPARATED: Final = re.compile(r"[\s,]+")
_CODE: Final = re.compile(r"[^\W_]")
_WITHOUT_SPACES: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")


def fold(text: str) -> str:
    """The same for all spellings of a value: without case, accents, and with single spaces."""
    plain = unaccented(text.casefold()).translate(_TWINS)
    return _SEPARATED.sub(" ", plain).strip()


def unaccented(text: str) -> str:
    """Without the marks on its letters, and without signs that nobody sees."""
    apart = _visible(unicodedata.normalize("NFKD", text)).translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def spelt_out(text: str) -> str:
    """As those write it who haven't its letters: Mueller for Müller."""
    return unaccented(composed(text).translate(_SPELT_OUT))


def cleaned(text: str) -> str:
    """With the usual signs for all that look like them, and without those that nobody sees."""
    return _visible(unicodedata.normalize("NFKC", text))


def _visible(text: str) -> str:
    return text if text.isascii() else "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def signs_of(code: str) -> str:
    """Its letters and digits alone."""
    return "".join(_CODE.findall(fold(code)))


def words_of(text: str) -> list[str]:
    return [token for token in TOKEN.findall(composed(text)) if not token.isdigit()]


def poured(signs: str, shape: str) -> str:
    """The signs with the separators and the case of `shape`; what is left over comes last."""
    left = iter(signs)
    written = _CODE.sub(lambda found: _cased_sign(next(left, ""), found[0]), shape)
    return written + "".join(left)


def _cased_sign(sign: str, like: str) -> str:
    return sign.upper() if like.isupper() else sign


def cased(word: str, like: str) -> str:
    """The word in the case of another one: all upper, all lower, or with a capital."""
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word if like.islower() else word.capitalize()


def has_no_spaces(text: str) -> bool:
    """Whether its script sets words side by side."""
    return _WITHOUT_SPACES.search(text) is not None
