"""A conversation: what was said, which calls were made, and how the desk's records ended."""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from evals.cases import AnyOf, Call, ExpectedTalk, Given, Talk, Turn
from evals.comparing.calls import Match, fits, matches, unwanted
from evals.comparing.states import state_misfits
from evals.html.markup import Html, Node, chip, either, element, folded, joined, listed
from evals.html.wording import code
from evals.outcomes import Reply, TalkOutcome
from evals.results import CaseResult


def talk_view(result: CaseResult) -> Html:
    talk = Talk.model_validate(result.given)
    expected = ExpectedTalk.model_validate(result.expected)
    outcome = result.outcome if isinstance(result.outcome, TalkOutcome) else None
    return joined(
        element("h4", "Conversation"),
        element("p", _who(talk), class_="muted"),
        _given(talk.given),
        element("ol", _turns(talk, outcome), class_="talk"),
        _pairs("Expected of the reply", _wanted_reply(expected)),
        element("h4", "Calls"),
        _calls(expected, outcome),
        (element("h4", "End state"), _end_state(expected, outcome)) if outcome else None,
    )


def _who(talk: Talk) -> str:
    who = f"A support clerk about {talk.customer}" if talk.staff else talk.customer
    return f"{who}, who is after: {talk.errand}" if talk.errand else who


def _given(given: Given) -> Html | None:
    if given == Given():
        return None
    records = given.model_dump(mode="json", exclude_defaults=True)
    return folded(
        "Records that the case adds or changes",
        element("pre", json.dumps(records, ensure_ascii=False, indent=1), dir="auto"),
    )


def _turns(talk: Talk, outcome: TalkOutcome | None) -> Iterator[Node]:
    said = outcome.said if outcome else [turn.say for turn in talk.turns]
    replies = outcome.replies if outcome else []
    for words, turn, reply in zip_longest(said, talk.turns[: len(said)], replies):
        yield element("li", words or "", dir="auto", class_="said")
        if turn is not None and turn.approve is not None:
            yield element("li", _decision(turn), class_="aside")
        if outcome:
            yield _reply(reply)


def _decision(turn: Turn) -> str:
    answers = turn.approve if isinstance(turn.approve, list) else [bool(turn.approve)]
    return f"to approvals: {', '.join('yes' if each else 'no' for each in answers)}"


def _reply(reply: Reply | None) -> Html:
    if reply is None:
        return element("li", "no reply: an approval waits", class_="aside")
    return element("li", chip(reply.kind), element("p", reply.message, dir="auto"), class_="reply")


def _wanted_reply(expected: ExpectedTalk) -> dict[str, Sequence[Node]]:
    return {
        "kind": [chip(kind) for kind in expected.kind],
        "tells": [_fact(fact) for fact in expected.says],
        "never tells": [code(word) for word in expected.never_says],
    }


def _fact(fact: str | list[str]) -> Node:
    return either(code(each) for each in ([fact] if isinstance(fact, str) else fact))


def _calls(expected: ExpectedTalk, outcome: TalkOutcome | None) -> Html | None:
    made = outcome.calls if outcome else []
    rows: dict[str, Sequence[Node]] = {
        "expected": [(_call(each.wanted), _match(each)) for each in matches(expected.calls, made)],
        "forbidden": [_call(each) for each in expected.forbidden],
    }
    if outcome:
        extra = unwanted(expected.calls, outcome.proposed)
        rows["made"] = [
            (_call(each), chip("forbidden", "bad") if _forbidden(expected, each) else None) for each in made
        ]
        rows["proposed"] = [
            (_call(each), chip("not wanted", "bad") if each in extra else None) for each in outcome.proposed
        ]
        rows["carried out"] = [_call(each) for each in outcome.carried_out]
    return _pairs("", rows, none="none")


def _forbidden(expected: ExpectedTalk, call: Call) -> bool:
    return any(fits(each, call) for each in expected.forbidden)


def _match(match: Match) -> Html:
    if match.arguments:
        return chip("made", "good")
    return chip("made with other arguments", "bad") if match.tool else chip("not made", "bad")


def _call(call: Call | AnyOf) -> Node:
    if isinstance(call, AnyOf):
        return either(_call(each) for each in call.any_of)
    arguments = json.dumps(call.arguments, ensure_ascii=False) if call.arguments else ""
    said_no = chip("the customer says no") if call.declined else None
    return joined(element("code", element("b", call.tool), " ", arguments, dir="auto"), " ", said_no)


def _end_state(expected: ExpectedTalk, outcome: TalkOutcome) -> Html:
    off = state_misfits(expected.changed, outcome.changed)
    return listed(off) if off else element("p", "As it must be.")


def _pairs(title: str, rows: dict[str, Sequence[Node]], none: str | None = None) -> Html | None:
    """What stands under each name; a name without anything is left out, or told to have none."""
    pairs = [
        element("div", element("dt", name), element("dd", listed(items) if items else none))
        for name, items in rows.items()
        if items or none
    ]
    if not pairs:
        return None
    return joined(element("h4", title) if title else None, element("dl", pairs, class_="pairs"))
