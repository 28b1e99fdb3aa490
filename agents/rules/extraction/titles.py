"""Which words are a job's title."""

import re
from functools import cache
from typing import Final

from agents.rules.text import fold
from agents.rules.vocabulary import word_set

_NOT_TITLES: Final = frozenset(
    {"who", "i", "we", "and", "is", "was", "has", "which", "he", "she", "please", "my", "thank", "thanks"}
    | {"joins", "joined", "wrote", "called", "said", "will", "would", "can"}
)
_COMPOUND: Final = re.compile(
    r"\w{3}(?:sjef|chef|leder|leiter|leiterin|ledare|mitarbeiter|mitarbeiterin|medarbejder|medarbeider|medarbetare"
    r"|medewerker|medewerkster|meister|meisterin|techniker|technikerin|ingenieur|ingenieurin|ingenior|ingenjor"
    r"|berater|beraterin|verkaufer|verkauferin|kaufmann|kauffrau|handler|handlerin|konsulent|konsult|assistent"
    r"|assistentin|sekretar|sekretarin|arbeiter|arbeiterin|arbeider|arbetare|fahrer|fahrerin|lehrer|lehrerin|larare"
    r"|leger|legerin|macher|macherin|manager|managerin|spezialist|spezialistin|referent|referentin|paallikko"
    r"|johtaja|tyontekija|hoitaja|hoofd|beheerder|adviseur|leider|leidster)$"
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
    return bool({word, word.split("-")[-1], bare} & _heads()) or bool(_COMPOUND.search(word))
