"""Whose words a message holds: only the customer's own ones ask for anything."""

import re
from dataclasses import dataclass
from typing import Final

from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.planted import planted_at
from agents.rules.conversation.quotes import quotes_in
from agents.rules.text import Span, fold, own_words

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
_HIDDEN: Final = re.compile(
    r"<!--[^<]{0,2000}-->|<(system|tool|assistant|instructions?)\b[^<]{0,2000}</\1>"
    r"|\[\[[^\]]{0,2000}\]\]|\{[^{}]{0,2000}\"(?:role|content|tool|arguments)\"[^{}]{0,2000}\}"
)
# A block between two lines of the same marks: `### PATCH ###` ... `### END PATCH ###`.
_MARKS: Final = r"(#{3,}|={3,}|-{3,}|\*{3,}|~{3,}|\+{3,}|_{3,}|<{2,}|>{2,}|\[{2,})"
_BLOCK: Final = re.compile(
    rf"^[ \t]*{_MARKS}[^\n]{{0,100}}\n.*?^[ \t]*\1[^\n]{{0,100}}$", re.MULTILINE | re.DOTALL
)
_HEADED: Final = re.compile(rf"^[ \t]*{_MARKS} ?\w[^\n]{{0,100}}[#=*~+_<>\]-]{{2,}}[ \t]*$", re.MULTILINE)
# A line of a chat that was pasted: `[Tom 19:44] ...`, `19:44 Tom: ...`, `Tom, 19:44: ...`.
_LOGGED: Final = re.compile(
    r"^[ \t]*(?:[\[(][^\]\)\n]{0,40}\d{1,2}[:.]\d{2}[^\]\)\n]{0,20}[\])]"
    r"|\d{1,2}:\d{2}(?::\d{2})?[ -]{1,3}[^\n:]{1,30}:|[^\n:,]{1,30},? [(\[]?\d{1,2}:\d{2}[)\]]? ?:)[^\n]*$",
    re.MULTILINE,
)
# A line that ends in a colon before a new paragraph, and the first tag of a page.
_ANNOUNCED: Final = re.compile(r"^([^\n]{10,600}):[ \t]*\r?\n[ \t\r]*\n", re.MULTILINE)
_SENTENCE: Final = re.compile(r"[.!?;](?=\s)")
# The head of an e-mail that was pasted.
_SUBJECT: Final = re.compile(
    r"^[ \t>*]*(?:subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|predmet|amne|emne|aihe|konu"
    r"|targy|subiect) ?:",
    re.MULTILINE,
)
_TAG: Final = re.compile(r"<[a-z][a-z0-9]{0,12}(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_GAP: Final = re.compile(r"\n[ \t\r]*\n")
_FENCED: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED: Final = re.compile(r'"[^"\n]{1,1000}"|(?<!\w)\'[^\'\n]{1,300}\'(?!\w)')
_WORDS_OF_A_QUOTE: Final = 4


@dataclass(frozen=True)
class Voice:
    """A message as its writer speaks in it.

    Args:
        text: all of it, up to a length.
        own: the writer's own words; what they quote or pass on is blanked, every offset stays.
        asking: the same, folded, and without what they cite in passing: what alone can ask for something.
        cited: what they quote and point to, as far as it gives no orders; data for what they ask themselves.
    """

    text: str
    own: str
    asking: str
    cited: str = ""


def voice(text: str) -> Voice:
    """Tell a message's own words from the others in it."""
    text = text[:LONGEST]
    own = _blanked(_FENCED.sub(_blank, text), quotes_in(text, _WORDS_OF_A_QUOTE))
    for cited in (_HIDDEN, _BLOCK, _HEADED, _LOGGED, _ROLE, _REPORTED):
        own = _blank_paragraphs(own, cited)
    own = own_words(_less_passed_on(_less_markup(own)))
    kept = _unplanted(own)
    asking = _QUOTED.sub(_blank, fold(kept))
    return Voice(text, kept, _joined(asking), _cited(text, kept))


def _less_markup(text: str) -> str:
    """Without a page that was pasted: from its first tag to its last."""
    first = _TAG.search(text)
    last = text.rfind("</")
    if first is None or last <= first.end():
        return text
    end = text.find(">", last)
    return _blanked(text, [Span(first.start(), end + 1 if end >= 0 else len(text))])


def _less_passed_on(text: str) -> str:
    """Without what follows a line that announces it as somebody else's; marked lines tell their own end."""
    folded = fold(text)
    head = _SUBJECT.search(folded)
    if head and folded[: head.start()].strip():
        text = _blanked(text, [Span(head.start(), len(text))])
        folded = fold(text)
    for match in _ANNOUNCED.finditer(folded):
        is_marked = folded[match.end() :].lstrip().startswith(">")
        if not is_marked and phrases("planted", "pasted", "incoming").search(_SENTENCE.split(match[1])[-1]):
            return _blanked(text, [Span(match.end(), len(text))])
    return text


def _cited(text: str, own: str) -> str:
    """What others say in a message, where its writer points to it, up to the first orders to a program."""
    if not phrases("planted", "pasted", "points").search(fold(own)):
        return ""
    pieces = (text[span.start : span.end] for span in quotes_in(text, _WORDS_OF_A_QUOTE))
    return "\n".join(_up_to_orders(piece) for piece in pieces)


def _up_to_orders(piece: str) -> str:
    cut = planted_at(fold(piece), is_data=True)
    return piece[:cut] if cut >= 0 else piece


def _unplanted(own: str) -> str:
    """The own words without orders to a program: each from its sentence to the end of its paragraph."""
    folded, position = fold(own), 0
    while (start := planted_at(folded, position)) >= 0:
        gap = _paragraph_end(own, max(start, position))
        end = gap if gap >= 0 else len(own)
        own = _blanked(own, [Span(start, end)])
        folded, position = fold(own), end
    return own


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _blanked(text: str, spans: list[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


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
        end = match.end() if cited in (_HIDDEN, _BLOCK, _LOGGED) else gap if gap >= 0 else len(text)
        pieces += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _paragraph_end(text: str, start: int) -> int:
    """Where the paragraph ends that begins at a place, or behind its blank lines; a salutation is no end."""
    for gap in _GAP.finditer(text, start):
        if (before := text[start : gap.start()].strip()) and not before.endswith((",", ":")):
            return gap.start()
    return -1


def _joined(folded: str) -> str:
    """An e-mail address is no postal one."""
    return re.sub(r"\b(e-?mail|web|ip)[ -]address", lambda match: f"{match[1]}xaddress", folded)
