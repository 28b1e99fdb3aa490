"""The tables, and whether demo data are due: once, where the tables were new."""

from pathlib import Path

from src.config import Settings
from src.db.dynamo import TableMissing, open_dynamo
from src.db.dynamo_errors import DynamoError
from src.db.tables import check_tables, create_tables
from src.local.errors import StartError
from src.models.errors import DeskError


async def make_tables(settings: Settings, home: Path) -> None:
    try:
        async with open_dynamo(
            region=settings.aws_region, endpoint_url=settings.dynamodb_endpoint, prefix=settings.table_prefix
        ) as dynamo:
            try:
                await check_tables(dynamo)
            except TableMissing:
                demo_due(home).touch()
                await create_tables(dynamo)
    except (DeskError, DynamoError) as error:
        raise StartError(str(error)) from None


def demo_due(home: Path) -> Path:
    """A file that stands from before the tables are made until the demo data are in them."""
    return home / "run" / "demo-due"
