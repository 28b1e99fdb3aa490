"""The examples that the docs show, for requests and answers."""

from typing import Final

from pydantic import JsonValue

USER_ID: Final = "6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11"

NAME: Final[JsonValue] = {"first_name": "Ann", "last_name": "Lee"}
ADDRESS: Final[JsonValue] = {
    "address1": "763 Broadway",
    "address2": "Suite 135",
    "city": "Philadelphia",
    "state": "PA",
    "country": "USA",
    "zip": "19122",
}
CARD: Final[JsonValue] = {"source": "credit_card", "brand": "visa", "last_four": "4242"}
NEW_USER: Final[JsonValue] = {"name": NAME, "address": ADDRESS, "payment_methods": {"credit_card_1": CARD}}
USER: Final[JsonValue] = {
    "id": USER_ID,
    "email": "ann.lee@example.com",
    "name": NAME,
    "address": ADDRESS,
    "payment_methods": {
        "credit_card_1": CARD,
        "gift_card_7245904": {"source": "gift_card", "balance": "17.00"},
    },
    "created_at": "2026-05-04T09:30:00.000000+00:00",
    "updated_at": "2026-05-04T09:30:00.000000+00:00",
    "version": 1,
}
VARIANT: Final[JsonValue] = {
    "options": {"color": "black", "capacity": "1L"},
    "available": True,
    "price": "49.90",
}
NEW_PRODUCT: Final[JsonValue] = {"name": "Electric Kettle", "variants": {"1240311797": VARIANT}}
PRODUCT: Final[JsonValue] = {
    "product_id": "1075968781",
    "name": "Electric Kettle",
    "variants": {"1240311797": VARIANT},
    "version": 1,
}
ITEM: Final[JsonValue] = {
    "options": {"color": "black", "capacity": "1L"},
    "available": True,
    "price": "49.90",
    "item_id": "1240311797",
    "product_id": "1075968781",
    "name": "Electric Kettle",
}
PLACE_ORDER: Final[JsonValue] = {
    "items": [{"item_id": "1240311797", "quantity": 2}],
    "payment_method_id": "credit_card_1",
}
ORDER_LINE: Final[JsonValue] = {
    "name": "Electric Kettle",
    "product_id": "1075968781",
    "item_id": "1240311797",
    "price": "49.90",
    "options": {"color": "black", "capacity": "1L"},
}
ORDER: Final[JsonValue] = {
    "order_id": "W0012345678",
    "user_id": USER_ID,
    "address": ADDRESS,
    "items": [ORDER_LINE, ORDER_LINE],
    "status": "pending",
    "fulfillments": [],
    "payment_history": [
        {"transaction_type": "payment", "amount": "99.80", "payment_method_id": "credit_card_1"}
    ],
    "currency": "USD",
    "order_date": "2026-05-04T09:30:00.000000+00:00",
    "updated_at": "2026-05-04T09:30:00.000000+00:00",
    "version": 1,
    "total_amount": "99.80",
}
CANCELLED: Final[JsonValue] = {
    **ORDER,
    "status": "cancelled",
    "cancel_reason": "ordered by mistake",
    "version": 2,
}
SWAP: Final[JsonValue] = {
    "item_ids": ["1240311797"],
    "new_item_ids": ["2323972008"],
    "payment_method_id": "credit_card_1",
}
RETURN: Final[JsonValue] = {"item_ids": ["1240311797"], "payment_method_id": "credit_card_1"}
AUDIT_ENTRY: Final[JsonValue] = {
    "audit_id": f"{USER_ID}:7",
    "timestamp": "2026-05-04T09:31:12.123456+00:00",
    "user_id": USER_ID,
    "subject_id": USER_ID,
    "action": "order.cancel",
    "resource_type": "order",
    "resource_id": "W0012345678",
    "status": "success",
    "changes": [{"field": "order.status", "old": "pending", "new": "cancelled"}],
    "request_id": "0b2d1c7e5f",
    "number": 7,
    "keep_until": 2000000000,
}
CHAT: Final[JsonValue] = {"message": "Cancel order W0012345678, I ordered it by mistake."}
ANSWER: Final[JsonValue] = {
    "conversation_id": "f3c1d7a2-4a53-4d83-8a0e-0d6cf3b1a001",
    "run_id": "c2a4a8a3-5a0f-4ef8-8f0c-6bb0b9a7f002",
    "output": None,
    "approvals": [
        {
            "approval_id": "9d7c8f0a-6f0c-4d2c-8a34-1f2b3c4d5e03",
            "tool": "cancel_pending_order",
            "arguments": {"order_id": "W0012345678", "reason": "ordered by mistake"},
            "summary": "Cancel order W0012345678 (ordered by mistake): refund 99.80 USD to credit_card_1.",
            "expires_at": "2026-05-04T10:01:00.000000+00:00",
        }
    ],
    "tool_calls": [
        {
            "tool": "cancel_pending_order",
            "arguments": {"order_id": "W0012345678", "reason": "ordered by mistake"},
            "outcome": "waiting",
        }
    ],
    "usage": {"requests": 1, "input_tokens": 412, "output_tokens": 24, "cost": None},
    "model": "rules",
}
CONVERSATION: Final[JsonValue] = {
    "conversation_id": "f3c1d7a2-4a53-4d83-8a0e-0d6cf3b1a001",
    "agent": "support",
    "user_id": USER_ID,
    "created_at": "2026-05-04T09:30:00.000000+00:00",
    "updated_at": "2026-05-04T09:31:00.000000+00:00",
}

HANDOVER: Final[JsonValue] = {
    "handover_id": "5d0c2f6b-8a4e-4d0b-9a55-90a1b2c3d004",
    "user_id": USER_ID,
    "summary": "Ann wants to change the name on her invoice of W0012345678.",
    "status": "open",
    "conversation_id": "f3c1d7a2-4a53-4d83-8a0e-0d6cf3b1a001",
    "created_at": "2026-05-04T09:30:00.000000+00:00",
    "updated_at": "2026-05-04T09:30:00.000000+00:00",
    "version": 1,
}

VERIFICATION: Final[JsonValue] = {
    "user_id": USER_ID,
    "entries": 6,
    "first": 1,
    "last": 7,
    "intact": False,
    "findings": [
        {"audit_id": f"{USER_ID}:4", "kind": "removed", "detail": "the chain counts it, but it is gone"}
    ],
}


def page(item: JsonValue) -> JsonValue:
    return {"items": [item], "next_cursor": None}
