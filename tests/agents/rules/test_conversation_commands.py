"""Commands in a conversation with the rule-based agent: what each comes to, and what is asked first."""

import pytest

from tests.fixtures.small_desk import ANN, Talk

CANCEL = "cancel_pending_order"


class TestCancelling:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("Cancel order W1735415, I ordered it by mistake.", "ordered by mistake"),
            ("hey can u cancel #w1735415 pls. dont need it anymore", "no longer needed"),
            ("I clicked the wrong button. My order W1735415, can you cancel it?", "ordered by mistake"),
            ("I changed my mind about W1735415, please cancel.", "no longer needed"),
            ("Bitte stornieren Sie W1735415, aus Versehen bestellt", "ordered by mistake"),
            ("Je voudrais annuler la commande W1735415, je n'en ai plus besoin", "no longer needed"),
            ("Quiero cancelar el pedido W1735415, lo pedí por error", "ordered by mistake"),
        ],
    )
    async def test_number_and_reason_are_read_from_the_words(self, text: str, reason: str) -> None:
        assert (await Talk().say(text)).calls == [(CANCEL, {"order_id": "W1735415", "reason": reason})]

    async def test_a_missing_reason_is_asked_for_and_its_answer_completes_the_request(self) -> None:
        talk = Talk()
        assert (await talk.say("Please cancel order W1735415.")).kind == "question"
        assert (await talk.say("I no longer need it.")).commands == [
            (CANCEL, {"order_id": "W1735415", "reason": "no longer needed"})
        ]

    async def test_a_reason_that_is_neither_of_the_two_is_asked_about(self) -> None:
        assert (await Talk().say("W1735415 is too expensive, cancel it")).kind == "question"

    async def test_an_order_is_picked_from_those_that_fit(self) -> None:
        talk = Talk()
        asked = await talk.say("I want to cancel an order, it was a mistake")
        assert (asked.kind, "W1735415" in asked.message) == ("question", True)
        assert "W2902130" not in asked.message
        said = await talk.say("the second one")
        assert said.commands == [(CANCEL, {"order_id": "W3594473", "reason": "ordered by mistake"})]

    async def test_an_order_is_known_by_what_is_in_it(self) -> None:
        said = await Talk().say("cancel the order with the tent, changed my mind")
        assert said.commands == [(CANCEL, {"order_id": "W1735415", "reason": "no longer needed"})]

    async def test_what_came_of_it_is_told_in_plain_words(self) -> None:
        talk = Talk()
        await talk.say("Cancel W1735415, ordered by mistake")
        done = await talk.decide()
        assert done.kind == "done"
        assert "cancelled" in done.message
        assert "305.50 USD" in done.message
        assert "5 to 7 business days" in done.message

    async def test_a_refusal_is_told_with_its_reason(self) -> None:
        talk = Talk()
        await talk.say("Cancel W2902130, no longer needed")
        refused = await talk.decide()
        assert (refused.kind, "delivered" in refused.message) == ("declined", True)
        assert "wrong_status" not in refused.message

    async def test_several_orders_go_out_at_once_each_with_its_reason(self) -> None:
        said = await Talk().say("Cancel W1735415 (by mistake) and W3594473 (no longer needed)")
        assert [(call["order_id"], call["reason"]) for _, call in said.commands] == [
            ("W1735415", "ordered by mistake"),
            ("W3594473", "no longer needed"),
        ]


class TestReturning:
    async def test_items_are_known_by_name_and_number(self) -> None:
        said = await Talk().say("Return one mug from W2902130 to my visa")
        assert said.commands == [
            (
                "return_delivered_order_items",
                {
                    "order_id": "W2902130",
                    "item_ids": ["1544414386"],
                    "payment_method_id": "credit_card_4042045",
                },
            )
        ]

    async def test_the_original_payment_is_read_off_the_order(self) -> None:
        said = await Talk().say(
            "I'd like to return everything except the kettle from W2902130, original payment"
        )
        [(_, arguments)] = said.commands
        assert arguments["item_ids"] == ["1544414386", "1544414386"]
        assert arguments["payment_method_id"] == "credit_card_4042045"

    async def test_items_and_payment_are_asked_for_one_after_another(self) -> None:
        talk = Talk()
        assert "Which items" in (await talk.say("I want to return order W2902130")).message
        assert "refund" in (await talk.say("the kettle")).message
        said = await talk.say("gift card")
        assert said.commands[0][1]["payment_method_id"] == "gift_card_4097137"

    async def test_ids_that_are_all_given_need_no_look_up(self) -> None:
        said = await Talk().say("Return item 8959191425 from W2902130 to gift_card_4097137")
        assert said.tools == ["return_delivered_order_items"]


class TestSwapping:
    async def test_the_new_variant_keeps_what_is_not_named(self) -> None:
        said = await Talk().say("swap the black kettle for the brushed steel one in W3594473, gift card")
        assert said.commands == [
            (
                "modify_pending_order_items",
                {
                    "order_id": "W3594473",
                    "item_ids": ["8959191425"],
                    "new_item_ids": ["9971360050"],
                    "payment_method_id": "gift_card_4097137",
                },
            )
        ]

    async def test_a_delivered_order_is_exchanged(self) -> None:
        said = await Talk().say("exchange both mugs in W2902130 for petrol ones, difference via paypal")
        [(tool, arguments)] = said.commands
        assert tool == "exchange_delivered_order_items"
        assert arguments["new_item_ids"] == ["1544414387", "1544414387"]

    async def test_several_swaps_keep_their_order(self) -> None:
        said = await Talk().say("change the mug to petrol and the tent to moss green in W1735415, paypal")
        [(_, arguments)] = said.commands
        assert list(zip(arguments["item_ids"], arguments["new_item_ids"], strict=True)) == [
            ("1544414386", "1544414387"),
            ("5064450308", "5064450309"),
        ]

    async def test_a_variant_that_is_sold_out_is_not_offered(self) -> None:
        said = await Talk().say("change the kettle in W3594473 to the copper one")
        assert (said.kind, said.commands) == ("question", [])
        assert "copper" not in said.message

    async def test_a_swap_without_a_wish_is_asked_about(self) -> None:
        assert "moss green" in (await Talk().say("I want to exchange my tent")).message


class TestOtherChanges:
    async def test_an_orders_address_keeps_its_country(self) -> None:
        said = await Talk().say("Change the address of W1735415 to 12 Main Street, Springfield, IL 62704")
        assert said.commands == [
            (
                "modify_pending_order_address",
                {
                    "order_id": "W1735415",
                    "address1": "12 Main Street",
                    "address2": "",
                    "city": "Springfield",
                    "state": "IL",
                    "country": "USA",
                    "zip": "62704",
                },
            )
        ]

    async def test_moving_changes_the_profile(self) -> None:
        said = await Talk().say("I moved to Lindenweg 3, 80331 München, Germany")
        assert [tool for tool, _ in said.commands] == ["modify_user_address"]
        assert said.commands[0][1]["user_id"] == ANN

    async def test_an_address_is_asked_for(self) -> None:
        assert (await Talk().say("Change the address of W1735415")).kind == "question"

    @pytest.mark.parametrize("text", ["pay W1735415 with my paypal instead", "switch W1735415 to PayPal"])
    async def test_an_order_is_paid_otherwise(self, text: str) -> None:
        said = await Talk().say(text)
        assert said.commands == [
            ("modify_pending_order_payment", {"order_id": "W1735415", "payment_method_id": "paypal_4721701"})
        ]

    async def test_a_method_that_is_not_there_is_said_so(self) -> None:
        said = await Talk().say("charge W1735415 to my mastercard instead")
        assert (said.kind, said.commands) == ("declined", [])

    async def test_an_order_is_placed_by_name_number_and_option(self) -> None:
        said = await Talk().say("Order 2 oat stoneware mugs and pay with my visa")
        assert said.commands == [
            (
                "place_order",
                {
                    "items": [{"item_id": "1544414386", "quantity": 2}],
                    "payment_method_id": "credit_card_4042045",
                },
            )
        ]

    async def test_options_and_payment_are_asked_for(self) -> None:
        talk = Talk()
        assert "Which Gooseneck Kettle" in (await talk.say("I'd like to buy a kettle")).message
        assert "pay" in (await talk.say("the 0.6 L one")).message
        [(_, arguments)] = (await talk.say("paypal")).commands
        assert arguments["items"] == [{"item_id": "1686818433", "quantity": 1}]

    @pytest.mark.parametrize("text", ["I want to speak to a human", "Can I get an invoice for W1735415?"])
    async def test_what_no_command_serves_is_handed_over(self, text: str) -> None:
        talk = Talk()
        assert [tool for tool, _ in (await talk.say(text)).commands] == ["transfer_to_human_agents"]
        assert (await talk.decide()).kind == "done"

    async def test_without_that_tool_it_says_that_it_can_not(self) -> None:
        said = await Talk(can_hand_over=False).say("I want to speak to a human")
        assert (said.kind, said.calls) == ("declined", [])

    async def test_an_order_goes_where_the_words_say(self) -> None:
        said = await Talk().say(
            "Send two oat mugs to 9 Elm Street, Austin, TX 78701, USA and pay with paypal"
        )
        [(tool, arguments)] = said.commands
        assert (tool, arguments["address"]["address1"]) == ("place_order", "9 Elm Street")

    async def test_a_part_of_an_order_is_not_cancelled_as_a_whole(self) -> None:
        said = await Talk().say("Cancel the mug from W1735415, ordered by mistake")
        assert [tool for tool, _ in said.commands] == ["transfer_to_human_agents"]
