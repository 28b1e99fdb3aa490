"""HTML and SVG as nested calls: what is not markup by its type is escaped where it is put in."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final, TypeAlias

Node: TypeAlias = "str | Iterable[Node] | None"
Attribute = str | float | bool | None

_VOID: Final = frozenset({"meta", "wbr"})


class Html(str):
    """Text that is markup already. All else that is a `str`, also a part of this, is text from elsewhere."""

    __slots__ = ()


def joined(*content: Node) -> Html:
    return Html("".join(_text(node) for node in content))


def _text(node: Node) -> str:
    if node is None:
        return ""
    if isinstance(node, Html):
        return str(node)
    if isinstance(node, str):
        return escape(node)
    return "".join(_text(each) for each in node)


def element(name: str, *content: Node, **attributes: Attribute) -> Html:
    """`class_` is written `class`, `aria_label` is `aria-label`; None or False leave an attribute out."""
    opening = name + "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f"<{opening}>" if name in _VOID else f"<{opening}>{joined(*content)}</{name}>")


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def table(
    caption: str, heads: Sequence[Node], rows: Iterable[Sequence[Node]], within: str | None = None
) -> Html:
    """The first cell of each row is its head. `within` a case, it is as wide as that is, and told with its
    name; else what is wider than the page scrolls by itself, so that the keyboard must come to it.
    """
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", (element("th", head, scope="col") for head in heads))),
        element("tbody", (_row(cells) for cells in rows)),
    )
    if within is not None:
        return element("div", whole, role="group", aria_label=f"{caption} of {within}")
    return element("div", whole, class_="scroll", role="group", aria_label=caption, tabindex="0")


def _row(cells: Sequence[Node]) -> Html:
    first, *others = cells
    return element("tr", element("th", first, scope="row"), (element("td", cell) for cell in others))


def listed(items: Iterable[Node]) -> Html:
    return element("ul", (element("li", item) for item in items))


def either(choices: Iterable[Node]) -> Iterator[Node]:
    """All of them, with "or" between."""
    for place, choice in enumerate(choices):
        yield " or " if place else None
        yield choice


def folded(summary: Node, *content: Node, **attributes: Attribute) -> Html:
    """What is seen after a click."""
    return element("details", element("summary", summary), *content, **attributes)


def unseen(text: str) -> Html:
    """What only those are told who don't see the page."""
    return element("span", text, class_="unseen")


def chip(text: str, kind: str = "") -> Html:
    return element("span", text, class_=f"chip {kind}".strip())
