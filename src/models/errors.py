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
    code = "not_authenticated"


class Forbidden(DeskError):
    code = "forbidden"


class NotFound(DeskError):
    code = "not_found"


class Invalid(DeskError):
    """The request's shape or one of its values can't be used."""

    code = "invalid"


class InvalidCursor(Invalid):
    code = "invalid_cursor"


class UnknownItem(Invalid):
    code = "unknown_item"


class UnequalLists(Invalid):
    code = "unequal_lists"


class InvalidPaymentMethod(Invalid):
    code = "invalid_payment_method"


class OtherProduct(Invalid):
    """A new item that is not of the old one's product."""

    code = "other_product"


class SameItem(Invalid):
    code = "same_item"


class InvalidSchema(Invalid):
    """A JSON Schema that can't be extracted by."""

    code = "invalid_schema"


class IdempotencyKeyReused(Invalid):
    code = "idempotency_key_reused"


class Conflict(DeskError):
    """The request is sound but the present state forbids it."""

    code = "conflict"


class WrongStatus(Conflict):
    code = "wrong_status"


class OutOfStock(Conflict):
    code = "item_unavailable"


class InsufficientBalance(Conflict):
    code = "insufficient_balance"


class PaymentFixed(Conflict):
    """An order whose history is more than one payment, so that the payment can't be changed."""

    code = "payment_fixed"


class DuplicateEmail(Conflict):
    code = "duplicate_email"


class AlreadyExists(Conflict):
    code = "already_exists"


class PaymentMethodInUse(Conflict):
    code = "payment_method_in_use"


class OpenOrders(Conflict):
    code = "open_orders"


class QuoteChanged(Conflict):
    code = "quote_changed"


class ConversationBusy(Conflict):
    code = "conversation_busy"
    retry_after = 2


class AlreadyDecided(Conflict):
    code = "already_decided"


class ApprovalGone(DeskError):
    """An approval that expired or was withdrawn."""

    code = "approval_gone"


class VersionMismatch(DeskError):
    code = "version_mismatch"


class Unavailable(DeskError):
    """Something the service stands on is away."""

    code = "unavailable"
    retry_after = 5


class DatabaseUnavailable(Unavailable):
    code = "dynamodb_unavailable"


class DocumentsUnavailable(Unavailable):
    code = "mongodb_unavailable"


class CacheUnavailable(Unavailable):
    code = "redis_unavailable"


class IdentityUnavailable(Unavailable):
    code = "cognito_unavailable"


class Busy(Unavailable):
    """Too much contention on the same records; waiting helps."""

    code = "busy"
    retry_after = 1


class ModelUnavailable(Unavailable):
    code = "model_unavailable"
    retry_after = 10


class ModelBusy(ModelUnavailable):
    code = "model_busy"
    retry_after = 30


class ModelTimeout(ModelUnavailable):
    code = "model_timeout"


class ModelMisbehaved(ModelUnavailable):
    """The model kept answering in a shape that can't be used, or beyond the run's limits."""

    code = "model_misbehaved"
