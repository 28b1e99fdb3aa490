"""Which words are a job's title."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.text import Span, fold
from agents.rules.vocabulary import load, normal, word_set

_NOT_TITLES: Final = frozenset(
    {"who", "i", "we", "and", "is", "was", "has", "which", "he", "she", "please", "my", "thank", "thanks"}
    | {"joins", "joined", "wrote", "called", "said", "will", "would", "can"}
)
_COMPOUND: Final = re.compile(
    r"\w{3}(?:sjef|chef(?:in)?|leder|leitung|(?:leiter|mitarbeiter|techniker|ingenieur|berater|verkaufer|handler|assistent|sekretar"
    r"|arbeiter|fahrer|lehrer|macher|manager|spezialist|referent|meister|fuhrer|pfleger|planer|prufer|bauer|verwalter|einkaufer"
    r"|betreuer|entwickler|trainer|helfer|gehilf|schlosser|bearbeiter|vertreter|schreiber|drucker|binder|sprecher|koordinator"
    r"|administrator|redakteur|gestalter|kraft|wart|hersteller|inhaber|sachbearbeiter)(?:in)?|beauftragte[rn]?|verantwortliche[rn]?"
    r"|angestellte[rn]?|fachkraft|kaufmann|kauffrau|medarbejder|medarbeider|medarbetare|medewerker|medewerkster"
    r"|ledare|ingenior|ingenjor|konsulent|konsult|arbeider|arbetare|larare|leger|lerer|legerin|ansvarig|ansvarlig|ansvarlige"
    r"|tekniker|radgiver|radgivare|mester|mastare|forer|forare|arkitekt|laborant|sykepleier|sygeplejerske|skoterska|handlaggare"
    r"|samordnare|montor|operator|kontrollor|controller|forvalter|bestyrer|indehaver|ejer|forsker|forskare|innehavare|agare|skotare"
    r"|hoofd|beheerder|adviseur|leider|leidster|meester|verantwoordelijke|coordinator|planner|hulp|verzorger|verzorgster|verkoper"
    r"|inkoper|paallikko|johtaja|vastaava|asiantuntija|insinoori|suunnittelija|koordinaattori|sihteeri|esimies|esihenkilo|asentaja"
    r"|myyja|ostaja|opettaja|mestari|tyontekija|hoitaja|tarkastaja|vezeto|igazgato|mernok|ugyintezo|felelos|menedzser|keszito"
    r"|ologist|ographer|ician|wright|keeper|smith|monger|woman|master|maker|tender|ographe|ologue|logo|loga|grafo|grafa|ologo|ologa)$"
)
_NO_COMPOUND: Final = frozenset(
    {"hausfrau", "jungfrau", "landmann", "german", "roman", "woman", "human", "superman", "weihnachtsmann"}
)
_MOST_WORDS: Final = 7


@cache
def _heads() -> frozenset[str]:
    return word_set("people", "jobs", "heads")


def is_job(text: str) -> bool:
    """Whether words hold the head of a job's title and nothing that no title begins with."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", fold(text))
    if not 0 < len(words) <= _MOST_WORDS or words[0] in _NOT_TITLES:
        return False
    return any(is_head(word) for word in words)


def is_head(word: str) -> bool:
    """A word such as `manager`; Finnish says `as a seller` by an ending."""
    bare = word.removesuffix("na")
    if {word, word.split("-")[-1], bare} & _heads() or is_claimed(word):
        return True
    return word not in _NO_COMPOUND and bool(_COMPOUND.search(word))


def is_claimed(word: str) -> bool:
    """Turkish says `I am a specialist` by an ending: `garsonum`, `sekreteriyim`."""
    ending = _I_AM.search(word)
    return ending is not None and word[: ending.start()] in _heads()


_I_AM: Final = re.compile(r"(?:(?<=[aeiou])y)?[iu]m$")
_WORD: Final = re.compile(r"[^\W_](?:[\w&/'\u2019.-]*\w)?")
_OF: Final = re.compile(
    r" (?:of|for|de|des|du|d['\u2019]|di|del|dell['\u2019]|della|delle|do|da|das|dos|für|der|van|av|af|ds\."
    r"|do spraw|pentru)"
    r" ?(?:la |las |los |l['\u2019]|le |les |the |den |die )?(?P<field>[^\W\d_][\w&'\u2019-]*)(?: (?:e|et|y"
    r"|and|und|en|&|i|och|og) [^\W\d_][\w'-]*)?"
)
_FIELD: Final = re.compile(r" (?P<field>[^\W\d_][\w-]{2,24})(?=\s*(?:[,.;:()|\n\r]|$|[A-ZÀ-ÞČŘŠŽŁŚ]))")
_INFLECTED: Final = re.compile(r"['\u2019]n?[dt][ae]n?$")
_MOST_BEFORE: Final = 3


def find_titles(text: str, language: str) -> Iterator[Span]:
    """Every job's title in running text: the head, with the words that belong to it on both sides."""
    last = 0
    for row in re.finditer(r"[^\n]+", text):
        words = [
            Span(row.start() + each.start(), row.start() + each.end()) for each in _WORD.finditer(row.group())
        ]
        for index, word in enumerate(words):
            if word.start >= last and is_head(fold(word.of(text))):
                start = _title_start(text, words[:index], word)
                last = _title_end(text, word.end, language)
                yield Span(start, last)


def _title_start(text: str, before: list[Span], head: Span) -> int:
    start = head.start
    for word in list(reversed(before))[:_MOST_BEFORE]:
        content = word.of(text)
        is_joined = text[word.end : start] == " " and not content.endswith(".")
        if (
            not is_joined
            or not content[0].isalpha()
            or _is_small(content)
            or content.isdigit()
            or _INFLECTED.search(content)
        ):
            break
        start = word.start
    return start


def _title_end(text: str, end: int, language: str) -> int:
    """`Head of Data`, `chargée de clientèle`, `vedoucí údržby`; a firm behind it is left out."""
    match = _OF.match(text, end)
    if match is None and language not in ("en", "de", "nl"):
        match = _FIELD.match(text, end)
    elif match is None:
        match = _FIELD.match(text, end)
        match = match if match and normal(match["field"]) in _departments() else None
    if match is None:
        return end
    field = match["field"]
    if normal(field).endswith(_organisations()):
        return end
    is_field = normal(field) in _departments() or (field[0].islower() and not _is_small(field))
    return match.end() if is_field else end


def _is_small(word: str) -> bool:
    return normal(word) in _small()


@cache
def _small() -> frozenset[str]:
    languages = (normal(word) for words in load("small")["languages"].values() for word in words)
    return frozenset(languages) | word_set("small", "links", "links") | word_set("people", "jobs", "around")


@cache
def _organisations() -> tuple[str, ...]:
    return tuple(word_set("people", "jobs", "organisations"))


@cache
def _departments() -> frozenset[str]:
    return word_set("people", "jobs", "departments")
