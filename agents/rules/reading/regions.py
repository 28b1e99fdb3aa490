"""Countries, states and provinces, as addresses name them: written out or abbreviated."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Protocol, cast

import pycountry

from agents.rules.reading.cldr import country_names
from agents.rules.vocabulary import normal, word_set

_COUNTY: Final = re.compile(
    r"(?:co|county|condado de|contea di|comte de) [^\W\d_][\w' -]{2,25}|[\w-]{3,25} (?:county|prefecture)"
)
_NAMED: Final = re.compile(
    r"(?:woj|wojewodztwo|prov|provincia(?: de| di)?|province (?:of|de)|provinz|bundesland|kanton"
    r"|canton(?: de)?|kraj|okres|jud|judetul|edo|estado de|state of|region|regione|region de"
    r"|dep|dept|dpto|obl) "
)
_STATES_OF: Final = frozenset({"US", "CA", "AU", "BR", "MX", "IN", "DE", "AT", "ZA", "FR", "MY"})
_TOWNS: Final = frozenset(
    {
        "berlin",
        "hamburg",
        "bremen",
        "wien",
        "sao paulo",
        "rio de janeiro",
        "delhi",
        "new delhi",
        "chandigarh",
        "puebla",
    }
)
_LARGE: Final = re.compile(
    r"(?i)\b(?:state|province|land|canton|region|autonomous community|voivodship|territory|department)\b"
)


class _Subdivision(Protocol):
    name: str
    type: str
    country_code: str


@cache
def _subdivisions() -> list[_Subdivision]:
    return list(cast("Iterable[_Subdivision]", pycountry.subdivisions))


def _names(subdivision: _Subdivision) -> Iterator[str]:
    """The name, and each of its forms where it has several."""
    name = re.sub(r" ?[\[(].*?[\])]\*?", "", subdivision.name)
    for each in (name, name.partition(",")[0], *name.split("/")):
        if normal(each) not in countries():
            yield normal(each)


@cache
def countries() -> frozenset[str]:
    """Countries' names in several languages, folded."""
    return frozenset(_letters_of()) | word_set("places", "countries", "also")


@cache
def _letters_of() -> dict[str, str]:
    return {normal(name): letters for name, letters in country_names()}


def country_letters(text: str) -> str:
    """The two letters of a country that is written out; nothing for others."""
    return _letters_of().get(normal(text.strip(" .,;:!?()")), "")


@cache
def _states() -> frozenset[str]:
    """States that no town is called after, or hardly any."""
    known = {
        name
        for each in _subdivisions()
        if each.country_code in _STATES_OF and _LARGE.search(each.type)
        for name in _names(each)
    }
    listed = word_set("places", "us_states", "names") | word_set("places", "regions", "names")
    return (frozenset(known) | listed) - _TOWNS


@cache
def _regions() -> frozenset[str]:
    return _states() | {name for each in _subdivisions() for name in _names(each)}


@cache
def _codes() -> frozenset[str]:
    return word_set("places", "us_states", "codes") | word_set("places", "regions", "codes")


def is_country(text: str) -> bool:
    return normal(text.strip(" .,;:!?()")) in countries()


def is_state(text: str) -> bool:
    """A state, a province or a county, by its name or by its letters."""
    word = normal(text.strip(" ,;:!?()"))
    return (
        word in _states()
        or bool(_COUNTY.fullmatch(word))
        or ((named := _NAMED.match(word)) is not None and word[named.end() :] in _regions())
        or (word.endswith("shire") and " " not in word)
        or word in word_set("places", "us_states", "short")
        or is_state_code(text)
    )


def is_state_code(text: str) -> bool:
    word = normal(text.strip(" ,;:!?()"))
    return word in _codes() and (text.strip(" .").isupper() or len(word) > 3 or "." in text)


def is_region(text: str) -> bool:
    """What may follow a town as its state, though towns are called so too: `Getafe, Madrid`."""
    return is_state(text) or normal(text.strip(" .,;:!?()")) in _regions()
