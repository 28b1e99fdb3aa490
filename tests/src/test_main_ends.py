"""How the service ends, in order or not, and that the next start finds everything."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from time import monotonic, sleep

from src.config import Settings
from src.db.dynamo import get_item, open_dynamo
from src.db.tables import get_table
from src.local.stack import join_or_open_stack
from tests.fixtures.cli import SECONDS, Service, begun, command, is_alive, processes, serving

STORES = {"valkey", "mongodb", "aws"}


async def test_what_was_written_outlives_a_kill_and_ctrl_c(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    with serving(home, "--workers", "2") as service:
        first, started = make_product(service), processes(home)
        assert len(started) == len(STORES) + 2
        service.process.kill()
        service.process.wait()
        assert gone(pid for name, pid in started.items() if name not in STORES)
        assert all(is_alive(started[name]) for name in STORES)

        with serving(home, "--workers", "2") as next_service:
            assert not any(is_alive(pid) for pid in started.values())
            second, started = make_product(next_service), processes(home)
            assert next_service.end(signal.SIGINT) == 0
            assert "Traceback" not in next_service.told
        assert gone(started.values())
    assert await have_products(home, first, second)


def test_ctrl_c_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    with begun(home) as service:
        service.wait_for("Valkey")
        started = processes(home)
        assert service.end(signal.SIGINT) == 128 + signal.SIGINT
        assert "Traceback" not in service.told
    assert started
    assert gone(started.values())


def test_a_store_that_dies_while_it_starts_is_named_and_the_others_end(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    (home / "mongodb").mkdir(parents=True)
    (home / "mongodb" / "data").write_text("no directory")
    with begun(home) as service:
        assert service.process.wait(SECONDS) == 2
        service.wait_for("SecantusDB ended while it started")
        assert "Traceback" not in service.told
        assert not processes(home)


def test_a_token_without_a_service_starts_the_stores_for_its_own_time(tmp_path: Path) -> None:
    ran = command("token", "--data-dir", str(tmp_path), "--as", "support@example.com")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count(".") == 2
    assert not processes(tmp_path)


def make_product(service: Service) -> str:
    variants = {f"item-{os.urandom(4).hex()}": {"options": {"size": "1"}, "available": True, "price": "9.00"}}
    with service.client("admin@example.com") as admin:
        answer = admin.post("/api/products", json={"name": "Kettle", "variants": variants})
    assert answer.status_code == 201, answer.text
    return answer.json()["product_id"]


async def have_products(home: Path, *product_ids: str) -> bool:
    """Whether the tables of a directory where no service runs hold these products."""
    settings = Settings(_env_file=None, data_dir=home)  # pyright: ignore[reportCallIssue]
    with join_or_open_stack(settings) as stack:
        url = stack.settings.dynamodb_endpoint
        async with open_dynamo(region=settings.aws_region, endpoint_url=url, prefix="") as dynamo:
            table = get_table(dynamo, "products")
            items = [await get_item(table, {"id": f"product#{product_id}"}) for product_id in product_ids]
    return all(items)


def gone(pids: Iterable[int]) -> bool:
    """Whether none of the processes is left, or will be soon."""
    left, deadline = list(pids), monotonic() + SECONDS
    while any(is_alive(pid) for pid in left):
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True
