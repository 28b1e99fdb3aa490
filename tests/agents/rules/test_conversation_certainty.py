"""What is not there is replaced by nothing else, what stays stays, and numbers count what is told."""

import pytest

from tests.fixtures.small_desk import SmallDesk, Talk

MUG, KETTLE, TENT = "1544414386", "8959191425", "5064450308"


def with_only_paypal_and_a_visa() -> Talk:
    desk = SmallDesk()
    del desk.methods["gift_card_4097137"]
    return Talk(desk)


class TestPayments:
    @pytest.mark.parametrize(
        "text",
        [
            "Move the payment of W1735415 from the visa to my mastercard please.",
            "Bitte die Zahlung von W1735415 von der Visa auf meine Mastercard umstellen.",
            "Put W1735415 on my gift card instead of the visa.",
        ],
    )
    async def test_a_method_that_is_not_on_file_is_not_replaced_by_another(self, text: str) -> None:
        said = await with_only_paypal_and_a_visa().say(text)
        assert (said.commands, said.kind) == ([], "declined")

    @pytest.mark.parametrize(
        "answer",
        [
            "The gift card please, that is handier for me than the card.",
            "Auf die Geschenkkarte, das ist mir lieber als die Kreditkarte.",
            "Na cartão-presente, é mais prático que o cartão.",
        ],
    )
    async def test_what_a_method_is_compared_with_is_not_meant(self, answer: str) -> None:
        talk = Talk()
        await talk.say("I'd like to return the kettle from W2902130.")
        [(_, arguments)] = (await talk.say(answer)).commands
        assert arguments["payment_method_id"] == "gift_card_4097137"

    @pytest.mark.parametrize(
        "text",
        [
            "Why was my visa charged twice for W1735415? Please explain.",
            "Pourquoi ai-je deux débits sur ma visa pour W1735415 ? Vous pouvez m'expliquer ?",
        ],
    )
    async def test_who_wants_a_payment_explained_is_told_of_the_order(self, text: str) -> None:
        said = await Talk().say(text)
        assert (said.kind, "W1735415" in said.message) == ("answer", True)


class TestNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "Please order two of the oat coloured stoneware mugs, on PayPal.",
            "Ich möchte bitte zwei von den Steinzeugbechern in Hafer bestellen, mit PayPal.",
        ],
    )
    async def test_a_number_counts_what_stands_some_words_behind_it(self, text: str) -> None:
        [(_, arguments)] = (await Talk().say(text)).commands
        assert arguments["items"] == [{"item_id": MUG, "quantity": 2}]

    async def test_a_later_number_wins(self) -> None:
        talk = Talk()
        await talk.say("I'd like to buy a stoneware mug, oat.")
        [(_, arguments)] = (await talk.say("Three pieces, PayPal please.")).commands
        assert arguments["items"] == [{"item_id": MUG, "quantity": 3}]


class TestThingsThatStay:
    @pytest.mark.parametrize(
        "answer",
        [
            "Yes, back on the visa please. The kettle stays here of course.",
            "Oui, sur la visa. La bouilloire reste chez nous.",
        ],
    )
    async def test_what_an_answer_says_to_stay_is_not_returned(self, answer: str) -> None:
        talk = Talk()
        await talk.say("I want to return both mugs and the kettle of W2902130.")
        [(_, arguments)] = (await talk.say(answer)).commands
        assert arguments["item_ids"] == [MUG, MUG]

    async def test_what_something_came_with_is_no_part_of_the_wish(self) -> None:
        text = "Please take back the kettle that I received with the mugs in W2902130, on my visa."
        [(_, arguments)] = (await Talk().say(text)).commands
        assert arguments["item_ids"] == [KETTLE]


class TestWishesAndTales:
    @pytest.mark.parametrize(
        "text",
        [
            "I have cancelled W7611287. Now I would like the same things again, on PayPal.",
            "Ich hatte W7611287 ja storniert. Jetzt hätte ich gern dieselben Sachen nochmal, mit PayPal.",
            "J'avais annulé W7611287. Je voudrais la même chose, avec PayPal.",
        ],
    )
    async def test_what_was_cancelled_once_is_ordered_again(self, text: str) -> None:
        [(tool, _)] = (await Talk().say(text)).commands
        assert tool == "place_order"

    async def test_money_that_goes_back_is_no_return(self) -> None:
        text = (
            "Please swap the kettle of W2902130 for the brushed steel one, 0.9 L. "
            "What I paid too much may come back on my visa."
        )
        [(tool, _)] = (await Talk().say(text)).commands
        assert tool == "exchange_delivered_order_items"

    async def test_too_late_to_is_a_polite_wish(self) -> None:
        text = "Is it too late to exchange the tent of W1735415 for the moss green one? Keep it on the visa."
        [(tool, _)] = (await Talk().say(text)).commands
        assert tool == "modify_pending_order_items"
