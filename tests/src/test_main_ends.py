"""How the service ends, in order or not, and that the next start finds everything."""

import os
import signal
from pathlib import Path
from time import monotonic, sleep

from tests.fixtures.cli import SECONDS, Service, begun, command, is_alive, processes, serving

STORES = {"valkey", "mongodb", "aws"}


def test_data_outlive_ctrl_c_and_a_kill(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    with serving(home) as service:
        started = processes(home)
        assert set(started) == STORES
        first = make_product(service)
        assert service.end(signal.SIGINT) == 0
        assert "Traceback" not in service.told
    assert gone(started)

    with serving(home, "--workers", "2") as service:
        assert has_product(service, first)
        second = make_product(service)
        started = processes(home)
        service.process.kill()
        service.process.wait()
        assert gone({name: pid for name, pid in started.items() if name not in STORES})
        assert all(is_alive(started[name]) for name in STORES)

        with serving(home) as third:
            assert not any(is_alive(pid) for pid in started.values())
            assert has_product(third, first)
            assert has_product(third, second)
            started = processes(home)
            assert third.end(signal.SIGTERM) == 0
        assert gone(started)


def test_ctrl_c_ends_the_workers_too(tmp_path: Path) -> None:
    with serving(tmp_path / "desk", "--workers", "2") as service:
        started = processes(tmp_path / "desk")
        assert len(started) == len(STORES) + 2
        assert service.end(signal.SIGINT) == 0
        assert "Traceback" not in service.told
    assert gone(started)


def test_ctrl_c_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    with begun(home) as service:
        service.wait_for("Valkey")
        started = processes(home)
        assert service.end(signal.SIGINT) == 128 + signal.SIGINT
        assert "Traceback" not in service.told
    assert started
    assert gone(started)


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


def has_product(service: Service, product_id: str) -> bool:
    with service.client("customer@example.com") as customer:
        return customer.get(f"/api/products/{product_id}").status_code == 200


def gone(started: dict[str, int]) -> bool:
    """Whether none of the processes is left, or will be soon."""
    deadline = monotonic() + SECONDS
    while any(is_alive(pid) for pid in started.values()):
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True
