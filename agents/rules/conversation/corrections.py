"""What corrects a command that was carried out just now: `it is number 54, not 45`."""

import re
from typing import Final

from agents.rules.conversation.dialogue import Call
from agents.rules.conversation.topics import signs_in
from agents.rules.text import fold

_FIGURE: Final = re.compile(r"(?<![\w-])\d{1,6}[a-zA-Z]?(?![\w-])")
_PLACES: Final = ("address1", "address2", "zip")
_WRITTEN: Final = ("address1", "address2", "zip", "city", "state", "country")


def corrected_address(text: str, last: Call) -> str:
    """The address of the last command with the figure that a text corrects; empty where it corrects none."""
    if "address1" not in last.arguments or "wrong" not in signs_in(fold(text)):
        return ""
    parts = {name: str(last.arguments.get(name) or "") for name in _WRITTEN}
    had = [figure for name in _PLACES for figure in _FIGURE.findall(parts[name])]
    said = list(dict.fromkeys(_FIGURE.findall(text)))
    new = [figure for figure in said if figure not in had]
    old = [figure for figure in said if figure in had] or _FIGURE.findall(parts["address1"])
    if len(new) != 1 or len(old) != 1:
        return ""
    for name in _PLACES:
        parts[name] = re.sub(rf"(?<![\w-]){old[0]}(?![\w-])", new[0], parts[name])
    of = f"order {last.arguments['order_id']}" if "order_id" in last.arguments else "my profile"
    return f"The new address of {of}:\n{_written(parts)}"


def _written(parts: dict[str, str]) -> str:
    town = f"{parts['zip']} {parts['city']}".strip()
    street = [parts["address1"], parts["address2"]]
    return ", ".join(part for part in (*street, town, parts["state"], parts["country"]) if part)
