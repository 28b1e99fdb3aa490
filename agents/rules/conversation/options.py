"""The options of goods that a text speaks of, and those it says not to be meant."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from agents.rules.conversation.clauses import spared
from agents.rules.conversation.glossary import Word, words
from agents.rules.conversation.naming import common, position_of, tokens
from agents.rules.conversation.phrases import phrases
from agents.rules.conversation.slots import has
from agents.rules.text import fold

Options = dict[str, set[str]]

_SIZES: Final = {"small": "s", "medium": "m", "large": "l", "xlarge": "xl", "xsmall": "xs"}
_YES_NO: Final = frozenset({"yes", "no", "true", "false"})
_LEADING: Final = frozenset(
    [
        "in",
        "a",
        "an",
        "the",
        "to",
        "eu",
        "en",
        "em",
        "w",
        "gr",
        "nr",
        "on",
        "une",
        "un",
        "ein",
        "eine",
        "uk",
        "us",
        "el",
        "la",
        "le",
        "il",
    ]
)


def options_in(text: str, choices: Sequence[Mapping[str, str]], name: str = "") -> Options:
    """The values of each option that a text mentions; `name` is the product's, which is none of them."""
    found: Options = {}
    said = _less_name(words(_less_idioms(text)), tokens(name))
    for option in dict.fromkeys(name for each in choices for name in each):
        values = list(dict.fromkeys(each[option] for each in choices if option in each))
        if mentioned := _values_in(text, said, option, values):
            found[option] = mentioned
    return found


def meant_in(text: str, choices: Sequence[Mapping[str, str]], name: str = "") -> tuple[Options, Options]:
    """The values that a text asks for, and those that it says are not to be."""
    folded = fold(text)
    spans = [match.span() for match in phrases("refusals", "exception", "denied").finditer(folded)]
    spans += [(start, end) for start, end, _ in spared(text, "unfit")]
    denied = " | ".join(text[start:end] for start, end in spans)
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    aside = re.sub(r"\([^()]{0,200}\)", lambda match: " " * len(match.group()), text)
    return {**options_in(text, choices, name), **options_in(aside, choices, name)}, options_in(
        denied, choices, name
    )


def _less_idioms(text: str) -> str:
    """`That's fine` and `I left it` speak of no option."""
    return phrases("slots", "stop", "idioms").sub(lambda match: " " * len(match.group()), fold(text))


def _less_name(said: tuple[Word, ...], name: tuple[str, ...]) -> tuple[Word, ...]:
    """Without the name of the product, where it is said with two of its words or more."""
    pairs = {index for index, each in enumerate(said[1:]) if (said[index].word, each.word) in _pairs(name)}
    return tuple(each for index, each in enumerate(said) if index not in pairs and index - 1 not in pairs)


def _pairs(name: tuple[str, ...]) -> set[tuple[str, str]]:
    return set(pairwise(name))


def _values_in(text: str, said: tuple[Word, ...], option: str, values: Sequence[str]) -> set[str]:
    if _YES_NO.issuperset(fold(value) for value in values):
        return _yes_or_no(text, option, values)
    hits = {value: own for value in values if _stands(own := tokens(value), said, option, text)}
    if hits:
        return {
            value for value, own in hits.items() if not any(set(own) < set(other) for other in hits.values())
        }
    spoken = {each.word for each in said}
    sizes = {value for value in values if any(_SIZES.get(word) == fold(value) for word in spoken)}
    return sizes or _in_part(values, spoken)


def _stands(own: tuple[str, ...], said: tuple[Word, ...], option: str, text: str) -> bool:
    """Whether the words stand side by side; a lone figure or letter only where it can be a value."""
    spoken = [each.word for each in said]
    forms = [own, own[:-1]] if "x" in own else [own]
    for form in forms:
        for start in range(len(spoken) - len(form) + 1 if form else 0):
            if tuple(spoken[start : start + len(form)]) == form and (
                len("".join(form)) > 2 or len(form) > 1 or _is_value(start, said, option, text)
            ):
                return True
    return False


def _is_value(place: int, said: tuple[Word, ...], option: str, text: str) -> bool:
    """Whether a word of one or two characters stands for an option: `size M`, `in 42`, `an XL`."""
    each = said[place]
    before = said[place - 1].word if place else ""
    beside = {other.word for other in (*said[max(0, place - 2) : place], *said[place + 1 : place + 2])}
    if beside & {*tokens(option), "size"} or each.raw != each.word:
        return True
    if each.word.isdigit():
        return option == "size" and len(each.word) > 1 and before in _LEADING
    return text[each.start : each.end].isupper() and not before[:1].isdigit()


def _in_part(values: Sequence[str], spoken: set[str]) -> set[str]:
    """The values of which the text says a word that not all of them share."""
    own = {
        value: {word for word in tokens(value) if len(word) > 2 and word not in common()} for value in values
    }
    shared = set[str].intersection(*own.values()) if len(own) > 1 else set[str]()
    hits = {value: each for value, words in own.items() if (each := (words - shared) & spoken)}
    return {value for value, each in hits.items() if not any(each < other for other in hits.values())}


def _yes_or_no(text: str, option: str, values: Sequence[str]) -> set[str]:
    """`waterproof` and `not waterproof`, where the option is a yes or a no."""
    position = position_of(option, text)
    if position < 0:
        return set()
    is_denied = has(text[max(0, position - 25) : position], "which", "not")
    return {value for value in values if (fold(value) in ("no", "false")) == is_denied}
