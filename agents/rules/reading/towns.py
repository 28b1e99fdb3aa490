"""The line of an address that names the town: with its postal code, before or after it, and its state."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from agents.rules.reading.names import is_nobody
from agents.rules.reading.regions import is_country, is_region, is_state, is_state_code
from agents.rules.text import Span, trimmed
from agents.rules.vocabulary import load, normal, word_set

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀČĎĘĚŁŃŇŐŘŚŞŠŤŮŰŹŻŽİ"
_LINK: Final = (
    r"(?:am|an der|an|a\.|im|in der|bei|ob der|sur|sous|de|del|de la|la|le|les|lès|of|upon|on|do|da|dos|das"
    r"|di"
    r"|den|aan den|aan de|and|y|e|i|el|los|las|near|under|ved|nad|pod|u|na|v|op|der|und|cum|next the)"
)
_WORD: Final = rf"(?:[LdD]['\u2019]|'s-|a )?[{_UPPER}][\w.'\u2019-]{{0,30}}"
CITY: Final = rf"(?:'s-|[{_UPPER}]{{1,2}} )?{_WORD}(?:[ -](?:{_LINK} )?{_WORD}){{0,3}}"
_NUMBERED: Final = re.compile(
    r"(?i:praha|dublin|bratislava|brno|plzeň|ostrava|košice|cedex|glasgow|cork|münchen) \d{1,2}(?!\d)|\d(?!.)"
)
_SURE: Final = (
    r"GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[AC-FHKNPRTV-Y]\d[\dW] ?[\dA-Z]{4}"
    r"|[A-CEGHJ-NPR-TVXY]\d[A-Z][ -]?\d[A-Z]\d|[A-Z]\d{4}[A-Z]{3}|(?:LV|LT|MD|AD|AZ)-?\d{3,4}"
    r"|\d{5}-\d{3,4}|\d{2}-\d{3}|\d{4}-\d{3}"
)
_LOOSE: Final = r"\d{4} ?[A-Z]{2}(?!\w)|\d{3} \d{2}|\d{3} \d{3}|\d{3}-\d{4}|\d{4,7}"
_CODE: Final = re.compile(
    rf"(?<![\w#+/.,-])(?:[A-Z]{{1,2}}-)?(?P<zip>{_SURE}|{_LOOSE})(?!\w|[-/.]\d| ?[%€$£]|,\d{{2}}(?!\d))"
)
_LOWER: Final = re.compile(
    rf"(?<![\w#+/.,-])(?P<zip>{_SURE.lower()}|\d{{4}} [a-z]{{2}}(?= [a-z])|{_LOOSE})(?!\w|[-/.]\d| \d{{3}})"
)
_IS_SURE: Final = re.compile(_SURE, re.IGNORECASE)
_ORDERS: Final = frozenset(
    {"order", "orders", "bestellung", "commande", "pedido", "ordine", "bestelling", "sipariş"}
)
_LABEL: Final = re.compile(
    r"(?:c\.?p|cep|plz|zip|cap|postcode|post ?code|postal code|zip ?code|pin ?code|pin|eircode|psč"
    r"|postnr|〒|\bs ?\()"
    r"(?: code)?[.:]? ?(?:is |= ?)?$",
    re.IGNORECASE,
)
_BEFORE_CODE: Final = " ,.\u2013()-"
_STATE_BEHIND: Final = re.compile(
    r" ?\((?P<a>[^()]{2,30})\)| ?[,/\u2013-] ?(?P<b>[^\d,()]{2,30})| (?P<c>[A-Z]{2,3}\b\.?)"
)
_IN_TOWN: Final = re.compile(rf",? ?(?:in|à|a|en|te|em|i|w|v) (?P<city>{CITY})")
_FIGURE: Final = re.compile(r"\d[\dA-Za-z -]")


@dataclass(frozen=True)
class Town:
    """What a stretch names, from `start` to `end`; `is_sure` where nothing but a code looks like that."""

    found: dict[str, Span]
    start: int
    end: int
    is_sure: bool = False


def read_town(text: str, *, is_after_street: bool = False) -> Town | None:
    """The town that a stretch names, with its code, its state and its country."""
    pattern = _LOWER if text.islower() else _CODE
    for match in pattern.finditer(text) if _FIGURE.search(text) else ():
        for reader in (_state_and_code, _code_and_city, _city_and_code, _code_alone):
            town = reader(text, match)
            if town:
                return _onwards(
                    text, replace(town, is_sure=town.is_sure or bool(_IS_SURE.fullmatch(match["zip"])))
                )
    return _without_code(text) if is_after_street else _city_and_state(text)


def city_after(text: str, start: int) -> Span | None:
    """The town that begins at a place, as far as its words go on with capitals."""
    if text[start:].islower():
        return _lowered(text, start)
    match = re.compile(CITY).match(text, start)
    return _less_nobody(text, Span(*match.span())) if match else None


def city_before(text: str, end: int) -> Span | None:
    """The town that ends at a place."""
    stretch = text[:end]
    if stretch.islower():
        words = [match.span() for match in re.finditer(r"[^\s,]+", stretch)]
        first = 0 if len(words) <= 3 else len(words) - 1
        is_name = bool(words) and not any(_is_small(text[slice(*word)]) for word in words[first:])
        return trimmed(text, words[first][0], end) if is_name else None
    for match in re.compile(CITY).finditer(text, max(0, end - 70), end):
        if match.end() >= len(stretch.rstrip(" .,")):
            return _less_nobody(text, trimmed(text, *match.span()), at_start=True)
    return None


def _is_small(word: str) -> bool:
    return (
        is_nobody(word) or word.endswith(("'s", "n't", "'re")) or word.isdigit() or len(word.strip(".")) < 3
    )


def is_place_name(text: str) -> bool:
    """A few words in capitals, and nothing else."""
    city = city_after(text, 0)
    return city is not None and city.end >= len(text.rstrip(" .,!?~")) and len(text) <= 50


def _lowered(text: str, start: int) -> Span | None:
    match = re.compile(r"[^\W\d_][\w'.-]*(?: [^\W\d_][\w'-]*){0,3}").match(text, start)
    return _less_nobody(text, Span(*match.span())) if match else None


def _less_nobody(text: str, span: Span, *, at_start: bool = False) -> Span | None:
    """Without the words at the end, or at the beginning, that are in no name."""
    words = [
        (span.start + each.start(), span.start + each.end()) for each in re.finditer(r"\S+", span.of(text))
    ]
    while at_start and len(words) > 1 and is_nobody(text[slice(*words[0])]):
        words.pop(0)
    stop = next(
        (
            index
            for index, word in enumerate(words)
            if index and is_nobody(text[slice(*word)]) and not _is_link(text[slice(*word)])
        ),
        len(words),
    )
    words = words[:stop]
    if not words or (is_nobody(text[slice(*words[0])]) and len(words) == 1):
        return None
    numbered = _NUMBERED.match(text, words[-1][0])
    if _is_label(text[words[0][0] : words[-1][1]]) or _is_label(text[slice(*words[-1])]):
        return None
    return trimmed(text, words[0][0], numbered.end() if numbered else words[-1][1], strip=" .,;:!?)~")


def _is_label(words: str) -> bool:
    return len(words) > 2 and normal(words.strip(".:")) in _labels()


@cache
def _labels() -> frozenset[str]:
    """What forms call the parts of an address: no town stands there."""
    names = load("labels")["address"].values()
    parts = frozenset(normal(phrase) for phrases in names for phrase in phrases if len(phrase) > 2)
    return parts | word_set("orders", "order", "others") | word_set("orders", "order", "numbers") | _ORDERS


def _is_link(word: str) -> bool:
    return bool(re.fullmatch(_LINK, word))


def _state_and_code(text: str, code: re.Match[str]) -> Town | None:
    """Springfield, IL 62704 and Sydney NSW 2000."""
    end = len(text[: code.start()].rstrip(_BEFORE_CODE))
    words = [match.start() for match in re.finditer(r"(?<![\w.])[^\W\d_]", text[:end])][-3:]
    for start in words:
        state = text[start:end]
        if not (
            is_state(state) or (text.islower() and len(code["zip"]) >= 5 and is_state_code(state.upper()))
        ):
            continue
        if (
            len(state) > 3
            and re.match(rf" {CITY}", text[code.end() :])
            and not is_country(text[code.end() :])
        ):
            continue
        found = {"state": trimmed(text, start, end, strip=" ,()"), "zip": Span(*code.span("zip"))}
        if _dotted(text, end):
            found["state"] = Span(start, end + 1)
        city = city_before(text, len(text[:start].rstrip(" ,/(-")))
        return Town(
            {**found, "city": city} if city else found,
            city.start if city else start,
            code.end(),
            is_sure=True,
        )
    return None


def _dotted(text: str, end: int) -> bool:
    return text[end : end + 1] == "."


def _code_and_city(text: str, code: re.Match[str]) -> Town | None:
    """75002 Paris, D-10115 Berlin, 00184 Roma (RM)."""
    gap = re.compile(r",? +").match(text, code.end())
    city = city_after(text, gap.end()) if gap else None
    if city is None or _is_only_country(city.of(text)) or (_british(code["zip"])):
        return None
    found = {"zip": Span(*code.span("zip")), "city": city}
    return Town(_less_region(text, _less_country(text, found)), code.start(), city.end)


def _is_only_country(name: str) -> bool:
    """Granada and Luxembourg are towns, too."""
    word = normal(name)
    return is_country(name) and not any(word in word_set("places", "towns", key) for key in ("large", "both"))


def _british(code: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z].{3,4}", code))


def _less_country(text: str, found: dict[str, Span]) -> dict[str, Span]:
    """`Paris France` without a comma: the country leaves the town's name."""
    city = found["city"]
    for match in re.finditer(r" +", city.of(text)):
        country = Span(city.start + match.end(), city.end)
        is_whole = not _is_link(city.of(text)[: match.start()].split()[-1])
        if is_country(country.of(text)) and is_whole:
            return {**found, "city": Span(city.start, city.start + match.start()), "country": country}
    return found


def _less_region(text: str, found: dict[str, Span]) -> dict[str, Span]:
    """`Napoli NA`: the province's letters leave the town's name."""
    city = found["city"]
    match = re.fullmatch(r"(.*[a-z].*) ([A-Z]{2})", city.of(text))
    if match is None:
        return found
    return {**found, "city": Span(city.start, city.end - 3), "state": Span(city.end - 2, city.end)}


def _city_and_code(text: str, code: re.Match[str]) -> Town | None:
    """London SW1A 2AA, New York 10001, Bengaluru 560001."""
    end = len(text[: code.start()].rstrip(_BEFORE_CODE))
    label = _LABEL.search(text[: code.start()])
    city = city_before(text, len(text[: label.start()].rstrip(_BEFORE_CODE)) if label else end)
    if city is None or (end == 0):
        return None
    found = {"zip": Span(*code.span("zip")), "city": city}
    if _is_only_country(city.of(text)):
        return Town({"zip": found["zip"], "country": city}, city.start, code.end())
    split = re.fullmatch(r"(.+?)[ ,/-]+([A-Z]{2,3})", city.of(text))
    is_military = bool(split and re.fullmatch(r"[AFD]PO A[AEP]", split[0]))
    if split and (is_military or (is_state_code(split[2]) and not split[1].isupper())):
        found |= {
            "city": Span(city.start, city.start + split.end(1)),
            "state": Span(city.end - len(split[2]), city.end),
        }
    return Town(found, city.start, code.end(), is_sure=bool(label))


def _code_alone(text: str, code: re.Match[str]) -> Town | None:
    """The code as a part of its own, perhaps with its label."""
    label = _LABEL.search(text[: code.start()])
    start = label.start() if label else code.start()
    is_sure = bool(_IS_SURE.fullmatch(code["zip"])) and not re.fullmatch(r"[\d-]+", code["zip"])
    is_alone = start == 0 and code.end() >= len(text.rstrip(" .,!?~"))
    return (
        Town({"zip": Span(*code.span("zip"))}, start, code.end(), bool(label))
        if is_alone or is_sure or label
        else None
    )


def _without_code(text: str) -> Town | None:
    """What follows a street without a code: `in Leeds`, `London`, `Curitiba PR`."""
    inside = _IN_TOWN.match(text)
    if inside:
        city = _less_nobody(text, Span(*inside.span("city")))
        return Town({"city": city}, 0, city.end) if city else None
    town = _city_and_state(text)
    if town or text.islower() or not is_place_name(text.strip(" ,.")):
        return town
    city = trimmed(text, 0, len(text), strip=" ,.!?")
    return Town({"city": city}, 0, len(text)) if not is_country(city.of(text)) else None


def _city_and_state(text: str) -> Town | None:
    """`Curitiba PR`, `Austin, TX`, `Treviso (TV)` as a part of its own."""
    match = re.fullmatch(rf"\s*(?P<city>{CITY}?)(?: ?[/,-] ?| | ?\()(?P<state>[A-Z]{{2,3}})\)?[ .,]*", text)
    if match is None or not (is_state_code(match["state"]) or ")" in text):
        return None
    return Town(
        {"city": Span(*match.span("city")), "state": Span(*match.span("state"))},
        match.start("city"),
        match.end(),
    )


def _onwards(text: str, town: Town) -> Town:
    """The state and the country in the same stretch, behind the town."""
    found, end = dict(town.found), town.end
    behind = _STATE_BEHIND.match(text, end)
    if behind and "city" in found:
        group = next(name for name in "abc" if behind[name])
        span = trimmed(text, *behind.span(group), strip=" ,")
        kind = _kind_behind(span.of(text), is_marked=group != "b")
        if kind and kind not in found:
            found[kind], end = span, behind.end()
    span = trimmed(text, end, len(text), strip=" ,.()/-")
    if "country" not in found and span.start < span.end and is_country(span.of(text)):
        found["country"], end = span, len(text)
    return replace(town, found=found, end=end)


def _kind_behind(text: str, *, is_marked: bool) -> str | None:
    if is_country(text):
        return "country"
    return "state" if is_region(text) or (is_marked and re.fullmatch(r"[A-Z]{2}", text)) else None
