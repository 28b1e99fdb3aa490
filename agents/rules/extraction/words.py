"""Values that stand in a text without a label: listed choices, plain statements, counted things."""

import re
from decimal import Decimal
from typing import Final

from agents.rules.extraction.details import Scope, field_score
from agents.rules.extraction.document import Document
from agents.rules.extraction.naming import Wanted
from agents.rules.extraction.values import Candidate
from agents.rules.reading.numbers import find_counts
from agents.rules.text import Span
from agents.rules.vocabulary import normal

_NEGATION: Final = re.compile(
    r"\b(?:no|not|don't|do not|without|never|isn't|aren't|nicht|kein\w*|ohne|pas|sans|sin|senza|sem|geen|niet|zonder|inte|ikke|nie|non|nao)\b[^.,;!?\n]{0,24}$"
)
_FILLERS: Final = frozenset(
    {
        "is",
        "has",
        "the",
        "of",
        "number",
        "count",
        "num",
        "total",
        "wants",
        "needs",
        "requested",
        "required",
        "no",
        "included",
    }
)


def _phrase(word: str) -> re.Pattern[str]:
    words = [re.escape(part) for part in normal(word).replace("-", " ").split()]
    return re.compile(rf"(?<!\w){'[ _-]?'.join(words)}(?:s|es|ed|ped|ping|ing)?(?!\w)")


def mentioned_choices(scope: Scope, wants: Wanted, choices: list[str]) -> list[Candidate]:
    """A listed value that a labelled field holds, or the only one of the list that the text names at all."""
    document, text = scope.reader.document, scope.reader.text
    found: list[Candidate] = []
    for choice in choices:
        pattern = _phrase(choice)
        for each in document.fields:
            score = field_score(scope, wants, each)
            match = pattern.search(document.folded, each.value.start, each.value.end) if score else None
            if match:
                found.append(Candidate(choice, Span(*match.span()), score))
        if len(normal(choice)) > 2:
            found += [
                Candidate(choice, Span(*match.span()), 3)
                for match in pattern.finditer(document.folded)
                if not _is_denied(document, match.start())
            ]
    return found if text else []


def stated_facts(scope: Scope, wants: Wanted) -> list[Candidate]:
    """Yes or no behind a label, or the thing itself named: `please gift-wrap it`, `no newsletter`."""
    document, text = scope.reader.document, scope.reader.text
    labelled = [
        Candidate(each.value.of(text), each.value, score)
        for each in document.fields
        if (score := field_score(scope, wants, each)) >= 4
    ]
    if labelled:
        return labelled
    words = [word for word in wants.words if word not in _FILLERS]
    if not words:
        return []
    return [
        Candidate(not _is_denied(document, match.start()), Span(*match.span()), 4)
        for match in _phrase(" ".join(words)).finditer(document.folded)
    ]


def _is_denied(document: Document, position: int) -> bool:
    return bool(_NEGATION.search(document.folded[max(0, position - 40) : position]))


def counted_things(document: Document, wants: Wanted) -> list[Candidate]:
    """`4 guests` for a property `guests` or `number_of_guests`."""
    words = [word for word in wants.words if word not in _FILLERS]
    if not words:
        return []
    found: list[Candidate] = []
    for value, start, end, _ in find_counts(document.text, document.language):
        following = re.match(r"\s?-?((?:[\w'-]+\s?){1,3})", document.folded[end : end + 40])
        nouns = [_stem(word) for word in following[1].split()] if following else []
        if _stem(words[-1]) in nouns:
            found.append(Candidate(Decimal(value), Span(start, end), 6))
    return found


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
