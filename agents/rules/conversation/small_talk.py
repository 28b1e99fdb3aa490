"""What is said besides requests: who answers here, greetings, thanks, and what can't be served."""

from typing import Final

from agents.rules.conversation.replies import Reply, ask, decline
from agents.rules.conversation.requests import Intent, Request

_CAN: Final = (
    "I can look up your orders, your profile and our products, place an order, and, on your approval, "
    "cancel a pending order, change its address, payment or items, return or exchange items of a "
    "delivered order, and change your own address."
)
_SAID: Final = {
    Intent.IDENTITY: Reply(
        "I am Orderdesk's rule-based assistant: a program with fixed rules, no human and no language model. "
        f"{_CAN}"
    ),
    Intent.CAPABILITIES: Reply(_CAN),
    Intent.GREETING: ask(
        "Hello! What can I do for you? I can help with your orders, your profile and our products."
    ),
    Intent.THANKS: Reply("You're welcome. Let me know if there is anything else."),
    Intent.YES: Reply("All right. Let me know what I can do for you."),
    Intent.NO: Reply("All right, I leave everything as it is."),
    Intent.NEGATED: ask("All right, I won't do that, and nothing was changed. What can I do for you?"),
    Intent.OFF_TOPIC: decline("I'm sorry, I can only help with your orders, your profile and our products."),
    Intent.DAMAGED: ask(
        "I'm sorry to hear that. Would you like to return the item or exchange it? "
        "Please tell me the order's number too."
    ),
    Intent.UNCLEAR: ask(f"I'm not sure what you would like. {_CAN} What can I do for you?"),
}


def small_talk(request: Request) -> Reply:
    return _SAID[request.intent]
