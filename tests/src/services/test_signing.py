"""Cursors that are good for one list alone, and digests by which personal data is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.models.errors import InvalidCursor
from src.services.signing import Signer

SIGNER = Signer(b"audit key", b"look-up key")
positions = st.dictionaries(st.text(max_size=9), st.text(max_size=20) | st.integers(), min_size=1, max_size=4)


class TestCursors:
    @given(st.text(max_size=20), positions)
    def test_a_sealed_position_comes_back(self, scope: str, position: dict[str, str | int]) -> None:
        assert SIGNER.open_cursor(scope, SIGNER.seal_cursor(scope, position)) == position

    def test_no_position_is_no_cursor(self) -> None:
        assert SIGNER.seal_cursor("users", None) is None
        assert SIGNER.open_cursor("users", None) is None

    @given(st.text(max_size=20), st.text(max_size=20), positions)
    def test_it_is_good_for_its_own_list_alone(
        self, scope: str, other: str, position: dict[str, str | int]
    ) -> None:
        if scope != other:
            with pytest.raises(InvalidCursor):
                SIGNER.open_cursor(other, SIGNER.seal_cursor(scope, position))

    @given(positions, st.data())
    def test_a_changed_one_is_refused(self, position: dict[str, str | int], data: st.DataObject) -> None:
        sealed = str(SIGNER.seal_cursor("users", position))
        place = data.draw(st.integers(0, len(sealed) - 2))
        letter = data.draw(st.sampled_from("AZaz09-_").filter(lambda new: new != sealed[place]))
        with pytest.raises(InvalidCursor):
            SIGNER.open_cursor("users", sealed[:place] + letter + sealed[place + 1 :])

    @given(st.text())
    def test_any_other_text_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidCursor):
            SIGNER.open_cursor("users", text)


class TestDigests:
    @given(st.text(), st.text())
    def test_one_text_has_another_digest_for_another_purpose(self, purpose: str, text: str) -> None:
        assert SIGNER.digest(f"{purpose}1", text) != SIGNER.digest(f"{purpose}2", text)

    def test_names_differ_where_their_parts_do(self) -> None:
        assert SIGNER.name_zip("Ann", "Lee", "1") == SIGNER.name_zip(" ANN ", "lee", "1")
        assert SIGNER.name_zip("Ann", "Lee", "1") != SIGNER.name_zip("Lee", "Ann", "1")
        assert SIGNER.name_zip("Ann M", "Lee", "1") != SIGNER.name_zip("Ann", "M Lee", "1")

    def test_the_keys_are_not_shown(self) -> None:
        assert "key" not in repr(SIGNER)

    @pytest.mark.parametrize(
        ("one", "other"), [("straße@x.org", "strasse@x.org"), ("ﬁnn@x.org", "finn@x.org")]
    )
    def test_other_letters_are_other_mailboxes(self, one: str, other: str) -> None:
        assert SIGNER.email(one) != SIGNER.email(other)
        assert SIGNER.email("Ann@x.org ") == SIGNER.email("ann@x.org")
