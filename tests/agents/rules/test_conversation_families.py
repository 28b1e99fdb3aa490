"""Families of messages: goods in other languages, what stays, ways to pay by what they are not, sums."""

import pytest

from tests.fixtures.small_desk import Talk

RETURN = "return_delivered_order_items"
MUGS = ["1544414386", "1544414386"]


class TestGoods:
    @pytest.mark.parametrize(
        ("text", "items"),
        [
            ("Ich möchte den Wasserkocher aus W2902130 zurückschicken, bitte auf die Visa", ["8959191425"]),
            ("Je voudrais renvoyer la bouilloire de W2902130, remboursement sur ma Visa", ["8959191425"]),
            ("Quiero devolver las dos tazas de W2902130, a mi Visa", MUGS),
            ("retrun the ketle of W2902130 to my visa", ["8959191425"]),
            ("The kettle of W2902130 is perfect, but I want to send the mugs back, to my visa", MUGS),
            ("W2902130: the kettle stays, everything else goes, please return it to my visa", MUGS),
        ],
    )
    async def test_things_are_known_by_their_names_elsewhere(self, text: str, items: list[str]) -> None:
        [(tool, arguments)] = (await Talk().say(text)).commands
        assert (tool, arguments["item_ids"]) == (RETURN, items)

    async def test_what_has_not_left_is_cancelled_instead_of_returned(self) -> None:
        [(tool, arguments)] = (
            await Talk().say("I want to return W3594473, it hasn't shipped yet and I no longer need it")
        ).commands
        assert (tool, arguments["reason"]) == ("cancel_pending_order", "no longer needed")


class TestPaying:
    @pytest.mark.parametrize(
        "text",
        [
            "Take W1735415 off my visa and put it on PayPal instead",
            "Pay W1735415 with another method, but not the gift card",
            "Bitte W1735415 von der Visa auf PayPal umbuchen",
        ],
    )
    async def test_a_way_to_pay_is_told_by_what_it_is_not(self, text: str) -> None:
        [(tool, arguments)] = (await Talk().say(text)).commands
        assert (tool, arguments["payment_method_id"]) == ("modify_pending_order_payment", "paypal_4721701")


class TestSums:
    async def test_a_bill_is_shared(self) -> None:
        said = await Talk().say("3 friends split 30.00 plus 6.60 for customs, what does each pay?")
        assert "12.20" in said.message

    async def test_things_are_summed_up_before_they_are_bought(self) -> None:
        said = await Talk().say("How much would two oat mugs come to? Don't order anything yet.")
        assert (said.commands, "33.00" in said.message) == ([], True)


class TestGlosses:
    async def test_the_status_is_said_in_the_customers_language(self) -> None:
        said = await Talk().say("Wo ist meine Bestellung W2902130? Ich habe noch nichts bekommen.")
        assert "geliefert" in said.message
