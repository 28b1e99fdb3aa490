"""Which of the wanted calls were made, and which calls nobody wanted."""

from evals.cases import AnyOf, Call
from evals.comparing.calls import fits, matches, unwanted
from src.models.json_schema import JsonObject

CANCEL = "cancel_pending_order"
EXCHANGE = "exchange_delivered_order_items"


def cancel(order_id: str, reason: str = "no longer needed") -> Call:
    return Call(tool=CANCEL, arguments={"order_id": order_id, "reason": reason})


def exchange(*pairs: tuple[str, str]) -> Call:
    arguments: JsonObject = {"item_ids": [old for old, _ in pairs], "new_item_ids": [new for _, new in pairs]}
    return Call(tool=EXCHANGE, arguments=arguments)


class TestFitting:
    def test_what_is_not_named_is_not_looked_at(self) -> None:
        assert fits(Call(tool=CANCEL, arguments={"order_id": "W1"}), cancel("#w1"))
        assert not fits(Call(tool=CANCEL, arguments={"order_id": "W1"}), cancel("W2"))

    def test_an_argument_that_is_lacking_does_not_fit(self) -> None:
        assert not fits(cancel("W1"), Call(tool=CANCEL, arguments={"order_id": "W1"}))

    def test_an_empty_line_of_an_address_may_be_left_out(self) -> None:
        wanted = Call(tool="modify_user_address", arguments={"address2": "", "city": "Bonn"})
        assert fits(wanted, Call(tool="modify_user_address", arguments={"city": "bonn"}))

    def test_pairs_belong_together_in_whatever_order(self) -> None:
        assert fits(exchange(("a", "b"), ("c", "d")), exchange(("c", "d"), ("a", "b")))
        assert not fits(exchange(("a", "b"), ("c", "d")), exchange(("a", "d"), ("c", "b")))

    def test_items_are_counted_by_their_numbers(self) -> None:
        wanted = Call(tool="place_order", arguments={"items": [{"item_id": "1", "quantity": 2}]})
        twice: JsonObject = {"items": [{"item_id": "1"}, {"item_id": "1", "quantity": 1}]}
        assert fits(wanted, Call(tool="place_order", arguments=twice))
        assert not fits(wanted, Call(tool="place_order", arguments={"items": [{"item_id": "1"}]}))

    def test_a_summary_may_be_in_any_words(self) -> None:
        made = Call(tool="transfer_to_human_agents", arguments={"summary": "wants an invoice"})
        assert fits(Call(tool="transfer_to_human_agents", arguments={"summary": "invoice"}), made)


class TestMatching:
    def test_each_made_call_serves_one_wanted_call(self) -> None:
        both = [cancel("W1"), cancel("W2")]
        assert [match.arguments for match in matches(both, [cancel("W2"), cancel("W1")])] == [True, True]
        assert [match.tool for match in matches(both, [cancel("W1")])] == [True, False]

    def test_the_very_call_is_preferred_to_another_of_its_tool(self) -> None:
        [match] = matches([cancel("W2")], [cancel("W1"), cancel("W2")])
        assert match.arguments

    def test_one_of_several_will_do(self) -> None:
        either = AnyOf(any_of=[Call(tool="list_orders"), Call(tool="get_order_details")])
        [match] = matches([either], [Call(tool="get_order_details", arguments={"order_id": "W1"})])
        assert match.arguments

    def test_commands_beyond_those_wanted_are_told(self) -> None:
        assert unwanted([cancel("W1")], [cancel("W1"), exchange(("a", "b"))]) == [exchange(("a", "b"))]
        assert unwanted([cancel("W1")], [cancel("W2"), cancel("W1")]) == [cancel("W2")]
