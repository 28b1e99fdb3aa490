"""Taking a reading case: one text, one answer."""

from agents.engine import Engine
from agents.extraction import run_extraction
from agents.transcript import usage_of
from evals.cases import Reading
from evals.outcomes import ReadingOutcome, Spent
from src.models.conversation import Usage


async def read(engine: Engine, case: Reading) -> ReadingOutcome:
    """What the extraction agent reads out of the text."""
    result = await run_extraction(engine, case.text, case.schema_asked)
    return ReadingOutcome(
        data=result.output.data,
        evidence=result.output.evidence,
        spent=spent_of(usage_of(result.usage, result.new_messages())),
    )


def spent_of(usage: Usage) -> Spent:
    return Spent(
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=None if usage.cost is None else float(usage.cost),
    )
