"""A text made fit for reading addresses, every offset kept: scanners' slips mended, speakers' names blanked."""

import re
from typing import Final

_SPEAKER: Final = re.compile(
    r"^(?:\[[^\]\n]{3,30}\]|\d{1,2}[:.]\d{2}(?::\d{2})?)[ \t]*(?:-[ \t]*)?(?:[^\n:\[\]]{1,30}:)", re.MULTILINE
)
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
    text = _SPEAKER.sub(lambda match: " " * len(match.group()), text)
    text = _FIGURES.sub(lambda match: match.group().translate(_TO_FIGURES), text)
    return _LETTERS.sub(_letters, text)


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
