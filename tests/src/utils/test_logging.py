import asyncio
import logging
from datetime import datetime

import jsonschema
import pytest
from _pytest.logging import LogCaptureHandler
from pydantic import BaseModel, ValidationError

from src.utils.logging import bind, bound, configure_logging, find_bound
from tests.fixtures.log import Log

logger = logging.getLogger("orderdesk.tests")


def test_a_line_says_when_how_where_and_what(log: Log) -> None:
    logger.warning("Order %s is late", "#W1", extra={"days": 3})
    [line] = log.lines()
    assert datetime.fromisoformat(str(line.pop("timestamp"))).utcoffset() is not None
    assert line == {
        "level": "WARNING",
        "logger": "orderdesk.tests",
        "message": "Order #W1 is late",
        "request_id": None,
        "run_id": None,
        "user_id": None,
        "days": 3,
    }


def test_a_line_belongs_to_what_is_bound(log: Log) -> None:
    with bound(request_id="request-1"):
        bind(user_id="user-1")
        with bound(run_id="run-1"):
            logger.info("inside")
        logger.info("after the run")
    logger.info("outside")
    told = [(line["request_id"], line["user_id"], line["run_id"]) for line in log.lines()]
    assert told == [("request-1", "user-1", "run-1"), ("request-1", "user-1", None), (None, None, None)]
    assert find_bound("user_id") is None


async def test_tasks_side_by_side_keep_their_own(log: Log) -> None:
    ready = asyncio.Barrier(20)

    async def task(name: str) -> None:
        with bound(request_id=name):
            await ready.wait()
            logger.info(name)

    await asyncio.gather(*(task(f"request-{number}") for number in range(20)))
    assert len(log.lines()) == 20
    assert all(line["request_id"] == line["message"] for line in log.lines())


def test_neither_message_nor_arguments_nor_extras_tell_a_secret(log: Log) -> None:
    logger.info(
        "mail to ann@example.com with %s", "Bearer abcdefgh", extra={"headers": {"Authorization": "xyz"}}
    )
    logger.info({"password": "hunter2", "note": "ann@example.com"})
    for secret in ("ann@", "abcdefgh", "xyz", "hunter2"):
        assert secret not in log.text
    assert len(log.lines()) == 2


def test_an_error_is_told_with_what_led_to_it_and_without_its_secrets(log: Log) -> None:
    def connect() -> None:
        raise ConnectionError("redis://desk:hunter2@cache.example")

    def read() -> None:
        try:
            connect()
        except ConnectionError as error:
            raise RuntimeError("no cache for ann@example.com") from error

    with pytest.raises(RuntimeError) as caught:
        read()
    logger.error("It broke", exc_info=caught.value)
    [line] = log.lines()
    told = str(line["exc_info"])
    assert told.index("ConnectionError") < told.index("RuntimeError")
    assert "in connect" in told
    assert "hunter2" not in log.text
    assert "ann@" not in log.text


def test_a_validation_error_tells_the_place_and_not_the_value(log: Log) -> None:
    class Name(BaseModel):
        first_name: int

    sent = {"first_name": "Ann Lee of 763 " + "Broadway".lower()}
    with pytest.raises(ValidationError) as refused:
        Name.model_validate(sent)
    logger.error("Refused", exc_info=refused.value)
    assert "int_parsing at ('first_name',)" in log.text
    assert "broadway" not in log.text


def test_a_schemas_refusal_quotes_nothing(log: Log) -> None:
    with pytest.raises(jsonschema.ValidationError) as refused:
        jsonschema.validate("763 " + "Broadway".lower(), {"type": "integer"})
    logger.error("Refused", exc_info=refused.value)
    assert "jsonschema.exceptions.ValidationError" in log.text
    assert "broadway" not in log.text


def test_every_error_of_a_group_is_told(log: Log) -> None:
    group = ExceptionGroup("two", [ValueError("the first"), KeyError("the second")])
    group.__cause__ = group
    logger.error("Both", exc_info=group)
    assert "the first" in log.text
    assert "the second" in log.text


def test_arguments_that_do_not_fit_still_make_a_line(log: Log) -> None:
    logger.info("%d items for ann@example.com", "many")
    [line] = log.lines()
    assert str(line["message"]).startswith("%d items for [redacted]")


def test_the_servers_own_lines_are_json_too_but_for_its_access_log(log: Log) -> None:
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("uvicorn.access").info("GET /api/users?email=ann@example.com")
    assert [line["message"] for line in log.lines()] == ["Started"]


def test_the_level_is_the_one_asked_for(log: Log) -> None:
    configure_logging("WARNING", log.stream)
    logger.info("not told")
    logger.warning("told")
    assert [line["message"] for line in log.lines()] == ["told"]


@pytest.mark.parametrize("text", ["\ud800", "\x00\x1b[31m", "ünï 😀", "two\nlines"], ids=ascii)
def test_any_text_is_one_line(log: Log, text: str) -> None:
    # Pytest's own record of the log goes between processes, which a lone surrogate can't.
    ours = [handler for handler in logging.getLogger().handlers if not isinstance(handler, LogCaptureHandler)]
    logging.getLogger().handlers[:] = ours
    logger.info(text)
    [line] = log.lines()
    assert line["message"] == text
