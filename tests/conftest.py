"""The running pieces that tests share: a real Postgres, a real Redis, a real cluster, the product itself.

Every pytest-xdist worker starts its own, in its own folder and on its own ports, when a
test first asks for it, and ends them, by pid, when it is done.
"""

import asyncio
import itertools
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from launchpad import embedded
from launchpad.config import Settings, child_environment
from launchpad.processes import free_port, free_ports, responds, spawn, stop
from tests.child import keep_threads

REPOSITORY = Path(__file__).resolve().parent.parent
_TEMPLATE = "template_launchpad"
_KEY_TEXT = re.compile("[1-9A-Za-z]{40,88}")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder of this worker for the whole session, short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="launchpad-", ignore_cleanup_errors=True) as path:
        Path(path).chmod(0o755)
        yield Path(path)


# Postgres


@pytest.fixture(scope="session")
def postgres(folder: Path) -> Iterator[embedded.EmbeddedPostgres]:
    """The embedded server, with the migrated template that databases are cloned from."""
    with embedded.start_postgres(folder / "postgres", durable=False) as server:
        _create_database(server, _TEMPLATE, "template0")
        from launchpad import migrate  # noqa: PLC0415 - Alembic is slow to import, and not every run needs it

        migrate.upgrade(server.url_of(_TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: embedded.EmbeddedPostgres) -> str:
    """The address of the server's own database; it holds no tables."""
    return postgres.url


@pytest.fixture(scope="session")
def make_database(postgres: embedded.EmbeddedPostgres) -> Callable[[], str]:
    """Call it for the address of a fresh, migrated, empty database."""

    def make() -> str:
        name = f"test_{next(_numbers)}"
        _create_database(postgres, name, _TEMPLATE)
        return postgres.url_of(name)

    return make


@pytest.fixture
def database_url(make_database: Callable[[], str]) -> str:
    """A fresh, migrated, empty database for one test."""
    return make_database()


def _create_database(server: embedded.EmbeddedPostgres, name: str, template: str) -> None:
    async def create() -> None:
        connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
        try:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        finally:
            await connection.close()

    _run_apart(create)


def _run_apart(work: Callable[[], Any]) -> Any:
    """Run a coroutine to its end from a synchronous fixture, also while a loop runs in this thread."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only needed here

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


# Redis


@pytest.fixture(scope="session")
def redis_server(folder: Path) -> Iterator[embedded.EmbeddedRedis]:
    """The embedded server, with room for a database per test."""
    with embedded.start_redis(folder / "redis", databases=4096) as server:
        yield server


@pytest.fixture(scope="session")
def make_redis(redis_server: embedded.EmbeddedRedis) -> Callable[[], str]:
    """Call it for the address of an empty database. Pub/sub is shared by all databases of a server."""
    numbers = itertools.count(1)
    return lambda: redis_server.url_of(next(numbers))


@pytest.fixture
def redis_url(make_redis: Callable[[], str]) -> str:
    """An empty Redis database for one test."""
    return make_redis()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of that database."""
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


# Processes of the product


@dataclass
class Running:
    """A `launchpad ...` child of the test run, its log, and its end."""

    name: str
    process: Any
    log: Path

    def output(self) -> str:
        """What it printed so far."""
        return self.log.read_text(errors="replace")

    def stop(self) -> int:
        """End it the way Ctrl-C does; its exit code."""
        return stop(self.process)

    def kill(self) -> None:
        """End it the hard way."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def launch_process(folder: Path) -> Iterator[Callable[..., Running]]:
    """Call it with the words after `launchpad` and `settings=`; everything is ended after the session."""
    children: list[Running] = []

    def launch(*words: str, settings: Settings) -> Running:
        name = f"{words[0]}-{len(children)}"
        log = folder / f"{name}.log"
        with log.open("wb") as output:
            process = spawn(
                [sys.executable, "tests/child.py", *words],
                env=child_environment(settings),
                output=output,
                cwd=REPOSITORY,
            )
        children.append(Running(name, process, log))
        return children[-1]

    yield launch
    for child in reversed(children):
        child.stop()


def wait_for(what: Callable[[], Any], *, child: Running | None = None, seconds: float = 60) -> Any:
    """The first true answer of `what`; fails with the child's log when it ends first or takes too long."""
    deadline = time.monotonic() + seconds
    while True:
        with suppress(OSError):
            if answer := what():
                return answer
        ended = child is not None and child.process.poll() is not None
        if ended or time.monotonic() > deadline:
            log = child.output()[-4000:] if child else ""
            pytest.fail(f"{child.name if child else what}: {'ended' if ended else 'not ready'}\n{log}")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Any]:
    """`wait_until(question, child=..., seconds=...)`: wait for a condition instead of sleeping."""
    return wait_for


# The cluster


@dataclass
class Cluster:
    """An embedded cluster in a process of its own, with our programs set up on it."""

    rpc_url: str
    ws_url: str
    ledger: Path
    running: Running
    home: Path
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def admin(self) -> Any:
        """The solders Keypair of the programs' upgrade authority."""
        from solders.keypair import Keypair  # noqa: PLC0415 - only tests of the chain need it

        return Keypair.from_json((self.ledger / "admin.json").read_text())

    def settings(self, **overrides: Any) -> Settings:
        """Settings that point at this cluster."""
        values = {"launchpad_home": self.home, "rpc_url": self.rpc_url, "rpc_ws_url": self.ws_url, "demo": False}
        return make_settings(**(values | overrides))


def make_settings(**values: Any) -> Settings:
    """Settings that no `.env` file colours."""
    return Settings(_env_file=None, **values)


@pytest.fixture(scope="session")
def make_cluster(folder: Path, launch_process: Callable[..., Running]) -> Callable[..., Cluster]:
    """Call it for a cluster of your own, for tests that stop or reset it; `bootstrap=False` leaves it bare."""

    def make(*words: str, bootstrap: bool = True) -> Cluster:
        home = Path(tempfile.mkdtemp(prefix="cluster-", dir=folder))
        port = free_ports(2)
        settings = make_settings(launchpad_home=home, rpc_port=port)
        running = launch_process("localnet", *words, settings=settings)
        cluster = Cluster(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port + 1}", home / "ledger", running, home)
        wait_for(lambda: responds(f"{cluster.rpc_url}/health"), child=running)
        if bootstrap:
            _run_apart(lambda: _bootstrap(cluster.settings()))
        return cluster

    return make


@pytest.fixture(scope="session")
def cluster(make_cluster: Callable[..., Cluster]) -> Cluster:
    """The cluster that this worker's tests share: use accounts of your own on it."""
    return make_cluster()


@pytest.fixture(scope="session")
def raydium_cluster(make_cluster: Callable[..., Cluster], tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """A cluster with short slots and Raydium's CP-swap on it; skips where that program is missing."""
    from tests import raydium  # noqa: PLC0415 - only few tests need it

    cluster: Cluster = raydium.start_cluster(make_cluster, tmp_path_factory.mktemp("raydium"), "--slot-ms", "150")
    return cluster


async def _bootstrap(settings: Settings) -> None:
    from launchpad.dev import bootstrap_programs  # noqa: PLC0415 - brings the whole chain client along

    await bootstrap_programs(settings)


# The product


@pytest.fixture
def settings(database_url: str, redis_url: str, cluster: Cluster) -> Settings:
    """Settings with a fresh database, an empty Redis database and the shared cluster."""
    return cluster.settings(database_url=database_url, redis_url=redis_url, rate_limits=False)


@dataclass
class Origin:
    """The whole product behind one address, with the indexer, the outbox and the worker running."""

    url: str
    settings: Settings
    processes: dict[str, Running]


@pytest.fixture(scope="session")
def make_origin(
    make_database: Callable[[], str],
    make_redis: Callable[[], str],
    cluster: Cluster,
    launch_process: Callable[..., Running],
) -> Callable[..., Origin]:
    """Call it, with settings to override, for a running product of your own."""

    def make(**overrides: Any) -> Origin:
        values = {"database_url": make_database(), "redis_url": make_redis(), "rate_limits": False}
        settings = cluster.settings(**(values | {"port": free_port()} | overrides))
        names = ("serve", "indexer", "outbox", "worker")
        processes = {name: launch_process(name, settings=settings) for name in names}
        wait_for(lambda: responds(f"{settings.origin}/api/health"), child=processes["serve"])
        return Origin(settings.origin, settings, processes)

    return make


@pytest.fixture(scope="session")
def origin(make_origin: Callable[..., Origin]) -> Origin:
    """The running product that this worker's tests share."""
    return make_origin()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Any]:
    """A launchpad.db.Database on a fresh, migrated, empty database."""
    from launchpad.db import Database  # noqa: PLC0415 - SQLAlchemy is slow to import

    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Any]:
    """A connection of asyncpg's to the same, as the processes that write in bulk have."""
    from launchpad.db import connect_directly  # noqa: PLC0415 - SQLAlchemy is slow to import

    connection = await connect_directly(database_url)
    yield connection
    await connection.close()


# The real validator


@pytest.fixture(scope="session")
def validator_path() -> Path:
    """A solana-test-validator: TEST_VALIDATOR, PATH, or beside the checkout; skips where there is none."""
    from shutil import which  # noqa: PLC0415 - only needed here

    candidates = (os.environ.get("TEST_VALIDATOR"), which("solana-test-validator"))
    beside = REPOSITORY.parent / "shared" / "bin" / "solana-test-validator"
    for candidate in (*candidates, beside if beside.exists() else None):
        if candidate:
            return Path(candidate).resolve()
    pytest.skip("no solana-test-validator: install the Solana tools, or set TEST_VALIDATOR")


@pytest.fixture(scope="module")
def make_validator(folder: Path, launch_process: Callable[..., Running], validator_path: Path) -> Iterator[Any]:
    """Call it for the settings of a validator of your own with our programs on it; `bootstrap=False` leaves it bare.

    It ends with the module: a validator that idles beside other tests takes half a core from them.
    """
    validators: list[Running] = []

    def make(*words: str, bootstrap: bool = True) -> Settings:
        home = Path(tempfile.mkdtemp(prefix="validator-", dir=folder))
        # Beside the two of JSON-RPC and WebSocket it takes a range for gossip and its like.
        settings = make_settings(launchpad_home=home, rpc_port=free_ports(60), test_validator=str(validator_path))
        validators.append(launch_process("localnet", "--engine", "validator", *words, settings=settings))
        wait_for(lambda: "Ready." in validators[-1].output(), child=validators[-1], seconds=180)
        if bootstrap:
            _run_apart(lambda: _bootstrap(settings))
        return settings

    yield make
    for running in validators:
        running.stop()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the developer's own settings out of the tests, and their threads in."""
    del config
    keep_threads()
    for name in Settings.model_fields:
        if name != "test_validator":
            os.environ.pop(name.upper(), None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name keys by their argument: every xdist worker has to find the same names, and keys are random."""
    is_key = isinstance(val, bytes) or (isinstance(val, str) and _KEY_TEXT.fullmatch(val))
    return argname if is_key else None
