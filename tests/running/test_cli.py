"""The command line finds its commands, and says in one line what went wrong."""

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from launchpad import cli, config, dev
from launchpad.config import Settings

REPOSITORY = Path(__file__).resolve().parent.parent.parent
runner = CliRunner()


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run `launchpad WORDS` in this process, in an empty folder, with these variables."""

    def run(*words, **environment):
        monkeypatch.chdir(tmp_path)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        config.get_settings.cache_clear()
        return runner.invoke(cli.app, list(words))

    yield run
    config.get_settings.cache_clear()


def _said(result):
    """What was printed, with the terminal's line breaks taken out."""
    return " ".join((result.output + result.stderr).split())


def test_help_lists_every_command(command):
    said = _said(command("--help"))
    names = (
        "dev",
        "serve",
        "localnet",
        "indexer",
        "outbox",
        "worker",
        "processor",
        "keeper",
        "demo",
        "bench",
        "db",
        "token",
        "buy",
    )
    for name in names:
        assert f" {name} " in said


def test_an_error_is_one_line_with_its_remedy(command):
    result = command("db", "upgrade")
    assert result.exit_code == 1
    assert "Error: DATABASE_URL is not set" in _said(result)
    assert "Traceback" not in _said(result)


def test_a_bad_setting_is_named(command):
    result = command("health", PORT="none")
    assert result.exit_code == 1
    assert "PORT" in _said(result)


def test_an_unknown_door_is_named_with_those_there_are(command):
    result = command("serve", "window")
    assert result.exit_code == 1
    assert "choose one of all, api, chat, web" in _said(result)


def test_an_unknown_engine_is_refused(command):
    assert command("localnet", "--engine", "steam").exit_code != 0


def test_an_unknown_bench_is_named(command):
    result = command("bench", "nothing")
    assert result.exit_code == 1
    assert "There is no bench called nothing" in _said(result)


def test_the_database_goes_forward_and_back(command, postgres_url, make_database):
    url = make_database()
    assert command("db", "downgrade", "base", DATABASE_URL=url).exit_code == 0
    result = command("db", "upgrade", DATABASE_URL=url)
    assert result.exit_code == 0
    assert "The database is at head." in _said(result)


def test_health_tells_what_does_not_answer(command, database_url, redis_url):
    result = command("health", DATABASE_URL=database_url, REDIS_URL=redis_url, RPC_URL="http://127.0.0.1:9")
    said = _said(result)
    assert result.exit_code == 1
    assert "database: ok" in said
    assert "redis: ok" in said
    assert "rpc: ok" not in said


def test_health_is_well_when_everything_answers(command, database_url, redis_url, cluster):
    result = command("health", DATABASE_URL=database_url, REDIS_URL=redis_url, RPC_URL=cluster.rpc_url)
    assert (result.exit_code, _said(result)) == (0, "database: ok redis: ok rpc: ok")


def test_a_second_terminal_finds_the_running_stores(tmp_path):
    note = {
        "pid": os.getpid(),
        "settings": {"database_url": "postgresql+asyncpg://noted", "redis_url": "redis://noted"},
    }
    (tmp_path / "dev.json").write_bytes(orjson.dumps(note))
    settings = Settings(_env_file=None, launchpad_home=tmp_path, redis_url="redis://mine")
    attached = dev.attach(settings)
    assert attached.database_url == "postgresql+asyncpg://noted"
    assert attached.redis_url == "redis://mine"


@pytest.mark.parametrize(
    "note", [b"", b"{", orjson.dumps({"pid": 2**22 + 1, "settings": {"redis_url": "redis://old"}})]
)
def test_a_stale_note_is_not_believed(tmp_path, note):
    (tmp_path / "dev.json").write_bytes(note)
    settings = Settings(_env_file=None, launchpad_home=tmp_path)
    assert dev.attach(settings) == settings


def test_help_needs_no_solana_libraries():
    code = (
        "import sys; import launchpad.cli; print([m for m in ('solders', 'sqlalchemy', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout.strip() == "[]"


def test_make_help_lists_every_target():
    done = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    for name in ("help", "dev", "test", "check", "fmt", "programs", "idl", "vectors", "bench", "docs", "clean"):
        assert f"  make {name} " in done.stdout
