import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.utils.redaction import REDACTED, redact, redact_text

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LETTERS = "abcdefghijklmnopqrstuvwxyz"

around = st.lists(
    st.sampled_from(
        ["order", "#W12", "refused;", "by", "(then)", "7", "é", "\n", "a=b", "x: y", "…", "'", '"', "{}"]
    ),
    max_size=6,
).map(" ".join)
part = st.text(BASE64URL, min_size=12, max_size=60)
word = st.text(LETTERS + "0123456789._-", min_size=6, max_size=30).map(lambda text: "q" + text + "q")
digits = st.text("0123456789", min_size=13, max_size=19)


def grouped(number: str, separator: str) -> str:
    return separator.join(number[start : start + 4] for start in range(0, len(number), 4))


def twice(secret: str) -> tuple[str, str]:
    return secret, secret


planted: dict[str, "st.SearchStrategy[tuple[str, str]]"] = {
    "a JWT": st.tuples(part, part, part).map(lambda p: twice(f"eyJ{p[0]}.eyJ{p[1]}.{p[2]}")),
    "a bearer token": part.map(lambda token: (f"Authorization: Bearer {token}", token)),
    "a header as the server has it": part.map(
        lambda token: (f"(b'authorization', b'Bearer {token}')", token)
    ),
    "basic credentials": part.map(lambda token: (f"authorization=Basic {token}==", token)),
    "an e-mail": st.tuples(word, word).map(lambda p: (f"{p[0]}@{p[1]}.example", p[0])),
    "a password in a URL": st.tuples(word, word).map(
        lambda p: (f"mongodb+srv://desk-{p[0]}:{p[1]}@db.example/x", f":{p[1]}")
    ),
    "a card": digits.map(twice),
    "a card in groups": st.tuples(digits, st.sampled_from(" -")).map(lambda p: twice(grouped(*p))),
    "a named password": st.tuples(
        st.sampled_from(["password=", "DB_PASSWORD: ", '"secret": "', "api_key='"]), word
    ).map(lambda p: (f"{p[0]}{p[1]}" + {'"': '"', "'": "'"}.get(p[0][-1], ""), p[1])),
    "an AWS key": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16).map(
        lambda key: (f"AKIA{key}", key)
    ),
    "a provider's key": part.map(lambda key: (f"sk-{key}Aa0123456789", key)),
    "what a validation refused": word.map(
        lambda text: (f"[type=x, input_value={text!r}, input_type=str]", text)
    ),
}


@pytest.mark.parametrize("kind", planted)
@given(data=st.data(), before=around, after=around)
def test_no_planted_secret_is_left(kind: str, data: st.DataObject, before: str, after: str) -> None:
    text, secret = data.draw(planted[kind])
    shapes: list[Callable[[str], object]] = [
        str,
        str.encode,
        lambda text: [text],
        lambda text: {"more": {"and": (text, {text})}},
        lambda text: {text: 1},
        ValueError,
    ]
    whole = f"{before} {text} {after}"
    assert secret not in redact_text(whole)
    for shape in shapes:
        assert secret not in json.dumps(redact(shape(whole)))


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Authorization",
        "client_secret",
        "SecretString",
        "x-api-key",
        "aws_session_token",
        "cookie",
    ],
)
def test_what_stands_under_a_secrets_name_is_replaced_whatever_it_is(name: str) -> None:
    for value in ("short", 7, ["a", "b"], {"c": "d"}, None, True):
        assert redact({name: value}) == {name: REDACTED}


@pytest.mark.parametrize(
    "text",
    [
        "Answered a request",
        "/api/orders/{order_id}",
        "order #W2378156 of user 6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11",
        "12345678-1234-1234-1234-123456789012",
        "0123456789abcdef0123456789abcdef",
        "src.api.middleware",
        "2026-11-23T10:10:12.580475+00:00",
        "input_tokens: 512, output_tokens: 17",
        "took 12.25 ms for 1234567 items",
        "http://127.0.0.1:8000/docs",
        "token_use: id",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact_text(text) == text


def test_numbers_stay_numbers_unless_they_could_be_a_cards() -> None:
    assert redact([0, -7, 1.5, True, None, 10**11]) == [0, -7, 1.5, True, None, 10**11]
    assert redact(4111111111111111) == REDACTED
    assert redact([float("nan"), Decimal("1.50")]) == ["nan", "1.50"]


def test_a_structure_that_holds_itself_comes_to_an_end() -> None:
    endless: list[object] = ["ann@example.com"]
    endless.append(endless)
    told = json.dumps(redact(endless))
    assert "ann" not in told


@pytest.mark.parametrize(
    "unit", ["a", "1", "1 ", "eyJ", "eyJ.", "://a:", "a@", "@", "password=", 'password="', '"', "-1"]
)
def test_a_text_of_any_length_is_cut(unit: str) -> None:
    assert len(redact_text(unit * (400_000 // len(unit)))) < 17_000
