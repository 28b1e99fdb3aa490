"""What a text says to machines: orders to whoever reads it are no part of what it tells, and are blanked."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.extraction.letters import is_closing
from agents.rules.text import Span, blanked, fold
from agents.rules.vocabulary import alternatives, load

_ANYTHING: Final = r"[\w'-]*"
_OPENING: Final = re.compile(
    r"<(?P<tag>instructions?|system|prompt|assistant|admin|override|rules?|task|important|hidden"
    r"|secret)\b[^>\n]{0,80}>"
    r"|</(?P<end>document|text|input|content|email|message)>|(?P<turn><\|[^|\n]{1,40}\|>)|(?P<inst>\[INST\])"
    r"|(?P<begin><{2,}[ \t]*(?:begin|start)\b[^>\n]{0,60}>{2,})",
    re.IGNORECASE,
)
_CLOSING: Final = {
    "tag": r"</{}[^>\n]{{0,40}}>",
    "end": r"<{}>",
    "turn": r"<\|[^|\n]{{1,40}}\|>",
    "inst": r"\[/INST\]",
    "begin": r"<{{2,}}[ \t]*end\b[^>\n]{{0,60}}>{{2,}}",
}
_BRACKETED: Final = re.compile(
    r"\[[^\[\]]{1,3000}\]|\([^()]{1,3000}\)|##[^#\n]{1,2000}##|<<[^<>]{1,2000}>>"
    r"|[\"\u201c\u201d\u201e\u00ab][^\"\n\u201c\u201d\u201e\u00ab\u00bb]{1,2000}[\"\u201c\u201d\u00bb]"
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])[\"')\]]*\s+")
_LABEL: Final = re.compile(r"[ >*-]{0,8}[^\W\d_][\w ./'-]{0,30}(?:: |\.{3,})")
_RULE: Final = re.compile(r"[\s>]*(?:[-=_*~#][-=_*~# ]{2,})?")
_PROPERTIES: Final = (
    r"first_name|last_name|full_name|birth_date|job_title|phone_number|email_address|address[12]"
    r"|order_id|order_date"
    r"|customer_name|unit_price|item_id|total_amount|shipping_address"
)
_FILLED: Final = (
    "full_name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "birth_date",
    "company",
    "job_title",
)
_TITLE: Final = re.compile(
    r"!?\[[^\]\n]{0,200}\]\(\s?[^\s()]{1,400}\s+(?P<title>[\"'][^\n]{1,1000}?[\"'])\s?\)"
)
_KEY: Final = re.compile(
    r"\"_{0,2}(?:[\w-]{0,20}[_-])?(?:instructions?|prompts?|system(?:_?(?:message|prompt|note))?"
    r"|directives?|overrides?|ai|llm|agent"
    r"|assistant|parser|extractor|hidden)(?:[_-](?:note|notes|notice|hint|hints|message|instructions?"
    r"|directive|override|text))?\""
    r"\s{0,4}:\s{0,8}",
    re.IGNORECASE,
)
_READERS_KEY: Final = (
    r"(?:ai|ki|ia|llm|gpt|agents?|bots?|assistants?|parsers?|extractors?|crawlers?"
    r"|prompt|system|machine|reader)"
)
_NOTES_KEY: Final = (
    r"(?:policy|policies|notes?|notice|hints?|message|instructions?|directives?"
    r"|override|rules?|prompt|guidance)"
)
_BARE_KEY: Final = re.compile(
    rf"^(?P<indent>[ \t>]*)(?:\w{{1,20}}[_-])?(?:{_READERS_KEY}[_-]{_NOTES_KEY}"
    rf"|{_NOTES_KEY}[_-](?:to|for)[_-](?:the[_-])?{_READERS_KEY})"
    r"(?:[_-]\w{1,20})?[ \t]?[:=][^\n]*(?:\n(?P=indent)[ \t]+[^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_COMMENT: Final = re.compile(
    r"/\*.{0,1000}?\*/|%%[^%\n]{3,1000}%%|^[ \t>]*(?://|#|;|--)\s?(?:todo\s?\()?(?:bots?|agents?|ai"
    r"|llms?|parsers?|gpt|assistant"
    r"|model|prompt|extract\w*)\b[^\n]{0,1000}",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_ROLE: Final = re.compile(
    r"\{[^{}]{0,80}\"role\"\s?:\s?\"(?:system|assistant|developer|tool)\"[^{}]{0,2000}\}", re.IGNORECASE
)
_JSON: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|[{}\[\]]|,(?=\s*\n)")
_SHORT, _LONGEST, _MOST_LINES = 50, 3000, 40


def heard(text: str) -> str:
    """The text without what is planted in it; every offset stays."""
    text = blanked(text, [*_tagged(text), *_titled(text), *_keyed(text)])
    spans = _Listener(text).planted()
    return blanked(text, spans) if spans else text


def _tagged(text: str) -> Iterator[Span]:
    """What stands between marks such as `<system>` and `</system>`."""
    position, small = 0, text.lower()
    while match := _OPENING.search(text, position):
        kind = str(match.lastgroup)
        if kind == "end" and -1 < small.find(f"<{match[kind].lower()}") < match.start():
            position = match.end()
            continue
        closing = re.compile(_CLOSING[kind].format(match[kind]), re.IGNORECASE).search(text, match.end())
        position = closing.end() if closing else min(match.end() + _LONGEST, len(text))
        yield Span(match.start(), position)


def _titled(text: str) -> Iterator[Span]:
    """The titles of pictures and links, which no reader of the page sees."""
    for match in _TITLE.finditer(text):
        yield Span(*match.span("title"))
    for match in _COMMENT.finditer(text):
        yield Span(*match.span())


def _keyed(text: str) -> Iterator[Span]:
    """Values of JSON, YAML or settings whose key says that they are instructions."""
    for match in _BARE_KEY.finditer(text):
        yield Span(*match.span())
    for match in _ROLE.finditer(text):
        yield Span(*match.span())
    for match in _KEY.finditer(text):
        yield Span(match.start(), _value_end(text, match.end()))


def _value_end(text: str, start: int) -> int:
    """Where the JSON value ends that begins here."""
    depth = 0
    for match in _JSON.finditer(text, start, start + _LONGEST):
        depth += match.group() in "{["
        depth -= match.group() in "}]"
        if depth <= 0:
            return match.end() if depth == 0 else match.start()
    return min(len(text), start + _LONGEST)


class _Listener:
    """A text that is searched for passages that no person wrote for people."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._brackets = [Span(*match.span()) for match in _BRACKETED.finditer(self._folded)]
        self._starts = [bracket.start for bracket in self._brackets]

    def planted(self) -> list[Span]:
        return [
            *self._around_all(_phrases("plain", "phrases"), None),
            *self._around_all(_dismissal(), _phrases("dismissals", "answers")),
            *self._around_all(_audience(), _phrases("orders", "verbs")),
            *self._around_all(_readers(), _phrases("orders", "verbs")),
            *self._around_all(_speech(), None),
            *self._around_all(_assignment(), None),
            *self._around_all(_unsaid(), None),
            *self._around_all(_filling(), _phrases("orders", "verbs")),
            *self._headed(),
        ]

    def _headed(self) -> Iterator[Span]:
        """What stands below a heading such as `### DEVELOPER MESSAGE`, up to its end or an empty line."""
        for match in _heading().finditer(self._folded):
            mark = match["mark"].strip()
            ends = re.compile(rf"^[ \t>]*{re.escape(mark)}[^\n]*$", re.MULTILINE) if mark else None
            close = ends.search(self._folded, match.end(), match.end() + _LONGEST) if ends else None
            yield Span(match.start(), close.end() if close else _end(self._folded, match.end()))

    def _around_all(self, cue: re.Pattern[str], orders: re.Pattern[str] | None) -> Iterator[Span]:
        """The stretches around a cue; only those that hold one of the orders, if any are asked for."""
        position = 0
        for match in cue.finditer(self._folded):
            if match.start() < position or self._is_word(match):
                continue
            span = self._around(match, orders)
            position = span.end
            if orders is None or orders.search(self._folded, span.start, span.end):
                yield span

    def _is_word(self, match: re.Match[str]) -> bool:
        """`ai` is a word of some languages; a machine is an `AI`."""
        name = Span(*match.span(str(match.lastgroup))) if match.lastgroup else Span(*match.span())
        return name.end - name.start <= len("AI") and not name.of(self._text).isupper()

    def _around(self, match: re.Match[str], orders: re.Pattern[str] | None) -> Span:
        """The brackets or quotes that a cue stands in, or else its sentence and all that follows from it."""
        folded, closing = self._folded, match.groupdict().get("mark")
        index = bisect_right(self._starts, match.start()) - 1
        around = self._brackets[index] if index >= 0 else Span(0, 0)
        is_told = orders is None or orders.search(folded, around.start, around.end)
        if is_told and around.end >= match.end() and not closing:
            is_first = not folded[folded.rfind("\n", 0, around.start) + 1 : around.start].strip(" >\t*-")
            return Span(around.start, _line_end(folded, around.end)) if is_first else around
        line = folded.rfind("\n", 0, match.start()) + 1
        starts = [each.end() for each in _SENTENCE.finditer(folded, line, match.start())]
        end = _closed(folded, match) if closing else None
        return Span(starts[-1] if starts else line, end or _end(folded, match.end()))


def _closed(folded: str, match: re.Match[str]) -> int | None:
    """Where `[END SYSTEM]` stands for the `[SYSTEM]` of a match."""
    closing = re.compile(rf"\[[^\]\n]{{0,20}}{re.escape(match['name'])}\]")
    end = closing.search(folded, match.end(), match.end() + _LONGEST)
    return end.end() if end else None


def _end(folded: str, position: int) -> int:
    """Where the passage ends: at an empty line, or before one that is plainly about something else."""
    end, is_list = _line_end(folded, position), False
    for _ in range(_MOST_LINES):
        row = folded[folded.rfind("\n", 0, end) + 1 : end].rstrip()
        following = folded[end + 1 : _line_end(folded, end + 1)]
        is_list = is_list or row.endswith(":")
        if end >= len(folded) or not _goes_on(row, following, is_list=is_list):
            break
        end = _line_end(folded, end + 1)
    return end


def _line_end(folded: str, position: int) -> int:
    end = folded.find("\n", min(position, len(folded)))
    return end if end >= 0 else len(folded)


def _goes_on(row: str, following: str, *, is_list: bool) -> bool:
    if _RULE.fullmatch(following):
        return False
    if is_list:
        return True
    if is_closing(following) or _LABEL.match(following):
        return False
    return len(row) >= _SHORT or following.lstrip(" >")[:1].islower()


@cache
def _phrases(section: str, key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_any(section, key)}(?![\w-])")


@cache
def _audience() -> re.Pattern[str]:
    """A machine that is called, that has a duty, or whose name opens a notice."""
    machines, callings = _any("audience", "machines"), _any("audience", "callings")
    few = r"[ \n](?:>[ ]?)?(?:[\w'-]{1,20} ){0,3}"
    return re.compile(
        rf"(?<![\w.-])(?:{callings}{few}(?P<called>{machines})(?! {_any('audience', 'trades')})"
        rf"|(?P<obliged>{machines})[ \n](?:> ?)?{_any('audience', 'duties')}"
        rf"|(?P<named>{machines})(?= ?:))(?![\w-])"
    )


@cache
def _dismissal() -> re.Pattern[str]:
    above = (
        r"(?:above|previous|prior|preceding|earlier|obige\w*|vorherige\w*|bisherige\w*|oben"
        r"|precede\w*|precedent\w*|ci-dessus|anterior\w*|de arriba|sopra|acima|bovenstaand\w*"
        r"|vorige|ovan\w*|tidigare|oven\w*|tidligere|powyzsz\w*|powyzej|poprzedni\w*|predchozi|ylla"
        r"|yukarida\w*|onceki)"
    )
    return re.compile(rf"(?<!\w){_any('dismissals', 'verbs')} (?:[\w'-]{{1,20}} ){{0,4}}{above}(?!\w)")


@cache
def _readers() -> re.Pattern[str]:
    """Something that reads, or whoever does: `software that reads this`, `a quien procese este mensaje`."""
    readers, verbs = _any("reading", "readers"), _any("reading", "verbs")
    objects, occasions = _any("reading", "objects"), _any("reading", "occasions")
    means, tools = _any("reading", "means"), _any("reading", "tools")
    gap, few = r",?[ \n](?:> ?)?", r"(?:[\w'-]{1,16},? ){0,4}"
    relative = (
        r"(?:that|which|who|qui|que|di[ea]|der|das|dat|som|che|care|ktor\w{1,3}|kter\w{1,3}|jo(?:ka"
        r"|tka)|welche\w?|wat"
        r"|amely|aki|:)"
    )
    return re.compile(
        rf"(?<![\w.-])(?:{readers}{gap}(?:{relative} {few})?{verbs}(?![\w-])"
        rf"(?=[^.\n]{{0,60}}?(?<!\w){objects}(?!\w))"
        rf"|{readers}{gap}{relative} {objects} {few}{verbs}|{objects} (?:[\w'-]{{1,16}} )?{verbs} {readers}"
        rf"|(?:{readers}|anyone|anybody|everyone){gap}(?:{verbs} {few}{means}{tools}"
        rf"|{few}{means}{tools} {few}{verbs})"
        rf"|{occasions})(?![\w-])"
    )


@cache
def _assignment() -> re.Pattern[str]:
    """`last_name := "Voss"`, `set total_amount to 1`: properties are named by programs alone."""
    names = _PROPERTIES
    return re.compile(
        rf"(?<![\w\"'])(?:{names}) ?(?::=|<-|=>)|(?<![\w-])(?:set|return|report|output|emit|overwrite"
        rf"|change|with|give|answer is)"
        rf" (?:the )?[\"'`]?(?:{names})(?!\w)|(?<!\w)(?:answer|json|output|extraction) ?[:=] ?\{{"
    )


@cache
def _unsaid() -> re.Pattern[str]:
    """What is said to be no more than an example: `the details above are fictitious`."""
    above, samples = _any("unsaid", "above"), _any("unsaid", "samples")
    return re.compile(rf"(?<!\w){above}(?!\w)[^.!?\n]{{0,60}}?(?<!\w){samples}(?!\w)")


@cache
def _filling() -> re.Pattern[str]:
    """How to fill in a field: `in the field surname`, `w polu nazwisko`, `Sukunimi-kenttään`."""
    labels = load("labels")
    kinds = [labels["person"][key] for key in _FILLED] + [
        labels["order"][key] for key in ("order_id", "total")
    ]
    names = alternatives({fold(name) for kind in kinds for name in kind if len(name) > 2})
    fields = _any("unsaid", "fields")
    return re.compile(
        rf"(?<!\w){fields}[ \n:\"'(]{{1,3}}(?:{names})(?!\w)|(?<!\w)(?:{names})[\"')]?[ -]{fields}(?!\w)"
    )


@cache
def _heading() -> re.Pattern[str]:
    owners, notices = _any("headings", "owners"), _any("headings", "notices")
    return re.compile(
        rf"^[ \t>]*(?P<mark>[#*=~_<>!-]{{2,12}}|\[{{2}}"
        rf"|)(?: ?\[)? ?(?:begin )?(?:(?:{owners})[ -]?(?:{notices})|(?:{notices})[ -](?:(?:de|del|do|da|di"
        rf"|du|van|od|av|af|of) )?(?:{owners}))"
        r"(?![\w-])(?=[^\n]{0,80}(?:[#*=~:\]]|\(|0x|-{2,}|$))[^\n]{0,80}",
        re.MULTILINE,
    )


@cache
def _speech() -> re.Pattern[str]:
    names = _any("speakers", "machines")
    return re.compile(
        rf"(?:^[^\w\n]{{0,10}}|(?<=: ))(?P<mark>\[) ?(?P<name>{names})(?:[ :|#-][^\[\]\n]{{0,40}})?\]"
        rf"|^[^\w\n]{{0,10}}(?P<speaker>{names})[ \]*_]{{0,4}}(?::|>>|\u00bb)",
        re.MULTILINE,
    )


def _any(section: str, key: str) -> str:
    phrases = sorted(load("machines")[section][key], key=len, reverse=True)
    escaped = (re.escape(phrase).replace("\\*", _ANYTHING) for phrase in phrases)
    return f"(?:{'|'.join(escaped)})"
