"""Takes secrets and personal data out of what is about to be logged.

It errs on the side of taking too much: a long run of digits goes even where it is no card.
Every pattern is linear in its input (possessive or bounded), since anything at all may come to be logged.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Final, NamedTuple, cast

REDACTED: Final = "[redacted]"
_MAX_TEXT: Final = 16_384
_MAX_DEPTH: Final = 8

_SENSITIVE: Final = (
    r"(?:password|passwd|pwd|secret|token|authorization|api[_-]?key|access[_-]?key|private[_-]?key|hmac[_-]?key"
    r"|signature|credentials?|cookie)(?:[_-]?(?:string|value|hash))?"
)
_SENSITIVE_NAME: Final = re.compile(rf"(?i){_SENSITIVE}$")


def _unless_an_id(match: re.Match[str]) -> str:
    return match.group() if match.group("id") else REDACTED


class _Rule(NamedTuple):
    trigger: str
    """What a text must hold for the pattern to be tried at all."""
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str] = REDACTED


_RULES: Final = (
    _Rule(
        "",
        re.compile(
            rf"(?i)({_SENSITIVE}[\"']?\s{{0,8}}+[=:]\s{{0,8}}+)"
            r"(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|(?:(?:bearer|basic|digest)\s++)?[^\s,;&})\]]++)"
        ),
        rf"\1{REDACTED}",
    ),
    _Rule("", re.compile(r"(?i)(bearer|basic)\s++[A-Za-z0-9._~+/=-]++"), rf"\1 {REDACTED}"),
    _Rule("eyJ", re.compile(r"(?<![\w.-])(?:(?!eyJ)[\w.-])*+eyJ[\w.-]*+")),
    _Rule("", re.compile(r"(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}+|A(?:KIA|SIA)[A-Z0-9]{12,}+")),
    _Rule("://", re.compile(r"(://[^\s:/@]{0,256}+):[^\s@]{1,256}+@"), rf"\1:{REDACTED}@"),
    _Rule("@", re.compile(r"(?<![\w.%+'-])[\w.%+'-]++@[\w-]++(?:\.[\w-]++)*+")),
    _Rule("input_value=", re.compile(r"(?s)(?<=input_value=).{0,200}?(?=, input_type=)")),
    _Rule(
        "",
        re.compile(
            r"(?P<id>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b[0-9a-f]{32,}+\b)"
            r"|(?<!\d)\d(?:[ -]?\d){12,}+"
        ),
        _unless_an_id,
    ),
)


def redact_text(text: str) -> str:
    """The text without what looks like a secret, an e-mail address or a card number, cut to fit a log."""
    for rule in _RULES:
        if rule.trigger in text:
            text = rule.pattern.sub(rule.replacement, text)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… [cut]"


def redact(value: object, depth: int = 0) -> object:
    """A copy fit for JSON: texts redacted, what stands under a secret's name replaced, all else as text."""
    match value:
        case None | bool():
            return value
        case str():
            return redact_text(value)
        case int() if abs(value) < 10**12:
            return value
        case float() if math.isfinite(value):
            return value
        case bytes() | bytearray():
            return redact_text(value.decode("utf-8", "replace"))
        case Mapping() if depth < _MAX_DEPTH:
            return redact_fields(cast("Mapping[object, object]", value), depth + 1)
        case Sequence() | Set() if depth < _MAX_DEPTH:
            return [redact(item, depth + 1) for item in cast("Collection[object]", value)]
        case _:
            return redact_text(str(value))


def redact_fields(fields: Mapping[object, object], depth: int = 0) -> dict[str, object]:
    return {
        redact_text(str(name)): REDACTED if _SENSITIVE_NAME.search(str(name)) else redact(value, depth)
        for name, value in fields.items()
    }
