"""Addresses that are asked for, among others, in the ways in which people and forms tell them."""

from typing import cast

import pytest

from agents.rules.extraction.filling import fill
from src.models.extraction import BuiltIn, built_in
from src.models.json_schema import JsonObject


def told(text: str) -> JsonObject:
    return cast("JsonObject", fill(built_in(BuiltIn.ADDRESS), text).data)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("pls dont bring it to the shop, send it to my aunt: 8 Pine Grove, Leeds LS6 2AB", "8 Pine Grove"),
        ("Bitte nicht mehr an uns. Neue Anschrift: Hafenweg 4, 24103 Kiel (alte: Am Wall 2)", "Hafenweg 4"),
        ("We zijn verhuisd: niet meer Dorpsstraat 5 maar Kerkweg 112, 3994 AK Houten", "Kerkweg 112"),
        (
            "Hei, pakken skal til Fjellveien 23, 3580 Geilo. Faktura sendes til Storgata 1, 0155 Oslo.",
            "Fjellveien 23",
        ),
        ("Sede legale: Via Po 3, 10123 Torino\nDestinazione merce: Via Adige 9, 37121 Verona", "Via Adige 9"),
    ],
)
def test_the_words_of_its_own_sentence_tell_which_address_is_wanted(text: str, street: str) -> None:
    assert told(text)["address1"] == street


def test_a_refusal_in_another_sentence_says_nothing_of_the_only_address() -> None:
    text = "There is no letterbox at the house, never was. Letters to P.O. Box 77, Durbanville, 7551."
    assert told(text) == {"address1": "P.O. Box 77", "city": "Durbanville", "zip": "7551"}


def test_labels_that_are_put_together_are_read_by_their_parts() -> None:
    form = (
        "Current residential address    8 Wattle Lane, Thornbury 3071\n\n"
        "NEW RESIDENTIAL ADDRESS\nUnit / Flat         12\nStreet no. & name   30 Corella Parade\n"
        "Suburb / Town       Preston\nState               VIC\nPostcode            3072\n"
    )
    assert told(form) == {
        "address1": "30 Corella Parade",
        "address2": "12",
        "city": "Preston",
        "state": "VIC",
        "zip": "3072",
    }


def test_a_dotted_form_is_read_whatever_its_order() -> None:
    form = "CEP......: 13083-410\nLogradouro e nº: Rua das Flores, 45\nMunicípio...: Campinas\nUF.......: SP"
    assert told(form) == {
        "address1": "Rua das Flores, 45",
        "city": "Campinas",
        "state": "SP",
        "zip": "13083-410",
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1132 Budapest, Váci út 18.", {"address1": "Váci út 18", "city": "Budapest", "zip": "1132"}),
        ("PSC 47 Box 2180\nAPO AE 09470", {"address1": "PSC 47 Box 2180", "city": "APO", "state": "AE"}),
        ("Calle Real 2, local 4\n18008 Granada", {"address1": "Calle Real 2", "city": "Granada"}),
        (
            "Via dell'Artigianato 12/B\n36016 Thiene (VI)",
            {"address1": "Via dell'Artigianato 12/B", "state": "VI"},
        ),
        ("They are at Rosmoney, Kilmeena, Co. Mayo, F28 X4T7", {"address1": "Rosmoney", "city": "Kilmeena"}),
    ],
)
def test_addresses_of_many_countries_are_read(text: str, parts: dict[str, str]) -> None:
    assert parts.items() <= told(text).items()


def test_a_correction_mends_the_address_of_the_message_that_it_answers() -> None:
    text = (
        "It's only the postcode. It should be PA1 2RD.\n\n--\nAda Bruce\n5 Ropeworks Yard, Glasgow G4 0QX\n\n"
        "> Please deliver to:\n> 38 Queensbarn Wynd\n> Paisley\n> PA1 3RD\n"
    )
    assert told(text) == {"address1": "38 Queensbarn Wynd", "city": "Paisley", "zip": "PA1 2RD"}


def test_of_two_blocks_side_by_side_each_is_read_for_itself() -> None:
    text = (
        "SOLD TO                     SHIP TO\n"
        "Reef Aquatics Ltd           Reef Aquatics Ltd\n"
        "PO Box 4410                 88 Harbour Parade\n"
        "Tauranga 3140               Mount Maunganui 3116\n"
    )
    assert told(text) == {"address1": "88 Harbour Parade", "city": "Mount Maunganui", "zip": "3116"}
