"""What the records are made of: identifiers, money and times."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Version = Annotated[int, Field(ge=1)]


def plain(amount: Decimal) -> str:
    return format(amount, "f")


def stamp(moment: datetime) -> str:
    """UTC, ISO 8601, always with microseconds, so that stamps sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


STORED: Final = {"stored": True}
"""The context in which our own records are read back: what was checked when it came in, isn't again."""


Money = Annotated[
    Decimal,
    Field(max_digits=18, decimal_places=4, allow_inf_nan=False),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
Moment = Annotated[AwareDatetime, PlainSerializer(stamp, return_type=str, when_used="json")]


# ISO 4217: the currencies whose minor unit is not a hundredth.
_MINOR_UNITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def minor_unit(currency: str) -> int:
    """How many decimals amounts of an ISO 4217 currency have."""
    return _MINOR_UNITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount with its currency's decimals, rounded half-even."""
    return amount.quantize(Decimal(1).scaleb(-minor_unit(currency)), rounding=ROUND_HALF_EVEN)


class Record(BaseModel):
    """A value that is read, written and handed on whole: immutable, without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)
