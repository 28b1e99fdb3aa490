"""The command line beside a running service: what it prints and whom it lets in."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.fixtures.cli import ROOT, SECONDS, Service, command, serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Generator[Service]:
    """One for all these tests, on what it takes for a terminal; Ctrl-C stops it without a sound."""
    with serving(tmp_path_factory.mktemp("cli") / "my data", FORCE_COLOR="1") as service:
        yield service
        # As a child of `uv run` may hear of one.
        os.killpg(service.process.pid, signal.SIGINT)
        assert service.end() == 0
        assert "Traceback" not in service.told


def test_the_summary_says_where_the_api_and_its_docs_are(service: Service) -> None:
    assert httpx.get(f"{service.url}/health").status_code == 200
    assert f"{service.url}/docs" in service.told
    assert httpx.get(f"{service.url}/docs").status_code == 200


def test_progress_leaves_every_line_of_the_log_whole(service: Service) -> None:
    httpx.get(f"{service.url}/openapi.json", headers={"X-Request-ID": "whole-line"})
    service.wait_for("whole-line")
    logged = [line for line in service.told.splitlines() if line.startswith("{")]
    assert all("timestamp" in json.loads(line) for line in logged)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_lines_to_try_work_when_pasted(service: Service) -> None:
    lines = re.findall(r"^(?:TOKEN|curl).+$", service.told, re.MULTILINE)
    uv = f'uv() {{ shift 2; "{sys.executable}" -m src "$@"; }}'
    ran = subprocess.run(  # noqa: S603 - our own lines
        ["/bin/sh", "-ec", "\n".join([uv, *lines])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert json.loads(ran.stdout)["conversation_id"]


def test_a_token_is_the_only_word_on_standard_output(service: Service) -> None:
    ran = command("token", "--data-dir", str(service.data_dir), "--as", "Customer@Example.com")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", ran.stdout)
    assert ran.returncode == 0


def test_the_demo_users_have_their_roles(service: Service) -> None:
    with service.client("customer@example.com") as customer, service.client("admin@example.com") as admin:
        assert customer.get("/api/users/me").json()["email"] == "customer@example.com"
        assert customer.get("/api/audit").status_code == 403
        assert admin.get("/api/audit").status_code == 200


def test_any_stored_user_gets_a_token(service: Service) -> None:
    with service.client("admin@example.com") as admin:
        users = admin.get("/api/users", params={"limit": 100}).json()["items"]
    email = next(user["email"] for user in users if user["email"] != "customer@example.com")
    with service.client(email.upper()) as customer:
        assert customer.get("/api/users/me").json()["email"] == email


def test_an_unknown_email_gets_none(service: Service) -> None:
    ran = command("token", "--data-dir", str(service.data_dir), "--as", "nobody@example.com")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("orderdesk: No user has the e-mail nobody@example.com;")


def test_an_import_reaches_the_stores_of_the_service(service: Service, tmp_path: Path) -> None:
    item = {"item_id": "9001", "options": {"size": "1 l"}, "available": True, "price": 9.5}
    kettle = {"name": "Kettle", "product_id": "9000", "variants": {"9001": item}}
    (tmp_path / "db.json").write_text(json.dumps({"products": {"9000": kettle}, "users": {}, "orders": {}}))
    ran = command("import", "--data-dir", str(service.data_dir), str(tmp_path / "db.json"))
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    with service.client("customer@example.com") as customer:
        assert customer.get("/api/items/9001").json()["price"] == "9.50"


def test_a_second_service_on_the_directory_is_told_of_the_first(service: Service) -> None:
    ran = command("--port", "0", "--data-dir", str(service.data_dir))
    assert (ran.returncode, ran.stdout) == (2, "")
    [sentence] = ran.stderr.splitlines()
    assert f"Another orderdesk (process {service.process.pid}) uses {service.data_dir}" in sentence


def test_a_taken_port_is_told_before_anything_starts(service: Service, tmp_path: Path) -> None:
    port = service.url.rpartition(":")[2]
    ran = command("serve", "--port", port, "--data-dir", str(tmp_path))
    assert (ran.returncode, ran.stdout) == (2, "")
    [sentence] = ran.stderr.splitlines()
    assert f"can't listen on 127.0.0.1 port {port}" in sentence
    assert not any((tmp_path / "logs").iterdir())
