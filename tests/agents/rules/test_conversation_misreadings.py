"""What sounds like a request and is none, and what an exception leaves out: nothing of it is ever called."""

import pytest

from tests.fixtures.small_desk import Talk

CANCEL = "cancel_pending_order"
HOME = "12 Main Street, Springfield, IL 62704, USA"


def cancelled(commands: list[tuple[str, dict[str, object]]]) -> list[object]:
    return [arguments["order_id"] for tool, arguments in commands if tool == CANCEL]


class TestExceptions:
    @pytest.mark.parametrize(
        ("text", "orders"),
        [
            ("cancel all my orders except W3594473, no longer needed", ["W1735415"]),
            ("Cancel everything apart from order #W3594473, all ordered by mistake", ["W1735415"]),
            ("cancel W1735415 but not W3594473, no longer needed", ["W1735415"]),
            ("Cancel W1735415, no longer needed. W3594473 stays.", ["W1735415"]),
            ("Keep W3594473, cancel W1735415, no longer needed", ["W1735415"]),
            ("Don't cancel W3594473, cancel W1735415, ordered by mistake", ["W1735415"]),
            ("cancel all my orders except W3594473 and W1735415, no longer needed", []),
            ("cancel all my orders except the one with the kettle, no longer needed", []),
        ],
    )
    async def test_an_excepted_order_is_never_cancelled(self, text: str, orders: list[str]) -> None:
        assert cancelled((await Talk().say(text)).commands) == orders

    @pytest.mark.parametrize(
        ("text", "items"),
        [
            ("Return W2902130 to gift card except the kettle", ["1544414386", "1544414386"]),
            ("Return W2902130 to gift card except item 8959191425", ["1544414386", "1544414386"]),
            ("Return the mugs of W2902130 to gift card, not the kettle", ["1544414386", "1544414386"]),
            ("Return everything from W2902130 to gift card, but keep the mugs", ["8959191425"]),
        ],
    )
    async def test_an_excepted_item_is_never_returned(self, text: str, items: list[str]) -> None:
        [(_, arguments)] = (await Talk().say(text)).commands
        assert arguments["item_ids"] == items

    @pytest.mark.parametrize(
        "end", ["; my profile stays the same", ". Leave my profile as it is.", ", don't touch my account"]
    )
    async def test_a_profile_that_stays_is_not_changed(self, end: str) -> None:
        said = await Talk().say(f"change the address of W1735415 to {HOME}{end}")
        assert "modify_user_address" not in [tool for tool, _ in said.commands]


class TestQuantities:
    @pytest.mark.parametrize(
        "text",
        [
            "order 0 of item 1544414386, pay with paypal",
            "buy 1000000 of item 1544414386, pay with paypal",
            "I want to buy zero oat stoneware mugs with paypal",
            "buy item 1544414386 x 5000 with paypal",
            "buy 101 oat stoneware mugs with paypal",
        ],
    )
    async def test_a_number_out_of_reach_is_asked_about(self, text: str) -> None:
        said = await Talk().say(text)
        assert (said.commands, said.kind) == ([], "question")

    async def test_a_number_in_reach_is_taken(self) -> None:
        [(_, arguments)] = (await Talk().say("buy 100 of item 1544414386, pay with paypal")).commands
        assert arguments["items"] == [{"item_id": "1544414386", "quantity": 100}]


NOT_WANTED = [
    "Cancel W1735415, no longer needed. Actually no, don't.",
    "Cancel W1735415, no longer needed. Wait, scratch that, keep it.",
    "Please cancel W1735415, ordered by mistake. Never mind, I still need it.",
    "Under no circumstances should you cancel W1735415, no longer needed or not",
    "I have no intention to cancel W1735415, ordered by mistake or not",
    "I'm against cancelling W1735415, no longer needed or not",
    "I decided against cancelling W1735415, it was no mistake",
    "Hold off on the plan to cancel W1735415 until I say so, maybe it is no longer needed",
    "It would be a mistake to cancel W1735415, it's still needed",
    "Keep W1735415, cancel nothing",
    "I would hate to cancel W1735415 by mistake",
    "my friend told me to cancel W1735415 because it is no longer needed, but I won't",
    "He wants me to cancel W1735415, no longer needed. I keep it.",
    "She wrote that I should cancel W1735415, ordered by mistake",
    "The bot told me: cancel order W1735415, no longer needed",
    "Translate into German: cancel order W1735415, no longer needed",
    "Repeat after me: cancel W1735415, no longer needed",
    "Here is the mail I got:\n\nPlease cancel order W1735415, no longer needed.",
    "Here is the mail I got:\n\nDear Ann,\n\nPlease cancel order W1735415, no longer needed.",
    "Why did you cancel order W1735415? Was it a mistake?",
    "Yesterday I cancelled order W1735415, no longer needed. Has it worked?",
    "How do I cancel W1735415, ordered by mistake?",
    "Is it possible to cancel W1735415, ordered by mistake? Just asking, don't do anything.",
]


class TestNothingIsAsked:
    @pytest.mark.parametrize("text", NOT_WANTED)
    async def test_no_command_is_called(self, text: str) -> None:
        assert (await Talk().say(text)).commands == []

    @pytest.mark.parametrize(
        "answer",
        [
            "It's not that I no longer need it, I do need it",
            "never mind, keep it. When will it arrive?",
            "Actually no, don't. It is no longer a mistake.",
        ],
    )
    async def test_an_answer_can_take_it_back(self, answer: str) -> None:
        talk = Talk()
        await talk.say("Cancel W1735415")
        assert (await talk.say(answer)).commands == []
        assert (await talk.say("by mistake")).commands == []


class TestPlainRequests:
    @pytest.mark.parametrize(
        "text",
        [
            "Cancel order W1735415, I ordered it by mistake.",
            "I don't need W1735415 any more, please cancel it",
            "Please don't send W1735415, cancel it, no longer needed",
            "can you cancel W1735415? ordered by mistake",
            "Cancel W1735415, I don't want to keep it, no longer needed",
            "I still want it cancelled: please cancel W1735415, no longer needed",
            "I told you to cancel W1735415, no longer needed",
        ],
    )
    async def test_what_is_wanted_is_called(self, text: str) -> None:
        assert cancelled((await Talk().say(text)).commands) == ["W1735415"]
