"""The committed data sets: whole, fair and as many as promised."""

from collections import Counter
from pathlib import Path

import pytest

from evals.schemas import schemas
from evals.suites import (
    SPLITS,
    AnyCase,
    ReadingCase,
    Suite,
    TalkCase,
    UnknownData,
    demo,
    load_suite,
    load_suites,
)
from evals.world import given_state
from src.models.extraction import BuiltIn
from src.models.json_schema import relaxed
from src.models.schema_validator import misfits, validator_of
from tools.toolsets import TOOLS

SUITES = load_suites(splits=SPLITS)
CASES = [(suite, case) for suite in SUITES for case in suite.cases]

each_case = pytest.mark.parametrize(
    ("suite", "case"), CASES, ids=[f"{suite.split}-{case.name}" for suite, case in CASES]
)


@pytest.mark.parametrize(
    ("group", "least"), [("extraction", 120), ("tools", 80), ("conversations", 40), ("injection", 40)]
)
def test_there_are_as_many_cases_as_promised(group: str, least: int) -> None:
    assert sum(len(suite.cases) for suite in SUITES if suite.group == group) >= least


def test_every_set_has_a_part_that_is_held_back() -> None:
    parts = Counter(suite.label for suite in SUITES)
    assert set(parts.values()) == {2}


def test_no_two_cases_of_a_set_share_a_name() -> None:
    names = Counter((suite.label, case.name) for suite, case in CASES)
    assert max(names.values()) == 1


@pytest.mark.parametrize(("path", "content"), schemas().items(), ids=lambda value: getattr(value, "stem", ""))
def test_the_schemas_are_up_to_date(path: Path, content: str) -> None:
    assert path.read_text() == content, "write them anew: python -m evals schemas"


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(UnknownData, match="persons"):
        load_suites(["peoples"])
    with pytest.raises(UnknownData, match="There is no case"):
        load_suites(["persons"], cases=["nobody"])


def test_a_file_that_is_not_as_its_schema_has_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "open" / "tools" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("# schemas/talk.json\nname: mine\ncases: [{name: one, inputs: {customer: a}}]\n")
    with pytest.raises(UnknownData, match="mine"):
        load_suite(path)


@each_case
def test_a_case_is_sound(suite: Suite, case: AnyCase) -> None:
    if isinstance(case, ReadingCase):
        _require_sound_reading(case)
    else:
        _require_sound_talk(case)


def _require_sound_reading(case: ReadingCase) -> None:
    assert misfits(validator_of(relaxed(case.inputs.schema_asked)), case.expected.data) == []
    assert isinstance(case.inputs.target, BuiltIn)
    assert all(place.startswith("/") for place in case.expected.also)


def _require_sound_talk(case: TalkCase) -> None:
    state = given_state(demo(), case.inputs.given)
    assert state.user_of(case.inputs.customer)
    named = {call.tool for call in (*case.expected.all_calls, *case.expected.forbidden)}
    assert named <= TOOLS
