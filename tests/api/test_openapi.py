"""The OpenAPI document of the whole desk: what every operation has, and that its examples are true."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from src.config import Settings
from src.main import create_app


class Operation(NamedTuple):
    name: str
    told: dict[str, Any]


@pytest.fixture(scope="session")
def document(desk_settings: Settings) -> dict[str, Any]:
    return create_app(desk_settings).openapi()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method, told in item.items():
            yield Operation(f"{method.upper()} {path}", told)


def contents(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """The content of the request and of each answer, with what to call it."""
    told = operation.told
    for kind, content in told.get("requestBody", {}).get("content", {}).items():
        yield f"{operation.name} {kind}", content
    for status, answer in told["responses"].items():
        for kind, content in answer.get("content", {}).items():
            yield f"{operation.name} {status} {kind}", content


def examples(content: dict[str, Any]) -> list[Any]:
    named = [example["value"] for example in content.get("examples", {}).values()]
    return [*named, *([content["example"]] if "example" in content else [])]


def test_every_operation_has_a_summary_and_a_described_tag(document: dict[str, Any]) -> None:
    described = {tag["name"] for tag in document["tags"]}
    for operation in operations(document):
        assert operation.told["summary"], operation.name
        assert set(operation.told["tags"]) <= described, operation.name


def test_every_request_and_answer_has_an_example(document: dict[str, Any]) -> None:
    without = [
        name for each in operations(document) for name, content in contents(each) if not examples(content)
    ]
    assert without == []


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    wrong: list[str] = []
    for operation in operations(document):
        for name, content in contents(operation):
            schema = {"components": document["components"], **content["schema"]}
            check = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
            wrong += [
                f"{name}: {error.json_path} {error.message}"
                for example in examples(content)
                for error in check.iter_errors(example)  # pyright: ignore[reportUnknownMemberType] - untyped there
            ]
    assert wrong == []


def test_every_operation_but_health_asks_for_a_token_and_says_so(document: dict[str, Any]) -> None:
    for operation in operations(document):
        guarded = operation.told.get("security") == [{"bearer": []}]
        assert guarded == ("/health" not in operation.name), operation.name
        assert ("401" in operation.told["responses"]) == guarded, operation.name


def test_every_error_answer_is_a_problem(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, answer in operation.told["responses"].items():
            if int(status) >= 400 and operation.name != "GET /health/ready":
                assert [*answer["content"]] == ["application/problem+json"], operation.name
