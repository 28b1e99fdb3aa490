"""HTML as a reader sees it: tags as blanks, line breaks and tabs, hidden parts gone; every offset stays."""

import html
import re
from collections.abc import Iterator
from typing import Final

from agents.rules.text import Span, blanked

_TAGS: Final = (
    r"html|head|body|title|style|script|template|noscript|meta|link|table|thead|tbody|tfoot|tr|td|th|p|div|span"
    r"|br|hr|a|b|i|u|em|strong|small|font|center|img|h[1-6]|ul|ol|li|dl|dt|dd|pre|code|blockquote|section|article"
    r"|header|footer|main|nav|label|sup|sub"
)
_TAG: Final = re.compile(rf"<(?P<end>/?)(?P<name>{_TAGS})(?P<rest>(?:\s[^<>]{{0,2000}})?)/?>", re.IGNORECASE)
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?(?![.\d])"
    r"|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?(?![.\d])|(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b"
    r"|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}"
    r"|(?:max-)?(?:height|width)\s*:\s*0(?:px)?(?![.\d%])|mso-hide\s*:\s*all"
    r"|\s(?:hidden|aria-hidden=[\"']?true[\"']?)(?=[\s/]|$)",
    re.IGNORECASE,
)
_UNSEEN: Final = frozenset({"head", "title", "style", "script", "template", "noscript"})
_VOID: Final = frozenset({"br", "hr", "img", "meta", "link"})
_CELLS: Final = frozenset({"td", "th", "dt"})
_INLINE: Final = frozenset(
    {"span", "a", "b", "i", "u", "em", "strong", "small", "font", "code", "sup", "sub"}
)
_ENTITY: Final = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d?);", re.IGNORECASE)


def shown(text: str) -> str:
    """What a text shows of itself."""
    text = blanked(text, list(_comments(text)))
    if not _TAG.search(text) or text.lstrip().startswith("<?xml"):
        return text
    text = blanked(text, list(_hidden(text)))
    return _ENTITY.sub(_character, _TAG.sub(_gap, text))


def _comments(text: str) -> Iterator[Span]:
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        end = end + len("-->") if end >= 0 else len(text)
        yield Span(start, end)
        start = text.find("<!--", end)


def _hidden(text: str) -> Iterator[Span]:
    """The elements that are out of sight, each up to its own closing tag."""
    name, start, depth = "", 0, 0
    for match in _TAG.finditer(text):
        tag, closes = match["name"].lower(), bool(match["end"])
        if depth:
            depth += (-1 if closes else 1) if tag == name and tag not in _VOID else 0
            if not depth:
                yield Span(start, match.end())
        elif not closes and tag not in _VOID and (tag in _UNSEEN or _HIDING.search(match["rest"])):
            name, start, depth = tag, match.start(), 1
    if depth:
        yield Span(start, text.find("\n\n", start) + 1 or len(text))


def _gap(match: re.Match[str]) -> str:
    """A tag's blank: cells are parted by a tab, blocks by a line break."""
    name, width = match["name"].lower(), len(match.group())
    if name in _INLINE:
        return " " * width
    if name in _CELLS:
        return " " * (width - 1) + ("\t" if match["end"] else " ")
    return " " * (width - 1) + "\n"


def _character(match: re.Match[str]) -> str:
    return html.unescape(match.group()).replace("\u00a0", " ").ljust(len(match.group()))
