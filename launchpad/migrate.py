"""Bring a database to a revision of the schema, forward or back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at `url` (any Postgres address) up to `revision`; harmless to repeat."""
    _run(lambda: command.upgrade(_config(url), revision))


def downgrade(url: str, revision: str) -> None:
    """Migrate back to `revision`; `base` removes every table with all it holds."""
    _run(lambda: command.downgrade(_config(url), revision))


def write_revision(url: str, message: str) -> None:
    """Write a new migration from what differs between the tables and the database at `url`."""
    _run(lambda: _write(url, message))


def check(url: str) -> None:
    """Raise alembic.util.CommandError when the database at `url` differs from the tables."""
    _run(lambda: command.check(_config(url)))


def head() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def _write(url: str, message: str) -> None:
    command.revision(_config(url), message=message, autogenerate=True, rev_id=_next_number())


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = as_asyncpg(url)
    return config


def as_asyncpg(url: str) -> str:
    """The same address for asyncpg, the only driver here."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+asyncpg://" + url.removeprefix(scheme)
    return url


def _next_number() -> str:
    return f"{int(head() or 0) + 1:04}"


def _run(work: Callable[[], None]) -> None:
    # Alembic's environment starts an event loop of its own, so it must not run inside another.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
