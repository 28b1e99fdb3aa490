"""The outer form of letters: who sends, who is greeted, who signs, and what stands below the name."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from agents.rules.text import Span, fold, lines, trimmed
from agents.rules.vocabulary import load

_SENDER: Final = r"from|von|de|da|van|fran|fra|od|expediteur|remitente|mittente|absender|lahettaja"
_RECIPIENT: Final = r"to|an|a|para|per|aan|till|til|do|cc|bcc|destinataire|reply-to"
_OTHER: Final = (
    r"date|sent|subject|datum|gesendet|betreff|envoye|objet|enviado|asunto|fecha|inviato|oggetto"
    r"|data|assunto|verzonden|onderwerp|skickat|amne|sendt|emne|temat|importance|attachments"
)
_HEADER: Final = re.compile(
    rf"[ >*]*(?:(?P<sender>{_SENDER})|(?P<recipient>{_RECIPIENT})|(?P<other>{_OTHER}))\*? ?: "
    rf"?\*?(?P<value>[^\n]*)"
)
_GREETING: Final = re.compile(
    r"(?:dear|respected|hi|hello|hey|good (?:morning|afternoon|evening|day)|hallo|liebe[rs]?|sehr "
    r"geehrte[rs]?|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir|cher|chere|salut|hola"
    r"|estimad[oa]s?|querid[oa]|"
    r"buenos dias|buenas tardes|ciao|buongiorno|buonasera|salve|gentile|egregi[oa]|car[oa]|ola"
    r"|prezad[oa]|bom dia|boa tarde|beste|geachte|hoi|dag|hej|kara|kare|witam|czesc|dzien dobry"
    r"|hei|moi|szanown[ay])\b"
)

_LONGEST_REST: Final = 60


@dataclass(frozen=True)
class Header:
    """A line of an e-mail's head."""

    is_sender: bool
    is_recipient: bool
    value: Span
    is_quoted: bool


@dataclass(frozen=True)
class Signature:
    """Where the writer's name stands, and the lines that belong to it."""

    name: Span
    block: Span
    is_quoted: bool


def find_headers(text: str) -> list[Header]:
    """The heads of e-mails: runs of at least two such lines, or a sender with an address."""
    rows = [(line, _HEADER.fullmatch(fold(line.of(text)).rstrip("\r "))) for line in lines(text)]
    found: list[Header] = []
    for index, (line, match) in enumerate(rows):
        if match is None:
            continue
        beside = any(0 <= other < len(rows) and rows[other][1] for other in (index - 1, index + 1))
        if (beside and _is_mail(rows, index)) or (match["sender"] and re.search(r"<[^>]*@", match["value"])):
            value = trimmed(
                text, line.start + match.start("value"), line.start + match.end("value"), strip=" \t\r*\"'"
            )
            found.append(
                Header(
                    bool(match["sender"]),
                    bool(match["recipient"]),
                    value,
                    line.of(text).lstrip().startswith(">"),
                )
            )
    return found


def _is_mail(rows: list[tuple[Span, re.Match[str] | None]], index: int) -> bool:
    """A form may hold `From:` and `To:` too; a subject, a date or an address make it an e-mail's head."""
    near = [match for _, match in rows[max(0, index - 6) : index + 7] if match]
    return any(match["sender"] for match in near) and any(
        match["other"] or "@" in match["value"] for match in near
    )


@cache
def _closing() -> re.Pattern[str]:
    words = sorted((fold(each) for each in load("people")["closings"]["closings"]), key=len, reverse=True)
    return re.compile(rf"[ >]*(?:{'|'.join(map(re.escape, words))})(?!\w)[ ,!.:-]*(?P<rest>[^\n]*)")


def is_closing(folded: str) -> bool:
    """Whether a line closes a letter: `Best regards,`."""
    match = _closing().fullmatch(folded.rstrip("\r "))
    return match is not None and len(match["rest"]) <= _LONGEST_REST


def find_signatures(text: str) -> list[Signature]:
    """The line after a closing such as `Best regards,`, or the name on the same line."""
    rows = list(lines(text))
    found: list[Signature] = []
    for index, row in enumerate(rows):
        folded = fold(row.of(text)).rstrip("\r ")
        if re.fullmatch(r"[ >]*--", folded):
            found += _signature(text, rows, index)
            continue
        match = _closing().fullmatch(folded)
        if match is None or len(match["rest"]) > _LONGEST_REST:
            continue
        if match["rest"].strip():
            start = row.start + match.start("rest")
            found.append(Signature(Span(start, row.end), _block(text, rows, index), _is_quoted(text, row)))
        else:
            found += _signature(text, rows, index)
    return found


def _signature(text: str, rows: list[Span], index: int) -> list[Signature]:
    for number in range(index + 1, min(index + 4, len(rows))):
        row = rows[number]
        line = row.of(text).strip(" >\t\r*_-\u2013\u2014")
        if line and not _closing().fullmatch(fold(line)):
            return [Signature(row, _block(text, rows, number), _is_quoted(text, row))]
    return []


def _is_quoted(text: str, row: Span) -> bool:
    return row.of(text).lstrip().startswith(">")


def _block(text: str, rows: list[Span], number: int) -> Span:
    """The lines from the name on; one empty line may part the name from the rest."""
    end, blanks, count = rows[number].end, 0, 0
    for row in rows[number + 1 : number + 12]:
        line = row.of(text).strip(" >\t\r")
        if not line:
            blanks += 1
            if blanks > 1:
                break
            continue
        if (
            len(line) > 90
            or re.match(r"-{3,}|_{3,}|on .{5,80} wrote", fold(line))
            or (_HEADER.fullmatch(fold(row.of(text)).rstrip("\r ")) and blanks)
        ):
            break
        count += 1
        end = row.end
        if count > 8:
            break
    return Span(rows[number].start, end)


def find_greetings(text: str) -> list[Span]:
    """The lines, or their beginnings, that greet the reader."""
    found: list[Span] = []
    for row in lines(text):
        folded = fold(row.of(text))
        offset = len(folded) - len(folded.lstrip(" >\t"))
        match = _GREETING.match(folded, offset)
        if match:
            stop = re.search(r"[,!:.]|\s-\s", folded[match.end() :])
            found.append(
                Span(
                    row.start + match.end(),
                    row.start
                    + match.end()
                    + (min(stop.start(), 50) if stop else min(len(folded) - match.end(), 50)),
                )
            )
    return found
