import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD: dict[str, object] = {
    "id": "6b1f5a0e-3c0d-4e8f-9a51-2f6f1f0c7a11",
    "email": "ann@example.com",
    "made_at": "2026-01-31T12:00:00Z",
    "price": "12.50",
    "name": "lamp",
    "shape": {"kind": "small"},
}
MARK = "Zq9Kx7"


async def detail_of(edge: httpx.AsyncClient, thing: object) -> str:
    response = await edge.post("/api/things", json=thing)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "invalid"), problem
    return problem["detail"]


async def test_a_good_thing_is_taken(edge: httpx.AsyncClient) -> None:
    response = await edge.post("/api/things", json=GOOD)
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"price": "1.234"}, "body.price: Decimal input should have no more than 2 decimal places."),
        ({"colour": "red"}, "body.colour: Extra inputs are not permitted."),
        ({"id": "zz"}, "body.id: Input should be a UUID."),
        ({"email": "ann at home"}, "body.email: Input should be an e-mail address."),
        ({"made_at": "yesterday"}, "body.made_at: Input should be a time such as 2026-01-31T12:00:00Z."),
        ({"shape": {"kind": "huge"}}, "body.shape: Input should be one of the kinds that the docs list."),
        (
            {"shape": {"kind": "large", "size": 0}},
            "body.shape.large.size: Input should be greater than or equal to 1.",
        ),
    ],
    ids=lambda part: str(part)[:40],
)
async def test_what_is_wrong_is_said_of_the_field_by_name(
    edge: httpx.AsyncClient, change: dict[str, object], detail: str
) -> None:
    assert await detail_of(edge, GOOD | change) == detail


async def test_all_that_is_wrong_is_said_at_once(edge: httpx.AsyncClient) -> None:
    detail = await detail_of(edge, {"name": "lamp"})
    assert [part.split(":")[0] for part in detail.split("; ")] == [
        "body.id",
        "body.email",
        "body.made_at",
        "body.price",
        "body.shape",
    ]


async def test_many_faults_are_cut_short(edge: httpx.AsyncClient) -> None:
    detail = await detail_of(edge, GOOD | {f"more_{number}": 1 for number in range(500)})
    assert detail.endswith("; and 490 more.")
    assert len(detail) < 1000


wrong = st.sampled_from(
    [
        MARK,
        [MARK],
        {f"{MARK}.": MARK},
        {"kind": MARK},
        f"{MARK}@",
        f"a@{MARK}",
        f"2026-{MARK}",
        f"@{MARK}.com",
    ]
)
fields = st.sampled_from([*GOOD, "counts", MARK + "!", f"{MARK} {MARK}", MARK * 40])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(fields, wrong, min_size=1))
async def test_nothing_that_was_sent_is_repeated(edge: httpx.AsyncClient, change: dict[str, object]) -> None:
    response = await edge.post("/api/things", json=GOOD | change)
    assert response.status_code == 422
    assert MARK not in json.dumps(response.json())


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(values | st.dictionaries(st.sampled_from([*GOOD, "counts"]), values).map(lambda change: GOOD | change))
async def test_no_json_at_all_makes_it_fail(edge: httpx.AsyncClient, thing: object) -> None:
    body = json.dumps(thing).encode()
    response = await edge.post("/api/things", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {201, 422}, response.text
