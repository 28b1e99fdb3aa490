"""What /mcp offers to whom, how tools answer and how they refuse."""

from uuid import UUID, uuid4

import pytest
from mcp import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, Tool
from pydantic_ai import RunContext
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RunUsage

from src.config import Settings
from src.db.dynamo import put_item
from src.models.caller import Caller
from src.services.records import ORDER
from src.services.stores import Stores
from tests.fixtures.desk import ADDRESS, NAME, Desk, Person, open_desk
from tests.fixtures.faults import open_wire, refuse
from tests.fixtures.log import Log
from tests.fixtures.mcp import Era, call, content_of, mcp_client, outcome_of, text_of
from tests.fixtures.tokens import Pool
from tools.deps import Deps
from tools.toolsets import tools_for

LOOKUPS = {
    "find_user_id_by_email",
    "find_user_id_by_name_zip",
    "get_user_details",
    "get_order_details",
    "list_orders",
    "get_product_details",
    "get_item_details",
    "list_all_product_types",
    "calculate",
}
COMMANDS = {
    "transfer_to_human_agents",
    "place_order",
    "cancel_pending_order",
    "modify_pending_order_address",
    "modify_pending_order_payment",
    "modify_pending_order_items",
    "return_delivered_order_items",
    "exchange_delivered_order_items",
    "modify_user_address",
}
FOR_CUSTOMERS = {"place_order", "transfer_to_human_agents"}


async def tools_of(desk: Desk, person: Person) -> dict[str, Tool]:
    async with mcp_client(desk, person) as client:
        return {tool.name: tool for tool in (await client.list_tools()).tools}


class TestWhatIsOffered:
    async def test_a_customer_gets_the_agents_tools_word_for_word(self, desk: Desk, stores: Stores) -> None:
        user_id = uuid4()
        deps = Deps(stores, Caller(str(user_id), user_id, subject_id=user_id))
        ctx = RunContext(deps=deps, model=TestModel(), usage=RunUsage())
        offered = await tools_of(desk, desk.person())
        agents = await tools_for(deps.caller).get_tools(ctx)
        assert offered.keys() == LOOKUPS | COMMANDS
        assert {name: (tool.description, tool.input_schema) for name, tool in offered.items()} == {
            name: (tool.tool_def.description, tool.tool_def.parameters_json_schema)
            for name, tool in agents.items()
        }

    @pytest.mark.parametrize("group", ["support", "admin"])
    async def test_staff_get_all_but_what_is_for_customers(self, desk: Desk, group: str) -> None:
        staff = desk.person(groups=[group])
        assert (await tools_of(desk, staff)).keys() == (LOOKUPS | COMMANDS) - FOR_CUSTOMERS
        async with mcp_client(desk, staff) as client:
            result = await call(client, "transfer_to_human_agents", summary="Wants a call.")
        assert outcome_of(result) == "forbidden"

    async def test_hints_tell_look_ups_from_commands(self, desk: Desk) -> None:
        for name, tool in (await tools_of(desk, desk.person())).items():
            hints = tool.annotations
            assert hints is not None
            assert hints.read_only_hint is hints.idempotent_hint is (name in LOOKUPS)
            assert hints.destructive_hint is (name in COMMANDS)
            assert hints.open_world_hint is False

    async def test_the_schema_of_an_order_id_allows_the_sign_before_it(self, desk: Desk) -> None:
        tool = (await tools_of(desk, desk.person()))["get_order_details"]
        assert tool.input_schema["properties"]["order_id"]["pattern"].startswith("^#?")


class TestAnswers:
    async def test_each_look_up_answers_by_its_output_schema(self, desk: Desk) -> None:
        customer = await desk.customer()
        order = await desk.order(customer, "12.50")
        [item] = order["items"]
        user, zip_code = {"user_id": customer.user_id}, ADDRESS["zip"]
        async with mcp_client(desk, customer) as client:
            answers = {
                tool: content_of(await call(client, tool, **arguments))
                for tool, arguments in {
                    "find_user_id_by_email": {"email": f"{customer.user_id.upper()}@Example.com"},
                    "find_user_id_by_name_zip": {**NAME, "zip": zip_code},
                    "get_user_details": user,
                    "get_order_details": {"order_id": f"#{order['order_id']}"},
                    "list_orders": user,
                    "get_product_details": {"product_id": item["product_id"]},
                    "get_item_details": {"item_id": item["item_id"]},
                    "list_all_product_types": {},
                    "calculate": {"expression": "2 * (12.5 - 2) / 3"},
                }.items()
            }
        assert answers.keys() == LOOKUPS
        assert answers["find_user_id_by_email"] == {"result": customer.user_id}
        assert answers["find_user_id_by_name_zip"] == {"result": customer.user_id}
        assert answers["get_order_details"] == order
        assert answers["list_orders"]["items"] == [order]
        assert answers["get_item_details"]["price"] == "12.50"
        assert {"product_id": item["product_id"], "name": "Kettle"} in answers["list_all_product_types"][
            "result"
        ]
        assert answers["calculate"] == {"result": "7.00"}

    async def test_the_text_says_what_the_structure_says(self, desk: Desk) -> None:
        customer = await desk.customer(name={"first_name": "Zoë", "last_name": "Nguyễn"})
        async with mcp_client(desk, customer) as client:
            user = await call(client, "get_user_details", user_id=customer.user_id)
            total = await call(client, "calculate", expression="1 + 1")
        assert '"first_name": "Zoë"' in text_of(user)
        assert text_of(total) == "2.00"


class TestRefusals:
    async def test_anothers_order_is_refused_exactly_as_one_that_does_not_exist(self, desk: Desk) -> None:
        owner, other = await desk.customer(), await desk.customer()
        order = await desk.order(owner)
        async with mcp_client(desk, other) as client:
            anothers = await call(client, "get_order_details", order_id=order["order_id"])
            absent = await call(client, "get_order_details", order_id="W0")
        assert outcome_of(anothers) == "not_found"
        assert anothers == absent

    async def test_a_refusal_says_its_code_first_and_for_programs(self, desk: Desk) -> None:
        async with mcp_client(desk, desk.person()) as client:
            result = await call(client, "get_item_details", item_id="none")
        assert result.is_error
        assert text_of(result) == "not_found: There is no such item; check the id."
        assert result.meta is not None
        assert result.meta["code"] == "not_found"
        assert result.structured_content is None

    async def test_malformed_arguments_are_named_and_not_repeated(self, desk: Desk) -> None:
        address = {**ADDRESS, "city": "", "order_id": "W 1", "planet": "SECRET"}
        async with mcp_client(desk, desk.person()) as client:
            wrong = await call(client, "modify_pending_order_address", **address)
            missing = await call(client, "cancel_pending_order", order_id="W1")
        assert outcome_of(wrong) == outcome_of(missing) == "invalid"
        assert all(name in text_of(wrong) for name in ("city", "order_id", "planet"))
        assert "SECRET" not in text_of(wrong)
        assert "reason" in text_of(missing)

    async def test_an_unknown_tool_is_a_protocol_error(self, desk: Desk) -> None:
        async with mcp_client(desk, desk.person()) as client:
            with pytest.raises(MCPError) as failed:
                await call(client, "drop_all_tables")
        assert (failed.value.code, failed.value.message) == (INVALID_PARAMS, "Unknown tool: drop_all_tables")

    @pytest.mark.parametrize("era", ["auto", "legacy"])
    async def test_a_bug_is_logged_once_and_nothing_of_it_is_told(
        self, desk: Desk, stores: Stores, log: Log, era: Era
    ) -> None:
        customer, order_id = await desk.customer(), f"W{uuid4().hex[:8]}"
        await put_item(
            ORDER.table_of(stores.dynamo), {"order_id": order_id, "status": "SECRET", "version": 1}
        )
        async with mcp_client(desk, customer, era=era) as client:
            with pytest.raises(MCPError) as failed:
                await call(client, "get_order_details", order_id=order_id)
        assert failed.value.code == INTERNAL_ERROR
        assert "SECRET" not in f"{failed.value.message} {failed.value.data}"
        errors = [line for line in log.lines() if line["level"] == "ERROR"]
        assert [line["request_id"] for line in errors] == [failed.value.data["request_id"]]

    async def test_what_is_away_is_named_and_a_time_to_wait_is_given(
        self, desk_settings: Settings, pool: Pool, ministack: str
    ) -> None:
        async with open_wire(ministack) as wire:
            # Made anew, since a copy would keep the endpoint that was asked for before.
            settings = Settings.model_validate(
                desk_settings.model_dump() | {"aws_endpoint_url_dynamodb": wire.url}
            )
            async with open_desk(settings, pool) as desk:
                customer = await desk.customer()
                wire.plan(*[refuse("InternalServerError", 500)] * 50, at="GetItem")
                async with mcp_client(desk, customer) as client:
                    result = await call(client, "get_order_details", order_id="W1")
        assert outcome_of(result) == "dynamodb_unavailable"
        assert result.meta is not None
        assert result.meta["retryAfter"] > 0


class TestStaff:
    async def test_a_call_acts_for_the_customer_whose_things_it_names(self, desk: Desk) -> None:
        support = desk.support()
        customers = [await desk.customer() for _ in range(2)]
        orders = [await desk.order(customer) for customer in customers]
        async with mcp_client(desk, support) as client:
            for customer, order in zip(customers, orders, strict=True):
                listed = content_of(await call(client, "list_orders", user_id=customer.user_id))
                assert [each["order_id"] for each in listed["items"]] == [order["order_id"]]
                reason = {"reason": "no longer needed"}
                cancelled = await call(client, "cancel_pending_order", order_id=order["order_id"], **reason)
                assert content_of(cancelled)["status"] == "cancelled"
        for customer in customers:
            trail = await desk.admin().get("/api/audit", subject_id=customer.user_id)
            acted = [e for e in trail.json()["items"] if e["action"] == "order.cancel"]
            assert [UUID(entry["user_id"]) for entry in acted] == [UUID(support.user_id)]
