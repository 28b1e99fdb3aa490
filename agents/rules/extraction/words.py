"""Values that stand in a text without a label: listed choices, plain statements, counted things, days."""

import re
from decimal import Decimal
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.scope import Query, field_score
from agents.rules.extraction.values import Candidate
from agents.rules.reading.numbers import find_counts
from agents.rules.text import Span
from agents.rules.vocabulary import normal, word_set

_SUITS: Final = 4
_NEGATION: Final = re.compile(
    r"\b(?:no|not|don't|do not|without|never|isn't|aren't|nicht|kein\w*|ohne|pas|sans|sin|senza"
    r"|sem|geen|niet|zonder|inte|ikke|nie|non|nao)\b[^.,;!?\n]{0,24}$"
)


def _phrase(words: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in normal(words).replace("-", " ").split()]
    return re.compile(rf"(?<!\w){'[ _-]?'.join(parts)}(?:s|es|ed|ped|ping|ing)?(?!\w)")


def _own_words(query: Query) -> list[str]:
    fillers = word_set("small", "properties", "fillers")
    return [word for word in query.wanted.words if word not in fillers]


def labelled_well(query: Query) -> list[Candidate]:
    """Values of fields whose label holds most of the property's words."""
    scored = [(field, field_score(query, field)) for field in query.document.fields]
    return [query.candidate(field.value, score) for field, score in scored if score >= _SUITS]


def mentioned_choices(query: Query, choices: list[str]) -> list[Candidate]:
    """A listed value that a labelled field holds, or the only one of the list that the text names at all."""
    document, found = query.document, list[Candidate]()
    for choice in choices:
        pattern = _phrase(choice)
        for field in document.fields:
            score = field_score(query, field)
            match = pattern.search(document.folded, field.value.start, field.value.end) if score else None
            if match:
                found.append(Candidate(choice, Span(*match.span()), score))
        if len(normal(choice)) > 2:
            places = [Span(*match.span()) for match in pattern.finditer(document.folded)]
            found += [Candidate(choice, span, 3) for span in places if not _is_denied(document, span)]
    return found


def stated_facts(query: Query) -> list[Candidate]:
    """Yes or no behind a label, or the thing itself named: `please gift-wrap it`, `no newsletter`."""
    document, words = query.document, _own_words(query)
    fields = labelled_well(query)
    if fields or not words:
        return fields
    places = [Span(*match.span()) for match in _phrase(" ".join(words)).finditer(document.folded)]
    return [Candidate(not _is_denied(document, span), span, 4) for span in places]


def _is_denied(document: Document, span: Span) -> bool:
    return bool(_NEGATION.search(document.folded[max(0, span.start - 40) : span.start]))


def counted_things(query: Query) -> list[Candidate]:
    """`4 guests` for a property `guests` or `number_of_guests`."""
    document, words = query.document, _own_words(query)
    found: list[Candidate] = []
    for value, start, end, _ in find_counts(document.text, document.language) if words else ():
        following = re.match(r"\s?-?((?:[\w'-]+\s?){1,3})", document.folded[end : end + 40])
        nouns = [_stem(word) for word in following[1].split()] if following else []
        if _stem(words[-1]) in nouns:
            found.append(Candidate(Decimal(value), Span(start, end), 6))
    return found


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def dated(query: Query) -> list[Candidate]:
    """Days with a property's words shortly before them in the same sentence; the nearer, the plainer."""
    document, words, found = query.document, _own_words(query), list[Candidate]()
    phrase = re.compile(rf"(?<!\w){'[ -]?'.join(re.escape(word) for word in words)}") if words else None
    for day in document.days:
        before = document.folded[max(0, day.span.start - 60) : day.span.start]
        sentence = re.split(r"[.!?\n](?=\s|$)", before)[-1]
        ends = [match.end() for match in phrase.finditer(sentence)] if phrase else []
        if ends:
            found.append(Candidate(day, day.span, 6 - 0.1 * (len(sentence) - ends[-1])))
    return found
