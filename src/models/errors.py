"""The one family of errors that the desk answers with.

Each class has a stable `code`; `src/api/errors.py` maps each to a status, and a tool hands the sentence to
its model.
"""

from typing import ClassVar


class DeskError(Exception):
    """Something that the caller is told: `detail` says what is wrong and what to do instead."""

    code: ClassVar[str] = "error"
    retry_after: ClassVar[int | None] = None

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotAuthenticated(DeskError):
    """The request carries no token, or one that is not good."""

    code = "not_authenticated"


class Forbidden(DeskError):
    """The caller's role may not do this at all."""

    code = "forbidden"


class NotFound(DeskError):
    """There is no such thing, or it is another's."""

    code = "not_found"


class Invalid(DeskError):
    """The request's shape or one of its values can't be used."""

    code = "invalid"


class InvalidCursor(Invalid):
    """The cursor is not one that this list gave out."""

    code = "invalid_cursor"


class UnknownItem(Invalid):
    """No product has this item."""

    code = "unknown_item"


class UnequalLists(Invalid):
    """Old and new items must be as many as each other."""

    code = "unequal_lists"


class InvalidPaymentMethod(Invalid):
    """The payment method is not the customer's, or can't be used for this."""

    code = "invalid_payment_method"


class OtherProduct(Invalid):
    """A new item that is not of the old one's product."""

    code = "other_product"


class SameItem(Invalid):
    """A new item that is the old one."""

    code = "same_item"


class InvalidSchema(Invalid):
    """A JSON Schema that can't be extracted by."""

    code = "invalid_schema"


class IdempotencyKeyReused(Invalid):
    """The idempotency key already stands for a request with another body."""

    code = "idempotency_key_reused"


class Conflict(DeskError):
    """The request is sound but the present state forbids it."""

    code = "conflict"


class KeyInUse(Conflict):
    """The first request with this idempotency key is under way."""

    code = "idempotency_key_in_use"
    retry_after = 1


class WrongStatus(Conflict):
    """The order's status doesn't allow this."""

    code = "wrong_status"


class OutOfStock(Conflict):
    """An item isn't available at present."""

    code = "item_unavailable"


class InsufficientBalance(Conflict):
    """The gift card doesn't cover the amount."""

    code = "insufficient_balance"


class PaymentFixed(Conflict):
    """An order whose history is more than one payment, so that the payment can't be changed."""

    code = "payment_fixed"


class DuplicateEmail(Conflict):
    """The e-mail address belongs to another user."""

    code = "duplicate_email"


class AlreadyExists(Conflict):
    """There already is a thing with this id."""

    code = "already_exists"


class PaymentMethodInUse(Conflict):
    """A payment method that paid for an order can't be removed."""

    code = "payment_method_in_use"


class OpenOrders(Conflict):
    """A user with open orders can't be deleted."""

    code = "open_orders"


class QuoteChanged(Conflict):
    """The price moved since the caller approved of it."""

    code = "quote_changed"


class ConversationBusy(Conflict):
    """Another turn of this conversation is under way."""

    code = "conversation_busy"
    retry_after = 2


class ConversationFull(Conflict):
    """The conversation has grown too long; begin a new one."""

    code = "conversation_full"


class AlreadyDecided(Conflict):
    """The approval was decided the other way."""

    code = "already_decided"


class ApprovalGone(DeskError):
    """An approval that expired or was withdrawn."""

    code = "approval_gone"


class VersionMismatch(DeskError):
    """The record has another version than `If-Match` names."""

    code = "version_mismatch"


class Unavailable(DeskError):
    """Something the service stands on is away."""

    code = "unavailable"
    retry_after = 5


class DatabaseUnavailable(Unavailable):
    """DynamoDB can't be reached."""

    code = "dynamodb_unavailable"


class TableMissing(DatabaseUnavailable):
    """A table of DynamoDB does not exist; it must be created, or the settings name the wrong place."""

    code = "dynamodb_table_missing"


class DocumentsUnavailable(Unavailable):
    """MongoDB can't be reached."""

    code = "mongodb_unavailable"


class CacheUnavailable(Unavailable):
    """Redis can't be reached."""

    code = "redis_unavailable"


class IdentityUnavailable(Unavailable):
    """Cognito can't be reached."""

    code = "cognito_unavailable"


class Busy(Unavailable):
    """Too much contention on the same records; waiting helps."""

    code = "busy"
    retry_after = 1


class ModelUnavailable(Unavailable):
    """The model can't be reached."""

    code = "model_unavailable"
    retry_after = 10


class ModelBusy(ModelUnavailable):
    """The model's provider asks for patience."""

    code = "model_busy"
    retry_after = 30


class ModelTimeout(ModelUnavailable):
    """The model took too long."""

    code = "model_timeout"


class ModelMisbehaved(ModelUnavailable):
    """The model kept answering in a shape that can't be used, or beyond the run's limits."""

    code = "model_misbehaved"
