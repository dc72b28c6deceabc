"""`launchpad dev`: the whole product on one machine, with one command.

Starts what no setting names (Postgres, Redis, a cluster), brings the database and
the programs up to date, then runs every process under a supervisor until Ctrl-C.
"""

import asyncio
import sys
import time
from pathlib import Path

import orjson
import psutil
from rich.console import Console

from launchpad.config import Settings, child_environment
from launchpad.embedded import EmbeddedPostgres, EmbeddedRedis, EmbeddedServer
from launchpad.errors import ConfigError
from launchpad.processes import FolderLock, free_port, free_ports, is_free, responds
from launchpad.signals import until_signal
from launchpad.supervisor import Child, Supervisor

_PATIENCE = 120.0  # seconds to the first page; the first start on a slow disk is the slow one


async def run(settings: Settings) -> None:
    """Run everything until SIGINT or SIGTERM, then end everything."""
    await Dev(settings).run()


class Dev:
    """One run of `launchpad dev` in one folder."""

    def __init__(self, settings: Settings) -> None:
        self.home = settings.launchpad_home.resolve()
        self.settings = _choose_ports(settings)
        if not settings.rpc_url and settings.is_local:
            # Play money: whoever tries webhooks out has the receiver on the same machine.
            self.settings = self.settings.model_copy(update={"alert_loopback": True})
        self.console = Console(stderr=True, highlight=False)
        self.supervisor = Supervisor(self._tell)
        self._own_cluster = not settings.rpc_url and settings.is_local
        self._lock = FolderLock(self.home, "Launchpad")
        self._started = time.monotonic()

    async def run(self) -> None:
        """Start, serve, stop."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        _check_ports(self.settings, own_cluster=self._own_cluster)
        try:
            await until_signal(self._serve())
        finally:
            self._note_file().unlink(missing_ok=True)
            self._tell("Stopping.")
            await self.supervisor.stop()
            self._lock.release()

    async def _serve(self) -> None:
        self._start_cluster()
        self._start_stores()
        await self._migrate()
        self._start("serve")
        if self._own_cluster:
            await self._prepare_programs()
        await _answers(self.settings.local_origin + "/", "The first page", self.home / "logs" / "serve.log")
        # Only now, so that the first page does not share the processor with the start of what follows behind it.
        for name in ("indexer", "outbox", "worker", "processor", "keeper"):
            self._start(name)
        self._announce()
        if self.settings.demo and self._own_cluster:
            self._start("demo")
        await asyncio.Event().wait()

    def _start_cluster(self) -> None:
        if self._own_cluster:
            self._tell(f"Starting a local Solana cluster on port {self.settings.rpc_port}")
            self._start("localnet")

    def _start_stores(self) -> None:
        update: dict[str, str] = {}
        if not self.settings.database_url:
            update["database_url"] = self._start_store(EmbeddedPostgres(self.home / "postgres"))
        if not self.settings.redis_url:
            update["redis_url"] = self._start_store(EmbeddedRedis(self.home / "redis"))
        self.settings = self.settings.model_copy(update=update)

    def _start_store(self, server: EmbeddedServer) -> str:
        self._tell(f"Starting {server.name} in {server.folder}")
        server.start()
        self.supervisor.add(server)
        return server.url

    async def _migrate(self) -> None:
        from launchpad import migrate  # noqa: PLC0415 - slow import, while the cluster starts

        self._tell("Bringing the database up to date")
        await asyncio.to_thread(migrate.upgrade, self.settings.require_database())

    async def _prepare_programs(self) -> None:
        await _answers(f"{self.settings.rpc_urls[0]}/health", "The cluster", self.home / "logs" / "localnet.log")
        self._tell("Setting up the programs")
        await bootstrap_programs(self.settings)

    def _start(self, name: str) -> None:
        command = [sys.executable, "-m", "launchpad", name]
        log = self.home / "logs" / f"{name}.log"
        self.supervisor.add(Child(name, command, child_environment(self.settings), log))

    def _announce(self) -> None:
        self._write_note()
        seconds = time.monotonic() - self._started
        self._tell(f"Ready after {seconds:.1f} s; logs are in {self.home / 'logs'}. Ctrl-C stops everything.")
        sys.stdout.write(self.settings.origin + "\n")
        sys.stdout.flush()

    def _note_file(self) -> Path:
        return self.home / "dev.json"

    def _write_note(self) -> None:
        """Leave the addresses where `attach` finds them; the database's holds its password."""
        names = ("database_url", "redis_url", "port", "rpc_port")
        note = {name: getattr(self.settings, name) for name in names}
        file = self._note_file()
        file.touch(mode=0o600)
        file.write_bytes(orjson.dumps({"pid": psutil.Process().pid, "settings": note}))

    def _tell(self, line: str) -> None:
        self.console.print(line, style="dim", soft_wrap=True)


def attach(settings: Settings) -> Settings:
    """The settings with the addresses of the `launchpad dev` that now runs in LAUNCHPAD_HOME, if one does.

    What the environment sets wins. So `launchpad demo` or `launchpad db upgrade` in a
    second terminal reach the stores that the first one started.
    """
    try:
        note = orjson.loads((settings.launchpad_home / "dev.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return settings
    if not psutil.pid_exists(note["pid"]):
        return settings
    unset = {name: value for name, value in note["settings"].items() if name not in settings.model_fields_set}
    return settings.model_copy(update=unset)


async def bootstrap_programs(settings: Settings) -> None:
    """Create the programs' configs and lookup table on our own local cluster; harmless to repeat."""
    from launchpad.chain.client import ChainClient  # noqa: PLC0415 - slow import, not needed to print help
    from launchpad.chain.setup import bootstrap_local  # noqa: PLC0415 - the same

    async with ChainClient(settings) as client:
        await bootstrap_local(client, settings.launchpad_home / "ledger")


def _choose_ports(settings: Settings) -> Settings:
    """Replace port 0, which means any free one."""
    update = {}
    if settings.port == 0:
        update["port"] = free_port(settings.host)
    if settings.rpc_port == 0:
        update["rpc_port"] = free_ports(2)
    return settings.model_copy(update=update)


def _check_ports(settings: Settings, *, own_cluster: bool) -> None:
    wanted = [("PORT", settings.host, settings.port)]
    if own_cluster:
        wanted += [("RPC_PORT", "127.0.0.1", settings.rpc_port + extra) for extra in (0, 1)]
    for name, host, port in wanted:
        if not is_free(port, host):
            chosen = f"{name}={free_port(host) if name == 'PORT' else free_ports(2)}"
            raise ConfigError(f"Port {port} ({name}) is taken: stop what uses it, or choose another, say {chosen}.")


async def _answers(url: str, what: str, log: Path) -> None:
    """Wait until `url` answers with 200; ConfigError that names the log when it never does."""
    deadline = time.monotonic() + _PATIENCE
    while not await asyncio.to_thread(responds, url):
        if time.monotonic() > deadline:
            raise ConfigError(f"{what} was not there after {_PATIENCE:.0f} seconds: see {log}.")
        await asyncio.sleep(0.05)
