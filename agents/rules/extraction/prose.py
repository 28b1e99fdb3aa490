"""What somebody orders in a sentence: `I'd like two desk lamps and a wall clock at $30 each`."""

import re
from bisect import bisect_left
from decimal import Decimal
from functools import cache
from typing import Final

from agents.rules.extraction.charges import is_charge
from agents.rules.extraction.lines import Row
from agents.rules.extraction.marks import find_identifier, find_prices, is_each, is_measured, moved
from agents.rules.reading.dates import is_month, is_weekday
from agents.rules.reading.money import Amount
from agents.rules.reading.numbers import find_counts
from agents.rules.text import Cover, Span, fold, trimmed
from agents.rules.vocabulary import alternatives, folded_words, load, word_set

_SENTENCE: Final = re.compile(
    r"(?:[^.!?\n]|[.!?](?!\s+[A-ZÀ-Þ\"]|\s*$)|(?<=\b[NnDMSA][ro])\.|(?<=\bMrs)\.|(?<=\bArt)\."
    r"|\n(?![ \t\r]*\n))+"
)
_AGO: Final = re.compile(
    r"\b(?:\d+|a|an|one|two|three|last|this|next|yesterday|today|tomorrow|vor|il y a|hace) "
    r"?(?:days?|weeks?|months?|tagen?|wochen?|monat|jours?|semaines?|dias?|semanas?|giorni|week"
    r"|month|year)\b|\b(?:yesterday|today|tomorrow|gestern|heute|hier|ayer|ieri)\b"
)
_CUT: Final = (
    r"[,;:!?()+\n\"]|[.](?:\s|$)|\s[-\u2013\u2014]+\s|\s@|\$|€|£|\s(?:a|je)\s(?=[\d€$£])"
    r"|\s(?=\d[\d.,]*\s?(?:€|eur|kr|zl|kc|ft))"
)
_DENIED: Final = re.compile(
    r"(?<!\w)(?:not|no|nicht|kein\w*|pas|non|nao|niet|geen|inte|ikke|nie|ne|ei|nem|nu|degil|without"
    r"|instead of|statt)\s+$"
)
_WRAPPED: Final = re.compile(r"(?<=[^\n]{60})(?<=[^\s.:])\n(?=[^\W\d_]|\d{1,4} [^\W\d_])")
_LONGEST: Final = 80
_MOST_WORDS: Final = 7
_STEM: Final = 5
_MOST_PIECES: Final = 9999


@cache
def _wanting() -> re.Pattern[str]:
    cues = folded_words("quantities", "wanting", "cues")
    return re.compile(rf"(?<![\w-])(?:{cues})(?!\w)")


@cache
def _coming() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded_words('orders', 'about', 'came')})(?!\w)")


@cache
def _more() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:(?:{folded_words('quantities', 'wanting', 'also')})(?!\w)|\d)")


@cache
def _announcing() -> re.Pattern[str]:
    words = folded_words("quantities", "wanting", "announcing")
    return re.compile(rf"(?:(?<!\w)(?:{words})(?!\w)[^\n.]{{0,40}}|:\s*)$")


@cache
def _stop(language: str) -> re.Pattern[str]:
    stops = load("quantities")["stops"]
    words = alternatives({fold(word) for word in [*stops["all"], *stops["en"], *stops.get(language, [])]})
    return re.compile(rf"{_CUT}|(?<![\w'-])(?:{words})(?![\w'-])")


@cache
def _multiplied() -> re.Pattern[str]:
    counters, containers = (folded_words("quantities", "units", key) for key in ("counters", "containers"))
    return re.compile(rf" ?(?:{counters}|{containers})(?!\w)")


def find_wanted(text: str, language: str, sums: Cover, references: list[Span]) -> list[Row]:
    """The things counted after a word of wanting, sentence by sentence, and not what came instead."""
    text = _unwrapped(text)
    folded = fold(text)
    wanted: list[Row] = []
    others: list[Row] = []
    goes_on = is_announced = False
    for sentence in _SENTENCE.finditer(text):
        span = Span(*sentence.span())
        cue = _wanting().search(folded, span.start, span.end) or _number_in(text, span, references)
        came = _coming().search(folded, cue.end() if cue else span.start, span.end)
        is_more = goes_on and bool(_more().match(folded, span.start, span.end))
        is_more = is_more or is_announced
        if cue or is_more:
            found = _after(text, folded, span, cue, came, language, sums)
        else:
            found = [
                row for row in _counted(text, folded, span, language, sums) if _is_multiplied(folded, row)
            ]
        goes_on = bool(found) and (bool(cue) or is_more)
        is_announced = (
            bool(cue) and not found and bool(_announcing().search(folded, span.start, span.end + 1))
        )
        (others if came and not cue else wanted).extend(found)
    return _mended(wanted or others, folded)


def _mended(rows: list[Row], folded: str) -> list[Row]:
    """`2 mortars - no, sorry, 1 mortar`: what puts a number right is no thing of its own."""
    kept: list[Row] = []
    for row in rows:
        known = next((other for other in kept if _stem(other) == _stem(row)), None)
        start = row.cells["quantity"][1].start
        if known and _mending().search(folded, max(0, start - 40), start):
            known.cells["quantity"] = row.cells["quantity"]
        else:
            kept.append(row)
    return kept


def _stem(row: Row) -> str:
    return fold(str(row.cells["item_name"][0]))[:_STEM]


@cache
def _mending() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded_words('quantities', 'wanting', 'mending')})(?!\w)")


def _unwrapped(text: str) -> str:
    """The text with blanks for the line breaks that only a full line makes; every offset stays."""
    return _WRAPPED.sub(" ", text)


def _number_in(text: str, sentence: Span, references: list[Span]) -> re.Match[str] | None:
    """The order's own number: what is counted behind it was ordered."""
    numbers = (
        re.compile(re.escape(each.of(text))).match(text, each.start)
        for each in references
        if each.within(sentence)
    )
    return next(numbers, None)


def _after(
    text: str,
    folded: str,
    sentence: Span,
    cue: re.Match[str] | None,
    came: re.Match[str] | None,
    language: str,
    sums: Cover,
) -> list[Row]:
    """What is counted behind the word of wanting; where nothing is, what is counted before it."""
    start = cue.end() if cue else sentence.start
    end = came.start() if came and cue else sentence.end
    found = _counted(text, folded, Span(start, end), language, sums)
    return found or (_counted(text, folded, Span(sentence.start, cue.start()), language, sums) if cue else [])


def _is_multiplied(folded: str, row: Row) -> bool:
    return bool(_multiplied().match(folded, row.cells["quantity"][1].end))


def _counted(text: str, folded: str, scope: Span, language: str, sums: Cover) -> list[Row]:
    stretch = folded[scope.start : scope.end]
    amounts = find_prices(text[scope.start : scope.end])
    priced = Cover(amount.span for amount in amounts)
    counts = [each for each in find_counts(stretch, language) if not priced.touches(Span(each[1], each[2]))]
    rows: list[Row] = []
    previous = 0
    for value, start, end, _ in counts:
        name = (
            _thing(text, folded, Span(scope.start + end, scope.end), language) if start >= previous else None
        )
        if (
            name is None
            or (is_measured(stretch, end) and not _is_held(stretch, end))
            or _DENIED.search(stretch, max(0, start - 24), start)
        ):
            continue
        if value > _MOST_PIECES:
            continue
        row = Row()
        row.add("quantity", Decimal(value), Span(scope.start + start, scope.start + end))
        row.add("item_name", name.of(text), name)
        previous = name.end - scope.start
        rows.append(row)
    moved_amounts = (moved(amount, scope.start) for amount in amounts)
    _add_details(text, rows, [each for each in moved_amounts if not sums.touches(each.number)], scope.end)
    return rows


def _add_details(text: str, rows: list[Row], amounts: list[Amount], end: int) -> None:
    """To each thing the first price and the number that stand between it and the next one."""
    starts = [amount.span.start for amount in amounts]
    for row, following in zip(rows, [*rows, None][1:], strict=False):
        start = row.cells["item_name"][1].end
        stop = following.cells["quantity"][1].start if following else end
        index = bisect_left(starts, start)
        if index < len(starts) and starts[index] < stop:
            _add_price(text, row, amounts[index])
        _add_identifier(text, Span(start, stop), row)


def _add_identifier(text: str, rest: Span, row: Row) -> None:
    stretch = rest.of(text)
    found = find_identifier(stretch, fold(stretch), Cover([]))
    if found:
        span = Span(rest.start + found[0].start, rest.start + found[0].end)
        row.add("item_id", span.of(text), span)


_NUMBER: Final = 5
_AT_PRICE: Final = re.compile(
    r"\s(?:at|for|zu|fur|je|a|pour|por|per|voor|om|till|til|za|po|pentru)(?= \S{0,3}\d)"
)


def _thing(text: str, folded: str, rest: Span, language: str) -> Span | None:
    """The noun phrase after a number, up to the next word that can't belong to it."""
    start = _past_units(folded, rest)
    limit = min(rest.end, start + _LONGEST)
    stop = _stop(language).search(folded, start + 1, limit) or _AGO.search(folded, start + 1, limit)
    name = trimmed(text, start, stop.start() if stop else limit, strip=" \t\r\n,;:|*_-\"“”'.")
    at = _AT_PRICE.search(folded, name.start, name.end + _NUMBER)
    name = Span(name.start, at.start()) if at else name
    words = fold(name.of(text)).split()
    return name if words and _is_thing(words, folded, name) and not is_charge(text, name) else None


def _is_thing(words: list[str], folded: str, name: Span) -> bool:
    nothing, pointing = (word_set("quantities", key, "words") for key in ("nothing", "pointing"))
    if words[0] in pointing or " ".join(words) in pointing:
        return False
    if len(words) > _MOST_WORDS or words[0] in nothing or words[-1] in nothing:
        return False
    figures = re.match(r"\d*", words[0])
    begins_well = words[0][0].isalpha() or (figures and is_measured(folded, name.start + figures.end()))
    return (
        bool(begins_well)
        and not is_month(words[0])
        and not is_weekday(words[0])
        and not _ordered().match(words[0])
    )


@cache
def _ordered() -> re.Pattern[str]:
    return re.compile(rf"(?:{folded_words('orders', 'order', 'stems')})\w{{0,6}}$")


def _past_units(folded: str, rest: Span) -> int:
    """Where the thing itself begins: `bags of`, `kilo` or `x` stand before it."""
    unit = _unit().match(folded, rest.start, rest.end)
    start = unit.end() if unit else rest.start
    return start if re.match(r"\w", folded[start : rest.end]) else rest.start


def _is_held(folded: str, end: int) -> bool:
    """`2 kg flour`: a measure that things are sold by."""
    return bool(
        re.match(rf" (?:{folded_words('quantities', 'units', 'containers')})\s", folded[end : end + 20])
    )


@cache
def _unit() -> re.Pattern[str]:
    units = load("quantities")["units"]
    pieces = {fold(word) for key in ("pieces", "counters", "containers") for word in units[key]}
    words = alternatives(pieces - {"new", "extra", "more"})
    more = r"(?:(?:more|extra|other|weitere|autres|mas|altri|altre|mais|meer|fler|flere|wiecej|dalsi) )?"
    of = r"(?:of (?:the |your |those |these |our )?|de |d'|di |av |af |von |vom )?"
    return re.compile(rf"\s*{more}(?:(?:{words})(?!\w)\.?\s*){{1,2}}{of}|\s*{more}of (?:the |your |our )?")


def _add_price(text: str, row: Row, amount: Amount) -> None:
    row.add("unit_price" if is_each(text, amount) else "price", amount.value, amount.number)
    if amount.currency:
        row.add("currency", amount.currency, amount.span)
