"""Whom a text is about, and which of its details are theirs."""

from typing import cast

import pytest

from agents.rules.extraction.filling import fill
from src.models.extraction import BuiltIn, built_in
from src.models.json_schema import JsonObject

CASES: list[tuple[str, JsonObject]] = [
    (
        "Hej alla,\n\nmin efterträdare är Linnéa Håkansdotter, linnea.h@furubo.example, 070-555 01 12.\n\n"
        "Med vänliga hälsningar\nBengt Ordell\n08-555 010 20",
        {
            "first_name": "Linnéa",
            "last_name": "Håkansdotter",
            "email": "linnea.h@furubo.example",
            "phone": "070-555 01 12",
        },
    ),
    (
        "Tamsin Okafor-Reid\n07700 900 412 | tamsin.or@example.org\n\nEMPLOYMENT\n"
        "Mar 2020 - present: Merchandising Manager, Puddleby Toys (Bath)\n2015 - 2020: Clerk, Larch & Co",
        {
            "first_name": "Tamsin",
            "last_name": "Okafor-Reid",
            "email": "tamsin.or@example.org",
            "phone": "07700 900 412",
            "company": "Puddleby Toys",
            "job_title": "Merchandising Manager",
        },
    ),
    (
        "09:14 Agent: Could I have your full name?\n09:15 Customer: petra vandeweghe\n"
        "09:15 Agent: Thank you, one moment.",
        {"first_name": "petra", "last_name": "vandeweghe"},
    ),
    (
        '{"contact": {"given": "Yewande", "family": "Castellanos", "org": "Tidewater Printing"}}',
        {"first_name": "Yewande", "last_name": "Castellanos", "company": "Tidewater Printing"},
    ),
    (
        "BEGIN:VCARD\nN:Marchbanks;Ottilie;;;\nORG:Alpenrad OG;Sales\nBDAY:19790304\nEND:VCARD",
        {
            "first_name": "Ottilie",
            "last_name": "Marchbanks",
            "company": "Alpenrad OG",
            "birth_date": "1979-03-04",
        },
    ),
    (
        "Nome .. Duarte\nApelido .. Vilhena\nTelefone .. (não informado)\nEmpresa .. -\nIP .. 198.51.100.7",
        {"first_name": "Duarte", "last_name": "Vilhena"},
    ),
    (
        "Hi,\n\nmy daughter was born on 3 April 2019. I was born on 12 June 1986.\n\nThanks\nPhoebe Marsh",
        {"first_name": "Phoebe", "last_name": "Marsh", "birth_date": "1986-06-12"},
    ),
    (
        "Our gardener Henry Pettifer comes on Monday.\n\nSwitchboard: +44 20 7946 0100",
        {"first_name": "Henry", "last_name": "Pettifer", "job_title": "gardener"},
    ),
    ("Message: please call me back on 020 7946 0123, thanks", {"phone": "020 7946 0123"}),
]


@pytest.mark.parametrize(("text", "data"), CASES)
def test_the_person_whom_a_text_is_about(text: str, data: JsonObject) -> None:
    filled = fill(built_in(BuiltIn.PERSON), text)
    assert cast("JsonObject", filled.data) == data
    assert all(quote in text for _, quote in filled.evidence)
