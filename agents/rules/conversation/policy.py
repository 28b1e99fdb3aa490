"""A turn of a conversation by rules: the next calls, or the reply."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart, UserPromptPart

from agents.rules.conversation.replies import Reply


@dataclass(frozen=True)
class Call:
    tool: str
    arguments: Mapping[str, object]


def converse(messages: Sequence[ModelMessage], offered: frozenset[str]) -> Reply | list[Call]:
    """The next step: calls of offered tools, or a reply."""
    last = messages[-1]
    if isinstance(last, ModelRequest):
        returns = [part for part in last.parts if isinstance(part, ToolReturnPart)]
        if returns and not any(isinstance(part, UserPromptPart) for part in last.parts):
            return _concluded(returns)
    said = " ".join(
        str(part.content)
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart)
    )
    ids = re.findall(r"#?\b(W\d+\w*)\b", said)
    if not ids:
        return Reply("Which order is it about? Please tell me its number.", "question")
    if "cancel" not in said.lower():
        return [Call("get_order_details", {"order_id": ids[-1]})]
    if "mistake" in said:
        return [Call("cancel_pending_order", {"order_id": ids[-1], "reason": "ordered by mistake"})]
    if "no longer need" in said:
        return [Call("cancel_pending_order", {"order_id": ids[-1], "reason": "no longer needed"})]
    return Reply(
        "Why do you want to cancel it: ordered by mistake, or no longer needed?", "question", (ids[-1],)
    )


def _concluded(returns: Sequence[ToolReturnPart]) -> Reply:
    sentences: list[str] = []
    for part in returns:
        if part.outcome == "success" and isinstance(part.content, Mapping):
            order = cast("Mapping[str, object]", part.content)
            sentences.append(f"Order {order.get('order_id')} is {order.get('status')}.")
        else:
            sentences.append(str(part.content))
    is_done = any("cancel" in part.tool_name and part.outcome == "success" for part in returns)
    return Reply(" ".join(sentences) or "Done.", "done" if is_done else "answer")
