"""What words can be read as."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.readings import clocks, dates, names_country, names_currency, number_spans, numbers


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("$1,299.50", {"1299.50"}),
        ("1.299,50 EUR", {"1299.50"}),
        ("CHF 1'299.50", {"1299.50"}),
        ("1,00,000 rupees", {"100000"}),
        ("1,299", {"1299", "1.299"}),
        ("3,5 kg", {"3.5"}),
        ("at $.50", {"0.50"}),
        ("Lamp,2,35.00", {"2", "35.00"}),
        ("Lamp,2,35", {"2", "35"}),
        ("version 1.2.3", {"1", "2", "3"}),
        ("(5.00)", {"5.00", "-5.00"}),
        ("-$5", {"5", "-5"}),
        ("2.5 million", {"2.5", "2500000"}),
        ("10% off", {"10", "0.1"}),
        ("two lamps and a mug", {"2", "1"}),
        ("drei Lampen", {"3"}),
        ("a dozen eggs", {"1", "12"}),
        ("nothing", set[str]()),
    ],
)
def test_numbers_are_read_however_their_separators_stand(words: str, meant: set[str]) -> None:
    assert numbers(words) == {Decimal(number) for number in meant}


def test_thousands_may_be_set_apart_by_blanks() -> None:
    assert Decimal("1299.50") in numbers("1 299,50 €")


def test_a_row_of_values_is_several_numbers_and_an_amount_is_one() -> None:
    assert [*number_spans("a,2,35.00")] == [(2, 3), (4, 9)]
    assert [*number_spans("$2,350.00")] == [(1, 9)]


@given(st.decimals(0, 10**9, allow_nan=False, places=2))
def test_every_amount_is_read_back_from_how_it_is_printed(amount: Decimal) -> None:
    american = f"{amount:,}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert amount in numbers(f"Total: ${american} now")
    assert amount in numbers(f"Summe: {german} €")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2024-05-03", {date(2024, 5, 3)}),
        ("20240503", {date(2024, 5, 3)}),
        ("03/05/2024", {date(2024, 5, 3), date(2024, 3, 5)}),
        ("3.5.24", {date(2024, 5, 3), date(2024, 3, 5), date(1924, 5, 3), date(1924, 3, 5)}),
        ("Friday, May 3rd, 2024", {date(2024, 5, 3)}),
        ("the 3rd of May 2024", {date(2024, 5, 3)}),
        ("3-Sept.-2024", {date(2024, 9, 3)}),
        ("am 3. März 2024", {date(2024, 3, 3)}),
        ("1er août 2024", {date(2024, 8, 1)}),
        ("3 de mayo de 2024", {date(2024, 5, 3)}),
        ("2024年5月3日", {date(2024, 5, 3)}),
        ("31/31/2024 and 30 February 2024", set[date]()),
        ("May 3", set[date]()),
    ],
)
def test_dates_are_read_however_they_are_written(words: str, meant: set[date]) -> None:
    assert dates(words) == meant


def test_times_of_day_are_read_on_both_clocks() -> None:
    assert clocks("from 2:30 pm or 9am until 21:05, not at 27:00") >= {time(14, 30), time(9), time(21, 5)}
    assert clocks("at 12 am") == {time(0)}


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ("$5", "USD", True),
        ("C$5", "CAD", True),
        ("5 €", "EUR", True),
        ("five euros", "EUR", True),
        ("5 pounds", "GBP", True),
        ("5 €", "USD", False),
        ("5 Fr.", "CHF", False),
        ("$5", "ABC", False),
        ("231 zł", "PLN", True),
        ("po 289 Kč", "CZK", True),
        ("2190 Ft/üveg", "HUF", True),
        ("Ftp 12", "HUF", False),
    ],
)
def test_a_currency_is_named_by_its_sign_or_its_name(words: str, code: str, named: bool) -> None:
    assert names_currency(words, code) is named


def test_a_country_is_named_by_its_name() -> None:
    assert names_country("to the United States, please", "US")
    assert not names_country("to the United States, please", "CA")
    assert not names_country("anywhere", "XX")
