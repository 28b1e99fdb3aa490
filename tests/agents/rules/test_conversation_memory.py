"""What later turns make of earlier ones: answers, amendments, repeats, and what is left behind."""

from tests.fixtures.small_desk import Talk

CANCEL = ("cancel_pending_order", {"order_id": "W1735415", "reason": "ordered by mistake"})


async def test_a_question_about_one_order_is_answered_for_it_alone() -> None:
    talk = Talk()
    assert (await talk.say("Cancel W1735415")).kind == "question"
    said = await talk.say("it was a mistake after all")
    assert said.commands == [CANCEL]


async def test_what_was_done_is_told_and_not_done_again() -> None:
    talk = Talk()
    await talk.say("Cancel W1735415, ordered by mistake")
    await talk.decide()
    said = await talk.say("did that go through? please cancel it")
    assert (said.commands, said.kind) == ([], "answer")


async def test_what_was_declined_and_decided_against_is_not_asked_for_again() -> None:
    talk = Talk()
    await talk.say("Cancel W1735415, ordered by mistake")
    await talk.decide(approved=False)
    assert (await talk.say("I have decided against it, I keep what I have.")).commands == []


async def test_a_declined_command_is_amended() -> None:
    talk = Talk()
    await talk.say("Return one mug from W2902130 to the gift card")
    await talk.decide(approved=False)
    said = await talk.say("make it the credit card then")
    assert [tool for tool, _ in said.commands] == ["return_delivered_order_items"]
    assert str(said.commands[0][1]["payment_method_id"]).startswith("credit_card")


async def test_an_open_question_does_not_stand_in_the_way_of_another_command() -> None:
    talk = Talk()
    assert (await talk.say("Return something from W2902130")).kind == "question"
    said = await talk.say("And cancel W1735415, ordered by mistake")
    assert CANCEL in said.commands
