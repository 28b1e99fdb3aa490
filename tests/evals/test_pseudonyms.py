"""Pseudonyms: one for each value, of its shape, wherever and however it is written, and nobody else's."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from string import ascii_lowercase
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from evals.traces.finding import Findings
from evals.traces.kinds import Kind
from evals.traces.pseudonyms import Pseudonyms
from evals.traces.spelling import fold, signs_of

KEY = b"a key of the tests"
NORA = "0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b4"

names = st.text(ascii_lowercase + "éöñ", min_size=2, max_size=12).map(str.capitalize)
order_ids = st.from_regex(r"W[0-9]{7}", fullmatch=True)
# Of one length: HMAC fills shorter keys up with zeros, so that two of unequal length may be the same.
keys = st.binary(min_size=32, max_size=32)
values = st.one_of(
    st.tuples(st.just(Kind.NAME), names),
    st.tuples(st.just(Kind.TOWN), names),
    st.tuples(
        st.just(Kind.STREET), st.tuples(st.integers(1, 9999), names).map(lambda p: f"{p[0]} {p[1]} Street")
    ),
    st.tuples(st.just(Kind.ORDER), order_ids),
    st.tuples(
        st.just(Kind.METHOD), st.from_regex(r"(credit_card|paypal|gift_card)_[0-9]{1,7}", fullmatch=True)
    ),
    st.tuples(st.just(Kind.POSTCODE), st.from_regex(r"[0-9]{5}|[A-Z]{2}[0-9] [0-9][A-Z]{2}", fullmatch=True)),
    st.tuples(
        st.just(Kind.EMAIL),
        st.from_regex(r"[a-z]{2,8}(\.[a-z]{2,8})?[0-9]{0,3}@[a-z]{2,8}\.com", fullmatch=True),
    ),
    st.tuples(st.just(Kind.USER), st.uuids(version=4).map(str)),
    st.tuples(st.just(Kind.PHONE), st.from_regex(r"\+[1-9][0-9]{1,2} [0-9]{3} [0-9]{6}", fullmatch=True)),
    st.tuples(st.just(Kind.CARD), st.from_regex(r"[0-9]{4}", fullmatch=True)),
)


def findings(*found: tuple[Kind, str], kept: tuple[str, ...] = ()) -> Findings:
    all_of_it = Findings(kept)
    for kind, value in found:
        all_of_it.learn(kind, value)
    return all_of_it


def pseudonyms(*found: tuple[Kind, str], kept: tuple[str, ...] = ()) -> Pseudonyms:
    return Pseudonyms(findings(*found, kept=kept), KEY)


class TestEachValue:
    @settings(deadline=None)
    @given(st.lists(values, min_size=1, max_size=30))
    def test_always_has_the_same_and_no_two_have_one(self, found: list[tuple[Kind, str]]) -> None:
        known = pseudonyms(*found)
        by_value = {(kind, fold(value)): known.of(kind, value) for kind, value in found}
        assert by_value == {(kind, fold(value)): known.of(kind, value) for kind, value in reversed(found)}
        for kind in Kind:
            own = [fold(invented) for (each, _), invented in by_value.items() if each is kind]
            assert len(own) == len(set(own))

    @settings(deadline=None)
    @given(st.lists(values, min_size=1, max_size=30))
    def test_is_nobodys_real_one(self, found: list[tuple[Kind, str]]) -> None:
        known, real = pseudonyms(*found), {fold(value) for _, value in found}
        assert real.isdisjoint(fold(known.of(kind, value)) for kind, value in found)

    @settings(deadline=None)
    @given(st.lists(values, min_size=1, max_size=20, unique_by=lambda each: fold(each[1])))
    def test_is_replaced_in_free_text_as_in_records_in_any_case(self, found: list[tuple[Kind, str]]) -> None:
        known = pseudonyms(*found)
        for kind, value in found:
            wanted = fold(known.of(kind, value))
            assert fold(known.in_text(f"so the card is {value}, ok")) == f"so the card is {wanted} ok"
            assert wanted in fold(known.in_text(value.upper()))
            assert fold(known.in_text(f"({value})")) == f"({wanted})"

    @settings(deadline=None)
    @given(st.lists(values, min_size=1, max_size=10), keys, keys)
    def test_follows_from_the_key(self, found: list[tuple[Kind, str]], one: bytes, other: bytes) -> None:
        first, again, by_other = (Pseudonyms(findings(*found), key) for key in (one, one, other))
        invented = [first.of(*each) for each in found]
        assert invented == [again.of(*each) for each in found]
        if one != other and all(len(value) > 6 for _, value in found):
            assert invented != [by_other.of(*each) for each in found]


class TestShapes:
    @pytest.mark.parametrize(
        ("kind", "value", "shape"),
        [
            (Kind.NAME, "Nora", r"[A-Z][a-z]+"),
            (Kind.NAME, "van der Berg", r"van der [A-Z][a-z]+"),
            (Kind.NAME, "ADEYEMI-Clarke", r"[A-Z]+-[A-Z][a-z]+"),
            (Kind.STREET, "48 Hawthorne Street", r"[1-9]\d [A-Z][a-z]+ Street"),
            (Kind.STREET, "Kanalstraße 18", r"[A-Z][a-z]+strasse [1-9]\d"),
            (Kind.STREET, "Apt 5C", r"Apt \d[A-Z]"),
            (Kind.TOWN, "New York", r"[A-Z][a-z]+ [A-Z][a-z]+"),
            (Kind.POSTCODE, "97214", r"\d{5}"),
            (Kind.POSTCODE, "BS6 5QX", r"[A-Z]{2}\d \d[A-Z]{2}"),
            (Kind.POSTCODE, "bs65qx", r"[a-z]{2}\d\d[a-z]{2}"),
            (Kind.ORDER, "W1735415", r"W\d{7}"),
            (Kind.METHOD, "credit_card_4042045", r"credit_card_\d{7}"),
            (Kind.METHOD, "credit_card_1", r"credit_card_\d"),
            (Kind.METHOD, "paypal_nora", r"paypal_[a-z]+"),
            (Kind.CARD, "4417", r"\d{4}"),
            (Kind.EMAIL, "nora.l88@example.com", r"[a-z]+\.[a-z]\d\d@example\.com"),
            (Kind.EMAIL, "nora@lindqvist.se", r"[a-z]+@[a-z]+\.example"),
            (Kind.PHONE, "+44 113 496 0172", r"\+44 \d{3} \d{3} \d{4}"),
            (Kind.IBAN, "DE89 3704 0044 0532 0130 00", r"DE\d\d \d{4} \d{4} \d{4} \d{4} \d\d"),
            (Kind.IP, "81.2.69.142", r"198\.1[89]\.\d+\.\d+"),
            (Kind.IP, "2a02:8108::1", r"2001:db8::[0-9a-f]+:[0-9a-f]+"),
            (Kind.TRACKING, "1Z999AA10123456784", r"[1-9][A-Z]\d{3}[A-Z]{2}\d{11}"),
        ],
    )
    def test_are_kept(self, kind: Kind, value: str, shape: str) -> None:
        invented = pseudonyms((kind, value)).of(kind, value)
        assert re.fullmatch(shape, invented), invented
        assert invented != value

    def test_a_uuid_stays_one_of_its_version(self) -> None:
        invented = UUID(pseudonyms((Kind.USER, NORA)).of(Kind.USER, NORA))
        assert (invented.version, str(invented) != NORA) == (4, True)


class TestInFreeText:
    known = pseudonyms(
        (Kind.NAME, "Nora"),
        (Kind.NAME, "Will"),
        (Kind.NAME, "Zoë"),
        (Kind.NAME, "田中"),
        (Kind.STREET, "48 Hawthorne Street"),
        (Kind.TOWN, "Bath"),
        (Kind.ORDER, "W1735415"),
        (Kind.CARD, "2026"),
        (Kind.EMAIL, "nora@lindqvist.se"),
        kept=("2138065403", "Bath Towel"),
    )

    def test_parts_have_the_pseudonyms_of_their_whole(self) -> None:
        [number, word, _] = self.known.of(Kind.STREET, "48 Hawthorne Street").split()
        told = self.known.in_text("at 48 hawthorne st, in HAWTHORNE; 1735415 it was")
        digits = self.known.of(Kind.ORDER, "W1735415").removeprefix("W")
        assert told == f"at {number} {word.lower()} st, in {word.upper()}; {digits} it was"

    def test_inflected_and_joined_names_are_found(self) -> None:
        nora, zoe = self.known.of(Kind.NAME, "Nora"), self.known.of(Kind.NAME, "Zoë")
        told = self.known.in_text("Nora's and Noras tent, from zoe_1; @lindqvist.se; 私は田中です")
        assert told.startswith(f"{nora}'s and {nora}s tent, from {zoe.lower()}_1")
        assert "lindqvist" not in told
        assert "田中" not in told

    def test_names_are_known_from_an_email_too(self) -> None:
        known = pseudonyms(
            (Kind.EMAIL, "lakshmi.brandvold@lindenhof.se"), (Kind.EMAIL, "customer@example.com")
        )
        local, _, domain = known.of(Kind.EMAIL, "lakshmi.brandvold@lindenhof.se").partition("@")
        told = known.in_text("Lakshmi BRANDVOLD, www.lindenhof.se, a customer")
        first, last = local.split(".")
        assert told == f"{first.capitalize()} {last.upper()}, www.{domain}, a customer"

    def test_words_of_the_language_dates_and_the_catalogue_stay(self) -> None:
        text = "will you say on 2026-11-26 if the bath towel 2138065403 at 2026.50 USD is good, enora?"
        assert self.known.in_text(text) == text
        assert "Will" not in self.known.in_text("Regards, Will from Bath, card 2026")

    def test_what_a_model_wrote_is_free_text_whatever_its_fields_are_called(self) -> None:
        written: JsonValue = {"arguments": {"expression": "1735415 + 1", "options": {"tags": ["for Nora"]}}}
        told = json.dumps(self.known.applied(written))
        assert "1735415" not in told
        assert "Nora" not in told
        assert self.known.applied({"options": {"tags": ["for Nora"]}}) == {"options": {"tags": ["for Nora"]}}

    @pytest.mark.parametrize("name", ["Al", "Do", "An", "Van", "林"])
    def test_a_particle_that_is_the_name_is_replaced(self, name: str) -> None:
        known = pseudonyms((Kind.NAME, name), (Kind.NAME, f"Nora {name}"))
        assert known.of(Kind.NAME, name) != name
        assert name not in known.of(Kind.NAME, f"Nora {name}")
        assert name not in known.in_text(f"it is {name}, ok")

    @pytest.mark.parametrize(
        ("name", "others"),
        [
            ("Søren", ("soren", "Soeren", "SØREN")),
            ("Łukasz", ("Lukasz", "LUKASZ")),
            ("Müller", ("Mueller", "muller", "M\u200büller", "\uff2d\u00fcller")),
            ("Anna-Lena", ("annalena", "Anna Lena")),
        ],
    )
    def test_other_spellings_are_found(self, name: str, others: Sequence[str]) -> None:
        known = pseudonyms((Kind.NAME, name))
        for other in others:
            told = known.in_text(f"it is {other}, ok")
            assert fold(other) not in fold(told), told
            if "-" not in name:
                assert fold(told) == fold(f"it is {known.of(Kind.NAME, name)}, ok")

    def test_an_initial_is_the_first_names(self) -> None:
        known = pseudonyms((Kind.NAME, "Jürgen"), (Kind.NAME, "Müller"))
        first, last = known.of(Kind.NAME, "Jürgen"), known.of(Kind.NAME, "Müller")
        assert known.in_text("so J. Müller") == f"so {first[0]}. {last}"

    @pytest.mark.parametrize(
        ("kind", "value", "written"),
        [
            (Kind.ORDER, "W1735415", "W1 735 415"),
            (Kind.CARD, "4111111111111111", "4111.1111.1111.1111"),
            (Kind.PHONE, "+44 20 7946 0958", "44 20 7946 0958"),
            (Kind.PHONE, "+44 20 7946 0958", "+44 20\n7946 0958"),
            (Kind.METHOD, "credit_card_4042045", "credit card 4042045"),
            (Kind.EMAIL, "nora.l88@lindqvist.se", "nora.l88%40lindqvist.se"),
        ],
    )
    def test_codes_are_found_however_they_are_set_apart(self, kind: Kind, value: str, written: str) -> None:
        known = pseudonyms((kind, value))
        told = known.in_text(f"so ?it={written} ok").removeprefix("so ?it=").removesuffix(" ok")
        assert signs_of(unquote(told)) == signs_of(known.of(kind, value)) != signs_of(unquote(written))

    def test_local_parts_are_found_unless_they_are_mailboxes(self) -> None:
        known = pseudonyms((Kind.EMAIL, "sunlind@lindqvist.se"), (Kind.EMAIL, "info@lindqvist.se"))
        assert "sunlind" not in known.in_text("I am sunlind there")
        assert known.in_text("for your info, ok") == "for your info, ok"

    def test_words_at_a_beginning_and_sums_stay(self) -> None:
        known = pseudonyms((Kind.NAME, "Will"), (Kind.NAME, "Nora"), (Kind.CARD, "4417"))
        text = "Will you? I have $4417 or so. Will it be 4417 pieces?"
        assert known.in_text(text) == text
        for said in ("Will Nora here", "it is Will", "Thanks.\nWill"):
            assert "Will" not in known.in_text(said)
        for said in ("card 4417", "visa x4417", "4417"):
            assert "4417" not in known.in_text(said)

    def test_days_are_all_moved_by_as_much(self) -> None:
        known = pseudonyms((Kind.BIRTH, "1988-05-03"), (Kind.MOMENT, "2026-11-20T10:30:00Z"))
        born = date.fromisoformat(known.of(Kind.BIRTH, "1988-05-03"))
        ordered = datetime.fromisoformat(known.of(Kind.MOMENT, "2026-11-20T10:30:00Z"))
        assert date(1988, 5, 3) - born == datetime(2026, 11, 20, 10, 30, tzinfo=UTC) - ordered > timedelta(29)
        told = known.in_text("born 3 May 1988, so 03.05.1988; ordered on 2026-11-20, not 2026-11-26")
        assert told == (
            f"born {born.day} {born:%B %Y}, so {born:%d.%m.%Y}; "
            f"ordered on {ordered.date().isoformat()}, not 2026-11-26"
        )

    def test_a_streets_word_in_small_letters_is_one_beside_its_number_or_sort(self) -> None:
        known = pseudonyms((Kind.STREET, "48 Orchard Street"))
        assert known.in_text("from an orchard nearby") == "from an orchard nearby"
        for said in ("on orchard street", "at 48 orchard", "in orchard, 48", "in Orchard"):
            assert "orchard" not in known.in_text(said).lower()

    def test_companies_are_found(self) -> None:
        known = pseudonyms((Kind.COMPANY, "Brennfeld Technik GmbH"))
        told = known.in_text("we are Brennfeld Technik GmbH; call brennfeld")
        assert "brennfeld" not in told.lower()
        assert "GmbH" in told

    def test_an_ip_is_no_date(self) -> None:
        known = pseudonyms((Kind.IP, "81.2.69.142"))
        assert (
            known.in_text("ip 81.2.69.142, on 26.11.2026")
            == f"ip {known.of(Kind.IP, '81.2.69.142')}, on 26.11.2026"
        )

    def test_counts_are_of_what_was_replaced(self) -> None:
        known = pseudonyms((Kind.NAME, "Nora"), (Kind.NAME, "Lee"), (Kind.ORDER, "W1735415"))
        known.in_text("nora, NORA and w1735415")
        assert known.counts == {Kind.NAME: 1, Kind.ORDER: 1}


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("mail nora.private+x@gmail.com.", (Kind.EMAIL, "nora.private+x@gmail.com")),
            ("call +1 503-555-0148 please", (Kind.PHONE, "+1 503-555-0148")),
            ("call (303) 555-0148", (Kind.PHONE, "(303) 555-0148")),
            ("tel. 0451 555 02-0", (Kind.PHONE, "0451 555 02-0")),
            ("my card 4111 1111 1111 1111 or so", (Kind.CARD, "4111 1111 1111 1111")),
            ("to DE89 3704 0044 0532 0130 00", (Kind.IBAN, "DE89 3704 0044 0532 0130 00")),
            ("see https://nora:s3cret@shop.example/x", (Kind.LOGIN, "nora:s3cret")),
            ("from 81.2.69.142 today", (Kind.IP, "81.2.69.142")),
            ("from 2a02:8108:8ac0::1 today", (Kind.IP, "2a02:8108:8ac0::1")),
            (f"I am {NORA}", (Kind.ID, NORA)),
            ("call +44 20\n7946 0958 now", (Kind.PHONE, "+44 20\n7946 0958")),
            ("see ?to=nora%40lindqvist.se", (Kind.EMAIL, "nora@lindqvist.se")),
            ("key eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.x1_Y", (Kind.KEY, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.x1_Y")),
            ("order #W1234567?", (Kind.NUMBER, "W1234567")),
            ("parcel 1Z999AA10123456784", (Kind.NUMBER, "1Z999AA10123456784")),
            ("customer no 88120", (Kind.NUMBER, "88120")),
        ],
    )
    def test_tells_personal_data_by_its_looks(self, text: str, found: tuple[Kind, str]) -> None:
        known = Findings()
        known.learn_from({"say": text})
        assert [*known] == [found]

    @pytest.mark.parametrize(
        "text",
        [
            "for 1299.50 USD",
            "on 2026-11-26 or 26.11.2026, at 12:30",
            "the 0.9 L one, 2x",
            "item 2138065403",
            "in 2026",
        ],
    )
    def test_sums_dates_and_the_catalogue_are_nobodys(self, text: str) -> None:
        known = Findings(["2138065403"])
        known.learn_from({"say": text})
        assert [*known] == []

    def test_records_are_known_by_their_fields(self) -> None:
        known = Findings(["1544414386", "Mug 123456"])
        known.learn_from(
            {
                "users": {
                    NORA: {
                        "name": {"first_name": "Nora"},
                        "payment_methods": {"paypal_1": {"source": "paypal"}},
                    }
                },
                "items": [{"name": "Mug 123456", "item_id": "1544414386"}],
                "user_id": "$me",
                "address2": "",
            }
        )
        assert {*known} == {(Kind.USER, NORA), (Kind.NAME, "Nora"), (Kind.METHOD, "paypal_1")}
