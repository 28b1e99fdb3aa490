"""Cases of stored conversations: held at the desk, made, written, read back and taken again."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from agents.engine import Engine
from agents.rules import RulesModel
from agents.turns import chat, decide
from evals.cases import Call
from evals.suites import AnyCase, ReadingCase, TalkCase, demo, load_suite
from evals.tasks.talking import talk
from evals.traces.command import from_traces, with_end_state
from evals.traces.gathering import Gathered, gather
from evals.traces.kinds import Kind
from evals.traces.masking import find, masked, pseudonyms_for
from evals.traces.reading import UnknownTrace, Wanted
from evals.traces.writing import write_cases
from evals.world import World, given_state, open_world
from src.config import Settings
from src.local.home import claim
from src.local.settings import as_environment
from src.local.stack import Stack
from src.main import open_stores
from src.models.caller import Caller, Context, Role
from src.models.conversation import Answer
from src.models.errors import TableMissing
from src.models.extraction import anything
from src.services.stores import Stores
from tests.fixtures.desk import Desk, Person

ENGINE = Engine(RulesModel(), request_limit=10, timeout=60)
NAME = {"first_name": "Marguerite", "last_name": "Okonedo"}
ADDRESS = {
    "address1": "518 Alderbrook Street",
    "address2": "Apt 6K",
    "city": "Longmont",
    "state": "CO",
    "country": "USA",
    "zip": "80501",
}
METHODS = {
    "credit_card_4042045": {"source": "credit_card", "brand": "visa", "last_four": "4417"},
    "paypal_4721701": {"source": "paypal"},
}
PERSONAL = ("Marguerite", "Okonedo", "Alderbrook", "Longmont", "80501", "4042045", "4417", "4721701")


@pytest.fixture(scope="module")
async def world(desk_settings: Settings) -> AsyncGenerator[World]:
    async with open_world(desk_settings, f"w{uuid4().hex[:8]}", demo()) as world:
        yield world


@pytest.fixture
async def customer(desk: Desk) -> Person:
    return await desk.customer(name=NAME, address=ADDRESS, payment_methods=METHODS)


async def order(desk: Desk, customer: Person) -> str:
    order = await desk.order(customer, "12.50", "credit_card_4042045")
    return str(order["order_id"])


class Conversation:
    """One of a customer's with an agent by rules."""

    def __init__(
        self, stores: Stores, person: Person, agent: str = "support", role: Role | None = None
    ) -> None:
        own = UUID(person.user_id)
        self.stores, self.agent = stores, agent
        self.about = own if role else None
        self.caller = Caller(str(uuid4()) if role else person.user_id, own, subject_id=None if role else own)
        if role:
            clerk = uuid4()
            self.caller = Caller(
                str(clerk), clerk, roles=frozenset({role}), context=Context(request_id="test")
            )
        self.id: str | None = None
        self.answer: Answer | None = None

    async def say(self, message: str, *decisions: bool) -> None:
        about = self.about if self.id is None else None
        self.answer = await chat(self.stores, self.caller, ENGINE, self.agent, message, self.id, about)
        self.id = self.answer.conversation_id
        for approved in decisions:
            waiting = self.answer.approvals[0].approval_id
            self.answer = await decide(self.stores, self.caller, ENGINE, waiting, approved, None)

    async def gathered(self) -> Gathered:
        return await gather(self.stores, Wanted(self.agent, [str(self.id)]), "trace", "en")

    async def cases(self) -> list[AnyCase]:
        return without_data(await self.gathered())


def without_data(gathered: Gathered) -> list[AnyCase]:
    pseudonyms = pseudonyms_for(find(gathered))
    return [masked(case, pseudonyms) for case in gathered.cases]


def read_back(path: Path, cases: Sequence[AnyCase]) -> Sequence[AnyCase]:
    write_cases(path, cases)
    return load_suite(path).cases


def talk_of(cases: Sequence[AnyCase]) -> TalkCase:
    [case] = cases
    assert isinstance(case, TalkCase)
    return case


class TestConversations:
    async def test_a_case_says_what_was_said_decided_and_done_of_nobody(
        self, desk: Desk, stores: Stores, customer: Person, world: World, tmp_path: Path
    ) -> None:
        kept, unwanted = await order(desk, customer), await order(desk, customer)
        held = Conversation(stores, customer)
        await held.say(f"Marguerite OKONEDO here. What is the status of order {kept.lower()}?")
        await held.say(f"And please cancel {unwanted}. I ordered it by mistake.", True)
        [made] = await held.cases()
        assert isinstance(made, TalkCase)
        case = talk_of(read_back(tmp_path / "support.yaml", [await with_end_state(world, made)]))

        text = (tmp_path / "support.yaml").read_text(encoding="utf-8")
        for value in (*PERSONAL, customer.user_id, kept, kept[1:], unwanted, unwanted[1:]):
            assert not re.search(re.escape(value), text, re.IGNORECASE), value
        [call] = case.expected.calls
        [second] = [each for each in case.inputs.given.orders if each in case.inputs.turns[1].say]
        assert call == Call(
            tool="cancel_pending_order", arguments={"order_id": second, "reason": "ordered by mistake"}
        )
        assert [turn.approve for turn in case.inputs.turns] == [None, True]
        assert case.expected.kind == ["done"]
        assert case.expected.changed.orders[second]["status"] == "cancelled"

    async def test_the_rules_take_it_as_it_was_held(
        self, desk: Desk, stores: Stores, customer: Person, world: World, tmp_path: Path
    ) -> None:
        order_id = await order(desk, customer)
        held = Conversation(stores, customer)
        await held.say(f"Please cancel {order_id}. I ordered it by mistake.", True)
        made = await with_end_state(world, talk_of(await held.cases()))
        case = talk_of(read_back(tmp_path / "support.yaml", [made]))
        state = given_state(demo(), case.inputs.given)
        outcome = await talk(world, ENGINE, case.inputs)
        assert state.user_of(case.inputs.customer).name.first_name != "Marguerite"
        assert outcome.proposed == case.expected.calls == outcome.carried_out
        assert outcome.changed == case.expected.changed
        assert outcome.replies[-1] is not None
        assert [outcome.replies[-1].kind] == case.expected.kind

    async def test_names_places_and_ids_agree_in_words_and_records(
        self, desk: Desk, stores: Stores, customer: Person
    ) -> None:
        order_id = await order(desk, customer)
        held = Conversation(stores, customer)
        await held.say(f"marguerite from 518 alderbrook st, LONGMONT 80501: where is {order_id}? Card 4417.")
        case = talk_of(await held.cases())
        [user] = case.inputs.given.users.values()
        [(invented, record)] = case.inputs.given.orders.items()
        name, address, said = user["name"], user["address"], case.inputs.turns[0].say
        assert isinstance(name, dict)
        assert isinstance(address, dict)
        street = str(address["address1"]).removesuffix(" Street").lower()
        town, code, first = str(address["city"]).upper(), address["zip"], str(name["first_name"]).lower()
        card = re.search(r'"last_four": "(\d{4})"', json.dumps(user))
        assert card is not None
        assert said == f"{first} from {street} st, {town} {code}: where is {invented}? Card {card[1]}."
        assert record["address"] == address

    async def test_a_no_and_what_was_left_open_are_told(
        self, desk: Desk, stores: Stores, customer: Person, world: World
    ) -> None:
        order_id = await order(desk, customer)
        held = Conversation(stores, customer)
        await held.say(f"Please cancel {order_id}. I ordered it by mistake.", False)
        await held.say(f"I don't need it any more. Please cancel {order_id} after all.")
        case = await with_end_state(world, talk_of(await held.cases()))
        assert [turn.approve for turn in case.inputs.turns] == [False, None]
        assert all(call.declined for call in case.expected.all_calls)
        assert case.expected.changed.orders == {}
        assert held.answer is not None
        assert [each.tool for each in held.answer.approvals] == ["cancel_pending_order"]
        assert case.expected.kind == []

    async def test_look_ups_count_where_no_command_was(
        self, desk: Desk, stores: Stores, customer: Person
    ) -> None:
        held = Conversation(stores, customer)
        await held.say("What address do you have on file for me?")
        case = talk_of(await held.cases())
        assert Call(tool="get_user_details", arguments={"user_id": "$me"}) in case.expected.calls
        assert case.expected.kind == ["answer"]
        assert "strike" in str(case.meta.note)

    async def test_the_records_are_those_from_before(
        self, desk: Desk, stores: Stores, customer: Person
    ) -> None:
        order_id = await order(desk, customer)
        before = (await customer.get(f"/api/orders/{order_id}")).json()
        held = Conversation(stores, customer)
        await held.say(f"Please cancel {order_id}. I ordered it by mistake.", True)
        [case] = (await held.gathered()).cases
        assert isinstance(case, TalkCase)
        given = case.inputs.given.orders[order_id]
        assert {name: given[name] for name in ("status", "payment_history", "items")} == {
            name: before[name] for name in ("status", "payment_history", "items")
        }
        assert "cancel_reason" not in given
        assert before["items"][0]["product_id"] in case.inputs.given.products

    async def test_staff_speak_about_a_customer(self, desk: Desk, stores: Stores, customer: Person) -> None:
        held = Conversation(stores, customer, role=Role.SUPPORT)
        await held.say("What address do we have on file?")
        assert talk_of(await held.cases()).inputs.staff
        own = Conversation(stores, customer)
        await own.say("What address do you have on file?")
        assert not talk_of(await own.cases()).inputs.staff

    async def test_several_conversations_share_their_pseudonyms(
        self, desk: Desk, stores: Stores, customer: Person
    ) -> None:
        ids: list[str] = []
        for _ in range(2):
            held = Conversation(stores, customer)
            await held.say("What address do you have on file for me?")
            ids.append(str(held.id))
        gathered = await gather(stores, Wanted("support", ids), "trace", "en")
        one, other = without_data(gathered)
        assert isinstance(one, TalkCase)
        assert isinstance(other, TalkCase)
        assert (one.inputs.customer, one.inputs.given) == (other.inputs.customer, other.inputs.given)
        assert [case.name for case in gathered.cases] == ["trace-1", "trace-2"]

    async def test_reading_leaves_no_trail(self, desk: Desk, stores: Stores, customer: Person) -> None:
        held = Conversation(stores, customer)
        await held.say("What address do you have on file for me?")
        began = datetime.now(UTC)
        await held.cases()
        entries = (await desk.admin().get("/api/audit", user_id=customer.user_id)).json()["items"]
        assert [each for each in entries if datetime.fromisoformat(each["timestamp"]) > began] == []

    async def test_a_customer_who_is_gone_makes_no_case(self, desk: Desk, stores: Stores) -> None:
        customer = await desk.customer()
        held = Conversation(stores, customer)
        await held.say("hello")
        assert (await desk.admin().delete(f"/api/users/{customer.user_id}")).status_code == 204
        gathered = await held.gathered()
        assert gathered.cases == []
        assert gathered.unusable == [f"{held.id}: its customer is no longer there"]

    async def test_no_message_of_a_customer_who_is_gone_is_one_to_read(
        self, desk: Desk, stores: Stores
    ) -> None:
        customer = await desk.customer()
        held = Conversation(stores, customer, "extraction")
        await held.say("Lakshmi Brandvold, lakshmi.brandvold@lindenhof.se")
        assert (await desk.admin().delete(f"/api/users/{customer.user_id}")).status_code == 204
        gathered = await held.gathered()
        assert gathered.cases == []
        assert gathered.unusable == [f"{held.id}: its customer is no longer there"]

    async def test_an_item_that_only_a_call_tells_of_is_none(
        self, desk: Desk, stores: Stores, customer: Person
    ) -> None:
        [item_id] = await desk.product("9.00", name="Lantern")
        held = Conversation(stores, customer)
        await held.say(f"Please order one item {item_id} for me, paid by my PayPal")
        gathered = await held.gathered()
        gathered.records.append({"arguments": {"item_ids": ["4111111111111111"], "product_id": "Marguerite"}})
        findings = find(gathered)
        assert item_id in findings.kept
        assert not {"4111111111111111", "Marguerite"} & findings.kept
        assert (Kind.CARD, "4111111111111111") in findings

    async def test_a_new_orders_number_is_in_no_case(
        self, desk: Desk, stores: Stores, customer: Person, world: World
    ) -> None:
        [item_id] = await desk.product("9.00", name="Lantern")
        held = Conversation(stores, customer)
        await held.say(f"Please order one item {item_id} for me, paid by my PayPal", True)
        case = await with_end_state(world, talk_of(await held.cases()))
        assert [call.tool for call in case.expected.all_calls] == ["place_order"]
        assert len(case.expected.changed.new_orders) == 1
        await held.say("I ordered that by mistake, cancel the order I've just placed.", True)
        assert "placed itself" in (await held.gathered()).unusable[0]


class TestReadings:
    async def test_each_message_is_one_with_what_was_read_in_it(
        self, desk: Desk, stores: Stores, customer: Person, tmp_path: Path
    ) -> None:
        held = Conversation(stores, customer, "extraction")
        await held.say("Lakshmi Brandvold, lakshmi.brandvold@lindenhof.se, tel. +46 8 555 0148 20")
        await held.say("Ship order KX-209311 to 12 Larkspur Lane, Asheville, NC 28801")
        cases = read_back(tmp_path / "readings.yaml", await held.cases())
        text = (tmp_path / "readings.yaml").read_text(encoding="utf-8")
        for value in (
            "Lakshmi",
            "brandvold",
            "lindenhof",
            "555 0148",
            "209311",
            "Larkspur",
            "Asheville",
            "28801",
        ):
            assert value.lower() not in text.lower(), value
        assert [case.name for case in cases] == ["trace-1-1", "trace-1-2"]
        [first, second] = cases
        assert isinstance(first, ReadingCase)
        assert isinstance(second, ReadingCase)
        person, address = first.expected.data["person"], second.expected.data["address"]
        assert isinstance(person, dict)
        assert isinstance(address, dict)
        assert all(str(value) in first.inputs.text for value in person.values())
        assert all(str(value) in second.inputs.text for value in address.values())
        assert first.inputs.schema_asked == anything()
        assert "check" in str(first.meta.note)


class TestWanted:
    async def test_one_that_is_not_there_is_named(self, stores: Stores) -> None:
        with pytest.raises(UnknownTrace, match="no conversation nowhere with the agent support"):
            await gather(stores, Wanted("support", ["nowhere"]), "trace", "en")

    async def test_the_newest_are_taken(self, desk: Desk, stores: Stores, customer: Person) -> None:
        held = [Conversation(stores, customer), Conversation(stores, customer)]
        for each in held:
            await each.say("What address do you have on file for me?")
        gathered = await gather(
            stores, Wanted("support", [str(each.id) for each in held], limit=1), "t", "en"
        )
        assert gathered.conversations == 1


class TestCommand:
    async def test_stored_conversations_make_a_file_without_anybodys_data(
        self, desk: Desk, desk_settings: Settings, stores: Stores, customer: Person, tmp_path: Path
    ) -> None:
        order_id = await order(desk, customer)
        held = Conversation(stores, customer)
        await held.say("Marguerite Okonedo, 518 Alderbrook Street, Longmont. What address do you have of me?")
        await held.say(f"Please cancel {order_id}. I ordered it by mistake.", True)
        output = tmp_path / "made.yaml"
        with claim(tmp_path / "data") as place:
            place.publish(Stack(desk_settings, {}, None).found)
            call = ["--output", output, "--data-dir", tmp_path / "data", "--conversation", held.id]
            assert await asyncio.to_thread(from_traces, [*map(str, call)]) == 0
        text = output.read_text(encoding="utf-8")
        stored = (await customer.get(f"/api/orders/{order_id}")).json()
        own = [value for name, value in ADDRESS.items() if name not in ("state", "country")]
        email = f"{customer.user_id}@example.com"
        for value in (*PERSONAL, *own, email, customer.user_id, order_id, stored["order_date"]):
            assert not re.search(rf"(?<![^\W_]){re.escape(value)}", text, re.IGNORECASE), value
        case = talk_of(load_suite(output).cases)
        assert [call.tool for call in case.expected.all_calls] == ["cancel_pending_order"]
        assert case.expected.changed.orders

    async def test_tables_that_are_missing_are_not_made(self, desk_settings: Settings) -> None:
        elsewhere = desk_settings.model_copy(update={"table_prefix": f"t{uuid4().hex[:8]}-"})
        for _ in range(2):
            with pytest.raises(TableMissing):
                async with open_stores(elsewhere, as_they_are=True):
                    pass

    def test_a_data_directory_is_of_stage_local_alone(
        self,
        desk_settings: Settings,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name, value in as_environment(desk_settings).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("STAGE", "dev")
        assert from_traces(["--output", str(tmp_path / "new.yaml"), "--data-dir", str(tmp_path)]) == 2
        assert "--data-dir is for stage local" in capsys.readouterr().err

    def test_a_wrong_call_is_told_in_a_sentence(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STAGE", "local")
        there, nowhere = tmp_path / "there.yaml", tmp_path / "nowhere"
        there.write_text("mended", encoding="utf-8")
        assert from_traces(["--output", str(there)]) == 2
        assert "exists" in capsys.readouterr().err
        assert from_traces(["--output", str(tmp_path / "new.yaml"), "--data-dir", str(nowhere)]) == 2
        assert (
            capsys.readouterr().err
            == f"There is no desk in {nowhere}; name the directory that a service uses.\n"
        )
        assert not nowhere.exists()
        with pytest.raises(SystemExit) as ended:
            from_traces(["--output", str(tmp_path / "new.yaml"), "--since", "yesterday"])
        assert ended.value.code == 2
        assert there.read_text(encoding="utf-8") == "mended"
