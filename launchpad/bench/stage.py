"""What a bench runs on: stores, a cluster and processes of its own, in a folder that goes afterwards."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from launchpad import migrate
from launchpad.config import Settings, child_environment
from launchpad.embedded import start_postgres, start_redis
from launchpad.processes import free_port, free_ports, responds, spawn, stop, wait_until


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one bench, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="launchpad-bench-", ignore_cleanup_errors=True) as path:
        Path(path).chmod(0o755)
        yield Path(path)


@contextmanager
def stage(*processes: str, cluster: bool = True) -> Iterator[Settings]:
    """Settings with a migrated Postgres, a Redis, a cluster, and `processes` (as in `launchpad NAME`) running.

    The programs' configs are set up before the processes start. Rate limits and demo are off.
    """
    with folder() as home, ExitStack() as stack:
        settings = _settings(home)
        if cluster:
            stack.enter_context(running(settings, ["localnet"], f"http://127.0.0.1:{settings.rpc_port}/health"))
        postgres = stack.enter_context(start_postgres(home / "postgres"))
        redis = stack.enter_context(start_redis(home / "redis"))
        settings = settings.model_copy(update={"database_url": postgres.url, "redis_url": redis.url})
        migrate.upgrade(postgres.url)
        if cluster:
            _bootstrap(settings)
        for name in processes:
            answer = f"{settings.origin}/api/health" if name == "serve" else ""
            stack.enter_context(running(settings, [name], answer))
        yield settings


def _settings(home: Path) -> Settings:
    return Settings(
        launchpad_home=home,
        port=free_port(),
        rpc_port=free_ports(2),
        rpc_url="",
        database_url="",
        redis_url="",
        rate_limits=False,
        demo=False,
    )


def _bootstrap(settings: Settings) -> None:
    """Set the programs up from a loop of its own, as a bench may have one running."""
    import asyncio  # noqa: PLC0415 - only a stage with a cluster needs these
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - as above

    from launchpad.dev import bootstrap_programs  # noqa: PLC0415 - as above

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(bootstrap_programs(settings))).result()


@contextmanager
def running(settings: Settings, words: Sequence[str], url: str = "") -> Iterator[None]:
    """`launchpad WORDS` as a child, ready once `url` answers with 200 (at once where none is given)."""
    log = settings.launchpad_home / f"{words[0]}.log"
    with log.open("wb") as output:
        child = spawn([sys.executable, "-m", "launchpad", *words], env=child_environment(settings), output=output)
    try:
        if url:
            wait_until(lambda: responds(url), child, f"launchpad {words[0]} (its log: {log})", seconds=60)
        yield
    finally:
        stop(child)
