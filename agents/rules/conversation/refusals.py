"""Commands that are named but not wanted: advised against, reported, asked about, taken back, or excepted."""

import re
from functools import cache
from typing import Final, Literal

from agents.rules.conversation.ids import order_ids
from agents.rules.conversation.negation import is_negated
from agents.rules.conversation.phrases import phrases
from agents.rules.text import fold

Stance = Literal["wanted", "unwanted", "asked"]

_WINDOW: Final = 160
_SENTENCE_END: Final = re.compile(r"[.!?;\n](?=\s|$)|\n")
_NEW_CLAUSE: Final = re.compile(r", ?(?:so|please|then|and|but|thus|therefore|hence)\b|:")
_CLAUSE_END: Final = re.compile(r"[.!?;,\n]")
_NEAR: Final = r"(?:,? [\w'#-]+){0,7}[ '\"]{1,3}$"
_LEAD: Final = (
    r"(?:(?:and|so|but|please|hi|hello|hey|ok|now|yesterday|today|then|just|anyway|btw|by the way"
    r"|tell me|explain|know|wonder(?:ing)?)\W{1,3}){0,3}"
)
_ID: Final = (
    r"(?:[\s,:#]|\b(?:the|my|order|orders|number|no|cancel|cancelling|return|returning|exchange|for|and|or|nor)"
    r"\b){0,12}"
)


@cache
def _near(key: str) -> re.Pattern[str]:
    return re.compile(phrases("refusals", "unwanted", key).pattern + _NEAR)


@cache
def _past() -> re.Pattern[str]:
    return re.compile(phrases("refusals", "unwanted", "past").pattern + r"[\s\"']{1,3}$")


@cache
def _done() -> re.Pattern[str]:
    return re.compile(phrases("refusals", "unwanted", "past").pattern + r"[\s\"']{1,3}\w{2,20}ed\W{1,3}$")


@cache
def _told() -> re.Pattern[str]:
    return re.compile(phrases("refusals", "unwanted", "told").pattern + r"(?: [\w'#-]+){0,6} $")


# A participle of the verbs by which commands are named, in the languages that put it last.
_PARTICIPLE: Final = re.compile(
    r"(?:storniert|annulliert|abbestellt|zuruck(?:gegeben|geschickt)|umgetauscht|annule\w?|echange\w?"
    r"|renvoye\w?|retourne\w?|rendu\w?|cancelad\w|anulad\w|devuelt\w|cambiad\w|annullat\w|cancellat\w"
    r"|disdett\w|restituit\w|devolvid\w|trocad\w|geannuleerd|geretourneerd|omgeruild|avbestallt|avbestilt"
    r"|returner(?:at|t|et)|bytt|byttet|kansellert|annullert|annulleret)\b"
)


@cache
def _question() -> re.Pattern[str]:
    return re.compile(rf"\W*{_LEAD}{phrases('refusals', 'unwanted', 'asked').pattern}")


def stance(asking: str, start: int, end: int) -> Stance:
    """What is said of the command that is named from `start` to `end`."""
    sentence = _SENTENCE_END.split(asking[max(0, start - _WINDOW) : start])[-1]
    clause = _NEW_CLAUSE.split(sentence)[-1]
    words = asking[start:end]
    if phrases("refusals", "unwanted", "inside").search(words):
        return "asked"
    is_told = _PARTICIPLE.match(words) and _told().search(_CLAUSE_END.split(clause)[-1])
    if (
        is_told
        or _question().match(clause)
        or _done().search(clause)
        or (_past().search(clause) and re.match(r"\w+ed\b", words))
    ):
        return "asked"
    after = asking[end : end + 20].lstrip()
    if (
        is_negated(asking, start, end)
        or _is_negated_within(words)
        or _near("before").search(clause)
        or _near("reported").search(clause)
        or phrases("refusals", "unwanted", "after").match(after)
    ):
        return "unwanted"
    return "wanted"


def _is_negated_within(words: str) -> bool:
    """Whether what is done and what it is done to are told with a `not` between them."""
    inner = words.partition(" ")[2].rpartition(" ")[0]
    return bool(phrases("refusals", "unwanted", "within").search(inner))


def is_idle(asking: str) -> bool:
    """Whether a message says that nothing is to be done, and not only nothing else or to one thing."""
    return any(
        not phrases("refusals", "message", "scoped").search(_clause_around(asking, *match.span()))
        for match in phrases("refusals", "message", "idle").finditer(asking)
    )


def _clause_around(asking: str, start: int, end: int) -> str:
    """The clause in which some words stand; a comma ends it too."""
    before = _CLAUSE_END.split(asking[max(0, start - _WINDOW) : start])[-1]
    return before + asking[start:end] + _CLAUSE_END.split(asking[end : end + _WINDOW])[0]


def retraction_end(asking: str) -> int:
    """Where the last words stand that take back what was said before them; -1 without."""
    ends = [match.end() for match in phrases("refusals", "message", "retracted").finditer(asking)]
    ends += [
        match.end()
        for match in phrases("refusals", "message", "kept").finditer(asking)
        if not is_negated(asking, *match.span()) and not _is_praised(asking, match.start())
    ]
    return max(ends, default=-1)


def _is_praised(asking: str, start: int) -> bool:
    """Whether another thing is spoken of that pleases: `the lamp is wonderful, I keep it`."""
    sentence = _SENTENCE_END.split(asking[max(0, start - _WINDOW) : start])[-1]
    return bool(phrases("refusals", "clause", "praise").search(sentence))


def kept_orders(own: str, *, is_keeping: bool) -> tuple[str, ...]:
    """The orders that are excepted; those that are to be kept too, where that says the same."""
    folded = fold(own)
    return tuple(each for each in order_ids(own) if _is_kept(each, folded, is_keeping=is_keeping))


def _is_kept(order_id: str, folded: str, *, is_keeping: bool) -> bool:
    for match in re.finditer(rf"(?<!\w)#?{re.escape(fold(order_id))}(?!\w)", folded):
        before = _without_ids(folded[: match.start()])
        if _ends(before, "order") or (is_keeping and _ends(before, "keep")):
            return True
        if phrases("refusals", "exception", "stays").match(folded[match.end() :].lstrip()):
            return True
    return False


def _without_ids(folded: str) -> str:
    """The end of a text without the ids of a list that goes on behind it."""
    stretch = folded[-_WINDOW:]
    while match := re.search(
        r"#?\b(?=[a-z]*\d)\w{4,20}(?:\s*,|\s+(?:and|or|nor|und|et|y))[\s,]*(?:and |or )?(?:order )?$", stretch
    ):
        stretch = stretch[: match.start()]
    return stretch


def _ends(before: str, key: str) -> bool:
    found = re.search(phrases("refusals", "exception", key).pattern + _ID + "$", before)
    return found is not None and not (key == "keep" and is_negated(before, *found.span()))


def excepted(text: str) -> tuple[str, str, bool] | None:
    """A text without an exception, the exception, and whether it speaks of all the others by itself."""
    folded = fold(text)
    for key in ("strong", "weak"):
        match = phrases("refusals", "exception", key).search(folded)
        if match:
            end = _SENTENCE_END.search(folded, match.end())
            stop = end.start() if end else len(text)
            return text[: match.start()] + " " + text[stop:], text[match.end() : stop], key == "strong"
    return None


def spares(text: str, key: str) -> bool:
    """Whether a thing of the slots' words is only named as what stays as it is."""
    pieces = re.split(r"[.;!?\n,]|\b(?:but|and)\b", fold(text))
    about = [piece for piece in pieces if phrases("slots", "which", key).search(piece)]
    return bool(about) and all(phrases("refusals", "exception", "unchanged").search(piece) for piece in about)
