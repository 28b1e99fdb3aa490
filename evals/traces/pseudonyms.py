"""Pseudonyms for what was found: one for each value, wherever it stands and however it is written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Final
from urllib.parse import quote, unquote

from pydantic import JsonValue

from evals.traces.beside import is_of_a_card, is_of_a_street
from evals.traces.dates import earlier, written
from evals.traces.finding import DATE, Findings
from evals.traces.invention import Inventor
from evals.traces.kinds import PLAIN, Kind, walk
from evals.traces.spelling import (
    TOKEN,
    cased,
    cleaned,
    composed,
    fold,
    has_no_spaces,
    poured,
    signs_of,
    spelt_out,
    unaccented,
    words_of,
)
from evals.traces.words import COMMON, COMPANIES, MAILBOXES, METHODS, PARTICLES, STREET_ENDINGS, STREETS

_DATED: Final = frozenset({Kind.BIRTH, Kind.MOMENT})
_WORDY: Final = frozenset({Kind.NAME, Kind.COMPANY, Kind.TOWN, Kind.STREET, Kind.LOGIN})
_NONE: Final = frozenset[str]()
_SAME: Final = {Kind.STREET: STREETS, Kind.METHOD: METHODS, Kind.COMPANY: COMPANIES}
_RESERVED: Final = frozenset({"example.com", "example.org", "example.net"})
_UUID_SIGNS: Final = re.compile(r"[0-9a-f]{32}")
# A number that is called by its digits alone too: a word for what it is, or a letter or two, before them.
_PREFIXED: Final = re.compile(r"([^\W\d]*[^\W\d_][_-]?|)(\d{4,})")
_SPOKEN: Final = re.compile(rf"(?:(?:{'|'.join(sorted(METHODS))})[_-]?)+", re.IGNORECASE)
_SHORT_PREFIX: Final = 3
# Shorter parts of streets and towns, and shorter numbers, stand for too much else in a free text.
_TELLING: Final = 5
_SHORTEST_CODE: Final = 4
_SHORTEST_NAME: Final = 3
# What is no longer than a date may be a part of one, such as its year.
_A_DATE: Final = 10
_SHORTEST_PLACE: Final = 2
_OF_SIGNS: Final = frozenset(
    {
        Kind.ORDER,
        Kind.METHOD,
        Kind.TRACKING,
        Kind.CARD,
        Kind.PHONE,
        Kind.IBAN,
        Kind.NUMBER,
        Kind.ID,
        Kind.USER,
    }
)
_LONG_CODE: Final = re.compile(r"(?=(?:.*\d){5}).{7,}")
_APART: Final = r"[\s._/()\N{EN DASH}-]{0,3}"
_INITIAL: Final = re.compile(r"[^\W\d_]\.\s?")
_BEGINNING: Final = re.compile(r"(?:^|[.!?:]\s+|\n\s*)$")
_ALONE: Final = re.compile(r"[^\w\n]*(?:\n|$)")
_FOUR: Final = re.compile(r"\d{4}")


class Pseudonyms:
    """By a key that is drawn for one file and forgotten, so that nobody can compute back.

    Args:
        findings: all that is to be replaced; what is found later has no pseudonym.
        key: what the pseudonyms follow from.
        taken: values that are somebody else's in the world that the cases are held in.
    """

    def __init__(self, findings: Findings, key: bytes, taken: Iterable[str] = ()) -> None:
        self._findings = findings
        self._replaced: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        real = [*(value for _, value in findings), *taken, *findings.kept]
        self._inventor = Inventor(key, {part for value in real for part in _parts(value)})
        self._ago = timedelta(days=self._inventor.days())

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many values of each kind were replaced until now."""
        return {kind: len(values) for kind, values in self._replaced.items() if values}

    def applied(self, value: JsonValue, plain: frozenset[str] = PLAIN) -> JsonValue:
        """Records or a case with pseudonyms instead of what is personal."""
        return walk(value, lambda kind, text: self.of(kind, text) if kind else self.in_text(text), plain)

    def of(self, kind: Kind, value: str) -> str:
        """The pseudonym of one value, in its own spelling."""
        value = composed(value)
        if (kind, value) in self._findings:
            self._replaced[kind].add(fold(value))
        if _UUID_SIGNS.fullmatch(signs := signs_of(value)):
            return poured(self._inventor.uuid(signs), value)
        match kind:
            case Kind.BIRTH | Kind.MOMENT if moved := earlier(value, self._ago):
                return moved
            case Kind.EMAIL if "@" in value:
                local, _, domain = value.rpartition("@")
                return f"{self._wordwise(local, frozenset())}@{self._domain(domain)}"
            case Kind.IP:
                return self._inventor.ip(fold(value))
            case _ if kind in _WORDY or not any(sign.isdigit() for sign in signs):
                return self._wordwise(value, _SAME.get(kind, _NONE) | _particles(value))
            case _:
                return self._code(kind, value)

    def in_text(self, text: str) -> str:
        """A free text with all that was found replaced, in whatever case it stands there."""
        plain, clean = composed(text), cleaned(text)
        told = self._pattern.sub(self._pseudonym, clean)
        # What looks unlike itself only where there is nothing in it stays as it was written.
        return told if told != clean else plain

    def _pseudonym(self, found: re.Match[str]) -> str:
        text = found[0]
        if day := self._days.get(fold(text)):
            return day
        if fold(text) in self._surfaces:
            return text if self._is_a_word(found) else self._told(self._surfaces[fold(text)], text)
        if known := self._codes.get(signs_of(text)):
            return self.of(known[0], text)
        if (value := unquote(text)) != text and fold(value) in self._surfaces:
            return quote(self._told(self._surfaces[fold(value)], value), safe="")
        if _INITIAL.fullmatch(text):
            return self._initial(text[0]) + text[1:]
        return text

    def _told(self, kind: Kind, text: str) -> str:
        if kind is Kind.EMAIL and "@" not in text:
            return self._domain(text) if fold(text) in self._domains else self.of(Kind.NAME, text)
        return self.of(kind, text)

    def _initial(self, letter: str) -> str:
        """That of the first name it may stand for."""
        names = (fold(value) for kind, value in self._findings if kind is Kind.NAME)
        name = next((name for name in names if name.startswith(fold(letter))), fold(letter))
        return cased(self._word(words_of(name)[0]), letter)[0].upper()

    def _is_a_word(self, found: re.Match[str]) -> bool:
        """A word of the language that has a capital for it begins a sentence, with no name beside it."""
        key, after = fold(found[0]), found.string[found.end() :]
        if key not in COMMON | PARTICLES or not _BEGINNING.search(found.string[: found.start()][-4:]):
            return self._is_another(found)
        beside = TOKEN.match(after.lstrip())
        return bool(beside) and fold(beside[0]) not in self._surfaces and not _ALONE.match(after)

    def _is_another(self, found: re.Match[str]) -> bool:
        kind, text = self._surfaces[fold(found[0])], found[0]
        if kind is Kind.STREET and text.islower() and TOKEN.fullmatch(text):
            return not is_of_a_street(found)
        return kind is Kind.CARD and _FOUR.fullmatch(text) is not None and not is_of_a_card(found)

    def _wordwise(self, value: str, same: frozenset[str]) -> str:
        def token(found: re.Match[str]) -> str:
            key = fold(found[0])
            if key.isdigit():
                return self._inventor.code(key)
            stays = key in same and (Kind.NAME, key) not in self._findings
            return found[0] if stays else cased(self._word(key), found[0])

        return TOKEN.sub(token, value)

    def _word(self, key: str) -> str:
        """A street's word keeps what tells that it is a street."""
        key = self._aliases.get(key, key)
        ending = next((end for end in STREET_ENDINGS if key.endswith(end) and key != end), "")
        return self._inventor.word(key.removesuffix(ending)) + ending if ending else self._inventor.word(key)

    def _domain(self, domain: str) -> str:
        key = fold(domain)
        return domain if key in _RESERVED else f"{self._inventor.word(key)}.example"

    def _code(self, kind: Kind, value: str) -> str:
        """The same however it is set apart."""
        signs = signs_of(value)
        prefixed = None if kind in (Kind.IBAN, Kind.PHONE) else _PREFIXED.fullmatch(signs)
        if prefixed and (len(prefixed[1]) <= _SHORT_PREFIX or _SPOKEN.fullmatch(prefixed[1])):
            return poured(prefixed[1] + self._inventor.code(prefixed[2]), value)
        _, known = self._codes.get(signs, (kind, value))
        return poured(self._inventor.code(signs, _kept(kind, known)), value)

    @cached_property
    def _surfaces(self) -> dict[str, Kind]:
        """What may stand in a free text, and what it is then: the kinds that only looks tell come last."""
        return {fold(text): kind for kind, text in reversed(self._spellings)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        texts = sorted({text: None for _, text in self._spellings}, key=len, reverse=True)
        kept = sorted(self._findings.kept, key=len, reverse=True)
        long = [_pattern_of(text) for text in texts if len(text) > _A_DATE]
        short = [_pattern_of(text) for text in texts if len(text) <= _A_DATE]
        days = [rf"(?<![\w.]){_spaced(text)}(?!\d)" for text in sorted(self._days, key=len, reverse=True)]
        codes = [_pattern_of_code(signs) for signs in sorted(self._codes, key=len, reverse=True)]
        ordered = [
            *map(_pattern_of, kept),
            *days,
            *self._quoted,
            *long,
            DATE.pattern,
            *codes,
            *short,
            *self._initials,
        ]
        return re.compile("|".join(ordered), re.IGNORECASE)

    @cached_property
    def _days(self) -> dict[str, str]:
        """How the days that were found may be written, with those that they are moved to."""
        found = [value for kind, value in self._findings if kind in _DATED]
        moved = [(value, earlier(value, self._ago) or "") for value in found]
        return {
            fold(text): told
            for value, other in moved
            for text, told in reversed([*zip(written(value), written(other), strict=False)])
        }

    @cached_property
    def _quoted(self) -> list[str]:
        """The spellings as they stand in a URL, where they look otherwise there."""
        texts = dict.fromkeys(
            quote(text, safe="") for _, text in self._spellings if quote(text, safe="") != text
        )
        return [rf"(?:(?<![^\W_])|(?<=%[0-9a-f]{{2}})){re.escape(text)}(?![^\W_])" for text in texts]

    @cached_property
    def _initials(self) -> list[str]:
        names = "|".join(re.escape(text) for kind, text in self._spellings if kind is Kind.NAME)
        return [rf"(?<![^\W_])(?-i:[^\W\d_])\.\s?(?=(?:{names})(?![^\W_]))"] if names else []

    @cached_property
    def _codes(self) -> dict[str, tuple[Kind, str]]:
        """What is told by its letters and digits alone."""
        found = [(signs_of(value), (kind, value)) for kind, value in self._findings if kind in _OF_SIGNS]
        return {signs: known for signs, known in reversed(found) if _LONG_CODE.fullmatch(signs)}

    @cached_property
    def _domains(self) -> frozenset[str]:
        return frozenset(
            fold(value.rpartition("@")[2]) for kind, value in self._findings if kind is Kind.EMAIL
        )

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """Words as those write them who haven't their letters, unless somebody is called just so."""
        words = [word for kind, value in self._findings if kind in _WORDY for word in words_of(value)]
        known = set(map(fold, words))
        return {key: fold(word) for word in words if (key := fold(spelt_out(word))) not in known}

    @cached_property
    def _spellings(self) -> list[tuple[Kind, str]]:
        found = [(kind, text) for kind, value in self._findings for text in _spellings(kind, value)]
        kept = {fold(each) for each in self._findings.kept}
        return [(kind, text) for kind, text in found if fold(text) not in kept]


def _parts(value: str) -> Iterator[str]:
    """What of a real value may not be invented anew."""
    yield signs_of(value)
    yield from (fold(token) for token in TOKEN.findall(composed(value)))


def _kept(kind: Kind, value: str) -> int:
    """How many of a code's first signs say of which country or sort it is."""
    if kind is Kind.IBAN or (kind is Kind.PHONE and value.startswith("+")):
        return 2
    spoken = _SPOKEN.match(value) if kind is Kind.METHOD else None
    return len(signs_of(spoken[0])) if spoken else 0


def _spellings(kind: Kind, value: str) -> Iterator[str]:
    """A value and the parts that tell of it, as they may be written."""
    for text in _telling(kind, composed(value)):
        forms = (text, unaccented(text), text.upper(), unaccented(text.upper()))
        yield from dict.fromkeys((*forms, spelt_out(text)) if kind in _WORDY else forms)


def _telling(kind: Kind, value: str) -> Iterator[str]:
    match kind:
        case Kind.NAME:
            yield from _names(value)
        case Kind.STREET | Kind.TOWN:
            yield from _parts_of_place(value)
        case Kind.EMAIL:
            yield value
            yield value.rpartition("@")[2]
            yield from _names_in_email(value.partition("@")[0])
        case Kind.LOGIN | Kind.BIRTH | Kind.MOMENT:
            yield value
        case Kind.COMPANY:
            yield value
            yield from _parts_of_company(value)
        case _ if len(value) >= _SHORTEST_CODE:
            yield value
            yield value.replace(" ", "")
            prefixed = _PREFIXED.fullmatch(value)
            if prefixed and len(prefixed[2]) >= _TELLING:
                yield prefixed[2]
        case _:
            return


def _names(value: str) -> Iterator[str]:
    particles, words = _particles(value), words_of(value)
    if len(words) > 1:
        yield "".join(words)
    for word in words:
        if (len(word) > 1 or has_no_spaces(word)) and fold(word) not in particles:
            yield word


def _particles(value: str) -> frozenset[str]:
    """Its particles are those before a longer word: whoever is called Van or Do has no other name."""
    words = [fold(word) for word in words_of(value)]
    return frozenset(
        word
        for n, word in enumerate(words)
        if word in PARTICLES
        and any(len(each) > len(word) and each not in PARTICLES | STREETS for each in words[n + 1 :])
    )


def _names_in_email(local: str) -> Iterator[str]:
    """What stands before the @, and its words; nobody is called by those of an id or of a mailbox."""
    words = [] if _UUID_SIGNS.fullmatch(signs_of(local)) else words_of(local)
    own = [word for word in words if len(word) >= _SHORTEST_NAME and fold(word) not in COMMON | MAILBOXES]
    if own and len(local) > _SHORTEST_NAME:
        yield local
    yield from own


def _parts_of_company(value: str) -> Iterator[str]:
    """Its first word, which the others only describe."""
    yield from (word for word in words_of(value)[:1] if len(word) >= _TELLING and fold(word) not in COMMON)


def _parts_of_place(value: str) -> Iterator[str]:
    """The whole, the whole without `Street` and the like, and each word that is only this place's."""
    if len(value) >= _SHORTEST_PLACE:
        yield value
    tokens = [found for found in TOKEN.finditer(value) if fold(found[0]) not in STREETS]
    own = [found for found in tokens if not found[0].isdigit()]
    if own and len(tokens) > 1:
        yield value[tokens[0].start() : tokens[-1].end()]
    for word in own:
        if len(word[0]) >= _TELLING and fold(word[0]) not in PARTICLES | COMMON:
            yield word[0]


def _pattern_of_code(signs: str) -> str:
    return rf"(?<![^\W_])(?<!\d[.,]){_APART.join(signs)}(?![^\W_]|[.,]\d)"


def _spaced(text: str) -> str:
    return r"[\s,]+".join(re.escape(part) for part in re.split(r"[\s,]+", text))


def _pattern_of(text: str) -> str:
    """Finds the text where it stands for itself; in lower case none that is a word of the language too."""
    spaced = _spaced(text)
    if has_no_spaces(text):
        return spaced
    if fold(text) in COMMON | PARTICLES:
        return rf"(?<![^\W_])(?-i:{re.escape(text.capitalize())}|{re.escape(text.upper())})(?![^\W_])"
    if _FOUR.fullmatch(text):
        return rf"(?<![^\WxX_])(?<!\d[.,]){text}(?![^\W_]|[.,]\d)"
    if text[-1].isdigit():
        return rf"(?<![^\W_])(?<!\d[.,]){spaced}(?![^\W_]|[.,]\d)"
    return rf"(?<![^\W_]){spaced}(?=s?(?![^\W_]))"
