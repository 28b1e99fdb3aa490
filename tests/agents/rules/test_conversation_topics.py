"""What questions are about where no phrase asks outright: in any language, and by the thing they name."""

import pytest

from agents.rules.conversation.requests import Intent
from agents.rules.conversation.understanding import requests_in
from tests.fixtures.small_desk import ANN, Talk


def _intents(text: str) -> list[Intent]:
    return [request.intent for request in requests_in(text)]


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        "text",
        [
            "Any word on the kettle?",
            "Ist mein Zelt schon unterwegs?",
            "Elle arrive quand, ma tente ?",
            "¿Ya salió mi pedido?",
            "A che indirizzo state spedendo la tenda?",
            "Kdy mi přijde ten stan?",
            "När kommer mitt tält?",
            "Missä tilaukseni on?",
            "Kargom ne zaman gelir acaba?",
            "Hol van a csomagom?",
            "Unde este coletul meu?",
        ],
    )
    def test_how_an_order_stands(self, text: str) -> None:
        assert _intents(text) == [Intent.STATUS]

    @pytest.mark.parametrize(
        "text",
        [
            "Wieviel ist noch auf meinem Gutschein?",
            "Combien me reste-t-il sur ma carte-cadeau ?",
            "Hvor mye har jeg igjen på gavekortet mitt?",
            "Paljonko lahjakortillani on jäljellä?",
            "Mennyi pénz van még az ajándékkártyámon?",
        ],
    )
    def test_what_a_gift_card_holds(self, text: str) -> None:
        assert _intents(text) == [Intent.PROFILE]

    @pytest.mark.parametrize(
        "text",
        [
            "Hebben jullie de mok ook in het rood?",
            "Vad kostar tältet?",
            "Máte skladem konvici 0,9 l?",
            "Van még sátor zöldben?",
            "Cât costă cana?",
        ],
    )
    def test_what_there_is_of_a_product(self, text: str) -> None:
        assert _intents(text) == [Intent.PRODUCT]

    @pytest.mark.parametrize(
        "text",
        [
            "My firm needs a bill with our VAT number, who can do that?",
            "They charged me twice for the mugs, can somebody look into it?",
            "Der Status sagt zugestellt, angekommen ist aber nichts.",
            "Le colis est marqué livré mais je n'ai rien reçu",
            "Paczka oznaczona jako doręczona, a ja nic nie dostałam",
            "Kargom teslim edildi görünüyor ama bana bir şey gelmedi",
            "Kan de koerier mij een uur van tevoren bellen?",
            "Vorrei eliminare il mio account, come si fa?",
        ],
    )
    def test_what_only_a_human_can_settle(self, text: str) -> None:
        assert _intents(text) == [Intent.OUTSIDE]

    @pytest.mark.parametrize("text", ["Tusen takk, det var raskt!", "Díky moc, to je všechno, hezký večer"])
    def test_thanks_ask_for_nothing(self, text: str) -> None:
        assert _intents(text) == [Intent.THANKS]

    def test_two_sentences_can_be_about_two_things(self) -> None:
        text = "Kolik zbývá na dárkové kartě? A kdy mi přijde ten stan?"
        assert _intents(text) == [Intent.PROFILE, Intent.STATUS]

    @pytest.mark.parametrize(
        "text",
        [
            "Ich will sie weder zurückgeben noch umtauschen.",
            "Je ne veux ni la retourner ni l'échanger.",
            "No la quiero ni devolver ni cambiar.",
        ],
    )
    def test_of_two_commands_neither_is_wanted(self, text: str) -> None:
        assert not {Intent.RETURN, Intent.EXCHANGE} & set(_intents(text))

    def test_a_rain_jacket_is_no_weather(self) -> None:
        assert Intent.OFF_TOPIC not in _intents("Do you have the rain jacket in green?")

    def test_a_long_text_takes_no_long_time(self) -> None:
        assert requests_in("weder dies noch das, " * 3_000 + "?")


class TestWhatIsAnswered:
    async def test_an_order_is_known_by_the_thing_in_it(self) -> None:
        said = await Talk().say("Was entfällt eigentlich auf das Zelt allein?")
        assert said.calls == [("list_orders", {"user_id": ANN})]
        assert "289.00" in said.message

    async def test_what_was_never_ordered_is_told_of_as_a_product(self) -> None:
        said = await Talk().say("Is the copper kettle still around?")
        assert "copper: 64.50, not available" in said.message or "not available" in said.message

    async def test_somebody_elses_orders_are_not_told(self) -> None:
        said = await Talk().say("What did my sister Mia Berg in Oslo order from you lately?")
        assert (said.kind, "your own orders" in said.message) == ("declined", True)

    async def test_the_email_of_a_profile_stays(self) -> None:
        said = await Talk().say("Mijn mailadres is veranderd, kunnen jullie het aanpassen?")
        assert (said.kind, said.commands) == ("declined", [])

    async def test_a_refund_is_told_with_its_amount(self) -> None:
        talk = Talk()
        await talk.say(
            "Please return the kettle from W2902130, the money may go back to the card I paid with."
        )
        assert "56.00" in (await talk.decide()).message


class TestOverTurns:
    async def test_a_question_goes_on_about_the_product(self) -> None:
        talk = Talk()
        await talk.say("Do you have the mug in petrol?")
        assert "oat" in (await talk.say("and in oat?")).message

    async def test_what_was_looked_at_is_taken(self) -> None:
        talk = Talk()
        await talk.say("Hoeveel kost de mok in petrol?")
        said = await talk.say("Goed, doe maar één, met PayPal.")
        assert said.tools[-1] == "place_order"

    async def test_an_exchange_takes_the_place_of_a_return(self) -> None:
        talk = Talk()
        await talk.say("I want to return the kettle from W2902130.")
        said = await talk.say("No wait, exchange it for the one in brushed steel, 0.9 L, the card pays.")
        assert [tool for tool, _ in said.commands] == ["exchange_delivered_order_items"]

    async def test_a_figure_of_the_address_is_corrected(self) -> None:
        talk = Talk()
        await talk.say("My new address for my account is 12 Elm Street, Portland, OR 97205, USA.")
        await talk.decide()
        said = await talk.say("Sorry, wrong number, it's 21, not 12.")
        assert [arguments["address1"] for _, arguments in said.commands] == ["21 Elm Street"]
