"""The parts that an address is written in: what stands between commas, line breaks and sentences' ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.rules.text import Span, trimmed

_ABBREVIATED: Final = (
    r"(?<![Aa]pt)(?<![Ss]te)(?<![Ss]tr)(?<![Bb][âa]t)(?<![Ee]sc)(?<![Aa]ve)(?<!vda)(?<![Cc]ol)(?<![Bb]ldg)"
    r"(?<![Dd]pto)(?<![Ii]nt)(?<![Pp]ta)(?<![Jj]al)(?<![Uu]rb)(?<![Aa]ppt)"
)
_SPLIT: Final = re.compile(
    r"\r?\n|[,;|•·]| [-\u2013\u2014/] |\t| {3,}|: |\?\?+|[()]|\.{4,}"
    rf"|(?<=[\w)][\w)][\w)]){_ABBREVIATED}[.!?](?= +[A-ZÀ-Þ])|(?<=[\w)]) \.(?= )"
    r"|(?<=[\w)][\w)][\w)][\w)])[.!?](?=\s*$)|[!?](?=\s*$)|(?<=[a-z\d])\. (?=[a-z]{3})",
    re.MULTILINE,
)
_NUMBER: Final = re.compile(
    r"(?:n[°ºo.]{1,2} ?|nr\.? ?|no\.? ?|n\. ?)?\d{1,5} ?[a-zA-Z]?(?:[-/]\d{1,4}[a-zA-Z]?)?|s/n", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """A stretch between commas or line breaks; `after_gap` where an empty line stands before it."""

    span: Span
    text: str
    after_gap: bool
    after_comma: bool = False

    def at(self, span: Span) -> Span:
        """A span of this part as a span of the whole text."""
        return Span(self.span.start + span.start, self.span.start + span.end)


def split_parts(text: str) -> list[Part]:
    """The text cut at commas, line breaks and the ends of sentences."""
    return list(_parts(text))


def is_number(part: Part) -> bool:
    """A house number alone, as it stands behind a comma."""
    return bool(_NUMBER.fullmatch(part.text))


def _parts(text: str) -> Iterator[Part]:
    start, end_before, mark = 0, 0, ""
    for match in [*_SPLIT.finditer(text), None]:
        end = match.start() if match else len(text)
        span = trimmed(text, start, end, strip=' \t\r\n*_>"“”~')
        if span.start < span.end:
            yield Part(span, span.of(text), _has_gap(text, end_before, span.start), mark == ",")
            end_before = span.end
        start = match.end() if match else end
        mark = match.group() if match else ""


def _has_gap(text: str, start: int, end: int) -> bool:
    return text.count("\n", start, end) > 1
