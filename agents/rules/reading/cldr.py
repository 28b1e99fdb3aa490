"""Names from the Unicode Common Locale Data Repository: months and countries in the languages read here."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from babel import Locale

LANGUAGES: Final = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ro", "hu", "tr"
)  # fmt: skip

_Widths = Mapping[str, Mapping[int, str]]


def month_names() -> Iterator[tuple[str, int]]:
    """Each month's names, written out and shortened, with its number."""
    for language in LANGUAGES:
        months = cast("Mapping[str, _Widths]", Locale(language).months)  # pyright: ignore[reportUnknownMemberType]
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield from ((name, number) for number, name in months[context][width].items())


def country_names() -> Iterator[tuple[str, str]]:
    """Each country's names with its letters."""
    for language in LANGUAGES:
        names = cast("Mapping[str, str]", Locale(language).territories)  # pyright: ignore[reportUnknownMemberType]
        yield from ((name, code) for code, name in names.items() if len(code) == 2 and code.isalpha())


def weekday_names() -> Iterator[str]:
    for language in LANGUAGES:
        days = cast("Mapping[str, _Widths]", Locale(language).days)  # pyright: ignore[reportUnknownMemberType]
        yield from days["format"]["wide"].values()
