"""What DynamoDB answers that its callers decide upon; whatever is merely away is a `DatabaseUnavailable`."""

from collections.abc import Sequence

from src.models.errors import TableMissing


class DynamoError(Exception):
    """What these functions raise beside a `DeskError`."""


class ConditionFailed(DynamoError):
    """The item is not as the write's condition wants it; nothing was written."""


class TransactionCancelled(DynamoError):
    """Nothing of the transaction was written.

    `reasons` has one entry an operation, in their order: DynamoDB's code (`ConditionalCheckFailed`,
    `TransactionConflict`, `ThrottlingError` ...), or None where that operation was not the cause.
    """

    def __init__(self, reasons: Sequence[str | None]) -> None:
        super().__init__(", ".join(reason or "-" for reason in reasons))
        self.reasons = list(reasons)


def table_missing(name: str) -> TableMissing:
    return TableMissing(
        f"The DynamoDB table {name} does not exist; create it, or correct TABLE_PREFIX and AWS_REGION."
    )


class TableUnfit(DynamoError):
    """A table of the right name that has another key or lacks an index."""

    def __init__(self, name: str, lack: str) -> None:
        super().__init__(
            f"The DynamoDB table {name} can't be used: {lack}; rebuild it, or choose another TABLE_PREFIX."
        )
        self.name = name
