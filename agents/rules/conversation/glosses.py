"""The words that matter most in a reply, said again in the customer's own language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from agents.rules.conversation.replies import Reply
from agents.rules.reading.language import language_of

_STOCK: Final = "not available"


def glossed(reply: Reply, said: str) -> Reply:
    """The reply with the first of each such word explained, where the customer doesn't write English."""
    message = reply.message
    glosses = _glosses().get(language_of(said), {})
    for word, meaning in glosses.items():
        if not reply.order_ids and word != _STOCK:
            continue
        message = re.sub(rf'(?<!\w){word}(?!\w)"?', rf"\g<0> ({meaning})", message, count=1)
    return replace(reply, message=message)


@cache
def _glosses() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("agents.rules").joinpath("words/glosses.toml").read_text(encoding="utf-8"))
