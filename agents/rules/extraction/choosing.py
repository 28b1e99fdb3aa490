"""Whose an address is by the words around it, and which of several is asked for."""

import re
from functools import cache
from typing import Final

from agents.rules.extraction.document import Document
from agents.rules.extraction.place import Place
from agents.rules.reading.clearing import cleared
from agents.rules.text import Span, fold
from agents.rules.vocabulary import load

_SPECIAL: Final = frozenset({"old", "vendor", "emergency"})
_CUED: Final = frozenset({"old", "vendor", "billing", "shipping"})
_FAR, _BEHIND = 320, 60
_ASIDE: Final = re.compile(r"\([^()\n]{0,200}\)")
_LEAVING: Final = re.compile(
    r"\b(?:(?:from|desde|fran|fra|van|von)|(?:not|nicht|niet|inte|ikke|nie|pas|nao|nem|ei)"
    r"(?: (?:to|at|an|nach|naar|till|til|do|na|a|au|en|in|para))?)[ \n]*$"
)
_BUT: Final = re.compile(
    r"[^\w]{0,4}(?:but|sondern|sino|maar|mais|ma|mas|bensi|tylko|lecz|utan|men|vaan|hanem|nybrz|ale|ci)"
    r"(?: (?:to|at|an|nach|naar|till|til|do|na|a|au|en|in|para|op|zu|zur|zum|en la|na rua))?[^\w]{0,3}"
)
_TOWARDS: Final = re.compile(
    r"(?:^|\n)[\s>*-]*(?:to|an|nach|a|au|vers|til|till|naar|para|verso|do|na|komu|kime)\s?:\s*$"
)
_SENDING: Final = re.compile(
    r"send|schick|envi|envoy|mand|invia|stuur|sturen|skick|wysyl|wysl|posl|zasl|laheta|kuld|trimite|gonder|forward"
    r"|mail|goes to|go to|expedi"
)
_ENDS: Final = re.compile(r"[.!?](?=\s+[^\W\d_]{2}|\s*\n)|\n[ \t\r>]*\n(?=[^\n]*[.:,])")
_PLAIN_ROLES: Final = ("shipping", "billing", "vendor", "old", "instead")


def cued_roles(document: Document, span: Span, earlier: int) -> frozenset[str]:
    """The role that the nearest words give an address: `deliver it to`, `invoices go to`, `our old flat`.

    Its own sentence decides; the ones before it can only tell that something is to go there.
    """
    start = _start(document, span, earlier)
    before = fold(cleared(document.text[start : span.start]))
    before = _ASIDE.sub(lambda match: " " * len(match.group()), before)
    if _LEAVING.search(before):
        return frozenset({"old"})
    if (_BUT.fullmatch(before) and earlier == start) or _TOWARDS.search(before):
        return frozenset({"shipping"})
    behind = re.split(r"[.!?](?=\s|$)|\n", document.folded[span.end : span.end + _BEHIND])[0]
    if document.addresses_near(Span(span.end, span.end + len(behind))):
        behind = ""
    ends = [match.end() for match in _ENDS.finditer(before)]
    own = before[ends[-1] if ends else 0 :]
    found = _role_behind(behind) or _last_role(own)
    if not found and "billing" in _first_role(behind):
        return frozenset({"billing"})
    return found or (_last_role(before) & {"shipping"})


def _role_behind(behind: str) -> frozenset[str]:
    """`12 Elm Road is our old place`, `... instead of`."""
    for match in _cues(behind)[:1]:
        role = _role_of()[match[1]]
        if role == "instead":
            return frozenset({"shipping"})
        if role in ("old", "shipping"):
            return frozenset({"old" if role == "shipping" and _is_refused(behind, match) else role})
    return frozenset()


def _first_role(behind: str) -> frozenset[str]:
    return frozenset(_role_of()[match[1]] for match in _cues(behind)[:1])


def _last_role(before: str) -> frozenset[str]:
    """The last cue decides, but `the invoice is sent to` is about the invoice."""
    cues = _cues(before)
    while len(cues) > 1 and _SENDING.match(cues[-1][1]) and _role_of()[cues[0][1]] == "billing":
        cues.pop()
    for match in cues[-1:]:
        role = _role_of()[match[1]]
        is_turned = match[1] in _turning()
        is_off = role == "instead" or (role == "shipping" and not is_turned and _is_refused(before, match))
        return frozenset({"old" if is_off else role})
    return frozenset()


def _start(document: Document, span: Span, earlier: int) -> int:
    """From where on words may speak of an address: its paragraph, or the one before where it stands alone."""
    number = document.paragraph_at(span.start)
    paragraph = document.paragraphs[number]
    is_first = span.start - paragraph.start <= 80 and not document.is_signed(span)
    if is_first and number > 0 and not _cues(document.folded[paragraph.start : span.start]):
        paragraph = document.paragraphs[number - 1]
    return max(earlier, paragraph.start, span.start - _FAR)


def _cues(text: str) -> list[re.Match[str]]:
    return list(_pattern().finditer(text))


def _is_refused(text: str, cue: re.Match[str]) -> bool:
    words = re.findall(r"[\w']+", re.split(r"[.!?;:,]\s", text[max(0, cue.start() - 40) : cue.start()])[-1])[
        -4:
    ]
    near = text[cue.end() : cue.end() + 12].split()[:2]
    return any(word in _never() or word.endswith("n't") for word in [*words, *near])


@cache
def _role_of() -> dict[str, str]:
    cues = load("places")["cues"]
    return {cue: role for role in _PLAIN_ROLES for cue in cues[role]}


@cache
def _pattern() -> re.Pattern[str]:
    cues = sorted(_role_of(), key=len, reverse=True)
    return re.compile(rf"(?<![\w@.-])({'|'.join(map(re.escape, cues))})")


@cache
def _turning() -> frozenset[str]:
    return frozenset(load("places")["cues"]["turning"])


@cache
def _never() -> frozenset[str]:
    return frozenset(load("places")["cues"]["never"])


def with_cue(roles: frozenset[str], cue: frozenset[str]) -> frozenset[str]:
    """The words right beside an address outweigh a heading further up."""
    return (roles - _CUED) | cue if cue else roles


def one_place(places: list[Place], wanted: frozenset[str]) -> Place | None:
    """The address that a role wants; without one, the one that plainly comes before the others."""
    if wanted & (_SPECIAL | {"billing"}) or (wanted and any(place.roles & wanted for place in places)):
        places = [place for place in places if place.roles & wanted]
    else:
        unwanted = _SPECIAL | {"billing"} if wanted and "shipping" not in wanted else _SPECIAL
        places = [place for place in places if not place.roles & unwanted]
    if not places:
        return None
    ranked = sorted(places, key=lambda place: (_rank(place), _fullness(place)), reverse=True)
    is_clear = (
        len(ranked) == 1
        or (_rank(ranked[0]) == _rank(ranked[1]) and _fullness(ranked[0]) >= _fullness(ranked[1]) + 2)
        or _rank(ranked[0]) > _rank(ranked[1])
        or len(ranked[1].parts) <= 1 < len(ranked[0].parts)
    )
    return ranked[0] if is_clear else None


def _fullness(place: Place) -> int:
    return len(place.parts.keys() & {"address1", "city", "zip"})


def _rank(place: Place) -> float:
    """How plainly an address is put forward."""
    told = 2 * ("shipping" in place.roles) - 3 * ("billing" in place.roles)
    return (
        told
        - 2.5 * place.is_quoted
        - place.is_aside
        - 2 * ("addressee" in place.roles)
        + 3 * ("letterhead" in place.roles)
        + (1 if "address1" in place.parts else 0)
        - 4 * (len(place.parts) <= 1)
    )
