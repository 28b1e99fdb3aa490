"""Questions to the rule-based agent: what it looks up, and what it says of it."""

import pytest

from tests.fixtures.small_desk import ANN, Talk


class TestOrders:
    @pytest.mark.parametrize(
        "text",
        [
            "Where is W1735415?",
            "#W1735415",
            "What's the status of order w1735415?",
            "wo ist meine Bestellung W1735415?",
        ],
    )
    async def test_an_order_is_looked_up_by_its_number(self, text: str) -> None:
        said = await Talk().say(text)
        assert said.calls == [("get_order_details", {"order_id": "W1735415"})]
        assert "pending" in said.message
        assert said.reply is not None
        assert said.reply.order_ids == ["W1735415"]

    async def test_several_orders_are_looked_up_at_once(self) -> None:
        said = await Talk().say("Where are W1735415 and W3594473?")
        assert [arguments["order_id"] for _, arguments in said.calls] == ["W1735415", "W3594473"]

    async def test_the_newest_order_needs_no_number(self) -> None:
        said = await Talk().say("Can you tell me the status of my most recent order?")
        assert said.calls == [("list_orders", {"user_id": ANN})]
        assert "W1735415" in said.message

    async def test_orders_are_listed_by_status(self) -> None:
        said = await Talk().say("Show me my delivered orders, please.")
        assert "W2902130" in said.message
        assert "W1735415" not in said.message

    async def test_an_order_of_somebody_else_is_not_found(self) -> None:
        said = await Talk().say("Where is W9999999?")
        assert said.tools == ["get_order_details"]
        assert (said.kind, "can't find" in said.message) == ("declined", True)

    async def test_sums_are_left_to_the_calculator(self) -> None:
        said = await Talk().say("What's the total of W1735415 and W3594473?")
        assert said.calls[-1] == ("calculate", {"expression": "305.50 + 56.00"})
        assert "361.50" in said.message


class TestTheRest:
    async def test_the_gift_cards_balance_is_told(self) -> None:
        assert "61.50" in (await Talk().say("What's my gift card balance?")).message

    async def test_only_what_is_asked_of_a_profile_is_told(self) -> None:
        message = (await Talk().say("What's my address?")).message
        assert "Hawthorne" in message
        assert "visa" not in message

    async def test_a_product_is_found_by_part_of_its_name(self) -> None:
        said = await Talk().say("How much is the kettle in matte black?")
        assert said.tools == ["list_all_product_types", "get_product_details"]
        assert "56.00" in said.message
        assert "copper" not in said.message

    async def test_an_unknown_product_is_asked_back(self) -> None:
        said = await Talk().say("Do you sell laptops?")
        assert (said.kind, "Gooseneck Kettle" in said.message) == ("question", True)

    async def test_an_item_is_looked_up_by_its_id(self) -> None:
        said = await Talk().say("Tell me about item 8959191425")
        assert said.calls == [("get_item_details", {"item_id": "8959191425"})]

    @pytest.mark.parametrize(
        ("text", "expression"),
        [
            ("what is 3 * (2 + 4.5)?", "3 * (2 + 4.5)"),
            ("How much is 19.99 plus 5?", "19.99 + 5"),
            ("What's 15% of 89?", "89 * 15 / 100"),
            ("add 12.50 and 7.25", "12.50 + 7.25"),
        ],
    )
    async def test_arithmetic_goes_to_the_calculator(self, text: str, expression: str) -> None:
        assert (await Talk().say(text)).calls == [("calculate", {"expression": expression})]

    async def test_a_customer_is_found_by_email_or_name_and_postcode(self) -> None:
        by_email = await Talk().say("find the user with the email ann@example.com")
        by_name = await Talk().say("Find the customer Ann Lee in zip 97214")
        assert by_email.calls == [("find_user_id_by_email", {"email": "ann@example.com"})]
        assert by_name.calls == [
            ("find_user_id_by_name_zip", {"first_name": "Ann", "last_name": "Lee", "zip": "97214"})
        ]


class TestSmallTalk:
    @pytest.mark.parametrize(
        "text", ["Who are you?", "are you a human?", "Which model are you?", "bist du ein Mensch?"]
    )
    async def test_it_says_that_it_is_rule_based(self, text: str) -> None:
        message = (await Talk().say(text)).message
        assert "rule-based" in message
        assert "no language model" in message

    async def test_what_is_off_topic_is_declined(self) -> None:
        said = await Talk().say("Tell me a joke!")
        assert (said.kind, said.calls) == ("declined", [])

    async def test_what_is_unclear_is_asked_back(self) -> None:
        said = await Talk().say("asdf qwer")
        assert (said.kind, said.calls) == ("question", [])

    async def test_thanks_are_answered_without_a_call(self) -> None:
        assert (await Talk().say("Thank you so much!")).calls == []
