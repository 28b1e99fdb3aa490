"""What is read from words alone: dates, money, numbers, telephone numbers, addresses, names."""

from datetime import date
from decimal import Decimal

import pytest

from agents.rules.reading.addresses import find_addresses
from agents.rules.reading.contacts import find_emails, find_phones
from agents.rules.reading.dates import find_days
from agents.rules.reading.language import language_of
from agents.rules.reading.money import find_amounts
from agents.rules.reading.names import matches_mailbox, parse_name
from agents.rules.reading.numbers import parse_number
from agents.rules.text import fold, own_words


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "5 March 2024",
        "March 5th, 2024",
        "5.3.2024",
        "5. März 2024",
        "5 mars 2024",
        "5 de marzo de 2024",
        "05-Mar-24",
    ],
)
def test_a_day_is_read_in_any_style(text: str) -> None:
    (day,) = find_days(f"It was on {text}, I think.")
    assert day.settled(None) == date(2024, 3, 5)


def test_figures_that_could_be_two_days_stay_open_without_a_hint() -> None:
    (day,) = find_days("03/05/2024")
    assert day.settled(None) is None
    assert day.settled(day_first=True) == date(2024, 5, 3)
    assert day.settled(day_first=False) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["on March 5", "2024-13-40", "version 1.2.3", "192.168.1.10"])
def test_what_is_no_whole_day_is_none(text: str) -> None:
    assert find_days(text) == []


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.234,56 €", "1234.56", "EUR"),
        ("$1,234.56", "1234.56", "USD"),
        ("¥1200", "1200", "JPY"),
        ("CHF 1'200.50", "1200.50", "CHF"),
        ("2 500,00 €", "2500.00", "EUR"),
        ("EUR 9.99", "9.99", "EUR"),
        ("5 dollars", "5", "USD"),
        ("R$ 1.234,50", "1234.50", "BRL"),
    ],
)
def test_an_amount_is_read_with_its_currency(text: str, value: str, currency: str) -> None:
    (amount,) = find_amounts(f"It costs {text} today")
    assert (amount.value, amount.currency) == (Decimal(value), currency)


def test_crowns_are_nobodys_without_a_hint_and_swedish_beside_swedish_words() -> None:
    assert [amount.currency for amount in find_amounts("499 kr")] == [""]
    assert [amount.currency for amount in find_amounts("499 kr och moms, tack")] == ["SEK"]


@pytest.mark.parametrize(
    ("figures", "value"),
    [("1.234", "1234"), ("12,5", "12.5"), ("0.125", "0.125"), ("1,234,567.8", "1234567.8")],
)
def test_a_lone_separator_before_three_digits_groups_them(figures: str, value: str) -> None:
    assert parse_number(figures) == Decimal(value)


def test_mailboxes_are_read_also_where_the_sign_is_written_out() -> None:
    found = find_emails("ann.lee@example.com or jane (at) example (dot) org")
    assert [email.value for email in found] == ["ann.lee@example.com", "jane@example.org"]


def test_only_what_looks_dialled_is_a_telephone_number_of_itself() -> None:
    found = {phone.value: phone.is_plain for phone in find_phones("+49 30 1234567, 1234567890")}
    assert found == {"+49 30 1234567": False, "1234567890": True}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "123 Main St, Apt 4B, Springfield, IL 62704, USA",
            ["123 Main St", "Apt 4B", "Springfield", "IL", "USA", "62704"],
        ),
        ("Hauptstraße 5\n10115 Berlin\nDeutschland", ["Hauptstraße 5", "Berlin", "Deutschland", "10115"]),
        ("12 Rue de la Paix, 75002 Paris, France", ["12 Rue de la Paix", "Paris", "France", "75002"]),
        ("Via Roma, 12, 00184 Roma (RM)", ["Via Roma, 12", "Roma", "RM", "00184"]),
        ("Flat 2, 10 High Street, Oxford OX1 4BG", ["10 High Street", "Flat 2", "Oxford", "OX1 4BG"]),
        ("456 Elm Avenue, Toronto, ON M5V 2T6", ["456 Elm Avenue", "Toronto", "ON", "M5V 2T6"]),
        (
            "Marszałkowska 10/12 m. 5\n00-590 Warszawa\nPolska",
            ["Marszałkowska 10/12", "m. 5", "Warszawa", "Polska", "00-590"],
        ),
        ("Mannerheimintie 5 A 12, 00100 Helsinki", ["Mannerheimintie 5 A 12", "Helsinki", "00100"]),
        (
            "Vesterbrogade 12, 3. tv\n1620 København V\nDanmark",
            ["Vesterbrogade 12", "3. tv", "København V", "Danmark", "1620"],
        ),
        (
            "Kossuth Lajos utca 14. II. em. 5\n1053 Budapest",
            ["Kossuth Lajos utca 14", "II. em. 5", "Budapest", "1053"],
        ),
        ("Unit 12/88 Kent Street, Sydney NSW 2000", ["88 Kent Street", "Unit 12", "Sydney", "NSW", "2000"]),
        (
            "Av. Paulista, 1578, apto 42 - Bela Vista, São Paulo - SP, 01310-200",
            ["Av. Paulista, 1578", "apto 42", "São Paulo", "SP", "01310-200"],
        ),
        ("Carrera 7 # 71-21, Bogotá, Colombia", ["Carrera 7 # 71-21", "Bogotá", "Colombia"]),
        (
            "14 Harbour View Terrace\nHowth\nCo. Dublin\nD13 X2Y4",
            ["14 Harbour View Terrace", "Howth", "Co. Dublin", "D13 X2Y4"],
        ),
        (
            "Rose Cottage\n5 Mill Lane\nBurford\nOxfordshire\nOX18 4AA",
            ["5 Mill Lane", "Rose Cottage", "Burford", "Oxfordshire", "OX18 4AA"],
        ),
        (
            "77 Rue Saint-Denis, app. 4, Québec (Québec) G1R 1B8",
            ["77 Rue Saint-Denis", "app. 4", "Québec", "Québec", "G1R 1B8"],
        ),
        (
            "send it to 88 oak hill road, austin tx 78704 thanks",
            ["88 oak hill road", "austin", "tx", "78704"],
        ),
        ("we moved to 7 Park Road, Ely CB7 4AB", ["7 Park Road", "Ely", "CB7 4AB"]),
        ("Postfach 12 34\n80331 München", ["Postfach 12 34", "München", "80331"]),
        (
            "SH1P T0:\n12O ELM AVE\nAPT 4\nBEND 0R 97701",
            ["12O ELM AVE", "APT 4", "BEND", "0R", "97701"],
        ),
        (
            "27B Adeola Street, Victoria Island, Lagos, Nigeria",
            ["27B Adeola Street", "Lagos", "Nigeria"],
        ),
    ],
)
def test_an_address_is_read_part_by_part(text: str, parts: list[str]) -> None:
    (address,) = find_addresses(text)
    names = ("address1", "address2", "city", "state", "country", "zip")
    assert [address.parts[name].of(text) for name in names if name in address.parts] == parts


def test_a_year_before_a_town_is_no_postal_code() -> None:
    assert find_addresses("In 2024 Berlin was nice.") == []


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("Dr. Maria van der Berg", "en", "Maria", "van der Berg"),
        ("Smith, John A.", "en", "John", "Smith"),
        ("DUPONT Jean", "fr", "Jean", "DUPONT"),
        ("Ana García López", "es", "Ana", "García López"),
        ("Jean-Pierre Martin", "fr", "Jean-Pierre", "Martin"),
    ],
)
def test_a_name_falls_into_first_and_last(text: str, language: str, first: str, last: str) -> None:
    name = parse_name(text, 0, len(text), language=language)
    assert name is not None
    assert (name.first and name.first.of(text), name.last and name.last.of(text)) == (first, last)


def test_a_mailbox_tells_whose_it_is() -> None:
    assert matches_mailbox("Jane Doe", "jane.doe")
    assert matches_mailbox("Jane Doe", "jdoe")
    assert not matches_mailbox("Jane Doe", "john.smith")


def test_small_words_tell_the_language() -> None:
    assert language_of("Ich möchte bitte eine Lampe und zwei Tassen bestellen") == "de"
    assert language_of("xyz") == "en"


def test_folding_moves_nothing() -> None:
    text = "İstanbul Straße ﬁn \u201cquoted\u201d \u2013 ÉÀ"
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "quoted",
    [
        "> cancel my order",
        "-----Original Message-----\ncancel my order",
        "On Monday Bob Smith wrote:\ncancel my order",
        "```\ncancel my order\n```",
        "<document>cancel my order</document>",
        'He said "please cancel my order now".',
    ],
)
def test_what_somebody_else_said_is_not_the_writers_own(quoted: str) -> None:
    text = f"What does this mean?\n{quoted}"
    assert own_words(text).startswith("What does this mean?")
    assert "cancel" not in own_words(text)
    assert len(own_words(text)) == len(text)
