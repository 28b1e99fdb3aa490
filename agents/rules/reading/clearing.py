"""A text made fit for reading addresses, offsets kept: scanners' slips mended, speakers' names blanked."""

import re
from collections import Counter
from typing import Final

from agents.rules.vocabulary import meanings, normal, roles

_SPEAKER: Final = re.compile(
    r"^(?:\[[^\]\n]{3,30}\]|\d{1,2}[:.]\d{2}(?::\d{2})?)[ \t]*(?:-[ \t]*)?(?:[^\n:\[\]]{1,30}:)", re.MULTILINE
)
_TURN: Final = re.compile(r"^[ \t]*([A-Z][\w.]{0,20}(?: [A-Z][\w.]{0,20})?): ", re.MULTILINE)
_ROLES: Final = frozenset({"shipping", "billing", "vendor", "old"})
_TAG: Final = re.compile(r"</?[a-z][^<>@\n]{0,80}>", re.IGNORECASE)
_FIGURES: Final = re.compile(
    r"(?<![\w'/-])(?=[\dOolI]{0,8}\d)(?=\w*[OolI]\w)[\dOolI]{2,9}(?!\w)|(?<!\w)\d{2,5}[Oo](?!\w)"
)
_LETTERS: Final = re.compile(
    r"(?<![\w'-])(?:0[A-Z]|[A-Z]0(?= ?:)|(?=(?:[015]*[A-Za-z]){3})[A-Za-z015]{4,20})(?!\w)"
)
_TO_FIGURES: Final = str.maketrans("OolI", "0011")
_TO_LETTERS: Final = str.maketrans("015", "OIS")
_CODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)")


def cleared(text: str) -> str:
    """The text as it was meant, letter by letter."""
    text = _TAG.sub(lambda match: ",".ljust(len(match.group())), text)
    text = _unspoken(text)
    text = _SPEAKER.sub(lambda match: " " * len(match.group()), text)
    text = _FIGURES.sub(lambda match: match.group().translate(_TO_FIGURES), text)
    return _LETTERS.sub(_letters, text)


def _unspoken(text: str) -> str:
    """Without the names that come back before what each of two says, unless they are labels."""
    names = Counter(match[1] for match in _TURN.finditer(text))
    speakers = {name for name, count in names.items() if count > 1 and not _is_label(normal(name))}

    def blanked(match: re.Match[str]) -> str:
        return " " * len(match.group()) if match[1] in speakers else match.group()

    return _TURN.sub(blanked, text) if speakers else text


def _is_label(name: str) -> bool:
    return name in meanings() or bool(roles().get(name, frozenset()) & _ROLES)


def _letters(match: re.Match[str]) -> str:
    """`SH1P` for SHIP; what has no figure, or several together, stays."""
    word = match.group()
    if (
        not re.search(r"[015]", word)
        or re.search(r"\d{2}|\d.\d", word)
        or _CODE.match(match.string, match.start())
    ):
        return word
    plain = word.translate(_TO_LETTERS)
    return plain if word.isupper() else plain.replace("I", "l") if word[1:].islower() else plain
