"""The part of a text that is about the order in question: no older messages, no other orders."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.references import Reference, find_references
from agents.rules.extraction.tables import find_tables
from agents.rules.text import Span, fold, forward_start, lines, reply_start
from agents.rules.vocabulary import load, meanings, normal

_SENTENCE_END: Final = re.compile(
    r"[.!?:](?=\s+[^\W\d_a-zà-ÿ])|[.!?](?=\s*\n)|\n[ \t\r>]*\n|\n(?=[ \t]{0,20}[-•*]\s)|\n(?=\w+ ?:)"
)
_FIGURES: Final = re.compile(
    r"(?<=\d[.,])(?:\d[OoIl]|[OoIl]\d|[Oo]{2})(?![^\W_])|(?<=\d)[OIl](?=[.,:]\d)|(?<=\d:)[OIl]\d"
    r"|(?<=\d:\d)[OIl]"
)
_TO_FIGURES: Final = str.maketrans("OoIl", "0011")
_WORDS: Final = re.compile(r"(?<![\w-])(?=\w{0,24}[^\W\d_]{2})(?=\w{0,24}[0158])\w{4,24}(?![\w-])")
_TO_LETTERS: Final = str.maketrans("0158", "OISB")
_TO_SMALL_LETTERS: Final = str.maketrans("015", "ols")
_UNSUBSCRIBE: Final = re.compile(
    r"unsubscribe|newsletter (?:abbestellen|abmelden)|hier abmelden|vom newsletter abmelden"
    r"|se desabonner|desinscri\w+"
    r"|darse de baja|date de baja|disiscri\w+|annulla\w* (?:l')?iscrizione|cancelar (?:a )?subscri\w+"
    r"|uitschrijven"
    r"|avregistrera|avprenumerera|afmeld|avmeld|wypisz sie|odhlasit (?:se|odber)|peru uutiskirje"
    r"|abonelikten c\w+"
    r"|leiratkoz\w+|dezabon\w+"
)
_MOST_ORDERS: Final = 20


def unblurred(text: str) -> str:
    """The text with letters and figures that a scanner took for each other put right; places stay."""
    text = _FIGURES.sub(lambda match: match.group().translate(_TO_FIGURES), text)
    return _WORDS.sub(lambda match: _word(match.group()), text)


def _word(word: str) -> str:
    clear = word.translate(_TO_LETTERS if word.isupper() else _TO_SMALL_LETTERS)
    return clear if normal(clear) in _known() else word


@cache
def _known() -> frozenset[str]:
    phrases = [
        *meanings(),
        *(fold(each) for kind in load("sums")["called"].values() for each in kind),
        "order",
    ]
    return frozenset(word for phrase in phrases for word in phrase.split() if len(word) > 3)


def is_advertising(text: str) -> bool:
    """Whether a text is sent to many, by its way out: offers in it are nobody's order."""
    return bool(_UNSUBSCRIBE.search(fold(text))) and not find_references(text)


def without_older(text: str) -> str:
    """The text without the messages that it answers or sends on."""
    folded = fold(text)
    starts = [start for start in (reply_start(folded), forward_start(folded)) if start is not None]
    cut = min(starts, default=len(text))
    quoted = [line for line in lines(text[:cut]) if text[line.start : line.end].lstrip().startswith(">")]
    return _blanked(text, [*quoted, Span(cut, len(text))])


def about_one_order(text: str) -> tuple[str, Reference | None]:
    """The text without recommendations and sentences about another order, and its own order's number."""
    text = _blanked(text, list(_recommendations(text)))
    text, listed = _rows_of_one_order(text)
    if listed:
        return text, listed
    references = find_references(text)
    if not 1 < len({each.value for each in references}) <= _MOST_ORDERS:
        return text, None
    sentences = list(_sentences(text))
    scores = _scores(text, sentences, references)
    top = max(scores.values())
    chosen = [value for value, score in scores.items() if score == top]
    if len(chosen) > 1:
        return text, None
    others = [each.span for each in references if each.value != chosen[0]]
    ours = [each.span for each in references if each.value == chosen[0]]
    rejected = [span for span in sentences if _holds(span, others) and not _holds(span, ours)]
    return _blanked(text, rejected), next(each for each in references if each.value == chosen[0])


def _rows_of_one_order(text: str) -> tuple[str, Reference | None]:
    """Of a table with the items of several orders, the rows of the one that is named outside of it."""
    for table in find_tables(text):
        number = next((index for index, column in enumerate(table.meanings) if "order_id" in column), None)
        if number is None or not table.is_about_items:
            continue
        values = {row[number].of(text) for row in table.rows} - {""}
        around = f"{text[: table.start]}\n{text[table.end :]}"
        named = [value for value in values if re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", around)]
        if len(values) > 1 and len(named) == 1:
            others = [
                Span(row[0].start, row[-1].end) for row in table.rows if row[number].of(text) != named[0]
            ]
            own = next(row[number] for row in table.rows if row[number].of(text) == named[0])
            return _blanked(text, others), Reference(named[0], own, 10)
    return text, None


def _scores(text: str, sentences: list[Span], references: list[Reference]) -> dict[str, float]:
    """How much each order is spoken of as the one in question."""
    scores: dict[str, float] = {}
    for reference in references:
        sentence = next((each for each in sentences if reference.span.within(each)), reference.span)
        folded = fold(sentence.of(text))
        score = bool(_cues("present").search(folded)) - 2.0 * bool(_cues("past").search(folded))
        scores[reference.value] = scores.get(reference.value, 0) + score + 0.5 * reference.is_labelled
    return scores


@cache
def _cues(key: str) -> re.Pattern[str]:
    phrases = sorted((fold(each) for each in load("orders")["about"][key]), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})")


def _holds(sentence: Span, spans: list[Span]) -> bool:
    return any(span.within(sentence) for span in spans)


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield Span(start, match.end())
        start = match.end()
    yield Span(start, len(text))


def _recommendations(text: str) -> Iterator[Span]:
    """From the words that announce them to the end of their paragraph; below a heading, of the next one."""
    folded = fold(text)
    for match in _cues("recommended").finditer(folded):
        start = folded.rfind("\n", 0, match.start()) + 1
        end = _paragraph_end(folded, match.end())
        if not folded[match.end() : end].strip(" :!.?\t\r-…*=").strip():
            end = _paragraph_end(folded, len(folded) - len(folded[end:].lstrip()))
        yield Span(start, end)


def _paragraph_end(folded: str, start: int) -> int:
    match = re.compile(r"\n[ \t\r>]*\n").search(folded, start)
    return match.start() if match else len(folded)


def _blanked(text: str, spans: list[Span]) -> str:
    """The text with blanks in the place of these stretches; line breaks and all other places stay."""
    pieces: list[str] = []
    position = 0
    for span in sorted(spans):
        start = max(span.start, position)
        pieces += [text[position:start], re.sub(r"[^\r\n]", " ", text[start : max(start, span.end)])]
        position = max(position, span.end)
    return "".join([*pieces, text[position:]])
