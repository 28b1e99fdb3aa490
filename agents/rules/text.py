"""Text with its positions: folding that keeps every offset, lines, spans, and what somebody else said."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_PLAIN: Final = {
    **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
    **dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4", "'"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "ß": "s",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "æ": "e",
    "Æ": "e",
    "œ": "e",
    "\u0131": "i",
    "º": "o",
    "ª": "a",
}


class _Folding(dict[int, str]):
    def __missing__(self, point: int) -> str:
        character = chr(point)
        base = _PLAIN.get(character) or unicodedata.normalize("NFD", character)[:1].lower()
        self[point] = folded = base if len(base) == 1 else character
        return folded


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """The text in small letters, without accents and with plain quotes and dashes; every offset stays."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a text, from `start` up to `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def touches(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, other: "Span") -> bool:
        return other.start <= self.start and self.end <= other.end

    def gap(self, other: "Span") -> int:
        """How many characters lie between the two."""
        return max(0, other.start - self.end, self.start - other.end)


class Cover:
    """Stretches of a text, laid together, so that what touches any of them is found at once."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans):
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def touches(self, span: Span) -> bool:
        index = bisect_left(self._starts, span.end) - 1
        return index >= 0 and self._ends[index] > span.start


def trimmed(text: str, start: int, end: int, *, strip: str = " \t\r\n,;:|*_<>()[]\"'“”„\u2018\u2019") -> Span:
    """The span without the blanks and the punctuation around it."""
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return Span(start, end)


def lines(text: str) -> Iterator[Span]:
    """Every line without its line break, blank ones too."""
    start = 0
    for match in re.finditer(r"\r\n|\r|\n", text):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, len(text))


_FORWARD: Final = re.compile(
    r"^[ >]*(?:-{2,} ?(?:original|forwarded|weitergeleitete|urspr\w+|message|mensaje|messaggio"
    r"|mensagem|doorgestuurd|oorspronkelijk\w*|vidarebefordrat|videresendt|puvodni|preposlan\w+|oryginalna|wiadomosc"
    r"|alkuperainen|oprindelig|opprinnelig|mesaj\w*|eredeti|original\w*)\b[^\n]{0,60}"
    r"|begin forwarded message\b[^\n]{0,20}|_{10,} *$)",
    re.MULTILINE,
)
_ORIGINAL: Final = re.compile(
    r"^[ >]*-{2,} ?(?:original|urspr\w+|message d'origine|mensaje original|messaggio originale"
    r"|mensagem original|oorspronkelijk\w*"
    r"|puvodni|oryginalna|alkuperainen|oprindelig|opprinnelig|eredeti)\b[^\n]{0,60}",
    re.MULTILINE,
)
_WROTE: Final = re.compile(
    r"^[ >]*(?:on|am|le|el|il|op|den|em|w dniu|dne|ons|pa) [^\n]{4,160}(?:wrote|schrieb[^\n:]{0,60}|a "
    r"ecrit|escribio|ha scritto|schreef[^\n:]{0,60}|skrev|escreveu|napisal\w?(?:\(a\))?|kirjoitti|scris)"
    r" ?: *$",
    re.MULTILINE,
)
_FENCED: Final = re.compile(
    r"```.*?(?:```|\Z)|<(document|quote|email|message|text)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
_QUOTED: Final = re.compile(r'"[^"\n]{1,2000}"')


def reply_start(folded: str) -> int | None:
    """Where the message begins that this one answers."""
    match = _WROTE.search(folded)
    return match.start() if match else None


def original_start(folded: str) -> int | None:
    """Where the message that this one answers is put below it as a whole."""
    match = _ORIGINAL.search(folded)
    return match.start() if match else None


def forward_start(folded: str) -> int | None:
    """Where a forwarded message begins."""
    match = _FORWARD.search(folded)
    return match.start() if match else None


def own_words(text: str) -> str:
    """What the writer says themselves: quoted, forwarded and fenced text is blanked, every offset stays."""
    folded = fold(text)
    cuts = [cut for cut in (reply_start(folded), forward_start(folded)) if cut is not None]
    kept = folded[: min(cuts, default=len(folded))]
    spans = [Span(*match.span()) for match in _FENCED.finditer(text[: len(kept)])]
    spans += [line for line in lines(kept) if kept[line.start : line.end].lstrip().startswith(">")]
    spans += [
        Span(*match.span()) for match in _QUOTED.finditer(kept) if len(match.group().strip('"').split()) > 3
    ]
    return blanked(text[: len(kept)], spans).ljust(len(text))


def blanked(text: str, spans: list[Span]) -> str:
    """The text with blanks for these stretches; the lines stay, as every offset does."""
    pieces: list[str] = []
    position = 0
    for span in sorted(spans):
        if span.end <= position:
            continue
        start = max(span.start, position)
        pieces += [text[position:start], re.sub(r"[^\r\n]", " ", text[start : span.end])]
        position = span.end
    return "".join([*pieces, text[position:]])
