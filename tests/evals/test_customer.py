"""A simulated customer: a second model that talks to the agent until its errand is settled."""

from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from agents.engine import Engine
from agents.rules import RulesModel
from evals.cases import Talk
from evals.customer import SimulatedCustomer
from evals.tasks.talking import talk
from evals.world import World

ERRAND = "You ordered the bottle of W3594473 by mistake; you want it cancelled."


class Shopper:
    """Says its lines one after another, approves what is asked, and remembers what it was told."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.told: list[str] = []

    def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.told.append(str(messages[-1].parts[-1]))
        tool = info.output_tools[0]
        properties: dict[str, object] = tool.parameters_json_schema["properties"]
        if "approved" in properties:
            return ModelResponse(parts=[ToolCallPart(tool.name, {"approved": True})])
        line = self.lines.pop(0) if self.lines else ""
        return ModelResponse(parts=[ToolCallPart(tool.name, {"message": line, "done": not line})])


async def test_it_answers_what_the_agent_asks_until_it_is_done(world: World) -> None:
    shopper = Shopper("Please cancel W3594473.", "It was ordered by mistake.")
    customer = SimulatedCustomer(FunctionModel(shopper), ERRAND)
    case = Talk(customer="customer@example.com", turns=[], errand=ERRAND)
    outcome = await talk(world, Engine(RulesModel(), 12, 60), case, customer)
    assert outcome.said == ["Please cancel W3594473.", "It was ordered by mistake."]
    assert [call.tool for call in outcome.carried_out] == ["cancel_pending_order"]
    assert outcome.changed.orders["W3594473"]["status"] == "cancelled"
    assert ERRAND in shopper.told[0]
    assert "Cancel order W3594473" in " ".join(shopper.told)


async def test_a_customer_who_never_ends_is_ended(world: World) -> None:
    customer = SimulatedCustomer(FunctionModel(Shopper(*["Hello?"] * 99)), ERRAND)
    case = Talk(customer="customer@example.com", turns=[], errand=ERRAND)
    outcome = await talk(world, Engine(RulesModel(), 12, 60), case, customer)
    assert len(outcome.said) == 12
