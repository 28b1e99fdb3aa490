"""Whose words a message holds: only the customer's own ones ask for anything."""

import re
from dataclasses import dataclass
from typing import Final

from agents.rules.text import fold, own_words

LONGEST: Final = 8_000

_REPORTED: Final = re.compile(
    r"(?:\b(?:says?|said|saying|wrote|writes|reads?|states?|answered|replied|schreibt|schrieb|ecrit|dice|escribio)"
    r"|\b(?:told|tells?|asked|asks?) (?:me|us|him|her|them)"
    r"|\b(?:translate|repeat|spell|pronounce|rewrite|rephrase|paraphrase|summari[sz]e|proofread|recite|type|imagine"
    r"|pretend|example|quote)\b[^\n.!?:]{0,60}"
    r"|\b(?:e-?mail|mail|message|letter|note|review|sms|text|chat|reply|document|page|website|label|nachricht)\b"
    r"[^\n.!?:]{0,60}) ?:(?!\d|\s{0,2}[\"'])"
)
_ROLE: Final = re.compile(
    r"^[ \t]{0,8}[\[<({*#|=-]{0,6} ?(?:system|assistant|developer|tool|admin(?:istrator)?|instructions?"
    r"|prompt|user|agent|important|override|begin|end|im_start|im_end|new task|note to [^\n:]{1,40})\b"
    r"[^\n:\]>]{0,40}[\]>:|}]",
    re.MULTILINE,
)
_HIDDEN: Final = re.compile(r"<!--[^<]{0,2000}-->|<(system|tool|assistant|instructions?)\b[^<]{0,2000}</\1>")
_GAP: Final = re.compile(r"\n[ \t\r]*\n")
_FENCED: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED: Final = re.compile(r'"[^"\n]{1,1000}"|(?<!\w)\'[^\'\n]{1,300}\'(?!\w)')


@dataclass(frozen=True)
class Voice:
    """A message as its writer speaks in it.

    Args:
        text: all of it, up to a length.
        own: the writer's own words; what they quote or pass on is blanked, every offset stays.
        asking: the same, folded, and without what they cite in passing: what alone can ask for something.
    """

    text: str
    own: str
    asking: str


def voice(text: str) -> Voice:
    """Tell a message's own words from the others in it."""
    text = text[:LONGEST]
    own = _FENCED.sub(_blank, text)
    for cited in (_HIDDEN, _ROLE, _REPORTED):
        own = _blank_paragraphs(own, cited)
    own = own_words(own)
    asking = _QUOTED.sub(_blank, fold(own))
    return Voice(text, own, _joined(asking))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _blank_paragraphs(text: str, cited: re.Pattern[str]) -> str:
    """The text without what is cited: to its own end, or to that of its paragraph."""
    pieces: list[str] = []
    position = 0
    folded = fold(text)
    for match in cited.finditer(folded):
        if match.start() < position:
            continue
        start = match.start() if cited is not _REPORTED else match.end()
        gap = _paragraph_end(text, match.end())
        end = match.end() if cited is _HIDDEN else gap if gap >= 0 else len(text)
        pieces += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _paragraph_end(text: str, start: int) -> int:
    """Where the paragraph ends that begins at a place, or behind its blank lines; a salutation is no end."""
    for gap in _GAP.finditer(text, start):
        if (before := text[start : gap.start()].strip()) and not before.endswith(","):
            return gap.start()
    return -1


def _joined(folded: str) -> str:
    """An e-mail address is no postal one."""
    return re.sub(r"\b(e-?mail|web|ip)[ -]address", lambda match: f"{match[1]}xaddress", folded)
