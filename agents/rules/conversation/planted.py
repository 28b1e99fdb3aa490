"""Text that gives orders to the desk's program: wherever it stands, nobody who may has said it."""

import re
from functools import cache
from typing import Final

from agents.rules.conversation.phrases import phrases
from agents.rules.text import fold

_ORDERS: Final = ("addressed", "overruling", "authority")
_IN_DATA: Final = (*_ORDERS, "claimed")
_ROLE_NAME: Final = (
    r"(?:system|assistants?|asistente|assistente|asystent|developers?|admin(?:istrator)?|operator|supervisor"
    r"|chatbot|bot|ai|ki|ia|llm|desk policy|policy)"
)
_ROLE_INSIDE: Final = re.compile(rf"(?<![\w-]){_ROLE_NAME}(?: [\w#-]{{1,20}}){{0,3}} ?:(?!\d)")
_SENTENCE: Final = re.compile(r"[.!?;](?=\s)|\n")
_BREAK: Final = re.compile(r"\s*(?:\[\[|\{|<|/{2,}|-{2,}|#{2,}|\|{1,}|={2,}|\u2014\s|\n)")
_LINE_END: Final = " \t\r\n.,;:-/|[({<\"'"


@cache
def _markers(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(phrases("planted", "planted", kind).pattern for kind in kinds))


def planted_at(folded: str, start: int = 0, *, is_data: bool = False) -> int:
    """Where the sentence begins that first speaks to a program or overrules its rules; -1 without.

    Args:
        folded: The folded text.
        start: Where it is looked for.
        is_data: Nobody asks for anything here, so that claims about the customer give it away too.
    """
    found = _markers(_IN_DATA if is_data else _ORDERS).search(folded, start)
    if found is None:
        return -1
    ends = [match.end() for match in _SENTENCE.finditer(folded, start, found.start())]
    return ends[-1] if ends else start


def unplanted(text: str) -> str:
    """What a record's field says, without what was planted behind it."""
    folded = fold(text)
    marker = _markers(_IN_DATA).search(folded)
    if marker is None and not _ROLE_INSIDE.search(folded):
        return text
    found = (_BREAK.search(folded), _ROLE_INSIDE.search(folded), marker)
    cuts = [match.start() for match in found if match] + [planted_at(folded, is_data=True)]
    return text[: min((cut for cut in cuts if cut > 0), default=0)].rstrip(_LINE_END)
