"""Clauses of a text, and those that only say what is to stay as it is."""

import re
from typing import Final

from agents.rules.conversation.phrases import phrases
from agents.rules.text import fold

Clause = tuple[int, int, str]

_BOUND: Final = re.compile(
    r"[.!?;:](?=\s|$)|\n|[()]|,(?!\d)|\s[-\u2013\u2014]\s"
    r"|\b(?:but|(?<!even )though|however|whereas|while"
    r"|aber|sondern|mais|par contre|pero|ma|mas|porem|maar|ale|jednak"
    r"|men|mutta|ama|fakat|ancak|viszont|azonban|dar|insa"
    r"|then|dann|alors|entonces|allora|entao"
    r"|because|since|weil|denn|porque|perche|parce que|omdat|bo|poniewaz"
    r"|protoze|eftersom|fordi|koska|cunku|mert|pentru ca)\b"
    r"|\b(?:and|und|et|y|e|en|i|a|och|og|ja|ve|es|si) (?=(?:i|we|you|please|ich|wir|bitte|je|nous|yo"
    r"|quiero|quisiera|vorrei|quero|ik|graag|chce|jag|jeg|vi|mina|haluan|ben|kerem|szeretnem|vreau|as|chci"
    r"|would|could|can|want|send|return|cancel|exchange|swap|refund|keep)\b)"
)


def clauses(text: str) -> list[Clause]:
    """The clauses of a text, each with its place."""
    bounds = [match.span() for match in _BOUND.finditer(fold(text))]
    starts = [0, *(end for _, end in bounds)]
    ends = [*(start for start, _ in bounds), len(text)]
    return [(one, two, text[one:two]) for one, two in zip(starts, ends, strict=True) if text[one:two].strip()]


def spared(text: str, key: str) -> list[Clause]:
    """The clauses that say of something that it stays, or pleases; `it stays` goes with the one before."""
    found: list[Clause] = []
    every = clauses(text)
    for index, clause in enumerate(every):
        if phrases("refusals", "clause", key).search(fold(clause[2])):
            before = every[index - 1] if index else None
            if before and phrases("refusals", "clause", "carried").match(fold(clause[2]).strip()):
                found.append(before)
            found.append(clause)
            after = every[index + 1] if index + 1 < len(every) else None
            if after and phrases("refusals", "clause", "as_well").fullmatch(fold(after[2]).strip()):
                found.append(after)
    return list(dict.fromkeys(found))


def less(text: str, gone: list[Clause]) -> str:
    """The text with some clauses blanked."""
    for start, end, _ in gone:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
