"""Checks of what people type."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from src.utils.validation import validate_email_address, validate_user_id


class TestEmails:
    @pytest.mark.parametrize(
        ("written", "normalised"),
        [
            ("ann@example.com", "ann@example.com"),
            ("  ann@example.com\n", "ann@example.com"),
            ("Ann.Lee+desk@EXAMPLE.com", "Ann.Lee+desk@example.com"),
            ("o'neil@example.co.uk", "o'neil@example.co.uk"),
            ("ann@BÜCHER.example", "ann@bücher.example"),
            ("ann@xn--bcher-kva.example", "ann@bücher.example"),
            ("ü@example.com", "ü@example.com"),
            ("u\u0308@example.com", "ü@example.com"),
        ],
    )
    def test_an_address_has_one_form(self, written: str, normalised: str) -> None:
        assert validate_email_address(written) == normalised
        assert validate_email_address(normalised) == normalised

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@localhost",
            "ann@example",
            "ann@example.test",
            "ann@.com",
            "ann@-a.com",
            "ann lee@example.com",
            "ann@exam ple.com",
            "ann@@example.com",
            ".ann@example.com",
            "ann..lee@example.com",
            "ann@[127.0.0.1]",
            '"ann lee"@example.com',
            "Ann <ann@example.com>",
            "ann@example.com, eve@example.com",
            "ann\x00@example.com",
            "ann@example.com\nBcc: eve@example.com",
            "a" * 250 + "@example.com",
            "ann@" + "a" * 260 + ".com",
        ],
    )
    def test_what_no_mail_could_reach_is_refused(self, written: str) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            validate_email_address(written)

    @given(st.from_regex(r"[a-z0-9]{1,20}(\.[a-z0-9]{1,20})?", fullmatch=True), domains())
    def test_a_normalised_address_stays_as_it_is(self, mailbox: str, domain: str) -> None:
        try:
            once = validate_email_address(f"{mailbox}@{domain}")
        except ValueError:
            return
        assert validate_email_address(once) == once
        assert once.startswith(f"{mailbox}@")

    @given(st.text())
    def test_any_text_is_an_address_or_refused(self, text: str) -> None:
        try:
            assert "@" in validate_email_address(text)
        except ValueError:
            return


class TestUserIds:
    @given(st.uuids())
    def test_a_uuid_is_one_in_either_case(self, user_id: UUID) -> None:
        assert validate_user_id(str(user_id)) == validate_user_id(str(user_id).upper()) == user_id

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "123",
            "{0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b4}",
            "urn:uuid:0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b4",
            "0b7e5c1a94d24f368a572c6d1e90f3b4",
            "0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b",
            "0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b4 ",
            "0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3bg",
            "0b7e5c1a-94d2-4f36-8a57-2c6d1e90f3b\u0664",
            "0b7e5c1a9-4d2-4f36-8a57-2c6d1e90f3b4",
            "x" * 36,
        ],
    )
    def test_a_uuid_in_another_form_or_none_at_all_is_refused(self, written: str) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            validate_user_id(written)

    @given(st.text())
    def test_any_text_is_a_uuid_or_refused(self, text: str) -> None:
        try:
            assert str(validate_user_id(text)) == text.lower()
        except ValueError:
            return
